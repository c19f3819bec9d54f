// SPDX-License-Identifier: Apache-2.0
// Holds a camera's newest pictures, and the callers who wait for one or listen to all.
#pragma once

#include <map>

#include "drivers/camera.h"
#include "drivers/mutex.h"

namespace gapura::drivers {

// Thread-safe.
class LatestPictures {
 public:
  // Returns the newest picture, or null when it is older than `max_age`.
  StillPtr latest(Millis max_age, BootTime now) const {
    const MutexLock lock(mutex_);
    return newest_ && now - newest_->captured <= max_age ? newest_ : nullptr;
  }

  // Returns the first full still captured at `asked` or later; null when none came in time or the object was closed.
  StillPtr wait_still(BootTime asked, Millis limit) {
    MutexLock lock(mutex_);
    const bool came =
        changed_.wait_for(lock, limit, [&]() REQUIRES(mutex_) { return closed_ || (still_ && still_->captured >= asked); });
    return came && !closed_ ? still_ : nullptr;
  }

  // Previews are passed to the listeners on the calling thread.
  void put(const StillPtr& picture, bool preview) {
    {
      const MutexLock lock(mutex_);
      if (!newest_ || newest_->captured <= picture->captured) newest_ = picture;
      if (!preview) still_ = picture;
    }
    changed_.notify_all();
    if (!preview) return;
    const MutexLock lock(listeners_mutex_);
    for (const auto& [id, listener] : listeners_) listener(picture);
  }

  std::uint64_t add_listener(PictureListener listener) {
    const MutexLock lock(listeners_mutex_);
    listeners_.emplace(++last_listener_, std::move(listener));
    return last_listener_;
  }
  void remove_listener(std::uint64_t id) {
    const MutexLock lock(listeners_mutex_);
    listeners_.erase(id);
  }
  bool is_listened_to() const {
    const MutexLock lock(listeners_mutex_);
    return !listeners_.empty();
  }

  void close() {
    {
      const MutexLock lock(mutex_);
      closed_ = true;
    }
    changed_.notify_all();
  }

 private:
  mutable Mutex mutex_;
  Condition changed_;
  StillPtr newest_ GUARDED_BY(mutex_), still_ GUARDED_BY(mutex_);
  bool closed_ GUARDED_BY(mutex_) = false;
  // Held while listeners are called.
  mutable Mutex listeners_mutex_;
  std::map<std::uint64_t, PictureListener> listeners_ GUARDED_BY(listeners_mutex_);
  std::uint64_t last_listener_ GUARDED_BY(listeners_mutex_) = 0;
};

}  // namespace gapura::drivers
