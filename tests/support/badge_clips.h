// SPDX-License-Identifier: Apache-2.0
// Generated clips of hard presentations at 25 frames a second: a badge is brought, held badly and taken away.
#pragma once

#include <array>
#include <opencv2/core.hpp>
#include <string>

#include "support/badge_scene.h"

namespace gapura::tests {

enum class ClipKind { swipe, rush, wave, farther, dark, defocus, glare, damaged, inverted, mirrored, phone, covered };
inline constexpr std::array clip_kinds{"swipe", "rush",    "wave",     "farther",  "dark",  "defocus",
                                       "glare", "damaged", "inverted", "mirrored", "phone", "covered"};

class BadgeClip {
 public:
  static constexpr int frames = 70, frames_per_second = 25;

  BadgeClip(ClipKind kind, std::uint32_t seed, cv::Size size = {1280, 720});

  cv::Mat frame(int number) const;
  const std::string& text() const { return text_; }
  int first() const { return first_; }  // frame with the badge
  int last() const { return last_; }

 private:
  Pose pose_at(double frame) const;
  void spoil(cv::Mat& scene, const Pose& pose, int number) const;

  ClipKind kind_;
  std::uint32_t seed_;
  cv::Size size_;
  std::string text_;
  int first_, last_;
  cv::Mat lobby_;
  Card card_;
  Pose held_;           // where the hand comes to rest
  cv::Point2d enters_;  // from where, relative to that
  double shake_, shake_period_, turn_, angle_, period_;
  Camera camera_;
};

}  // namespace gapura::tests
