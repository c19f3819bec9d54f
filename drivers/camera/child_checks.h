// SPDX-License-Identifier: Apache-2.0
// Checks of what a camera's child reports. Only the parent's files include this.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "drivers/camera.h"
#include "drivers/reader.h"

namespace gapura::drivers {

// Bounds an instant reported by the child: not in the future, and not long ago.
inline BootTime bounded(BootTime at) {
  const BootTime now = boot_now();
  return std::clamp(at, now - Millis{60'000}, now);
}

// Returns null for a still without a picture.
inline StillPtr shared(Still& still) {
  if (still.jpeg.empty()) return nullptr;
  still.captured = bounded(still.captured);
  return std::make_shared<const Still>(std::move(still));
}

// Makes a child's text safe for logs and screens.
inline std::string printable(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < ' ' || static_cast<unsigned char>(c) > 126) c = '?';
  return text;
}

}  // namespace gapura::drivers
