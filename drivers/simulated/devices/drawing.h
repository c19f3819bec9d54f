// SPDX-License-Identifier: Apache-2.0
// Backgrounds, cards, hands and people. Private to badge_scene.cpp, because the interface has OpenCV types.
#pragma once

#include <opencv2/core.hpp>

#include "models/base/result.h"
#include "simulated/devices/badge_scene.h"

namespace gapura::simulated {

// Something in a hand, to be drawn over a frame: colours, the opacity of each pixel, and the point that is aimed.
struct Sprite {
  cv::Mat bgr, alpha;
  cv::Point2f anchor;
  bool detailed = false;  // many small modules
};

cv::Mat draw_background(Place place, int width, int height, std::uint32_t seed);
Result<cv::Mat> draw_code(const std::string& bytes, int wanted_pixels);  // grey, with a quiet zone of 4 modules
Result<Sprite> card_in_hand(const std::string& code);
Result<Sprite> picture_in_hand(const std::vector<std::uint8_t>& picture);
void draw_seated_person(cv::Mat& frame, cv::Point seat, double scale, std::uint32_t seed, double seconds);
cv::Mat draw_portrait(std::uint32_t seed);
void fill(cv::Mat& canvas, const std::vector<cv::Point>& corners, const cv::Scalar& colour);
void put_label(cv::Mat& frame, const std::string& text, cv::Point at, double size, const cv::Scalar& colour);

}  // namespace gapura::simulated
