// SPDX-License-Identifier: Apache-2.0
#include "drivers/qr_reader/steps.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "drivers/qr_reader/region.h"

namespace gapura::drivers::qr {
namespace {

// Sides of what ZXing is shown of a region. A badge needs no more than this, and ZXing's worst case grows with the cube of
// the finder patterns in a view.
constexpr int region_side = 480;
constexpr int mirrored_side = 360;
constexpr int enlarged_side = 720;
constexpr int whole_side = 1280;

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

struct RegionLook {
  double zoom = 1;  // what the region is shown at, unless it becomes longer than
  int longest = region_side;
  double least_zoom = 0;  // regions that would be shown smaller are left out, and
  int shortest = 0;       // regions of shorter sides too: another step has seen them so
  bool mirrored = false;
  std::size_t most = most_regions;  // the dearer looks are spent on the more promising regions
};

// Shows every region to ZXing after `change`. All of them, even after a hit: the next may hold a second badge.
std::vector<Code> each_region(Views& views, RegionLook look, cv::Mat (*change)(const cv::Mat&) = nullptr) {
  std::vector<Code> codes;
  const auto& regions = views.regions();
  for (std::size_t i = 0; i < std::min(look.most, regions.size()); ++i) {
    const cv::Rect& region = regions[i];
    const double factor = std::min(look.zoom, static_cast<double>(look.longest) / std::max(region.width, region.height));
    if (factor < look.least_zoom || std::max(region.width, region.height) < look.shortest) continue;
    cv::Mat crop = views.picture()(region);
    if (factor != 1) crop = scaled(crop, factor, factor < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
    add_distinct(codes, scan({change != nullptr ? change(crop) : crop, 1 / factor, region.tl(), look.mirrored}, {}));
  }
  return codes;
}

// Black and white by each pixel's neighbourhood: shadows and glare across a code.
cv::Mat adaptive(const cv::Mat& from) {
  cv::Mat to;
  cv::adaptiveThreshold(from, to, 255, cv::ADAPTIVE_THRESH_MEAN_C, cv::THRESH_BINARY, 31, 5);
  return to;
}

cv::Mat strong_unsharp(const cv::Mat& from) {
  cv::Mat soft, sharp;
  cv::blur(from, soft, {13, 13});
  cv::addWeighted(from, 4, soft, -3, 0, sharp);
  return sharp;
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
  switch (step) {
    case Step::half_fixed:
      return scan({views.half(), 2}, {Threshold::fixed});
    case Step::region:
      return each_region(views, {});
    case Step::quarter:
      return scan({views.quarter(), 4}, {});
    case Step::region_mirrored:
      return each_region(views, {0.5, mirrored_side, 0, 0, true, 2}, flipped);
    case Step::region_inverted:
      return each_region(views, {}, inverted);
    case Step::half_unsharp:
      return scan({unsharp(views.half(), 1.2, 1.5), 2}, {});
    case Step::half_adaptive:
      return scan({adaptive(views.half()), 2}, {Threshold::already_binary});
    case Step::region_double:
      return each_region(views, {2, enlarged_side, 2, 0, false, 2});
    case Step::quarter_adaptive:
      return scan({adaptive(views.quarter()), 4}, {Threshold::already_binary});
    case Step::region_triple:
      return each_region(views, {3, enlarged_side, 2.5, 0, false, 2}, strong_unsharp);
    case Step::region_whole:
      return each_region(views, {1, whole_side, 0, region_side * 3 / 2, false, 1});
    case Step::half_inverted:
      return scan({inverted(views.half()), 2}, {});
  }
  return {};
}

}  // namespace gapura::drivers::qr
