// SPDX-License-Identifier: Apache-2.0
#include "support/badge_clips.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace gapura::tests {
namespace {

constexpr double shutter = 0.4;            // of the time between frames
constexpr int arriving = 10, leaving = 7;  // frames

bool is_short(ClipKind kind) { return kind == ClipKind::swipe || kind == ClipKind::rush; }

// 0 to 1 and gently at both ends.
double eased(double t) {
  t = std::clamp(t, 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

Card card_for(ClipKind kind, Dice& dice, const std::string& text) {
  Card card = kind == ClipKind::phone ? phone_screen(dice, text) : printed_card(dice, text, kind == ClipKind::inverted);
  if (kind == ClipKind::damaged) damage(dice, card, dice.between(0.6, 1.2));
  return card;
}

}  // namespace

BadgeClip::BadgeClip(ClipKind kind, std::uint32_t seed, cv::Size size) : kind_(kind), seed_(seed), size_(size) {
  Dice dice(seed * 16 + static_cast<std::uint32_t>(kind) + 0x10000000u);
  text_ = badge_text(dice, kind == ClipKind::phone);
  first_ = dice.whole(14, 18);
  last_ = first_ + (is_short(kind) ? 18 : 38);
  lobby_ = tests::lobby(dice, size);
  card_ = card_for(kind, dice, text_);
  held_.side = kind == ClipKind::farther ? dice.between(58, 85) : size.height * dice.between(0.16, 0.34);
  const double modules = kind == ClipKind::phone ? 29 : 25, module_pixels = held_.side / modules;
  held_.centre = {size.width * dice.between(0.3, 0.7), size.height * dice.between(0.35, 0.6)};
  held_.yaw = dice.between(-25, 25) * degrees;
  held_.pitch = dice.between(-25, 25) * degrees;
  held_.roll = dice.between(-20, 20) * degrees;
  enters_ = {(dice.chance(0.5) ? -1 : 1) * size.width * dice.between(0.25, 0.5), size.height * dice.between(-0.1, 0.4)};
  shake_ = module_pixels * (kind == ClipKind::wave   ? dice.between(14, 26)
                            : kind == ClipKind::rush ? dice.between(4, 9)
                                                     : dice.between(1, 3));
  shake_period_ = kind == ClipKind::wave ? dice.between(14, 22) : dice.between(5, 11);
  turn_ = dice.between(0, 2 * CV_PI);
  angle_ = dice.between(0, CV_PI);
  period_ = dice.between(2.5, 12);
  camera_ = {dice.between(0.5, 0.9), dice.between(0.6, 1), dice.between(0, 12), dice.between(1.5, 4), dice.whole(50, 80)};
  if (kind == ClipKind::defocus) camera_.blur = dice.between(0.42, 0.6) * module_pixels;
  if (kind == ClipKind::dark) {
    camera_.gain = dice.between(0.06, 0.16);
    camera_.offset = dice.between(3, 10);
    camera_.noise = dice.between(1.2, 2.6);
  }
}

// In from the side, trembling while held, out the same way. A swipe slows down but never stops.
Pose BadgeClip::pose_at(double frame) const {
  Pose pose = held_;
  const double phase = 2 * CV_PI * frame / shake_period_ + turn_;
  const double away = kind_ == ClipKind::swipe
                          ? 0
                          : 1 - eased((frame - first_ + 1) / arriving) + eased((frame - last_ + leaving) / leaving);
  pose.centre += enters_ * away + cv::Point2d(std::cos(phase), 0.6 * std::sin(1.3 * phase)) * shake_;
  if (kind_ == ClipKind::swipe) {
    const double u = 2 * (frame - first_) / (last_ - first_) - 1;
    pose.centre -= enters_ * (0.15 * u + 0.85 * u * u * u);
  }
  pose.roll += 0.12 * std::sin(0.7 * phase) + 0.5 * away;
  pose.yaw += 0.15 * std::sin(0.5 * phase);
  pose.side *= 1 + 0.05 * std::sin(0.4 * phase);
  return pose;
}

void BadgeClip::spoil(cv::Mat& scene, const Pose& pose, int number) const {
  const double along = static_cast<double>(number - first_) / (last_ - first_);
  const cv::Point2d across(std::cos(angle_), std::sin(angle_));
  switch (kind_) {
    case ClipKind::glare:  // passes over the code and back
      tests::glare(scene, pose.centre + across * (pose.side * 0.6 * std::sin(3 * CV_PI * along)), 0.2 * pose.side, 420,
                   angle_ + 1);
      break;
    case ClipKind::phone:
      moire(scene, pose, period_, angle_ + 0.2 * along, 0.22);
      tests::glare(scene, pose.centre - across * (pose.side * 0.3), 0.35 * pose.side, 70, angle_);
      break;
    case ClipKind::covered:  // a thumb over a corner, which slides off now and then
      tests::cover(scene,
                   pose.centre + cv::Point2d(0.5, 0.5) * pose.side * (0.62 + 0.5 * std::sin(2 * CV_PI * along + turn_)),
                   0.3 * pose.side, 0.6);
      break;
    default:
      break;
  }
}

cv::Mat BadgeClip::frame(int number) const {
  cv::Mat scene = lobby_.clone();
  Camera camera = camera_;
  if (number >= first_ && number <= last_) {
    const Pose pose = pose_at(number);
    const cv::Point2d step = (pose_at(number + 0.5 * shutter).centre - pose_at(number - 0.5 * shutter).centre);
    hold(scene, card_, pose, {std::hypot(step.x, step.y), std::atan2(step.y, step.x)});
    spoil(scene, pose, number);
    // The lens hunts for the badge that has come into view.
    const double hunting = 1 - eased((number - first_) / 8.0);
    camera.blur += hunting * 0.25 * held_.side / 25;
  }
  if (kind_ == ClipKind::mirrored) cv::flip(scene, scene, 1);
  return taken(scene, camera, seed_ * 1000 + static_cast<std::uint32_t>(number));
}

}  // namespace gapura::tests
