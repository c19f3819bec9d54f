// SPDX-License-Identifier: Apache-2.0
#include "drivers/camera/lobby.h"

#include <cmath>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <random>

namespace gapura::tests {
namespace {

constexpr int width = 640, height = 360, margin_x = width / 2, margin_y = height / 2;

// Draws the same thing by day and by infrared, where paint has another shade.
struct Painter {
  std::mt19937 random;
  cv::Mat day, night;
  int number(int from, int to) { return std::uniform_int_distribution<int>(from, to)(random); }

  std::pair<cv::Scalar, cv::Scalar> shades() {
    const int seen = number(30, 210);
    return {seen, (seen + number(30, 210)) / 2};
  }
  void box(const cv::Rect& place, int line = cv::FILLED) {
    const auto [seen, warm] = shades();
    cv::rectangle(day, place, seen, line);
    cv::rectangle(night, place, warm, line);
  }
  void leaf(cv::Point at, cv::Size size, double turn) {
    const auto [seen, warm] = shades();
    cv::ellipse(day, at, size, turn, 0, 360, seen, cv::FILLED, cv::LINE_AA);
    cv::ellipse(night, at, size, turn, 0, 360, warm, cv::FILLED, cv::LINE_AA);
  }
  void line(cv::Point from, cv::Point to, double shade, int thick) {
    cv::line(day, from, to, shade, thick, cv::LINE_AA);
    cv::line(night, from, to, shade * 0.8 + 20, thick, cv::LINE_AA);
  }

  void room(int horizon) {
    day.setTo(number(120, 190));
    night.setTo(number(120, 190));
    const cv::Rect floor(0, horizon, day.cols, day.rows - horizon);
    box(floor);
    const int shade = number(60, 150);
    for (int x = -3000; x < 4500; x += 150) line({day.cols / 2 + x / 6, horizon}, {day.cols / 2 + x, day.rows}, shade, 1);
    for (int y = horizon + 6, step = 8; y < day.rows; y += step, step += 5) line({0, y}, {day.cols, y}, shade, 1);
  }
  void door(int horizon) {
    const cv::Rect leafs(number(0, day.cols - 120), horizon - number(120, 200), number(60, 110), number(150, 240));
    box(leafs);
    box(leafs, 3);
    box({leafs.x + leafs.width - 14, leafs.y + leafs.height / 2, 8, 14});
  }
  void poster(int horizon) {
    const cv::Rect sheet(number(0, day.cols - 90), number(20, horizon - 60), number(40, 90), number(40, 80));
    box(sheet);
    for (int i = number(3, 8); i > 0; --i)
      box({sheet.x + number(2, 20), sheet.y + number(2, sheet.height - 8), number(8, sheet.width - 22), number(2, 9)});
  }
  void plant(int horizon) {
    const cv::Point foot(number(0, day.cols), horizon + number(0, 60));
    box({foot.x - 12, foot.y - 20, 24, 26});
    for (int i = 0; i < 14; ++i)
      leaf({foot.x + number(-28, 28), foot.y - number(20, 85)}, {number(3, 6), number(9, 22)}, number(0, 180));
  }
  void furniture(int horizon) {
    const cv::Rect seat(number(0, day.cols - 100), horizon + number(-20, 120), number(50, 110), number(30, 60));
    box(seat);
    box({seat.x + 4, seat.y - 24, seat.width - 8, 24});
    for (const int x : {seat.x + 4, seat.br().x - 10}) box({x, seat.br().y, 6, 20});
  }
};

void draw_person(cv::Mat& picture, const LobbyPerson& person) {
  std::mt19937 random(person.dress);
  const auto shade = [&] { return static_cast<double>(std::uniform_int_distribution<int>(20, 220)(random)); };
  const double tall = person.height * height;
  const cv::Point2d feet(person.x * width, person.feet * height);
  const auto part = [&](double up, double wide, double high) {
    cv::ellipse(picture, cv::Point(feet + cv::Point2d(0, -up * tall)),
                cv::Size(std::max(2, cvRound(wide * tall)), std::max(2, cvRound(high * tall))), 0, 0, 360, shade(),
                cv::FILLED, cv::LINE_AA);
  };
  part(0.25, 0.09, 0.26);
  part(0.60, 0.14, 0.22);
  part(0.60, 0.03, 0.18);
  part(0.90, 0.06, 0.09);
}

// One factor for each pixel.
cv::Mat light_field(const LobbyLight& light) {
  cv::Mat field(height / 8, width / 8, CV_32F);
  for (int y = 0; y < field.rows; ++y)
    for (int x = 0; x < field.cols; ++x) {
      const double u = static_cast<double>(x) / field.cols - 0.5, v = static_cast<double>(y) / field.rows - 0.5;
      double bright = light.gain * (1 + light.slope * u);
      bright += light.lamp * std::exp(-8 * ((u - light.lamp_x) * (u - light.lamp_x) + (v + 0.3) * (v + 0.3)));
      if (light.infrared) bright *= 1.5 * std::exp(-3 * (u * u + v * v));
      if (u + 0.4 * v < light.shadow_at && u + 0.4 * v > light.shadow_at - 0.25) bright *= 1 - light.shadow;
      field.at<float>(y, x) = static_cast<float>(bright);
    }
  cv::resize(field, field, {width, height});
  return field;
}

}  // namespace

Lobby::Lobby(std::uint32_t seed, int moved_furniture) {
  const cv::Size world(width + 2 * margin_x, height + 2 * margin_y);
  Painter paint{std::mt19937(seed), cv::Mat(world, CV_8U), cv::Mat(world, CV_8U)};
  const int horizon = margin_y + paint.number(height / 3, height * 2 / 3);
  paint.room(horizon);
  for (int i = paint.number(3, 5); i > 0; --i) paint.door(horizon);
  for (int i = paint.number(5, 12); i > 0; --i) paint.poster(horizon);
  for (int i = paint.number(1, 4); i > 0; --i) paint.plant(horizon);
  for (int i = 0; i < 6; ++i) {
    if (i == 6 - moved_furniture) paint.random.seed(seed + 7777);
    paint.furniture(horizon);
  }
  day_ = paint.day;
  night_ = paint.night;
}

cv::Mat Lobby::see(const CameraPose& pose, const LobbyLight& light, const std::vector<LobbyPerson>& people, double noise,
                   std::uint64_t number) const {
  const cv::Point2f middle(width / 2.0F + margin_x, height / 2.0F + margin_y);
  cv::Mat turn = cv::getRotationMatrix2D(middle, pose.degrees, pose.zoom);
  turn.at<double>(0, 2) -= margin_x + pose.x * width;
  turn.at<double>(1, 2) -= margin_y + pose.y * width;
  cv::Mat picture, shown;
  cv::warpAffine(light.infrared ? night_ : day_, picture, turn, {width, height}, cv::INTER_LINEAR, cv::BORDER_REFLECT);
  for (const auto& person : people) draw_person(picture, person);
  cv::GaussianBlur(picture, picture, {3, 3}, 0.7);
  picture.convertTo(shown, CV_32F);
  cv::multiply(shown, light_field(light), shown);
  static const cv::Mat grain = [] {
    cv::Mat made(height + 64, width + 64, CV_32F);
    cv::RNG(99).fill(made, cv::RNG::NORMAL, 0, 1);
    return made;
  }();
  std::mt19937 random(static_cast<std::uint32_t>(number));
  shown += noise * grain({static_cast<int>(random() % 64), static_cast<int>(random() % 64), width, height});
  shown.convertTo(picture, CV_8U);
  std::vector<std::uint8_t> jpeg;
  cv::imencode(".jpg", picture, jpeg, {cv::IMWRITE_JPEG_QUALITY, 60});
  return cv::imdecode(jpeg, cv::IMREAD_GRAYSCALE);
}

}  // namespace gapura::tests
