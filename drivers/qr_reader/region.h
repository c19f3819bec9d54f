// SPDX-License-Identifier: Apache-2.0
// Where in a picture a code may be: places with many edges in both directions.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace gapura::drivers::qr {

inline constexpr int most_regions = 3;

// Up to three rectangles in the picture's pixels, the most promising first. `half` is the picture at half size. `blurred`:
// where nothing has edges, those of a lens out of focus are looked for as well.
std::vector<cv::Rect> find_regions(const cv::Mat& half, cv::Size picture, bool blurred);

}  // namespace gapura::drivers::qr
