// SPDX-License-Identifier: Apache-2.0
// How old a stream's pictures are when they arrive. Their stamps count from any beginning and at any rate near ours: a
// camera that promises 25 pictures a second and sends 21 often stamps them as if they were 25. So the measure is the line
// below what arrived in the last eight seconds, at the rate at which stamps and arrivals part; what lies above it has
// waited.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>

#include "models/time.h"

namespace gapura::drivers {

inline constexpr Millis oldest_picture{1000};  // an older picture shows a person who is no longer there

// Pure. Not thread-safe. Of a rate up to a quarter away from ours the ages are right within the arrivals' jitter; for the
// eight seconds in which a rate changes by r they may be wrong by r times five seconds, and a stream begins at rate 0. Not
// distinguished: stamps that run slow, and a line on which every picture waits longer than the one before, if the offset
// grows by less than a quarter of the time that passes.
class FrameClock {
 public:
  // `stamp`: the stream's own time of the picture; `received`: ours, of its last packet.
  Millis lag(Millis stamp, BootTime received);

 private:
  // Milliseconds; offset: received less stamp.
  struct Arrival {
    double at = 0, offset = 0;
  };
  void begin(Arrival now);
  void learn(Arrival now);
  double measured_rate() const;

  std::optional<Arrival> before_;
  double floor_ = 0;  // offset of a picture that did not wait
  double rate_ = 0;   // by how much the offset grows in a millisecond
  double bucket_began_ = 0;
  Arrival fastest_;              // of the bucket
  std::deque<Arrival> history_;  // the fastest of each earlier bucket
};

}  // namespace gapura::drivers
