// SPDX-License-Identifier: Apache-2.0
// Holds the newest frame only. A consumer that is slow sees fewer frames, never older ones.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>

#include "drivers/camera/frame.h"

namespace gapura::drivers {

// Thread-safe.
class FrameSlot {
 public:
  // Returns true when an older frame was dropped for this one.
  bool put(Frame frame) {
    bool dropped = false;
    {
      const std::lock_guard lock(mutex_);
      dropped = frame_.has_value();
      frame_ = std::move(frame);
    }
    filled_.notify_one();
    return dropped;
  }

  // Waits for a frame and takes it.
  Frame take() {
    std::unique_lock lock(mutex_);
    filled_.wait(lock, [this] { return frame_.has_value(); });
    Frame frame = std::move(*frame_);
    frame_.reset();
    return frame;
  }

 private:
  std::mutex mutex_;
  std::condition_variable filled_;
  std::optional<Frame> frame_;
};

}  // namespace gapura::drivers
