// SPDX-License-Identifier: Apache-2.0
// What devices say of themselves within a moment, for commands that look at them without the daemon.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "drivers/reader.h"

namespace gapura::gateway {

// Thread-safe. Keeps the newest health of each device.
class HealthSink final : public drivers::DeviceSink {
 public:
  void badge_read(BadgeRead) override {}
  void level(LevelReport) override {}
  void pulse_done(PulseReport) override {}
  void health(DeviceHealth health) override {
    const std::lock_guard lock(mutex_);
    newest_[health.device] = std::move(health);
    changed_.notify_all();
  }
  // All of `count` online, or the time is over: a device that says "offline" first may still be connecting.
  std::vector<DeviceHealth> wait(std::size_t count, Millis limit) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, limit, [&] {
      std::size_t online = 0;
      for (const auto& [id, health] : newest_) online += health.online ? 1u : 0u;
      return online >= count;
    });
    std::vector<DeviceHealth> all;
    for (const auto& [id, health] : newest_) all.push_back(health);
    return all;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, DeviceHealth> newest_;
};

}  // namespace gapura::gateway
