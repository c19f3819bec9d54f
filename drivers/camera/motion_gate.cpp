// SPDX-License-Identifier: Apache-2.0
#include "drivers/camera/motion_gate.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace gapura::drivers {
namespace {

constexpr int shrink = 8, row_step = 4;
constexpr double learning = 1.0 / 32;   // a still badge is part of the background after two seconds
constexpr double least_difference = 8;  // grey levels; below that it is the sensor's noise
constexpr double times_the_noise = 4;   // of the mean difference, which follows light and gain
constexpr int fewest_cells = 12;        // cells; a badge at five metres covers more
// A clock printed into the picture, a flag, a fan: cells that move in most seconds for half a minute are ignored.
constexpr Millis second{1000};
constexpr double forgetting = 1.0 / 16;  // weight of the newest second
constexpr double restless = 0.8;         // share of the seconds; guests who come one after the other leave pauses
constexpr int neighbours = 6;            // cells; a clock's slower digits are beside its fastest one
constexpr double most_restless = 0.03;   // of the picture; more than this is a person, or wind, and not a clock

}  // namespace

// Excludes cells that move all the time, and their neighbours.
void MotionGate::learn_restless(const cv::Mat& changed, BootTime captured) {
  if (moved_.size() != changed.size()) {
    moved_ = cv::Mat::zeros(changed.size(), CV_8U);
    often_ = cv::Mat::zeros(changed.size(), CV_32F);
    restless_ = moved_.clone();
    second_began_ = captured;
  }
  cv::bitwise_or(moved_, changed, moved_);
  if (captured - second_began_ < second) return;
  second_began_ = captured;
  cv::Mat moved;
  moved_.convertTo(moved, CV_32F, 1.0 / 255);
  cv::accumulateWeighted(moved, often_, forgetting);
  cv::dilate(often_ > restless, restless_, cv::Mat(), {-1, -1}, neighbours);
  if (cv::countNonZero(restless_) > most_restless * static_cast<double>(restless_.total())) restless_.setTo(0);
  moved_.setTo(0);
}

bool MotionGate::moves(GreyView frame, BootTime captured) {
  // Two rows of every eight are enough, at a quarter of the memory traffic, which is most of the cost.
  const cv::Mat grey(std::max(1, frame.height / row_step), frame.width, CV_8UC1, const_cast<std::uint8_t*>(frame.data),
                     static_cast<std::size_t>(frame.stride) * row_step);
  cv::Mat small, now, difference;
  cv::resize(grey, small, {std::max(1, frame.width / shrink), std::max(1, frame.height / shrink)}, 0, 0, cv::INTER_AREA);
  small.convertTo(now, CV_32F);
  if (background_.size() != now.size()) {
    background_ = now;
    return true;
  }
  cv::absdiff(now, background_, difference);
  const double limit = std::max(least_difference, times_the_noise * cv::mean(difference)[0]);
  cv::Mat changed = difference > limit;
  cv::accumulateWeighted(now, background_, learning);
  learn_restless(changed, captured);
  changed.setTo(0, restless_);
  return cv::countNonZero(changed) >= fewest_cells;
}

bool MotionGate::wants(GreyView frame, BootTime captured, bool badge_in_view) {
  if (moves(frame, captured)) last_motion_ = captured;
  const bool holding = last_motion_ && captured - *last_motion_ <= hold;
  const Millis patience = holding ? Millis{0} : badge_in_view ? while_in_view : regardless;
  if (last_search_ && captured - *last_search_ < patience) return false;
  last_search_ = captured;
  return true;
}

}  // namespace gapura::drivers
