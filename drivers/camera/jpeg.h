// SPDX-License-Identifier: Apache-2.0
// Makes JPEGs directly from a frame's planes, without converting to RGB.
#pragma once

#include <vector>

#include "drivers/camera/frame.h"
#include "drivers/qr_reader/qr_reader.h"
#include "models/base/device_event.h"

namespace gapura::drivers {

// Encodes the frame, at most `most_width` wide, with the outlines of the codes drawn. The jpeg is empty when the encoder
// failed.
Still to_jpeg(const Frame& frame, int most_width, int quality, const std::vector<Code>& codes = {});

}  // namespace gapura::drivers
