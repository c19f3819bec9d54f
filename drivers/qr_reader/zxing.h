// SPDX-License-Identifier: Apache-2.0
// One call of ZXing on one view of a picture, and the mapping from the view's pixels to the picture's.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "drivers/qr_reader/qr_reader.h"

namespace gapura::drivers::qr {

// picture = offset + view * scale, in each direction; a mirrored view is flipped from left to right first.
struct View {
  cv::Mat grey;  // CV_8UC1, any stride
  cv::Point2d scale{1, 1};
  cv::Point offset{0, 0};
  bool mirrored = false;

  View() = default;
  View(cv::Mat pixels, double factor, cv::Point at = {0, 0}) : grey(std::move(pixels)), scale(factor, factor), offset(at) {}
  // Makes the view wider and higher by these factors: a code seen from the side becomes square again.
  void stretch(cv::Point2d factor);
  void mirror();
};

// Returns the distinct codes, by payload, of a view in black (0) and white; at most most_codes_per_picture. An exception of
// ZXing counts as "nothing found".
std::vector<Code> scan(const View& view);

// Appends the codes that `codes` does not have yet, by payload, up to most_codes_per_picture.
void add_distinct(std::vector<Code>& codes, std::vector<Code> more);

}  // namespace gapura::drivers::qr
