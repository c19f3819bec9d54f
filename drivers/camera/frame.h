// SPDX-License-Identifier: Apache-2.0
// One decoded picture as planes, in memory that its owner keeps alive. Immutable.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "models/base/time.h"

namespace gapura::drivers {

struct Plane {
  const std::uint8_t* data = nullptr;
  int width = 0, height = 0, stride = 0;
};

struct Frame {
  Plane y, u, v;            // u and v of any size; null: a grey picture
  bool full_range = false;  // 0..255 as in JPEG; otherwise 16..235 as in television
  BootTime captured;        // when its last packet was received
  std::chrono::microseconds decode_time{0};
  std::shared_ptr<const void> owner;
};

// A camera that claims more pixels than this is refused.
inline constexpr int most_pixels = 8192 * 4320 / 2;

}  // namespace gapura::drivers
