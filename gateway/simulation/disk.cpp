// SPDX-License-Identifier: Apache-2.0
#include "gateway/simulation/disk.h"

#include <algorithm>
#include <cstring>

namespace gapura::simulation {
namespace {

// The unit that a disk writes as a whole or not at all.
constexpr std::size_t sector = 512;

// From here on a power cut leaves what is written now.
void forget(DiskFile& file) {
  file.durable_size = file.written.size();
  file.pending.clear(), file.overwritten.clear(), file.old_bytes.clear();
}

}  // namespace

bool Disk::is_log(const std::string& path) { return path.ends_with("-wal"); }

void Disk::fail(const DiskFault& fault) { faults_.push_back(fault); }

void Disk::cut_power(std::uint64_t after) {
  cut_in_ = after;
  if (after == 0) powered_ = false;
}

std::uint64_t& Disk::count_of(DiskOperation operation) {
  switch (operation) {
    case DiskOperation::read:
      return counters_.reads;
    case DiskOperation::write:
      return counters_.writes;
    case DiskOperation::sync:
      return counters_.syncs;
    default:
      return counters_.opens;
  }
}

// Counts an operation. Returns false when it fails; `full` says how.
bool Disk::spend(DiskOperation operation, bool log, bool& full) {
  full = false;
  if (!powered_) return false;
  ++count_of(operation);
  if (operation != DiskOperation::read && cut_in_ > 0 && --cut_in_ == 0) {
    powered_ = false;
    return false;
  }
  for (auto fault = faults_.begin(); fault != faults_.end(); ++fault) {
    if (fault->operation != operation || (fault->after > 0 && --fault->after > 0)) continue;
    full = fault->full;
    if (!fault->sticky) faults_.erase(fault);
    ++(log ? counters_.wal_errors : counters_.other_errors);
    return false;
  }
  return true;
}

DiskFile& Disk::open(const std::string& path) {
  DiskFile& file = files_[path];
  file.is_log = is_log(path);
  if (!file.present) {
    file.written.clear();
    forget(file);
    file.present = true;
  }
  return file;
}

void Disk::keep_old(DiskFile& file, std::size_t from, std::size_t to) {
  to = std::min({to, file.written.size(), file.durable_size});
  if (from >= to) return;
  file.overwritten.push_back({from, to - from});
  const auto at = [&](std::size_t n) { return file.written.begin() + static_cast<std::ptrdiff_t>(n); };
  file.old_bytes.insert(file.old_bytes.end(), at(from), at(to));
}

void Disk::write(DiskFile& file, const void* bytes, std::size_t count, std::size_t at) {
  keep_old(file, at, at + count);
  if (file.written.size() < at + count) file.written.resize(at + count);
  std::memcpy(file.written.data() + at, bytes, count);
  if (!file.pending.empty() && !file.pending.back().truncates && file.pending.back().to == at) {
    file.pending.back().to += count;
  } else {
    file.pending.push_back({at, at + count, false});
  }
}

void Disk::truncate(DiskFile& file, std::size_t size) {
  keep_old(file, size, file.written.size());
  file.written.resize(size);
  file.pending.push_back({0, size, true});
}

void Disk::sync(DiskFile& file) { forget(file); }

bool Disk::would_be_there(const std::string& path) const {
  const auto found = files_.find(path);
  return found != files_.end() && found->second.durably_present;
}

bool Disk::is_durable(const std::string& path) const { return would_be_there(path) && files_.at(path).pending.empty(); }

const std::vector<std::uint8_t>* Disk::find(const std::string& path) const {
  const auto found = files_.find(path);
  return found != files_.end() && found->second.present ? &found->second.written : nullptr;
}

// Restores what the last sync left.
void Disk::go_back(DiskFile& file) {
  file.written.resize(std::max(file.written.size(), file.durable_size));
  std::size_t end_of_old = file.old_bytes.size();
  for (auto done = file.overwritten.rbegin(); done != file.overwritten.rend(); ++done) {
    end_of_old -= done->count;
    std::memcpy(file.written.data() + done->at, file.old_bytes.data() + end_of_old, done->count);
  }
  file.written.resize(file.durable_size);
}

// Real disks differ, so for each file the unsynced writes have one of three fates: all lost, all kept, or each sector
// decided separately, which reorders and tears.
void Disk::survive(DiskFile& file) {
  // A WAL may be large and its pending part small: only that part is copied.
  std::vector<std::uint8_t> unsynced;
  const std::size_t size = file.written.size();
  for (const auto& done : file.pending)
    if (!done.truncates && done.from < size)
      unsynced.insert(unsynced.end(), file.written.data() + done.from, file.written.data() + std::min(done.to, size));
  go_back(file);
  std::vector<std::uint8_t>& durable = file.written;
  const std::uint8_t* next = unsynced.data();
  const auto fate = random_.below(3);
  const auto kept = [&] { return fate == 1 || (fate == 2 && random_.chance(500)); };
  for (const auto& done : file.pending) {
    if (done.truncates) {
      if (kept()) durable.resize(done.to);
      continue;
    }
    const std::size_t end = std::min(done.to, size);
    for (std::size_t from = done.from; from < end;) {
      const std::size_t to = std::min(end, (from / sector + 1) * sector);
      if (kept()) {
        if (durable.size() < to) durable.resize(to);
        std::memcpy(durable.data() + from, next, to - from);
      }
      next += to - from, from = to;
    }
  }
}

void Disk::restore_power() {
  for (auto& [path, file] : files_) {
    file.present ? survive(file) : go_back(file);
    // After a cut the entry of an unsynced folder, or its removal, may be there or not.
    if (file.present != file.durably_present && random_.chance(500)) file.present = file.durably_present;
    file.durably_present = file.present;
    if (!file.present) file.written.clear();
    forget(file);
    file.memory.clear();
    file.shared = 0;
    file.reserved = file.waiting = file.exclusive = nullptr;
    file.memory_shared.fill(0);
    file.memory_exclusive.fill(nullptr);
  }
  ++counters_.cuts;
  ++generation_;
  cut_in_ = 0;
  powered_ = true;
}

}  // namespace gapura::simulation
