// SPDX-License-Identifier: Apache-2.0
// The steps of the cascade: each searches the picture or one region of it in one way. Which ways, and in which order, was
// measured on photographs, generated frames and clips of badges (drivers/qr_reader/README.md).
#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "drivers/qr_reader/region.h"
#include "drivers/qr_reader/zxing.h"

namespace gapura::drivers::qr {

enum class Method {
  // on the picture
  half_otsu,
  half_local,
  half_unsharp,
  quarter_local,
  quarter_adaptive,
  quarter_inverted,
  quarter_unsharp,
  // on a region
  sharp,
  adaptive,
  soft_adaptive,
  inverted,
  inverted_half,
  mirrored,
  mirrored_half,
  stretched_wide,
  stretched_tall,
  enlarged,
  enlarged_more,
  glared,
  dark,
  repaired,
  whole,
};

struct Step {
  Method method;
  int region = 0;  // 0 is the most promising one; steps on the whole picture ignore it

  bool of_region() const { return method >= Method::sharp; }
};

// How a view is converted to black and white.
enum class Threshold { local_average, fixed, already_binary };

// A picture and what the steps share of it, computed when first needed.
class Views {
 public:
  // `blurred`: as for find_regions().
  Views(cv::Mat picture, bool blurred) : picture_(std::move(picture)), blurred_(blurred) {}
  const cv::Mat& picture() const { return picture_; }
  const cv::Mat& half();
  const cv::Mat& quarter();
  const std::vector<cv::Rect>& regions();
  // A region at reduced size, by the factor that most steps use.
  const cv::Mat& shrunk(const cv::Rect& region, double factor);

  // Every search of a view is made here, so that its cost (in pixels shown to ZXing so far) is known. A view with more than
  // a hundred finder patterns is not searched.
  std::vector<Code> search(const View& view, Threshold threshold);
  double shown() const { return static_cast<double>(pixels_shown_); }
  int left_out() const { return left_out_; }

 private:
  cv::Mat picture_, half_, quarter_;
  bool blurred_;
  std::size_t pixels_shown_ = 0;
  int left_out_ = 0;
  std::optional<std::vector<cv::Rect>> regions_;
  std::vector<std::pair<cv::Rect, cv::Mat>> shrunk_;
};

// Returns distinct codes. A step that reads a code in its region searches the other regions too, since they may hold a
// second badge.
std::vector<Code> run_step(Step step, Views& views);

}  // namespace gapura::drivers::qr
