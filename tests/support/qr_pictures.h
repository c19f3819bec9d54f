// SPDX-License-Identifier: Apache-2.0
// Codes as pictures for tests: rendered by libqrencode. Scenes with badges: badge_frames.h, badge_clips.h.
#pragma once

#include <qrencode.h>

#include <opencv2/imgproc.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace gapura::tests {

// Draws `code` in black on white with its quiet zone, `module` pixels per module. Takes ownership of the code.
inline cv::Mat drawn(QRcode* code, int module) {
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

// Any bytes, up to 2,953.
inline cv::Mat qr_picture(const std::string& payload, int module = 8, QRecLevel level = QR_ECLEVEL_M) {
  return drawn(
      QRcode_encodeData(static_cast<int>(payload.size()), reinterpret_cast<const unsigned char*>(payload.data()), 0, level),
      module);
}

// As badges are printed: alphanumeric where the text allows it, level Q.
inline cv::Mat badge_code(const std::string& text, int module = 8) {
  return drawn(QRcode_encodeString(text.c_str(), 0, QR_ECLEVEL_Q, QR_MODE_8, 1), module);
}

// Draws `code` into `scene` as a quadrilateral with the given corners (top left first, clockwise).
inline void place(cv::Mat& scene, const cv::Mat& code, const std::vector<cv::Point2f>& corners) {
  const auto w = static_cast<float>(code.cols), h = static_cast<float>(code.rows);
  const std::vector<cv::Point2f> from{{0, 0}, {w, 0}, {w, h}, {0, h}};
  const cv::Mat warp = cv::getPerspectiveTransform(from, corners);
  cv::Mat warped, mask, white(code.size(), CV_8U, cv::Scalar(255));
  cv::warpPerspective(code, warped, warp, scene.size(), cv::INTER_AREA);
  cv::warpPerspective(white, mask, warp, scene.size(), cv::INTER_NEAREST);
  warped.copyTo(scene, mask);
}

}  // namespace gapura::tests
