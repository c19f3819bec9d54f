// SPDX-License-Identifier: Apache-2.0
// Drawn people, because the repository contains no pictures of people. Both kinds are recognisable as drawings.
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <random>

#include "simulated/devices/drawing.h"

namespace gapura::simulated {
namespace {

const std::array<cv::Scalar, 4> kSkins{{{150, 186, 226}, {118, 158, 206}, {96, 134, 184}, {78, 112, 160}}};
const std::array<cv::Scalar, 6> kShirts{
    {{120, 60, 40}, {60, 90, 150}, {70, 110, 60}, {140, 120, 200}, {90, 90, 96}, {40, 60, 120}}};
const std::array<cv::Scalar, 5> kVeils{{{150, 140, 90}, {110, 110, 190}, {160, 170, 180}, {90, 120, 80}, {130, 90, 110}}};

enum class HeadWear { hair, peci, veil };

struct Appearance {
  cv::Scalar skin, shirt, cloth, hair;
  HeadWear head;
};

Appearance make_appearance(std::uint32_t seed) {
  std::mt19937 random(seed * 2654435761u + 7);
  Appearance appearance;
  appearance.skin = kSkins[random() % kSkins.size()];
  appearance.shirt = kShirts[random() % kShirts.size()];
  appearance.cloth = kVeils[random() % kVeils.size()];
  appearance.head = static_cast<HeadWear>(random() % 3);
  appearance.hair = cv::Scalar(30 + static_cast<int>(random() % 20), 32, 36);
  return appearance;
}

void disc(cv::Mat& to, cv::Point2d at, double rx, double ry, const cv::Scalar& colour, double from = 0,
          double until = 360) {
  cv::ellipse(to, cv::Point(at), cv::Size(cvRound(rx), cvRound(ry)), 0, from, until, colour, cv::FILLED, cv::LINE_AA);
}

// Shoulders with rows of small lozenges, like a batik shirt.
void draw_shoulders(cv::Mat& to, const Appearance& appearance) {
  disc(to, {240, 620}, 205, 190, appearance.shirt);
  const cv::Scalar light = appearance.shirt * 0.6 + cv::Scalar(90, 90, 90);
  for (int row = 0; row < 5; ++row) {
    for (int column = 0; column < 11; ++column) {
      const cv::Point c(30 + column * 42 + (row % 2) * 21, 470 + row * 30);
      const double dx = (c.x - 240) / 190.0, dy = (c.y - 620) / 172.0;
      if (dx * dx + dy * dy > 1) continue;
      fill(to, {{c.x - 9, c.y}, {c.x, c.y - 7}, {c.x + 9, c.y}, {c.x, c.y + 7}}, light);
    }
  }
}

void draw_face(cv::Mat& to, const Appearance& appearance) {
  const cv::Scalar shade = appearance.skin * 0.84;
  if (appearance.head != HeadWear::veil) fill(to, {{200, 380}, {280, 380}, {290, 470}, {240, 500}, {190, 470}}, shade);
  for (const int ear : {-108, 108}) disc(to, {240.0 + ear, 290}, 18, 30, shade);
  disc(to, {240, 280}, 108, 138, appearance.skin);
  for (const int eye : {-42, 42}) {
    disc(to, {240.0 + eye, 272}, 17, 10, {245, 245, 245});
    disc(to, {240.0 + eye, 272}, 8, 9, {34, 40, 48});
    cv::ellipse(to, {240 + eye, 252}, {24, 10}, 0, 200, 340, appearance.hair, 5, cv::LINE_AA);
  }
  cv::ellipse(to, {240, 306}, {14, 18}, 0, 20, 160, shade * 0.9, 4, cv::LINE_AA);
  cv::ellipse(to, {240, 340}, {36, 22}, 0, 20, 160, {90, 90, 170}, 6, cv::LINE_AA);
}

void draw_head_wear(cv::Mat& to, const Appearance& appearance) {
  if (appearance.head == HeadWear::hair) {
    disc(to, {240, 246}, 116, 122, appearance.hair, 180, 360);
    disc(to, {240, 254}, 96, 62, appearance.skin, 180, 360);
  }
  if (appearance.head == HeadWear::veil) {
    disc(to, {240, 226}, 130, 104, appearance.cloth, 180, 360);
    disc(to, {240, 236}, 96, 40, appearance.skin, 180, 360);
    cv::ellipse(to, {240, 290}, {119, 148}, 0, 0, 360, appearance.cloth, 26, cv::LINE_AA);
  }
  if (appearance.head == HeadWear::peci)
    fill(to, {{136, 226}, {150, 120}, {330, 120}, {344, 226}, {240, 206}}, {28, 26, 24});
}

}  // namespace

cv::Mat draw_portrait(std::uint32_t seed) {
  const Appearance appearance = make_appearance(seed);
  cv::Mat picture(600, 480, CV_8UC3);
  for (int y = 0; y < picture.rows; ++y) {
    picture.row(y).setTo(cv::Scalar(196, 172, 150) * (1 - y / 1200.0));
  }
  if (appearance.head == HeadWear::veil) disc(picture, {240, 320}, 158, 210, appearance.cloth);
  draw_shoulders(picture, appearance);
  if (appearance.head == HeadWear::veil)
    fill(picture, {{100, 330}, {380, 330}, {420, 520}, {240, 570}, {60, 520}}, appearance.cloth);
  draw_face(picture, appearance);
  draw_head_wear(picture, appearance);
  cv::rectangle(picture, {0, 552}, {480, 600}, cv::Scalar(40, 36, 120), cv::FILLED);
  put_label(picture, "CONTOH", {158, 588}, 1.2, {255, 255, 255});
  cv::GaussianBlur(picture, picture, {3, 3}, 0.6);
  return picture;
}

void draw_seated_person(cv::Mat& frame, cv::Point seat, double scale, std::uint32_t seed, double seconds) {
  const Appearance appearance = make_appearance(seed);
  const auto at = [&](double x, double y) { return cv::Point2d(seat.x + x * scale, seat.y + y * scale); };
  const auto limb = [&](cv::Point2d from, cv::Point2d to, double width, const cv::Scalar& colour) {
    cv::line(frame, cv::Point(from), cv::Point(to), colour, std::max(1, cvRound(width * scale)), cv::LINE_AA);
  };
  const double nod = 2.0 * std::sin(0.7 * seconds + seed), breath = 0.8 * std::sin(1.7 * seconds + 2.0 * seed);
  const cv::Scalar trousers(62, 54, 50);
  for (const int side : {-1, 1}) {
    limb(at(12.0 * side, 6), at(15.0 * side, 24), 15, trousers);
    limb(at(15.0 * side, 24), at(15.0 * side, 66), 11, trousers * 0.85);
    limb(at(15.0 * side, 70), at(18.0 * side, 72), 9, {30, 30, 34});
  }
  disc(frame, at(0, -24 + breath), 25 * scale, 38 * scale, appearance.shirt);
  for (const int side : {-1, 1}) {
    limb(at(22.0 * side, -44 + breath), at(25.0 * side, -12), 11, appearance.shirt * 0.85);
    limb(at(25.0 * side, -12), at(10.0 * side, 4), 9, appearance.skin);
  }
  if (appearance.head == HeadWear::veil) disc(frame, at(nod / 2, -66), 20 * scale, 26 * scale, appearance.cloth);
  disc(frame, at(nod, -74 + breath), 14 * scale, 18 * scale, appearance.skin);
  if (appearance.head == HeadWear::veil)
    disc(frame, at(nod, -80 + breath), 16 * scale, 14 * scale, appearance.cloth, 180, 360);
  if (appearance.head == HeadWear::hair)
    disc(frame, at(nod, -78 + breath), 15 * scale, 16 * scale, appearance.hair, 180, 360);
  if (appearance.head == HeadWear::peci) disc(frame, at(nod, -82 + breath), 15 * scale, 15 * scale, {28, 26, 24}, 180, 360);
}

}  // namespace gapura::simulated
