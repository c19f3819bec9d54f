// SPDX-License-Identifier: Apache-2.0
// Frames that an attacker with a printer may hold before a camera to keep its search busy. The same kind, seed and size
// give the same frame.
#pragma once

#include <algorithm>
#include <array>
#include <opencv2/imgproc.hpp>
#include <string>

namespace gapura::tests {

inline constexpr std::array hostile_kinds{"finders", "mixed_finders", "turned_finders", "grey_finders",
                                          "stripes", "checkerboard",  "noise",          "text"};

// One finder pattern of `module` pixels a module with its top left corner at `at`.
inline void draw_finder(cv::Mat& picture, cv::Point at, int module, int black = 0, int white = 255) {
  for (int ring = 0; ring < 3; ++ring)
    cv::rectangle(picture,
                  cv::Rect(at.x + ring * module, at.y + ring * module, (7 - 2 * ring) * module, (7 - 2 * ring) * module),
                  cv::Scalar(ring == 1 ? white : black), cv::FILLED);
}

// A sheet of finder patterns: equal ones in a grid, or of random sizes, each a little off its place.
inline cv::Mat finder_sheet(cv::Size size, cv::RNG& random, int smallest, int largest, int gap) {
  cv::Mat sheet(size, CV_8U, cv::Scalar(255));
  const int pitch = (7 + gap) * largest;
  for (int y = 0; y + pitch <= size.height; y += pitch)
    for (int x = 0; x + pitch <= size.width; x += pitch) {
      const int module = smallest == largest ? largest : random.uniform(smallest, largest + 1);
      const int room = smallest == largest ? 1 : largest;
      draw_finder(sheet, {x + random.uniform(0, room), y + random.uniform(0, room)}, module);
    }
  return sheet;
}

inline cv::Mat hostile_frame(const std::string& kind, std::uint32_t seed, cv::Size size) {
  cv::RNG random(seed * 2654435761U + 1);
  const int module = random.uniform(2, 9);
  cv::Mat frame(size, CV_8U, cv::Scalar(255));
  if (kind == "finders") return finder_sheet(size, random, module, module, 2);
  if (kind == "mixed_finders") return finder_sheet(size, random, std::max(2, module / 2), module, 1);
  if (kind == "turned_finders") {
    const cv::Mat sheet = finder_sheet({2 * size.width, 2 * size.height}, random, module, module, 2);
    const cv::Point2f middle(static_cast<float>(size.width), static_cast<float>(size.height));
    cv::Mat turn = cv::getRotationMatrix2D(middle, random.uniform(3.0, 87.0), 1);
    turn.at<double>(0, 2) -= size.width / 2.0;
    turn.at<double>(1, 2) -= size.height / 2.0;
    cv::warpAffine(sheet, frame, turn, size, cv::INTER_AREA, cv::BORDER_CONSTANT, cv::Scalar(255));
    return frame;
  }
  if (kind == "grey_finders") {  // found only by a local threshold, and blurred
    cv::Mat sheet = finder_sheet(size, random, module, module, 2);
    cv::GaussianBlur(sheet, sheet, {}, 0.3 * module);
    for (int x = 0; x < size.width; ++x) {
      const double light = 60 + 130.0 * x / size.width;
      sheet.col(x).convertTo(frame.col(x), CV_8U, 45.0 / 255, light);
    }
    return frame;
  }
  if (kind == "stripes") {
    const int upright = random.uniform(0, 2);
    for (int at = 0, black = 1; at < std::max(size.width, size.height); black = 1 - black) {
      const int wide = module * (random.uniform(0, 3) == 0 ? 3 : 1);
      const cv::Rect stripe = upright == 1 ? cv::Rect(at, 0, wide, size.height) : cv::Rect(0, at, size.width, wide);
      if (black == 1) cv::rectangle(frame, stripe, cv::Scalar(0), cv::FILLED);
      at += wide;
    }
    return frame;
  }
  if (kind == "checkerboard") {
    for (int y = 0; y < size.height; ++y)
      for (int x = 0; x < size.width; ++x)
        if ((x / module + y / module) % 2 == 0) frame.at<unsigned char>(y, x) = 0;
    return frame;
  }
  if (kind == "noise") {  // modules at random: as much black and white as a code has
    cv::Mat small((size.height + module - 1) / module, (size.width + module - 1) / module, CV_8U);
    random.fill(small, cv::RNG::UNIFORM, 0, 2);
    small *= 255;
    cv::Mat large;
    cv::resize(small, large, {}, module, module, cv::INTER_NEAREST);
    return large(cv::Rect({0, 0}, size)).clone();
  }
  // A page of text: letters with rings in them, among others.
  for (int y = 6 * module; y < size.height; y += 7 * module) {
    std::string line;
    for (int i = 0; i < 200; ++i) line += "O0Q8@B6eoag #H"[random.uniform(0, 14)];
    cv::putText(frame, line, {4, y}, cv::FONT_HERSHEY_SIMPLEX, 0.12 * module + 0.2, cv::Scalar(0), std::max(1, module / 3));
  }
  return frame;
}

}  // namespace gapura::tests
