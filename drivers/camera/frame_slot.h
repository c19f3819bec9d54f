// SPDX-License-Identifier: Apache-2.0
// Holds only the newest frame. A slow consumer gets fewer frames, never older ones.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "drivers/camera/frame.h"
#include "drivers/mutex.h"

namespace gapura::drivers {

// Thread-safe.
class FrameSlot {
 public:
  // Returns true when an older frame was dropped for this one.
  bool put(Frame frame) {
    bool dropped = false;
    {
      const MutexLock lock(mutex_);
      dropped = frame_.has_value();
      frame_ = std::move(frame);
    }
    filled_.notify_one();
    return dropped;
  }

  // Waits for a frame and takes it out.
  Frame take() {
    MutexLock lock(mutex_);
    filled_.wait(lock, [this]() REQUIRES(mutex_) { return frame_.has_value(); });
    Frame frame = std::move(*frame_);
    frame_.reset();
    return frame;
  }

 private:
  Mutex mutex_;
  Condition filled_;
  std::optional<Frame> frame_ GUARDED_BY(mutex_);
};

}  // namespace gapura::drivers
