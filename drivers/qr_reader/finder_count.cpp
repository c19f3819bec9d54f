// SPDX-License-Identifier: Apache-2.0
#include "drivers/qr_reader/finder_count.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace gapura::drivers::qr {
namespace {

constexpr int rows_apart = 3;
constexpr int block = 8;            // pixels
constexpr int least_contrast = 24;  // grey levels; a block with less shows one surface only
constexpr int neighbours = 5;       // blocks across and down whose mean is the threshold of the middle one

using Runs = std::array<int, 5>;

// About 1:1:3:1:1: each run may be off by three quarters of a module and one pixel.
bool is_finder(const Runs& runs) {
  int sum = 0;
  for (const int run : runs) {
    if (run < 1) return false;
    sum += run;
  }
  const float module = static_cast<float>(sum) / 7, slack = 0.75F * module + 1;
  for (std::size_t i = 0; i < runs.size(); ++i)
    if (std::abs(static_cast<float>(runs[i]) - (i == 2 ? 3 * module : module)) > slack) return false;
  return true;
}

// Returns the level below which a block of the picture is black, from that block alone and the ones before it.
int black_point(const cv::Mat& grey, cv::Rect place, const cv::Mat& points, cv::Point at) {
  int sum = 0, least = 255, most = 0;
  for (int y = place.y; y < place.y + place.height; ++y) {
    const auto* line = grey.ptr<std::uint8_t>(y);
    for (int x = place.x; x < place.x + place.width; ++x) {
      sum += line[x];
      least = std::min<int>(least, line[x]);
      most = std::max<int>(most, line[x]);
    }
  }
  if (most - least > least_contrast) return sum / place.area();
  if (at.x > 0 && at.y > 0) {
    const auto point = [&](int up, int left) { return points.at<std::int32_t>(at.y - up, at.x - left); };
    const int before = (point(1, 0) + 2 * point(0, 1) + point(1, 1)) / 4;
    if (least < before) return before;
  }
  return least / 2;
}

class Counter {
 public:
  Counter(const cv::Mat& black, int most) : black_(black), most_(most) {}

  int count() {
    for (int y = rows_apart - 1; y < black_.rows && !full(); y += rows_apart) search_row(y);
    return static_cast<int>(found_.size());
  }

 private:
  struct Found {
    int x, y, reach;
  };

  bool full() const { return static_cast<int>(found_.size()) > most_; }
  bool dark(int x, int y) const { return black_.at<std::uint8_t>(y, x) == 0; }

  void search_row(int y) {
    const auto* line = black_.ptr<std::uint8_t>(y);
    Runs runs{};  // the newest last
    int begin = 0, seen = 0;
    for (int x = 1; x <= black_.cols && !full(); ++x) {
      if (x < black_.cols && (line[x] == 0) == (line[x - 1] == 0)) continue;
      std::copy(runs.begin() + 1, runs.end(), runs.begin());
      runs[4] = x - begin;
      begin = x;
      if (++seen >= 5 && line[x - 1] == 0 && is_finder(runs)) consider(x - runs[4] - runs[3] - (runs[2] + 1) / 2, y, runs);
    }
  }

  void consider(int x, int y, const Runs& runs) {
    int size = 0;
    for (const int run : runs) size += run;
    const auto inside = [&](const Found& other) {
      return std::abs(other.x - x) <= other.reach && std::abs(other.y - y) <= other.reach;
    };
    if (std::any_of(found_.rbegin(), found_.rend(), inside)) return;
    for (const cv::Point way : {cv::Point(0, 1), cv::Point(1, 1), cv::Point(1, -1)})
      if (!is_finder(runs_through({x, y}, way, 2 * size))) return;
    found_.push_back({x, y, (3 * size + 6) / 7});
  }

  // Measures from the middle outwards both ways, at most `longest` pixels each. Returns no runs where the picture or the
  // limit ends too early.
  Runs runs_through(cv::Point middle, cv::Point way, int longest) const {
    Runs runs{};
    for (const int sign : {-1, 1}) {
      cv::Point at = middle;
      int run = 2, steps = 0;
      for (bool colour = true; run >= 0 && run <= 4; at += way * sign) {
        const bool outside = at.x < 0 || at.y < 0 || at.x >= black_.cols || at.y >= black_.rows;
        if (!outside && ++steps > longest) return {};
        if (outside || dark(at.x, at.y) != colour) {
          run += sign;
          colour = !colour;
          if (outside) break;
          if (run < 0 || run > 4) break;
        }
        ++runs[static_cast<std::size_t>(run)];
      }
    }
    --runs[2];  // the middle itself was counted twice
    return runs;
  }

  const cv::Mat& black_;
  const int most_;
  std::vector<Found> found_;
};

}  // namespace

cv::Mat black_by_blocks(const cv::Mat& grey) {
  const cv::Size blocks((grey.cols + block - 1) / block, (grey.rows + block - 1) / block);
  // The last block of a row or column overlaps the one before it, so that all have the same size.
  const auto start = [](int index, int side) { return std::max(0, std::min(index * block, side - block)); };
  cv::Mat points(blocks, CV_32S), limits;
  for (int y = 0; y < blocks.height; ++y)
    for (int x = 0; x < blocks.width; ++x) {
      const cv::Rect place(start(x, grey.cols), start(y, grey.rows), std::min(block, grey.cols),
                           std::min(block, grey.rows));
      points.at<std::int32_t>(y, x) = black_point(grey, place, points, {x, y});
    }
  points.convertTo(limits, CV_32F);
  cv::blur(limits, limits, {neighbours, neighbours}, {-1, -1}, cv::BORDER_REPLICATE);
  // At the edges the blocks of the nearest whole neighbourhood are used.
  const auto whole = [](int index, int count) {
    return count < neighbours ? index : std::clamp(index, neighbours / 2, count - 1 - neighbours / 2);
  };
  cv::Mat black(grey.size(), CV_8U);
  for (int y = 0; y < grey.rows; ++y) {
    const auto* from = grey.ptr<std::uint8_t>(y);
    const auto* limit = limits.ptr<float>(whole(y / block, blocks.height));
    auto* to = black.ptr<std::uint8_t>(y);
    for (int x = 0; x < grey.cols; ++x)
      to[x] = static_cast<float>(from[x]) <= limit[whole(x / block, blocks.width)] ? 0 : 255;
  }
  return black;
}

int count_finders(const cv::Mat& black, int most) { return Counter(black, most).count(); }

}  // namespace gapura::drivers::qr
