// SPDX-License-Identifier: Apache-2.0
// This machine's clock and randomness.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "gateway/contract/clock.h"
#include "models/base/result.h"

namespace gapura::gateway {

// The journal's newest instant; the wall clock cannot be earlier.
struct LastSeen {
  UtcTime utc;
  std::optional<BootTime> boot;  // where the entry is of this boot, the present is computed from it
};

// Wall time from an anchor taken at start plus boot-time differences. A wall clock that then jumps by more than 60 s makes
// the quality `suspect` and is not followed; smaller corrections (NTP's) are. A clock that at the start is behind `last` is
// treated the same, until it has caught up.
Result<std::unique_ptr<Clock>> make_system_clock(const std::string& timezone, std::optional<LastSeen> last = std::nullopt);

Randomness system_randomness();

}  // namespace gapura::gateway
