// SPDX-License-Identifier: Apache-2.0
#include "drivers/qr_reader/region.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace gapura::drivers::qr {
namespace {

constexpr int cell = 8;                // pixels of the half-size picture, so 16 of the picture
constexpr double weakest_texture = 6;  // mean absolute step of neighbouring pixels; paper and walls stay below 3
constexpr double blob_edge = 0.45;     // cells with this share of the blob's peak belong to it
constexpr int longest_for_width = 2;   // longer places are lines of text more often than codes
constexpr int margin_cells = 2;        // the quiet zone and what perspective adds

// Mean of |dx| and of |dy| per cell of `side` pixels; the smaller of the two, because text and blinds have edges in one
// direction only.
cv::Mat texture(const cv::Mat& grey, int side) {
  const cv::Size cells(grey.cols / side, grey.rows / side);
  const cv::Rect used(0, 0, cells.width * side, cells.height * side);
  const cv::Rect inner(0, 0, grey.cols - 1, grey.rows - 1);
  cv::Mat dx = cv::Mat::zeros(grey.size(), CV_8U), dy = cv::Mat::zeros(grey.size(), CV_8U);
  cv::absdiff(grey(inner), grey(inner + cv::Point(1, 0)), dx(inner));
  cv::absdiff(grey(inner), grey(inner + cv::Point(0, 1)), dy(inner));
  cv::Mat across, down, both;
  cv::resize(dx(used), across, cells, 0, 0, cv::INTER_AREA);
  cv::resize(dy(used), down, cells, 0, 0, cv::INTER_AREA);
  cv::min(across, down, both);
  cv::blur(both, both, {3, 3});
  return both;
}

// Without sharp edges they may be spread over many pixels by an unfocused lens: at half size they are steeper, and there is
// less noise.
cv::Mat texture_of(const cv::Mat& half, bool blurred) {
  cv::Mat cells = texture(half, cell), quarter;
  double peak = 0;
  cv::minMaxLoc(cells, nullptr, &peak);
  if (!blurred || peak >= weakest_texture) return cells;
  cv::resize(half, quarter, {}, 0.5, 0.5, cv::INTER_AREA);
  return texture(quarter, cell / 2);
}

// Returns the bounding box of the cells around `peak` that reach `level`, and erases them so that the next blob is another
// one.
cv::Rect take_blob(cv::Mat& cells, cv::Point peak, int level) {
  std::vector<cv::Point> open{peak};
  cv::Rect box(peak, cv::Size(1, 1));
  cells.at<std::uint8_t>(peak) = 0;
  while (!open.empty()) {
    const cv::Point at = open.back();
    open.pop_back();
    box |= cv::Rect(at, cv::Size(1, 1));
    for (const cv::Point step : {cv::Point(1, 0), cv::Point(-1, 0), cv::Point(0, 1), cv::Point(0, -1)}) {
      const cv::Point next = at + step;
      if (next.x < 0 || next.y < 0 || next.x >= cells.cols || next.y >= cells.rows) continue;
      auto& value = cells.at<std::uint8_t>(next);
      if (value < level) continue;
      value = 0;
      open.push_back(next);
    }
  }
  return box;
}

}  // namespace

std::vector<cv::Rect> find_regions(const cv::Mat& half, cv::Size picture, bool blurred) {
  const cv::Rect whole({0, 0}, picture);
  if (half.cols < 4 * cell || half.rows < 4 * cell) return {whole};
  cv::Mat cells = texture_of(half, blurred);
  std::vector<cv::Rect> regions, lines;
  while (static_cast<int>(regions.size() + lines.size()) < most_regions) {
    double peak = 0;
    cv::Point where;
    cv::minMaxLoc(cells, nullptr, &peak, nullptr, &where);
    if (peak < weakest_texture) break;
    const cv::Rect box = take_blob(cells, where, std::max(1, static_cast<int>(peak * blob_edge)));
    const cv::Rect shown(box.x - margin_cells, box.y - margin_cells, box.width + 2 * margin_cells,
                         box.height + 2 * margin_cells);
    // What this region covers is not searched again: otherwise the next two are mostly pieces of the first.
    cells(shown & cv::Rect({0, 0}, cells.size())).setTo(0);
    constexpr int pixels = 2 * cell;
    const cv::Rect region(shown.tl() * pixels, shown.size() * pixels);
    // A single cell of noise is not a code: the smallest badge worth searching is 3 cells wide.
    const auto [shorter, longer] = std::minmax(box.width, box.height);
    if (shorter >= 2)
      (longer <= longest_for_width * shorter ? regions : lines).push_back(region & whole);
    else if (peak < 2 * weakest_texture)
      break;
  }
  regions.insert(regions.end(), lines.begin(), lines.end());
  return regions;
}

}  // namespace gapura::drivers::qr
