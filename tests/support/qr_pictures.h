// SPDX-License-Identifier: Apache-2.0
// Pictures of badges for tests: rendered by libqrencode, warped and spoiled by OpenCV, from a seed.
#pragma once

#include <qrencode.h>

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace gapura::tests {

// The code in black on white with its quiet zone, `module` pixels per module. Any bytes, up to 2,953.
inline cv::Mat qr_picture(const std::string& payload, int module = 8, QRecLevel level = QR_ECLEVEL_M) {
  QRcode* code =
      QRcode_encodeData(static_cast<int>(payload.size()), reinterpret_cast<const unsigned char*>(payload.data()), 0, level);
  if (code == nullptr) throw std::runtime_error("libqrencode refused the payload");
  const int quiet = 4, side = code->width + 2 * quiet;
  cv::Mat small(side, side, CV_8U, cv::Scalar(255)), picture;
  for (int y = 0; y < code->width; ++y)
    for (int x = 0; x < code->width; ++x)
      if ((code->data[y * code->width + x] & 1) != 0) small.at<unsigned char>(y + quiet, x + quiet) = 0;
  QRcode_free(code);
  cv::resize(small, picture, {}, module, module, cv::INTER_NEAREST);
  return picture;
}

// `code` drawn into `scene` as a quadrilateral with the given corners (top left first, clockwise).
inline void place(cv::Mat& scene, const cv::Mat& code, const std::vector<cv::Point2f>& corners) {
  const auto w = static_cast<float>(code.cols), h = static_cast<float>(code.rows);
  const std::vector<cv::Point2f> from{{0, 0}, {w, 0}, {w, h}, {0, h}};
  const cv::Mat warp = cv::getPerspectiveTransform(from, corners);
  cv::Mat warped, mask, white(code.size(), CV_8U, cv::Scalar(255));
  cv::warpPerspective(code, warped, warp, scene.size(), cv::INTER_AREA);
  cv::warpPerspective(white, mask, warp, scene.size(), cv::INTER_NEAREST);
  warped.copyTo(scene, mask);
}

// A wall of finder patterns, on which ZXing's search is cubic: many seconds for one frame.
inline cv::Mat finder_wallpaper(cv::Size size, int module = 5) {
  cv::Mat wall(size, CV_8U, cv::Scalar(255));
  const int pitch = 9 * module;
  for (int y = 0; y + pitch <= size.height; y += pitch)
    for (int x = 0; x + pitch <= size.width; x += pitch)
      for (int ring = 1; ring <= 3; ++ring)
        cv::rectangle(wall,
                      cv::Rect(x + ring * module, y + ring * module, (9 - 2 * ring) * module, (9 - 2 * ring) * module),
                      cv::Scalar(ring == 2 ? 255 : 0), cv::FILLED);
  return wall;
}

struct BadgeFrame {
  cv::Mat grey;
  std::string text;
};

inline std::string random_token(std::mt19937& random) {
  static const std::string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text = "G1:";
  for (int i = 0; i < 32; ++i) text += letters[random() % letters.size()];
  return text;
}

// A scene with soft shapes and one badge: perspective, rotation, light, blur, noise, all from the seed.
inline BadgeFrame badge_frame(int seed, cv::Size size) {
  std::mt19937 random(static_cast<unsigned>(seed));
  auto between = [&](double low, double high) {
    return low + (high - low) * (static_cast<double>(random() % 10001) / 10000);
  };
  BadgeFrame frame{cv::Mat(size, CV_8U, cv::Scalar(between(60, 170))), random_token(random)};
  for (int i = 0; i < 25; ++i)
    cv::rectangle(frame.grey,
                  cv::Rect(static_cast<int>(between(0, size.width)), static_cast<int>(between(0, size.height)),
                           static_cast<int>(between(20, 400)), static_cast<int>(between(20, 400))),
                  cv::Scalar(between(30, 220)), cv::FILLED);
  cv::GaussianBlur(frame.grey, frame.grey, {}, 3);
  const double side = between(0.14, 0.4) * size.height, angle = between(0, 2 * CV_PI);
  const cv::Point2d centre(between(0.3, 0.7) * size.width, between(0.35, 0.65) * size.height);
  std::vector<cv::Point2f> corners;
  for (int i = 0; i < 4; ++i) {
    const double turn = angle + i * CV_PI / 2, reach = side * between(0.62, 0.75);
    corners.emplace_back(static_cast<float>(centre.x + reach * std::cos(turn)),
                         static_cast<float>(centre.y + reach * std::sin(turn)));
  }
  place(frame.grey, qr_picture(frame.text), corners);
  cv::GaussianBlur(frame.grey, frame.grey, {}, between(0.3, 1.4));
  frame.grey.convertTo(frame.grey, -1, between(0.45, 1.0), between(0, 20));
  cv::Mat noise(size, CV_16S), noisy;
  cv::RNG rng(static_cast<std::uint64_t>(seed));
  rng.fill(noise, cv::RNG::NORMAL, 0, between(1, 7));
  frame.grey.convertTo(noisy, CV_16S);
  noisy += noise;
  noisy.convertTo(frame.grey, CV_8U);
  return frame;
}

}  // namespace gapura::tests
