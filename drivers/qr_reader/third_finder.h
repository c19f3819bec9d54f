// SPDX-License-Identifier: Apache-2.0
// Redraws finder patterns that a scratch or glare has spoilt: where two of a code's three are seen, the third can only be
// in a few places, and its shape is known. The data is not touched: it is left to ZXing's error correction.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace gapura::drivers::qr {

inline constexpr std::size_t most_repairs = 2;

// Returns copies of `binary` (black and white, 8 bits) with all three finder patterns of a code drawn in, the most likely
// first. Empty where no two belong together.
std::vector<cv::Mat> with_third_finder(const cv::Mat& binary);

}  // namespace gapura::drivers::qr
