// SPDX-License-Identifier: Apache-2.0
#include "drivers/qr_reader/steps.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "drivers/qr_reader/finder_count.h"
#include "drivers/qr_reader/third_finder.h"

namespace gapura::drivers::qr {
namespace {

// Side lengths of what ZXing is shown of a region. A badge needs no more than this.
constexpr int region_side = 400;
constexpr int small_side = 360;
constexpr int enlarged_side = 720;
constexpr int whole_side = 1280;

// A view with more finder patterns is not searched. With a hundred ZXing takes up to 25 ms, with four hundred up to 10 s;
// the most in a readable view of the measuring set is 79.
constexpr int most_in_view = 100;

cv::Mat scaled(const cv::Mat& from, double across, double down) {
  cv::Mat to;
  cv::resize(from, to, {}, across, down, std::min(across, down) < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
  return to;
}

cv::Mat unsharp(const cv::Mat& from, double sigma, double amount) {
  cv::Mat soft, sharp;
  cv::GaussianBlur(from, soft, {}, sigma);
  cv::addWeighted(from, 1 + amount, soft, -amount, 0, sharp);
  return sharp;
}

// Four times the difference from the neighbourhood: compensates for an unfocused lens and removes gradual changes of light.
cv::Mat very_sharp(const cv::Mat& from) {
  cv::Mat soft, sharp;
  cv::blur(from, soft, {13, 13});
  cv::addWeighted(from, 4, soft, -3, 0, sharp);
  return sharp;
}

cv::Mat inverted(const cv::Mat& from) {
  cv::Mat to;
  cv::bitwise_not(from, to);
  return to;
}

cv::Mat softened(const cv::Mat& from) {
  cv::Mat to;
  cv::GaussianBlur(from, to, {}, 1);
  return to;
}

// Black and white by each pixel's neighbourhood, against shadows and glare across a code.
cv::Mat adaptive(const cv::Mat& from, int neighbourhood, int darker_by) {
  cv::Mat to;
  cv::adaptiveThreshold(from, to, 255, cv::ADAPTIVE_THRESH_MEAN_C, cv::THRESH_BINARY, neighbourhood, darker_by);
  return to;
}

// Black and white by Otsu's threshold times `factor`: less than 1 where motion smears white into black.
cv::Mat otsu(const cv::Mat& from, double factor = 1) {
  cv::Mat to;
  const double threshold = cv::threshold(from, to, 0, 255, cv::THRESH_OTSU);
  if (factor != 1) cv::threshold(from, to, threshold * factor, 255, cv::THRESH_BINARY);
  return to;
}

std::vector<Code> search_picture(Method method, Views& views) {
  switch (method) {
    case Method::half_otsu:
      return views.search({otsu(views.half()), 2}, Threshold::already_binary);
    case Method::half_unsharp:
      return views.search({unsharp(views.half(), 1.2, 1.5), 2}, Threshold::local_average);
    case Method::quarter_local:
      return views.search({views.quarter(), 4}, Threshold::local_average);
    case Method::quarter_adaptive:
      return views.search({adaptive(views.quarter(), 31, 5), 4}, Threshold::already_binary);
    case Method::quarter_inverted:
      return views.search({inverted(views.quarter()), 4}, Threshold::local_average);
    case Method::quarter_unsharp:
      return views.search({unsharp(views.quarter(), 2, 1.5), 4}, Threshold::local_average);
    default:
      return views.search({views.half(), 2}, Threshold::local_average);
  }
}

// The region at `zoom`, or less if it would be longer than `longest`. Empty if it would have to be smaller than
// `least_zoom`: other steps have searched it at that size.
struct Crop {
  double zoom = 1;
  int longest = region_side;
  double least_zoom = 0;
};

View crop(Views& views, const cv::Rect& region, Crop how) {
  const double factor = std::min(how.zoom, static_cast<double>(how.longest) / std::max(region.width, region.height));
  if (factor < how.least_zoom) return {};
  const cv::Mat pixels = views.picture()(region);
  if (factor == 1) return {pixels, 1, region.tl()};
  if (how.longest == region_side && factor < how.zoom) return {views.shrunk(region, factor), 1 / factor, region.tl()};
  return {scaled(pixels, factor, factor), 1 / factor, region.tl()};
}

// Redraws a missing finder pattern: in black and white by neighbourhood, once for each place it may be in.
std::vector<Code> search_repaired(Views& views, const cv::Rect& region) {
  View view = crop(views, region, {});
  for (cv::Mat& picture : with_third_finder(adaptive(view.grey, 41, 3))) {
    view.grey = std::move(picture);
    if (auto codes = views.search(view, Threshold::already_binary); !codes.empty()) return codes;
  }
  return {};
}

std::vector<Code> search_region(Method method, Views& views, const cv::Rect& region) {
  const auto shown = [&](Crop how, Threshold threshold, auto&& change) -> std::vector<Code> {
    View view = crop(views, region, how);
    if (view.grey.empty()) return {};
    change(view);
    return views.search(view, threshold);
  };
  switch (method) {
    case Method::sharp:
      return shown({}, Threshold::fixed, [](View& view) { view.grey = very_sharp(view.grey); });
    case Method::adaptive:
      return shown({}, Threshold::already_binary, [](View& view) { view.grey = adaptive(view.grey, 21, 0); });
    case Method::soft_adaptive:
      return shown({}, Threshold::already_binary, [](View& view) { view.grey = adaptive(softened(view.grey), 41, 3); });
    case Method::inverted:  // where half of that was too little
      return shown({1, small_side, 0.6}, Threshold::local_average, [](View& view) { view.grey = inverted(view.grey); });
    case Method::inverted_half:
      return shown({0.5, small_side}, Threshold::local_average, [](View& view) { view.grey = inverted(view.grey); });
    case Method::mirrored:
      return shown({1, small_side, 0.6}, Threshold::local_average, [](View& view) { view.mirror(); });
    case Method::mirrored_half:
      return shown({0.5, small_side}, Threshold::local_average, [](View& view) { view.mirror(); });
    case Method::stretched_wide:
      return shown({1, small_side}, Threshold::local_average, [](View& view) { view.stretch({2, 1}); });
    case Method::stretched_tall:
      return shown({1, small_side}, Threshold::local_average, [](View& view) { view.stretch({1, 2}); });
    case Method::enlarged:
      return shown({2, region_side, 1.2}, Threshold::local_average, [](View& view) { view.grey = very_sharp(view.grey); });
    case Method::enlarged_more:
      return shown({3, enlarged_side, 2}, Threshold::fixed, [](View& view) { view.grey = unsharp(view.grey, 2, 2); });
    case Method::glared:  // glare on small modules
      return shown({2, region_side, 1.2}, Threshold::already_binary,
                   [](View& view) { view.grey = adaptive(view.grey, 21, 0); });
    case Method::dark:
      return shown({}, Threshold::already_binary, [](View& view) { view.grey = otsu(view.grey, 0.75); });
    case Method::repaired:
      return search_repaired(views, region);
    case Method::whole:  // codes of a thousand bytes and more
      if (std::max(region.width, region.height) < region_side * 3 / 2) return {};
      return shown({1, whole_side}, Threshold::local_average, [](View&) {});
    default:
      return {};
  }
}

}  // namespace

const cv::Mat& Views::half() {
  if (half_.empty()) half_ = scaled(picture_, 0.5, 0.5);
  return half_;
}

const cv::Mat& Views::quarter() {
  if (quarter_.empty()) quarter_ = scaled(half(), 0.5, 0.5);
  return quarter_;
}

const cv::Mat& Views::shrunk(const cv::Rect& region, double factor) {
  for (const auto& [known, pixels] : shrunk_)
    if (known == region) return pixels;
  return shrunk_.emplace_back(region, scaled(picture_(region), factor, factor)).second;
}

const std::vector<cv::Rect>& Views::regions() {
  if (!regions_) regions_ = find_regions(half(), picture_.size(), blurred_);
  return *regions_;
}

std::vector<Code> Views::search(const View& view, Threshold threshold) {
  pixels_shown_ += view.grey.total();
  View shown = view;  // in the black and white that is counted and searched
  if (threshold == Threshold::fixed) cv::threshold(view.grey, shown.grey, 127, 255, cv::THRESH_BINARY);
  if (threshold == Threshold::local_average) shown.grey = black_by_blocks(view.grey);
  if (count_finders(shown.grey, most_in_view) > most_in_view) {
    ++left_out_;
    return {};
  }
  return scan(shown);
}

std::vector<Code> run_step(Step step, Views& views) {
  if (!step.of_region()) return search_picture(step.method, views);
  const auto& regions = views.regions();
  const auto chosen = static_cast<std::size_t>(step.region);
  if (chosen >= regions.size()) return {};
  auto codes = search_region(step.method, views, regions[chosen]);
  if (codes.empty()) return codes;
  for (std::size_t other = 0; other < regions.size(); ++other)
    if (other != chosen) add_distinct(codes, search_region(step.method, views, regions[other]));
  return codes;
}

}  // namespace gapura::drivers::qr
