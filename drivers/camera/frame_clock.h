// SPDX-License-Identifier: Apache-2.0
// How old a stream's pictures are when they arrive. Their stamps count from any beginning, so the fastest picture of late
// is the measure: what comes a second later than that has waited a second somewhere.
#pragma once

#include <algorithm>
#include <optional>

#include "models/time.h"

namespace gapura::drivers {

// Pure. Not thread-safe.
class FrameClock {
 public:
  // `stamp`: the stream's own time of the picture; `received`: ours, of its last packet.
  Millis lag(Millis stamp, BootTime received) {
    const double offset = static_cast<double>((received.time_since_epoch() - stamp).count());
    if (!before_) {
      fastest_ = offset;
    } else {
      const auto passed = static_cast<double>((received - before_->received).count());
      fastest_ += passed * drift;
      // Waiting makes a picture later by no more than the time that passes; more is a clock that was set.
      if (offset - before_->offset > passed + set_back) fastest_ = offset;
    }
    fastest_ = std::min(fastest_, offset);
    before_ = Before{offset, received};
    return Millis{static_cast<std::int64_t>(offset - fastest_)};
  }

 private:
  static constexpr double drift = 0.0005;   // of a cheap crystal against ours, in the direction that looks like waiting
  static constexpr double set_back = 1000;  // ms
  struct Before {
    double offset;
    BootTime received;
  };
  double fastest_ = 0;
  std::optional<Before> before_;
};

}  // namespace gapura::drivers
