// SPDX-License-Identifier: Apache-2.0
// SQLite's side of the simulated disk: a VFS with write-ahead logging (shared memory and locks in this process).
// https://www.sqlite.org/vfs.html; io_methods version 2.
#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <new>

#include "gateway/journal/database.h"
#include "gateway/simulation/disk.h"

namespace gapura::simulation {
namespace {

// What SQLite allocates for an open file; `base` must come first.
struct Handle {
  sqlite3_file base{};
  Disk* disk = nullptr;
  DiskFile* file = nullptr;
  std::uint64_t generation = 0;
  int lock = SQLITE_LOCK_NONE;
  bool syncs_folder = false;  // SQLite's unix VFS syncs the folder with the first sync of a new journal, not of a database
  bool deletes = false;
  unsigned shared_slots = 0, exclusive_slots = 0;
};

Handle& handle(sqlite3_file* file) { return *reinterpret_cast<Handle*>(file); }

}  // namespace

// The static functions that SQLite needs; friend of the disk.
struct DiskVfs {
  static Disk& disk(sqlite3_vfs* vfs) { return *static_cast<Disk*>(vfs->pAppData); }
  static bool dead(const Handle& h) { return h.generation != h.disk->generation_; }

  static int close(sqlite3_file* f) {
    Handle& h = handle(f);
    if (!dead(h)) {
      unlock(f, SQLITE_LOCK_NONE);
      release_slots(h, h.shared_slots | h.exclusive_slots);
      if (h.deletes) h.file->present = h.file->durably_present = false;
    }
    h.~Handle();
    return SQLITE_OK;
  }

  static int read(sqlite3_file* f, void* to, int count, sqlite3_int64 at) {
    Handle& h = handle(f);
    bool full = false;
    if (dead(h) || !h.disk->spend(DiskOperation::read, h.file->is_log, full)) return SQLITE_IOERR_READ;
    const auto& bytes = h.file->written;
    const auto from = static_cast<std::size_t>(at), wanted = static_cast<std::size_t>(count);
    const std::size_t there = from < bytes.size() ? std::min(wanted, bytes.size() - from) : 0;
    if (there > 0) std::memcpy(to, bytes.data() + from, there);
    if (there == wanted) return SQLITE_OK;
    std::memset(static_cast<char*>(to) + there, 0, wanted - there);
    return SQLITE_IOERR_SHORT_READ;
  }

  static int write(sqlite3_file* f, const void* bytes, int count, sqlite3_int64 at) {
    Handle& h = handle(f);
    bool full = false;
    if (dead(h) || !h.disk->spend(DiskOperation::write, h.file->is_log, full))
      return full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    h.disk->write(*h.file, bytes, static_cast<std::size_t>(count), static_cast<std::size_t>(at));
    return SQLITE_OK;
  }

  static int truncate(sqlite3_file* f, sqlite3_int64 size) {
    Handle& h = handle(f);
    bool full = false;
    if (dead(h) || !h.disk->spend(DiskOperation::write, h.file->is_log, full)) return SQLITE_IOERR_TRUNCATE;
    h.disk->truncate(*h.file, static_cast<std::size_t>(size));
    return SQLITE_OK;
  }

  static int sync(sqlite3_file* f, int) {
    Handle& h = handle(f);
    bool full = false;
    if (dead(h) || !h.disk->spend(DiskOperation::sync, h.file->is_log, full)) return SQLITE_IOERR_FSYNC;
    h.disk->sync(*h.file);
    if (h.syncs_folder) h.file->durably_present = true;
    return SQLITE_OK;
  }

  static int size(sqlite3_file* f, sqlite3_int64* bytes) {
    Handle& h = handle(f);
    if (dead(h)) return SQLITE_IOERR_FSTAT;
    *bytes = static_cast<sqlite3_int64>(h.file->written.size());
    return SQLITE_OK;
  }

  static int lock(sqlite3_file* f, int level) {
    Handle& h = handle(f);
    if (dead(h)) return SQLITE_IOERR_LOCK;
    DiskFile& file = *h.file;
    const auto taken = [&](const void* by) { return by != nullptr && by != &h; };
    if (h.lock >= level) return SQLITE_OK;
    if (h.lock == SQLITE_LOCK_NONE) {
      if (taken(file.waiting) || taken(file.exclusive)) return SQLITE_BUSY;
      ++file.shared;
      h.lock = SQLITE_LOCK_SHARED;
    }
    if (level == SQLITE_LOCK_SHARED) return SQLITE_OK;
    if (taken(file.reserved)) return SQLITE_BUSY;
    file.reserved = &h;
    h.lock = std::max(h.lock, SQLITE_LOCK_RESERVED);
    if (level == SQLITE_LOCK_RESERVED) return SQLITE_OK;
    if (taken(file.waiting)) return SQLITE_BUSY;
    file.waiting = &h;
    h.lock = std::max(h.lock, SQLITE_LOCK_PENDING);
    if (file.shared > 1) return SQLITE_BUSY;
    file.exclusive = &h;
    h.lock = SQLITE_LOCK_EXCLUSIVE;
    return SQLITE_OK;
  }

  static int unlock(sqlite3_file* f, int level) {
    Handle& h = handle(f);
    if (dead(h)) return SQLITE_OK;
    DiskFile& file = *h.file;
    if (h.lock <= level) return SQLITE_OK;
    for (const void** held : {&file.reserved, &file.waiting, &file.exclusive})
      if (*held == &h) *held = nullptr;
    if (level == SQLITE_LOCK_NONE) --file.shared;
    h.lock = level;
    return SQLITE_OK;
  }

  static int is_reserved(sqlite3_file* f, int* held) {
    *held = handle(f).file->reserved != nullptr;
    return SQLITE_OK;
  }

  static int control(sqlite3_file* f, int operation, void*) {
    Handle& h = handle(f);
    if (operation != gateway::sync_folder_control) return SQLITE_NOTFOUND;
    bool full = false;
    if (dead(h) || !h.disk->spend(DiskOperation::sync, h.file->is_log, full)) return SQLITE_IOERR_DIR_FSYNC;
    for (auto& [path, file] : h.disk->files_) file.durably_present = file.present;
    return SQLITE_OK;
  }

  static int sector_size(sqlite3_file*) { return 4096; }
  // As on Linux: a write tears only what it overwrites.
  static int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

  static int map(sqlite3_file* f, int region, int bytes, int extend, void volatile** memory) {
    Handle& h = handle(f);
    *memory = nullptr;
    if (dead(h)) return SQLITE_IOERR_SHMMAP;
    auto& regions = h.file->memory;
    const auto index = static_cast<std::size_t>(region);
    if (index >= regions.size() && extend == 0) return SQLITE_OK;
    while (index >= regions.size()) regions.push_back(std::make_unique<std::uint8_t[]>(static_cast<std::size_t>(bytes)));
    *memory = regions[index].get();
    return SQLITE_OK;
  }

  static void release_slots(Handle& h, unsigned mask) {
    for (unsigned slot = 0; slot < 8; ++slot) {
      const unsigned bit = 1u << slot;
      if ((mask & bit) == 0) continue;
      if ((h.shared_slots & bit) != 0) --h.file->memory_shared.at(slot);
      if ((h.exclusive_slots & bit) != 0) h.file->memory_exclusive.at(slot) = nullptr;
    }
    h.shared_slots &= ~mask;
    h.exclusive_slots &= ~mask;
  }

  static int lock_slots(sqlite3_file* f, int first, int count, int flags) {
    Handle& h = handle(f);
    if (dead(h)) return SQLITE_IOERR_SHMLOCK;
    const unsigned mask = ((1u << count) - 1u) << first;
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
      release_slots(h, mask);
      return SQLITE_OK;
    }
    const bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    for (unsigned slot = 0; slot < 8; ++slot) {
      const unsigned bit = 1u << slot;
      if ((mask & bit) == 0) continue;
      const void* holder = h.file->memory_exclusive.at(slot);
      const int others = h.file->memory_shared.at(slot) - ((h.shared_slots & bit) != 0 ? 1 : 0);
      if ((holder != nullptr && holder != &h) || (exclusive && others > 0)) return SQLITE_BUSY;
    }
    for (unsigned slot = 0; slot < 8; ++slot) {
      const unsigned bit = 1u << slot;
      if ((mask & bit) == 0) continue;
      if (exclusive) {
        h.file->memory_exclusive.at(slot) = &h;
        h.exclusive_slots |= bit;
      } else if ((h.shared_slots & bit) == 0) {
        ++h.file->memory_shared.at(slot);
        h.shared_slots |= bit;
      }
    }
    return SQLITE_OK;
  }

  static void barrier(sqlite3_file*) {}
  static int unmap(sqlite3_file* f, int deletes) {
    Handle& h = handle(f);
    if (dead(h)) return SQLITE_OK;
    release_slots(h, h.shared_slots | h.exclusive_slots);
    if (deletes != 0) h.file->memory.clear();
    return SQLITE_OK;
  }

  static const sqlite3_io_methods& methods() {
    static const sqlite3_io_methods table = [] {
      sqlite3_io_methods m{};
      m.iVersion = 2;
      m.xClose = close, m.xRead = read, m.xWrite = write, m.xTruncate = truncate, m.xSync = sync, m.xFileSize = size;
      m.xLock = lock, m.xUnlock = unlock, m.xCheckReservedLock = is_reserved, m.xFileControl = control;
      m.xSectorSize = sector_size, m.xDeviceCharacteristics = characteristics;
      m.xShmMap = map, m.xShmLock = lock_slots, m.xShmBarrier = barrier, m.xShmUnmap = unmap;
      return m;
    }();
    return table;
  }

  // ---- The folder

  static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* f, int flags, int* granted) {
    Disk& d = disk(vfs);
    f->pMethods = nullptr;
    if (!d.powered_) return SQLITE_IOERR;
    const std::string name = path != nullptr ? path : "temporary";
    const auto found = d.files_.find(name);
    const bool there = found != d.files_.end() && found->second.present;
    if (!there && (flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
    bool full = false;
    if (!d.spend(DiskOperation::open, Disk::is_log(name), full)) return SQLITE_CANTOPEN;
    Handle& h = *new (f) Handle;
    h.disk = &d;
    h.file = &d.open(name);
    h.generation = d.generation_;
    h.syncs_folder = !there && (flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL)) != 0;
    h.deletes = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    h.base.pMethods = &methods();
    if (granted != nullptr) *granted = flags;
    return SQLITE_OK;
  }

  static int remove(sqlite3_vfs* vfs, const char* path, int sync_folder) {
    Disk& d = disk(vfs);
    bool full = false;
    const auto found = d.files_.find(path);
    if (found == d.files_.end() || !found->second.present) return SQLITE_IOERR_DELETE_NOENT;
    if (!d.spend(DiskOperation::write, found->second.is_log, full)) return SQLITE_IOERR_DELETE;
    found->second.present = false;
    if (sync_folder != 0) found->second.durably_present = false;
    return SQLITE_OK;
  }

  static int access(sqlite3_vfs* vfs, const char* path, int flags, int* result) {
    const auto& files = disk(vfs).files_;
    const auto found = files.find(path);
    const bool there = found != files.end() && found->second.present;
    // SQLite asks EXISTS for a rollback journal or WAL, and takes an empty one for none.
    *result = there && (flags != SQLITE_ACCESS_EXISTS || !found->second.written.empty()) ? 1 : 0;
    return SQLITE_OK;
  }

  static int full_path(sqlite3_vfs*, const char* path, int size, char* out) {
    sqlite3_snprintf(size, out, "%s", path);
    return SQLITE_OK;
  }

  static int randomness(sqlite3_vfs* vfs, int count, char* bytes) {
    for (int i = 0; i < count; ++i) bytes[i] = static_cast<char>(disk(vfs).random_.next());
    return count;
  }
  static int sleep(sqlite3_vfs*, int micros) { return micros; }
  static int time(sqlite3_vfs*, double* julian_day) {
    *julian_day = 2461000.5;
    return SQLITE_OK;
  }
};

Disk::Disk(std::uint64_t seed) : sqlite_(std::make_unique<sqlite3_vfs>()), random_(seed) {
  static std::atomic<std::uint64_t> count{0};
  name_ = "simdisk-" + std::to_string(++count);
  *sqlite_ = {};
  sqlite_->iVersion = 1;
  sqlite_->szOsFile = sizeof(Handle);
  sqlite_->mxPathname = 512;
  sqlite_->zName = name_.c_str();
  sqlite_->pAppData = this;
  sqlite_->xOpen = DiskVfs::open, sqlite_->xDelete = DiskVfs::remove, sqlite_->xAccess = DiskVfs::access;
  sqlite_->xFullPathname = DiskVfs::full_path, sqlite_->xRandomness = DiskVfs::randomness;
  sqlite_->xSleep = DiskVfs::sleep, sqlite_->xCurrentTime = DiskVfs::time;
  sqlite3_vfs_register(sqlite_.get(), 0);
}

Disk::~Disk() { sqlite3_vfs_unregister(sqlite_.get()); }

}  // namespace gapura::simulation
