// SPDX-License-Identifier: Apache-2.0
// A disk in memory that can lose power, offered to SQLite as a VFS, so that the real Database runs on it unchanged. Each
// file keeps what was written, and how to return to the state of the last xSync; at a power cut each unsynced write is
// kept, lost or torn by sectors as the seed decides. The same applies to a folder's entries.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gateway/simulation/random.h"

struct sqlite3_vfs;

namespace gapura::simulation {

enum class DiskOperation { read, write, sync, open };

// From now on the n-th operation of this kind fails (`after` 1: the next one); sticky: and all later ones.
struct DiskFault {
  DiskOperation operation = DiskOperation::sync;
  std::uint64_t after = 1;
  bool sticky = false;
  bool full = false;  // write: SQLITE_FULL instead of an I/O error
};

struct DiskCounters {
  std::uint64_t reads = 0, writes = 0, syncs = 0, opens = 0, cuts = 0;
  std::uint64_t errors() const { return wal_errors + other_errors; }
  // Errors made by a fault: in the write-ahead log, where they fail a commit, and elsewhere.
  std::uint64_t wal_errors = 0, other_errors = 0;
};

struct DiskFile {
  struct Pending {
    std::size_t from = 0, to = 0;  // bytes written …
    bool truncates = false;        // … or the file cut to `to`
  };
  struct Overwritten {
    std::size_t at = 0, count = 0;
  };
  std::vector<std::uint8_t> written;
  std::size_t durable_size = 0;  // as of the last sync
  std::vector<Pending> pending;  // since then, in order
  // The overwritten bytes: restored in reverse order, `written` is again what the last sync left.
  std::vector<Overwritten> overwritten;
  std::vector<std::uint8_t> old_bytes;
  bool is_log = false;
  bool present = false, durably_present = false;
  // Locks and shared memory of SQLite's connections in this process.
  int shared = 0;
  const void *reserved = nullptr, *waiting = nullptr, *exclusive = nullptr;
  std::vector<std::unique_ptr<std::uint8_t[]>> memory;
  std::array<int, 8> memory_shared{};
  std::array<const void*, 8> memory_exclusive{};
};

// Thread: one at a time. Outlives every database opened on it. Not movable: SQLite keeps its address.
class Disk {
 public:
  explicit Disk(std::uint64_t seed);
  ~Disk();
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  const std::string& vfs() const { return name_; }
  const DiskCounters& counters() const { return counters_; }

  void fail(const DiskFault& fault);
  void repair() { faults_.clear(); }
  bool is_sound() const { return powered_ && faults_.empty(); }
  // Cuts the power after that many further writes, syncs and openings; 0: now. From then on every operation fails.
  void cut_power(std::uint64_t after);
  bool has_power() const { return powered_; }
  // Sets the files to what the cut left. Every database must be closed; earlier handles stay invalid.
  void restore_power();
  // Whether, if the power failed now, the file would exist; … and nothing of it would be lost.
  bool would_be_there(const std::string& path) const;
  bool is_durable(const std::string& path) const;
  // Returns the file's bytes as SQLite would read them, for a copy outside.
  const std::vector<std::uint8_t>* find(const std::string& path) const;

 private:
  friend struct DiskVfs;  // disk_vfs.cpp: SQLite's side
  static bool is_log(const std::string& path);
  std::uint64_t& count_of(DiskOperation operation);
  bool spend(DiskOperation operation, bool log, bool& full);
  DiskFile& open(const std::string& path);
  void write(DiskFile& file, const void* bytes, std::size_t count, std::size_t at);
  void truncate(DiskFile& file, std::size_t size);
  void sync(DiskFile& file);
  static void keep_old(DiskFile& file, std::size_t from, std::size_t to);
  static void go_back(DiskFile& file);
  void survive(DiskFile& file);

  std::string name_;
  std::unique_ptr<sqlite3_vfs> sqlite_;
  Random random_;
  std::map<std::string, DiskFile> files_;
  std::vector<DiskFault> faults_;
  DiskCounters counters_;
  std::uint64_t cut_in_ = 0;      // operations left until the cut; 0: none planned
  std::uint64_t generation_ = 0;  // handles of an earlier one are invalid
  bool powered_ = true;
};

}  // namespace gapura::simulation
