// SPDX-License-Identifier: Apache-2.0
// One call of ZXing on one view of a picture, and the way back from the view's pixels to the picture's.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "drivers/qr_reader/qr_reader.h"

namespace gapura::drivers::qr {

// picture = offset + view * scale; a mirrored view is flipped from left to right first.
struct View {
  cv::Mat grey;  // CV_8UC1, any stride
  double scale = 1;
  cv::Point offset{0, 0};
  bool mirrored = false;
};

enum class Threshold { local_average, global_histogram, fixed, already_binary };

struct ScanOptions {
  Threshold threshold = Threshold::local_average;
  bool downscale = false;  // let ZXing try a third of the size as well
};

// Distinct codes by payload, at most most_codes_per_picture. Whatever ZXing throws is "nothing found".
std::vector<Code> scan(const View& view, ScanOptions options);

}  // namespace gapura::drivers::qr
