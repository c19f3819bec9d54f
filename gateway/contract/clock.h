// SPDX-License-Identifier: Apache-2.0
// The gateway's clock and randomness, passed to the core so that a whole site can run in virtual time.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "models/base/time.h"

namespace gapura::gateway {

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Now now() = 0;
};

// Fills the span with random bytes.
using Randomness = std::function<void(std::span<std::uint8_t>)>;

}  // namespace gapura::gateway
