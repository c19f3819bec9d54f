// SPDX-License-Identifier: Apache-2.0
// JPEGs straight from a frame's planes: no detour through RGB.
#pragma once

#include <vector>

#include "drivers/camera/frame.h"
#include "drivers/qr_reader/qr_reader.h"
#include "models/device_event.h"

namespace gapura::drivers {

// The frame, at most `most_width` wide, with the outlines of the codes drawn. Empty jpeg: the encoder refused.
Still to_jpeg(const Frame& frame, int most_width, int quality, const std::vector<Code>& codes = {});

}  // namespace gapura::drivers
