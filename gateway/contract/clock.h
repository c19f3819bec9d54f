// SPDX-License-Identifier: Apache-2.0
// The gateway's clock and randomness, passed to the core so that a whole site can run in virtual time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "models/base/result.h"
#include "models/base/time.h"

namespace gapura::gateway {

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Now now() = 0;
};

// The journal's newest instant; the wall clock cannot be earlier.
struct LastSeen {
  UtcTime utc;
  std::optional<BootTime> boot;  // where the entry is of this boot, the present is computed from it
};

// Wall time from an anchor taken at start plus boot-time differences. A wall clock that then jumps by more than 60 s makes
// the quality `suspect` and is not followed; smaller corrections (NTP's) are. A clock that at the start is behind `last` is
// treated the same, until it has caught up.
Result<std::unique_ptr<Clock>> make_system_clock(const std::string& timezone, std::optional<LastSeen> last = std::nullopt);

// Fills the span with random bytes.
using Randomness = std::function<void(std::span<std::uint8_t>)>;
Randomness system_randomness();

}  // namespace gapura::gateway
