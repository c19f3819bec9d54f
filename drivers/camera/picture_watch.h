// SPDX-License-Identifier: Apache-2.0
// Detects black, covered and frozen pictures. A stream can go on for weeks with such pictures, and no error.
#pragma once

#include <cstdint>
#include <vector>

#include "drivers/camera.h"
#include "drivers/qr_reader/qr_reader.h"

namespace gapura::drivers {

// Not thread-safe. Reads no clock. Samples a frame at 9,216 places, and at most four frames a second.
class PictureWatch {
 public:
  explicit PictureWatch(PictureLimits limits) : limits_(limits) {}
  // To be called with each frame, in order. Returns none until a fault (black, covered or frozen) has lasted for its limit;
  // then that fault, until another has lasted for its limit or the picture has been right for PictureLimits::recovered.
  // `full_range`: grey levels are 0..255, not 16..235. Keeps no reference to `frame`.
  CameraFault judge(GreyView frame, bool full_range, BootTime captured);

 private:
  CameraFault classify(GreyView frame, bool full_range, BootTime captured);
  bool differs(const std::vector<std::uint8_t>& now) const;
  Millis limit_of(CameraFault fault) const;

  const PictureLimits limits_;
  CameraFault reported_ = CameraFault::none;
  CameraFault seen_ = CameraFault::none;  // of the newest checked frame
  BootTime seen_since_, checked_;
  BootTime changed_;                 // when a frame last differed from `still_`
  std::vector<std::uint8_t> still_;  // samples of the frame at `changed_`, to which newer ones are compared
};

}  // namespace gapura::drivers
