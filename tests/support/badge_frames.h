// SPDX-License-Identifier: Apache-2.0
// Generated camera frames of badges, of fifteen kinds, each from a seed. Their difficulty was set so that a plain ZXing
// call reads about three of four, as it does on the photographs and frames Gapura was measured on.
#pragma once

#include <array>
#include <opencv2/core.hpp>
#include <set>
#include <string>

namespace gapura::tests {

enum class FrameKind {
  clean,
  rotated,
  perspective,
  small,
  close,
  curved,
  motion,
  defocus,
  lowlight,
  glare,
  damaged,
  inverted,
  mirrored,
  phone,
  multi
};
inline constexpr std::array frame_kinds{"clean",   "rotated",  "perspective", "small",    "close",
                                        "curved",  "motion",   "defocus",     "lowlight", "glare",
                                        "damaged", "inverted", "mirrored",    "phone",    "multi"};

struct GeneratedFrame {
  cv::Mat grey;
  std::set<std::string> texts;  // all of which are in view
};

GeneratedFrame badge_frame(FrameKind kind, std::uint32_t seed, cv::Size size);

}  // namespace gapura::tests
