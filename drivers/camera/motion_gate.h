// SPDX-License-Identifier: Apache-2.0
// Decides which frames are worth searching: most of the day there is no person in front of the camera.
#pragma once

#include <opencv2/core.hpp>
#include <optional>

#include "drivers/qr_reader/qr_reader.h"

namespace gapura::drivers {

// Time is an argument. Not thread-safe.
class MotionGate {
 public:
  static constexpr Millis hold{1500};          // after the last motion
  static constexpr Millis regardless{1000};    // at least one search in this time
  static constexpr Millis while_in_view{200};  // interval while a badge is held still

  // Learns the frame, and returns whether to search it. `badge_in_view`: a badge was seen less than a second ago.
  bool wants(GreyView frame, BootTime captured, bool badge_in_view);

 private:
  bool moves(GreyView frame, BootTime captured);
  void learn_restless(const cv::Mat& changed, BootTime captured);

  // An eighth of the frame's size each.
  cv::Mat background_;  // CV_32F
  cv::Mat moved_;       // CV_8U: in this second
  cv::Mat often_;       // CV_32F: share of the last seconds with motion
  cv::Mat restless_;    // CV_8U: excluded, because they move all the time
  BootTime second_began_;
  std::optional<BootTime> last_motion_, last_search_;
};

}  // namespace gapura::drivers
