// SPDX-License-Identifier: Apache-2.0
// When a simulated camera takes its next picture.
#pragma once

#include <algorithm>
#include <chrono>

namespace gapura::simulated {

// Not thread-safe.
class FramePace {
 public:
  using Clock = std::chrono::steady_clock;
  explicit FramePace(double fps)
      : interval_(std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1 / fps))) {}
  // Returns the time of the next picture; a late picture is not made up for.
  Clock::time_point next() { return due_ = std::max(due_ + interval_, Clock::now()); }

 private:
  const Clock::duration interval_;
  Clock::time_point due_ = Clock::now();
};

}  // namespace gapura::simulated
