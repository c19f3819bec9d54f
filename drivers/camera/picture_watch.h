// SPDX-License-Identifier: Apache-2.0
// Detects a picture without content: a stream can run for weeks without showing anything.
#pragma once

#include <cstdint>
#include <vector>

#include "drivers/camera.h"
#include "drivers/qr_reader/qr_reader.h"

namespace gapura::drivers {

// Time is an argument. Not thread-safe. Checks some thousand pixels four times a second.
class PictureWatch {
 public:
  explicit PictureWatch(PictureLimits limits) : limits_(limits) {}
  // Returns none, or the fault (black, covered or frozen) once it has lasted for its limit. `full_range` as in Frame.
  CameraFault judge(GreyView frame, bool full_range, BootTime captured);

 private:
  CameraFault classify(GreyView frame, bool full_range, BootTime captured);
  bool differs(const std::vector<std::uint8_t>& now) const;
  Millis limit_of(CameraFault fault) const;

  const PictureLimits limits_;
  CameraFault reported_ = CameraFault::none, seen_ = CameraFault::none;
  BootTime seen_since_, checked_, changed_;
  std::vector<std::uint8_t> still_;  // samples of the reference picture, unchanged since
};

}  // namespace gapura::drivers
