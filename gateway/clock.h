// SPDX-License-Identifier: Apache-2.0
// The gateway's clock and randomness, passed to the core so that a whole site can run in virtual time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "models/result.h"
#include "models/time.h"

namespace gapura::gateway {

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Now now() = 0;
};

// Wall time by an anchor taken at start plus boot-time deltas. A wall clock that then jumps by more than 60 s makes the
// quality `suspect` and is not followed; smaller corrections (NTP's) are.
Result<std::unique_ptr<Clock>> make_system_clock(const std::string& timezone);

// Fills the span with random bytes.
using Randomness = std::function<void(std::span<std::uint8_t>)>;
Randomness system_randomness();

}  // namespace gapura::gateway
