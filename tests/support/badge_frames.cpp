// SPDX-License-Identifier: Apache-2.0
#include "support/badge_frames.h"

#include <cmath>
#include <opencv2/imgproc.hpp>

#include "support/badge_scene.h"

namespace gapura::tests {
namespace {

// Held as people hold a badge to a camera: a little tilted, somewhere in the picture, all of it in view.
Pose usual_pose(Dice& dice, cv::Size size, double least = 0.13, double most = 0.42) {
  Pose pose;
  pose.side = size.height * std::exp(dice.between(std::log(least), std::log(most)));
  const double room = 0.85 * pose.side;
  pose.centre = {dice.between(room, size.width - room),
                 dice.between(std::min(room, size.height / 2.0), std::max(size.height - room, size.height / 2.0))};
  pose.yaw = dice.between(-22, 22) * degrees;
  pose.pitch = dice.between(-22, 22) * degrees;
  pose.roll = dice.between(-15, 15) * degrees;
  return pose;
}

Camera usual_camera(Dice& dice, cv::Size size) {
  return {dice.between(0.4, 0.9) * size.height / 720, dice.between(0.6, 1.05), dice.between(0, 15), dice.between(1, 4.5),
          dice.whole(55, 92)};
}

double module_of(const Pose& pose, const std::string& text) { return pose.side / (text[0] == 'G' ? 25 : 29); }

void change_pose(FrameKind kind, Dice& dice, cv::Size size, Pose& pose) {
  switch (kind) {
    case FrameKind::rotated:
      pose.roll = dice.between(-180, 180) * degrees;
      break;
    case FrameKind::perspective:
      (dice.chance(0.65) ? pose.yaw : pose.pitch) = (dice.chance(0.5) ? 1 : -1) * dice.between(38, 62) * degrees;
      break;
    case FrameKind::small:
      pose.side = dice.between(60, 100);
      break;
    case FrameKind::close:
      pose = usual_pose(dice, size, 0.6, 0.82);
      pose.centre = {size.width * dice.between(0.42, 0.58), size.height * 0.5};
      break;
    default:
      break;
  }
}

void change_camera(FrameKind kind, Dice& dice, double module_pixels, Camera& camera) {
  if (kind == FrameKind::close) camera.blur = dice.between(0.2, 0.5) * module_pixels;
  if (kind == FrameKind::defocus) camera.blur = dice.between(0.35, 0.6) * module_pixels;
  if (kind == FrameKind::lowlight) {
    camera.gain = dice.between(0.07, 0.3);
    camera.offset = dice.between(2, 14);
    camera.noise = dice.between(1.2, 3.5);
  }
}

}  // namespace

GeneratedFrame badge_frame(FrameKind kind, std::uint32_t seed, cv::Size size) {
  Dice dice(seed * 16 + static_cast<std::uint32_t>(kind));
  const bool on_phone = kind == FrameKind::phone;
  const std::string text = badge_text(dice, on_phone ? dice.chance(0.7) : dice.chance(0.25));
  GeneratedFrame frame{lobby(dice, size), {text}};
  Pose pose = usual_pose(dice, size);
  change_pose(kind, dice, size, pose);
  Camera camera = usual_camera(dice, size);
  const double module_pixels = module_of(pose, text);
  change_camera(kind, dice, module_pixels, camera);
  Card card = on_phone ? phone_screen(dice, text) : printed_card(dice, text, kind == FrameKind::inverted);
  if (kind == FrameKind::damaged) damage(dice, card, dice.between(0.55, 1.2));
  if (kind == FrameKind::curved) bend(card, dice.between(0.25, 0.65));
  Smear smear;
  if (kind == FrameKind::motion) smear = {dice.between(0.6, 1.6) * module_pixels, dice.between(0, CV_PI)};
  hold(frame.grey, card, pose, smear);
  if (kind == FrameKind::multi) {
    Pose other = usual_pose(dice, size, 0.13, 0.3);
    other.centre.x = pose.centre.x + (pose.centre.x > size.width / 2.0 ? -1 : 1) * 1.1 * (pose.side + other.side);
    const std::string second = badge_text(dice, false);
    hold(frame.grey, printed_card(dice, second), other);
    frame.texts.insert(second);
  }
  const cv::Point2d spot = pose.centre + cv::Point2d(dice.between(-0.4, 0.4), dice.between(-0.4, 0.4)) * pose.side;
  if (kind == FrameKind::glare)
    glare(frame.grey, spot, dice.between(0.08, 0.2) * pose.side, dice.between(200, 450), dice.between(0, CV_PI));
  if (on_phone) {
    moire(frame.grey, pose, dice.between(2.5, 14), dice.between(0, CV_PI), dice.between(0.05, 0.3));
    if (dice.chance(0.5)) glare(frame.grey, spot, 0.3 * pose.side, dice.between(30, 110), dice.between(0, CV_PI));
  }
  if (kind == FrameKind::mirrored) cv::flip(frame.grey, frame.grey, 1);
  frame.grey = taken(frame.grey, camera, seed);
  return frame;
}

}  // namespace gapura::tests
