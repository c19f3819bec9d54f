// SPDX-License-Identifier: Apache-2.0
// The steps of the cascade: each is one way of looking at a picture. Which ways, and in which order, was measured on
// photographs of badges (drivers/qr_reader/README.md).
#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "drivers/qr_reader/zxing.h"

namespace gapura::drivers::qr {

enum class Step {
  half_fixed,
  region,
  quarter,
  region_mirrored,
  region_inverted,
  half_unsharp,
  half_adaptive,
  region_double,
  quarter_adaptive,
  region_triple,
  region_whole,
  half_inverted,
};

// A picture and what the steps share of it, made when first asked for.
class Views {
 public:
  explicit Views(cv::Mat picture) : picture_(std::move(picture)) {}
  const cv::Mat& picture() const { return picture_; }
  const cv::Mat& half();
  const cv::Mat& quarter();
  const std::vector<cv::Rect>& regions();

 private:
  cv::Mat picture_, half_, quarter_;
  std::optional<std::vector<cv::Rect>> regions_;
};

std::vector<Code> run_step(Step step, Views& views);

}  // namespace gapura::drivers::qr
