// SPDX-License-Identifier: Apache-2.0
// Keeps what drivers report, for tests.
#pragma once

#include <condition_variable>
#include <mutex>
#include <vector>

#include "drivers/reader.h"
#include "support/wait_until.h"

namespace gapura::tests {

class CollectingSink final : public drivers::DeviceSink {
 public:
  void badge_read(BadgeRead read) override { add(reads_, std::move(read)); }
  void level(LevelReport report) override { add(levels_, std::move(report)); }
  void pulse_done(PulseReport report) override { add(pulses_, std::move(report)); }
  void health(DeviceHealth health) override { add(healths_, std::move(health)); }

  // Return true as soon as there are so many reports, false when `patience` has passed.
  bool wait_reads(std::size_t least) const { return wait(reads_, least); }
  bool wait_healths(std::size_t least) const { return wait(healths_, least); }

  std::vector<BadgeRead> reads() const { return copy(reads_); }
  std::vector<LevelReport> levels() const { return copy(levels_); }
  std::vector<PulseReport> pulses() const { return copy(pulses_); }
  std::vector<DeviceHealth> healths() const { return copy(healths_); }

 private:
  template <class T>
  void add(std::vector<T>& list, T value) {
    {
      const std::lock_guard lock(mutex_);
      list.push_back(std::move(value));
    }
    reported_.notify_all();
  }
  template <class T>
  bool wait(const std::vector<T>& list, std::size_t least) const {
    std::unique_lock lock(mutex_);
    return reported_.wait_for(lock, patience, [&] { return list.size() >= least; });
  }
  template <class T>
  std::vector<T> copy(const std::vector<T>& list) const {
    const std::lock_guard lock(mutex_);
    return list;
  }

  mutable std::mutex mutex_;
  mutable std::condition_variable reported_;
  std::vector<BadgeRead> reads_;
  std::vector<LevelReport> levels_;
  std::vector<PulseReport> pulses_;
  std::vector<DeviceHealth> healths_;
};

}  // namespace gapura::tests
