// SPDX-License-Identifier: Apache-2.0
// How many finder patterns a view holds, counted before ZXing is called: its search takes time by the cube of their number.
#pragma once

#include <opencv2/core.hpp>

namespace gapura::drivers::qr {

// Black (0) and white (255) by the mean of each block's neighbourhood, blocks of eight pixels: shadows across a code. What
// has little contrast is white unless what lies to its left and above is darker.
cv::Mat black_by_blocks(const cv::Mat& grey);

// Places in a black and white picture whose runs are about 1:1:3:1:1 in all four directions, every third row looked at as
// ZXing does. Counting ends at `most` + 1. Runs may differ by more than ZXing allows, so that it sees no more than are
// counted here.
int count_finders(const cv::Mat& black, int most);

}  // namespace gapura::drivers::qr
