// SPDX-License-Identifier: Apache-2.0
// Collects devices' health reports for a moment, for commands that check them without the daemon.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "drivers/mutex.h"
#include "drivers/reader.h"

namespace gapura::gateway {

// Thread-safe. Keeps the newest health of each device.
class HealthSink final : public drivers::DeviceSink {
 public:
  void badge_read(BadgeRead) override {}
  void level(LevelReport) override {}
  void pulse_done(PulseReport) override {}
  void health(DeviceHealth health) override {
    const MutexLock lock(mutex_);
    newest_[health.device] = std::move(health);
    changed_.notify_all();
  }
  // Waits until all of `count` are online, or for `limit`: a device that reports "offline" first may still be connecting.
  std::vector<DeviceHealth> wait(std::size_t count, Millis limit) {
    MutexLock lock(mutex_);
    changed_.wait_for(lock, limit, [&]() REQUIRES(mutex_) {
      std::size_t online = 0;
      for (const auto& [id, health] : newest_) online += health.online ? 1u : 0u;
      return online >= count;
    });
    std::vector<DeviceHealth> all;
    for (const auto& [id, health] : newest_) all.push_back(health);
    return all;
  }

 private:
  Mutex mutex_;
  Condition changed_;
  std::map<std::string, DeviceHealth> newest_ GUARDED_BY(mutex_);
};

}  // namespace gapura::gateway
