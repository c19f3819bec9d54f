// SPDX-License-Identifier: Apache-2.0
// What a camera at a post sees, made from a seed: a lobby, a badge as Gapura prints it or a phone that shows one, and the
// effects of lens, light, hand and sensor. Used by badge_frames.h and badge_clips.h. For tests only.
#pragma once

#include <opencv2/core.hpp>
#include <random>
#include <string>

namespace gapura::tests {

constexpr double degrees = CV_PI / 180;

// Numbers from a seed, the same on every machine (the standard's distributions are not).
class Dice {
 public:
  explicit Dice(std::uint32_t seed) : random_(seed) {}
  double between(double low, double high) { return low + (high - low) * (random_() / 4294967296.0); }
  int whole(int low, int high) { return low + static_cast<int>(random_() % static_cast<unsigned>(high - low + 1)); }
  bool chance(double probability) { return between(0, 1) < probability; }

 private:
  std::mt19937 random_;
};

// "G1:" and 24 characters (version 2-Q), or "R1:" and 36 as phones show them (version 3-Q).
std::string badge_text(Dice& dice, bool rotating);

// A card or a screen lying flat, and where on it the code is (without its quiet zone).
struct Card {
  cv::Mat grey;
  cv::Rect2f code;
};
Card printed_card(Dice& dice, const std::string& text, bool inverted = false);
Card phone_screen(Dice& dice, const std::string& text);

void damage(Dice& dice, Card& card, double amount);  // scratches, stains, a torn spot, on the code itself
void bend(Card& card, double radians);  // around an upright cylinder; `radians`: of the code, from its middle to its edge

// How the card is held. Angles in radians; `side` is that of the code in pixels, seen from the front.
struct Pose {
  cv::Point2d centre;
  double side = 100, yaw = 0, pitch = 0, roll = 0;
};

// The motion blur of the card, in pixels, while the shutter is open.
struct Smear {
  double length = 0, angle = 0;
};

cv::Mat lobby(Dice& dice, cv::Size size);
void hold(cv::Mat& scene, const Card& card, const Pose& pose, Smear smear = {});
void glare(cv::Mat& scene, cv::Point2d centre, double radius, double strength, double angle);
void moire(cv::Mat& scene, const Pose& pose, double period, double angle, double strength);
void cover(cv::Mat& scene, cv::Point2d finger_tip, double thickness, double angle);

// What the camera adds, in this order: blur of the lens (sigma in pixels), light, the sensor's noise, compression.
struct Camera {
  double blur = 0.6, gain = 1, offset = 0, noise = 2;
  int jpeg_quality = 80;
};
cv::Mat taken(const cv::Mat& scene, const Camera& camera, std::uint32_t noise_seed);

}  // namespace gapura::tests
