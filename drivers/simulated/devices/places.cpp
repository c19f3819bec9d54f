// SPDX-License-Identifier: Apache-2.0
// Backgrounds: drawn once at 1280 × 720 and scaled to the camera's size.
#include <array>
#include <opencv2/imgproc.hpp>

#include "simulated/devices/drawing.h"

namespace gapura::simulated {
namespace {

constexpr int kWidth = 1280, kHeight = 720;

void vertical_gradient(cv::Mat& canvas, const cv::Rect& box, const cv::Scalar& top, const cv::Scalar& bottom) {
  for (int y = 0; y < box.height; ++y) {
    const double share = static_cast<double>(y) / box.height;
    canvas(cv::Rect(box.x, box.y + y, box.width, 1)).setTo(top * (1 - share) + bottom * share);
  }
}

// Tiles towards a vanishing point above the horizon's middle.
void draw_floor(cv::Mat& canvas, int horizon) {
  vertical_gradient(canvas, {0, horizon, kWidth, kHeight - horizon}, {112, 122, 128}, {150, 160, 166});
  for (int x = -1200; x <= 2480; x += 160) {
    cv::line(canvas, {640 + (x - 640) / 4, horizon}, {x, kHeight}, {128, 138, 144}, 2, cv::LINE_AA);
  }
  for (double y = 8; horizon + y < kHeight; y *= 1.55) {
    const int line = horizon + static_cast<int>(y);
    cv::line(canvas, {0, line}, {kWidth, line}, {128, 138, 144}, 2, cv::LINE_AA);
  }
}

void draw_cabinet(cv::Mat& canvas, bool left, const cv::Scalar& lamp) {
  const auto x = [left](int from_middle) { return left ? 640 - from_middle : 640 + from_middle; };
  fill(canvas, {{x(330), 340}, {x(560), 380}, {x(560), 720}, {x(300), 720}}, {120, 126, 130});
  fill(canvas, {{x(330), 340}, {x(300), 720}, {x(250), 720}, {x(296), 336}}, {88, 94, 98});
  fill(canvas, {{x(296), 336}, {x(330), 340}, {x(560), 380}, {x(600), 360}, {x(400), 318}}, {170, 176, 180});
  cv::line(canvas, {x(300), 420}, {x(276), 600}, lamp, 6, cv::LINE_AA);
  fill(canvas, {{x(296), 430}, {x(150), 446}, {x(160), 600}, {x(284), 620}}, {176, 178, 164});  // the glass wing
  fill(canvas, {{x(280), 446}, {x(166), 458}, {x(172), 584}, {x(270), 600}}, {188, 190, 178});
}

void draw_lane(cv::Mat& canvas, const std::string& sign, const cv::Scalar& lamp) {
  vertical_gradient(canvas, {0, 0, kWidth, 330}, {168, 178, 186}, {146, 156, 164});
  draw_floor(canvas, 330);
  cv::rectangle(canvas, {520, 96}, {760, 330}, cv::Scalar(120, 112, 96), cv::FILLED);  // daylight beyond the lane
  vertical_gradient(canvas, {532, 108, 216, 222}, {226, 222, 206}, {186, 196, 190});
  cv::line(canvas, {640, 108}, {640, 330}, {120, 112, 96}, 5);
  for (const int x : {90, 300, 920, 1130})
    cv::rectangle(canvas, {x, 60}, {x + 70, 330}, cv::Scalar(140, 150, 158), cv::FILLED);
  cv::rectangle(canvas, {490, 30}, {790, 80}, cv::Scalar(60, 54, 40), cv::FILLED);
  put_label(canvas, sign, {640 - 11 * static_cast<int>(sign.size()), 68}, 1.1, {230, 240, 240});
  draw_cabinet(canvas, true, lamp);
  draw_cabinet(canvas, false, lamp);
}

void draw_door(cv::Mat& canvas) {
  vertical_gradient(canvas, {0, 0, kWidth, 560}, {176, 188, 200}, {156, 168, 182});
  draw_floor(canvas, 560);
  cv::rectangle(canvas, {420, 60}, {860, 560}, cv::Scalar(58, 84, 112), cv::FILLED);
  cv::rectangle(canvas, {440, 80}, {840, 560}, cv::Scalar(70, 104, 142), cv::FILLED);
  for (const int x : {470, 660}) {
    for (const int y : {110, 340}) {
      cv::rectangle(canvas, {x, y}, {x + 150, y + 190}, cv::Scalar(58, 88, 122), cv::FILLED);
      cv::rectangle(canvas, {x + 10, y + 10}, {x + 140, y + 180}, cv::Scalar(78, 114, 152), 3, cv::LINE_AA);
    }
  }
  cv::circle(canvas, {815, 330}, 13, {70, 190, 214}, cv::FILLED, cv::LINE_AA);
  cv::rectangle(canvas, {920, 260}, {990, 370}, cv::Scalar(48, 46, 44), cv::FILLED);  // the reader's box
  cv::circle(canvas, {955, 285}, 8, {80, 200, 90}, cv::FILLED, cv::LINE_AA);
  cv::rectangle(canvas, {150, 150}, {330, 380}, cv::Scalar(70, 60, 50), 8);
  vertical_gradient(canvas, {158, 158, 164, 214}, {190, 196, 170}, {120, 150, 130});
  put_label(canvas, "KEDIAMAN", {560, 48}, 1.0, {60, 50, 40});
}

void draw_waiting_room(cv::Mat& canvas) {
  vertical_gradient(canvas, {0, 0, kWidth, 500}, {190, 204, 214}, {170, 186, 198});
  draw_floor(canvas, 500);
  cv::rectangle(canvas, {0, 486}, {kWidth, 502}, cv::Scalar(110, 122, 132), cv::FILLED);
  cv::rectangle(canvas, {470, 70}, {810, 280}, cv::Scalar(140, 148, 150), cv::FILLED);
  vertical_gradient(canvas, {482, 82, 316, 186}, {236, 226, 200}, {206, 220, 206});
  cv::line(canvas, {640, 82}, {640, 268}, {140, 148, 150}, 8);
  cv::circle(canvas, {1060, 130}, 46, {235, 238, 238}, cv::FILLED, cv::LINE_AA);
  cv::circle(canvas, {1060, 130}, 46, {70, 66, 60}, 5, cv::LINE_AA);
  cv::line(canvas, {1060, 130}, {1060, 98}, {50, 46, 40}, 4, cv::LINE_AA);
  cv::line(canvas, {1060, 130}, {1084, 142}, {50, 46, 40}, 4, cv::LINE_AA);
  cv::rectangle(canvas, {140, 90}, {330, 230}, cv::Scalar(60, 84, 104), cv::FILLED);
  vertical_gradient(canvas, {152, 102, 166, 116}, {150, 130, 90}, {90, 130, 100});
  for (int i = 0; i < 6; ++i) {
    const int x = 192 + 180 * i;
    cv::rectangle(canvas, {x - 66, 370}, {x + 66, 500}, cv::Scalar(110, 78, 44), cv::FILLED);
    cv::rectangle(canvas, {x - 72, 488}, {x + 72, 520}, cv::Scalar(126, 92, 56), cv::FILLED);
    for (const int leg : {-60, 56})
      cv::rectangle(canvas, {x + leg, 520}, {x + leg + 6, 596}, cv::Scalar(70, 70, 70), cv::FILLED);
  }
}

// Lenses darken towards the corners, and sensors have fixed-pattern grain.
void wear(cv::Mat& canvas, std::uint32_t seed) {
  cv::GaussianBlur(canvas, canvas, {5, 5}, 1.1);
  cv::Mat grain(canvas.size(), CV_16SC3), wide;
  cv::RNG rng(seed);
  rng.fill(grain, cv::RNG::NORMAL, 0, 3);
  canvas.convertTo(wide, CV_16SC3);
  for (int y = 0; y < wide.rows; ++y) {
    for (int x = 0; x < wide.cols; ++x) {
      const double dx = (x - wide.cols / 2.0) / wide.cols, dy = (y - wide.rows / 2.0) / wide.rows;
      auto& pixel = wide.at<cv::Vec3s>(y, x);
      const double light = 1 - 0.55 * (dx * dx + dy * dy);
      for (int c = 0; c < 3; ++c) pixel[c] = cv::saturate_cast<short>(pixel[c] * light);
    }
  }
  cv::add(wide, grain, wide);
  wide.convertTo(canvas, CV_8UC3);
}

}  // namespace

void fill(cv::Mat& canvas, const std::vector<cv::Point>& corners, const cv::Scalar& colour) {
  cv::fillPoly(canvas, std::vector<std::vector<cv::Point>>{corners}, colour, cv::LINE_AA);
}

cv::Mat draw_background(Place place, int width, int height, std::uint32_t seed) {
  cv::Mat canvas(kHeight, kWidth, CV_8UC3);
  switch (place) {
    case Place::gate:
      draw_lane(canvas, "PINTU MASUK", {90, 200, 90});
      break;
    case Place::exit:
      draw_lane(canvas, "PINTU KELUAR", {70, 160, 230});
      break;
    case Place::door:
      draw_door(canvas);
      break;
    case Place::waiting_room:
      draw_waiting_room(canvas);
      break;
  }
  wear(canvas, seed);
  cv::Mat scaled;
  cv::resize(canvas, scaled, {width, height}, 0, 0, cv::INTER_AREA);
  return scaled;
}

void put_label(cv::Mat& frame, const std::string& text, cv::Point at, double size, const cv::Scalar& colour) {
  const int thickness = size > 0.7 ? 2 : 1;
  cv::putText(frame, text, at + cv::Point(1, 2), cv::FONT_HERSHEY_DUPLEX, size, {20, 20, 20}, thickness + 1, cv::LINE_AA);
  cv::putText(frame, text, at, cv::FONT_HERSHEY_DUPLEX, size, colour, thickness, cv::LINE_AA);
}

}  // namespace gapura::simulated
