// SPDX-License-Identifier: Apache-2.0
// Measures how old a stream's pictures are when they arrive. The stream's stamps may start anywhere and run at any rate
// near ours: a camera that promises 25 pictures a second and sends 21 often stamps them as if they were 25. So the
// reference is a line below the arrivals of the last eight seconds, with the slope at which stamps and arrivals diverge; a
// picture above the line has waited.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>

#include "models/base/time.h"

namespace gapura::drivers {

inline constexpr Millis oldest_picture{1000};  // an older picture shows a person who is no longer there

// Pure. Not thread-safe. For a rate up to a quarter away from ours the ages are right within the arrivals' jitter. During
// the eight seconds in which a rate changes by r they may be wrong by r times five seconds; a stream begins at rate 0. It
// cannot distinguish slow stamps from a line on which every picture waits longer than the one before, if the offset grows
// by less than a quarter of the elapsed time.
class FrameClock {
 public:
  // `stamp`: the picture's time in the stream; `received`: our time of its last packet.
  Millis lag(Millis stamp, BootTime received);

 private:
  // In milliseconds; offset: received minus stamp.
  struct Arrival {
    double at = 0, offset = 0;
  };
  void begin(Arrival now);
  void learn(Arrival now);
  double measured_rate() const;

  std::optional<Arrival> before_;
  double floor_ = 0;  // offset of a picture that did not wait
  double rate_ = 0;   // growth of the offset per millisecond
  double bucket_began_ = 0;
  Arrival fastest_;              // of the bucket
  std::deque<Arrival> history_;  // the fastest of each earlier bucket
};

}  // namespace gapura::drivers
