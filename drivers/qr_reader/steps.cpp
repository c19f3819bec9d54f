// SPDX-License-Identifier: Apache-2.0
#include "drivers/qr_reader/steps.h"

#include <algorithm>
#include <functional>
#include <opencv2/imgproc.hpp>

#include "drivers/qr_reader/region.h"

namespace gapura::drivers::qr {
namespace {

// ZXing's worst case grows with the cube of the finder patterns in a view, so a region is never shown larger than this.
constexpr int largest_region_side = 960;

cv::Mat scaled(const cv::Mat& from, double factor, int how) {
  cv::Mat to;
  cv::resize(from, to, {}, factor, factor, how);
  return to;
}

cv::Mat unsharp(const cv::Mat& from, double sigma, double amount) {
  cv::Mat soft, sharp;
  cv::GaussianBlur(from, soft, {}, sigma);
  cv::addWeighted(from, 1 + amount, soft, -amount, 0, sharp);
  return sharp;
}

cv::Mat inverted(const cv::Mat& from) {
  cv::Mat to;
  cv::bitwise_not(from, to);
  return to;
}

cv::Mat flipped(const cv::Mat& from) {
  cv::Mat to;
  cv::flip(from, to, 1);
  return to;
}

void add_distinct(std::vector<Code>& codes, std::vector<Code> more) {
  for (auto& code : more) {
    const bool known = std::any_of(codes.begin(), codes.end(), [&](const Code& c) { return c.payload == code.payload; });
    if (!known && codes.size() < most_codes_per_picture) codes.push_back(std::move(code));
  }
}

// Shows every region to ZXing after `change`; `zoom` is the size it is shown at.
std::vector<Code> each_region(Views& views, double zoom, int how, ScanOptions options,
                              const std::function<cv::Mat(const cv::Mat&)>& change, bool mirrored = false) {
  std::vector<Code> codes;
  for (const cv::Rect& region : views.regions()) {
    const double fit = static_cast<double>(largest_region_side) / std::max(region.width, region.height);
    const double factor = std::min(zoom, fit);
    cv::Mat crop = views.picture()(region);
    if (factor != 1) crop = scaled(crop, factor, factor < 1 ? cv::INTER_AREA : how);
    add_distinct(codes, scan({change ? change(crop) : crop, 1 / factor, region.tl(), mirrored}, options));
  }
  return codes;
}

cv::Mat equalised(const cv::Mat& from) {
  cv::Mat to;
  cv::createCLAHE(3.0, {4, 4})->apply(from, to);
  return to;
}

cv::Mat adaptive(const cv::Mat& from) {
  cv::Mat to;
  cv::adaptiveThreshold(from, to, 255, cv::ADAPTIVE_THRESH_MEAN_C, cv::THRESH_BINARY, 31, 5);
  return to;
}

cv::Mat otsu(const cv::Mat& from) {
  cv::Mat to;
  cv::threshold(from, to, 0, 255, cv::THRESH_BINARY | cv::THRESH_OTSU);
  return to;
}

// Closes the white gaps between the dots of an artful code: dark grows by a pixel.
cv::Mat opened(const cv::Mat& from) {
  cv::Mat to;
  cv::morphologyEx(from, to, cv::MORPH_OPEN, cv::getStructuringElement(cv::MORPH_RECT, {3, 3}));
  return to;
}

}  // namespace

const cv::Mat& Views::half() {
  if (half_.empty()) half_ = scaled(picture_, 0.5, cv::INTER_AREA);
  return half_;
}

const cv::Mat& Views::quarter() {
  if (quarter_.empty()) quarter_ = scaled(half(), 0.5, cv::INTER_AREA);
  return quarter_;
}

const std::vector<cv::Rect>& Views::regions() {
  if (!regions_) regions_ = find_regions(half(), picture_.size());
  return *regions_;
}

std::vector<Code> run_step(Step step, Views& views) {
  const ScanOptions local{};
  switch (step) {
    case Step::half_fixed:
      return scan({views.half(), 2}, {Threshold::fixed});
    case Step::region:
      return each_region(views, 1, cv::INTER_LINEAR, {Threshold::local_average, true}, nullptr);
    case Step::quarter:
      return scan({views.quarter(), 4}, local);
    case Step::half_unsharp:
      return scan({unsharp(views.half(), 1.2, 1.5), 2}, local);
    case Step::half_inverted:
      return scan({inverted(views.half()), 2}, local);
    case Step::quarter_unsharp:
      return scan({unsharp(views.quarter(), 2, 1.5), 4}, local);
    case Step::region_double:
      return each_region(views, 2, cv::INTER_LINEAR, local, nullptr);
    case Step::region_mirrored:
      return each_region(views, 1, cv::INTER_LINEAR, local, flipped, true);
    case Step::half_adaptive:
      return scan({adaptive(views.half()), 2}, {Threshold::already_binary});
    case Step::region_double_unsharp:
      return each_region(views, 2, cv::INTER_LINEAR, local, [](const cv::Mat& m) { return unsharp(m, 3, 3); });
    case Step::half_otsu:
      return scan({otsu(views.half()), 2}, {Threshold::already_binary});
    case Step::region_clahe:
      return each_region(views, 1, cv::INTER_LINEAR, local, equalised);
    case Step::half_opened:
      return scan({opened(views.half()), 2}, local);
    case Step::plain:
      return scan({views.picture(), 1}, {Threshold::local_average, true});
    case Step::region_cubic:
      return each_region(views, 2, cv::INTER_CUBIC, local, nullptr);
  }
  return {};
}

}  // namespace gapura::drivers::qr
