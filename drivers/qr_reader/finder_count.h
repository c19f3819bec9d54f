// SPDX-License-Identifier: Apache-2.0
// Counts the finder patterns of a view before ZXing is called, whose search time grows with the cube of their number.
#pragma once

#include <opencv2/core.hpp>

namespace gapura::drivers::qr {

// Converts to black (0) and white (255) by the mean of each block's neighbourhood, in blocks of eight pixels, so that
// shadows across a code do not matter. A block with little contrast is white unless the blocks to its left and above are
// brighter.
cv::Mat black_by_blocks(const cv::Mat& grey);

// Counts places in a black and white picture whose runs are about 1:1:3:1:1 in all four directions, in every third row like
// ZXing. Counting ends at `most` + 1. Runs may differ by more than ZXing allows, so that ZXing finds no more than are
// counted here.
int count_finders(const cv::Mat& black, int most);

}  // namespace gapura::drivers::qr
