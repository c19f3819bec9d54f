// SPDX-License-Identifier: Apache-2.0
// The simulation's only source of randomness: SplitMix64, the same on every machine and with every standard library.
#pragma once

#include <cstdint>

#include "models/base/time.h"

namespace gapura::simulation {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  // Returns 0 … n-1; n must be positive. The bias of the remainder does not matter here.
  std::int64_t below(std::int64_t n) { return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(n)); }
  bool chance(int per_mille) { return below(1000) < per_mille; }
  Millis between(Millis least, Millis most) { return least + Millis(below((most - least).count() + 1)); }
  // Returns an independent stream, so that leaving out one part of a script does not change the others.
  Random fork(std::uint64_t index) const { return Random(Random(state_ ^ (index * 0xd1342543de82ef95)).next()); }

 private:
  std::uint64_t state_;
};

}  // namespace gapura::simulation
