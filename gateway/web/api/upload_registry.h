// SPDX-License-Identifier: Apache-2.0
// Which account uploaded which picture lately: only that account may name it as a portrait. In memory: after a restart the
// picture has to be taken again.
#pragma once

#include <chrono>
#include <deque>
#include <string>

#include "drivers/mutex.h"
#include "models/base/time.h"

namespace gapura::gateway {

// Thread-safe. At most 10,000 uploads; the oldest is dropped first.
class UploadRegistry {
 public:
  static constexpr std::chrono::hours lifetime{12};  // of the longest session
  void put(const std::string& hash, const std::string& user, BootTime now);
  void remove(const std::string& hash);  // called once it belongs to a guest
  bool has(const std::string& hash, const std::string& user, BootTime now);

 private:
  struct Slot {
    std::string hash, user;
    BootTime at;
  };
  void expire(BootTime now) REQUIRES(mutex_);

  Mutex mutex_;
  std::deque<Slot> slots_ GUARDED_BY(mutex_);  // oldest first
};

}  // namespace gapura::gateway
