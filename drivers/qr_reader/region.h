// SPDX-License-Identifier: Apache-2.0
// Finds where in a picture a code may be: places with many edges in both directions.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace gapura::drivers::qr {

inline constexpr int most_regions = 3;

// Returns up to three rectangles in the picture's pixels, the most promising first. `half` is the picture at half size.
// `blurred`: where there are no edges, the wide ones of an unfocused lens are searched as well.
std::vector<cv::Rect> find_regions(const cv::Mat& half, cv::Size picture, bool blurred);

}  // namespace gapura::drivers::qr
