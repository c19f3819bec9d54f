// SPDX-License-Identifier: Apache-2.0
#include "drivers/camera/jpeg.h"

#include <turbojpeg.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace gapura::drivers {
namespace {

struct EncoderDeleter {
  void operator()(void* encoder) const { tjDestroy(encoder); }
};

cv::Mat wrap(const Plane& plane) {
  return cv::Mat(plane.height, plane.width, CV_8UC1, const_cast<std::uint8_t*>(plane.data),
                 static_cast<std::size_t>(plane.stride));
}

// Television levels to JPEG levels: luminance from 16..235, chroma from 16..240 around 128.
cv::Mat stretch_table(double low, double centre, double span) {
  cv::Mat table(1, 256, CV_8U);
  for (int i = 0; i < 256; ++i)
    table.at<std::uint8_t>(i) = cv::saturate_cast<std::uint8_t>(centre + (i - low - centre) * 255 / span);
  return table;
}

cv::Mat shrunk(const Plane& plane, cv::Size size, bool stretch, bool chroma) {
  static const cv::Mat luminance = stretch_table(16, 0, 219), colour = stretch_table(0, 128, 224);
  cv::Mat to;
  const bool halves = plane.width >= 2 * size.width;
  if (wrap(plane).size() == size)
    wrap(plane).copyTo(to);
  else
    cv::resize(wrap(plane), to, size, 0, 0, halves ? cv::INTER_AREA : cv::INTER_LINEAR);
  if (stretch) cv::LUT(to, chroma ? colour : luminance, to);
  return to;
}

struct Planes {
  std::array<cv::Mat, 3> yuv;
};

// A green line with a black edge, visible on light and on dark.
void draw(Planes& planes, const Code& code, double scale) {
  std::array<std::vector<cv::Point>, 2> corners;  // at full and at half size
  for (const auto& point : code.outline) {
    // Corners of a wrong decode may be anywhere; drawing far outside the picture costs time and shows nothing.
    const double x = std::clamp(point.x * scale, -4096.0, 8192.0), y = std::clamp(point.y * scale, -4096.0, 8192.0);
    corners[0].emplace_back(static_cast<int>(std::lround(x)), static_cast<int>(std::lround(y)));
    corners[1].emplace_back(static_cast<int>(std::lround(x / 2)), static_cast<int>(std::lround(y / 2)));
  }
  cv::polylines(planes.yuv[0], corners[0], true, cv::Scalar(0), 7, cv::LINE_8);
  cv::polylines(planes.yuv[0], corners[0], true, cv::Scalar(180), 3, cv::LINE_8);
  cv::polylines(planes.yuv[1], corners[1], true, cv::Scalar(44), 2, cv::LINE_8);
  cv::polylines(planes.yuv[2], corners[1], true, cv::Scalar(21), 2, cv::LINE_8);
}

std::vector<std::uint8_t> encode(const Planes& planes, int quality) {
  thread_local const std::unique_ptr<void, EncoderDeleter> encoder(tjInitCompress());
  const unsigned char* data[3] = {planes.yuv[0].data, planes.yuv[1].data, planes.yuv[2].data};
  const int strides[3] = {static_cast<int>(planes.yuv[0].step[0]), static_cast<int>(planes.yuv[1].step[0]),
                          static_cast<int>(planes.yuv[2].step[0])};
  const int width = planes.yuv[0].cols, height = planes.yuv[0].rows;
  unsigned long size = tjBufSize(width, height, TJSAMP_420);
  std::vector<std::uint8_t> jpeg(size);
  unsigned char* out = jpeg.data();
  if (tjCompressFromYUVPlanes(encoder.get(), data, width, strides, height, TJSAMP_420, &out, &size, quality,
                              TJFLAG_NOREALLOC | TJFLAG_FASTDCT) != 0)
    return {};
  jpeg.resize(size);
  jpeg.shrink_to_fit();
  return jpeg;
}

}  // namespace

Still to_jpeg(const Frame& frame, int most_width, int quality, const std::vector<Code>& codes) {
  const double scale = std::min(1.0, static_cast<double>(most_width) / frame.y.width);
  // Even sides, because the chroma planes have half of them.
  const cv::Size size(std::max(2, static_cast<int>(frame.y.width * scale) & ~1),
                      std::max(2, static_cast<int>(frame.y.height * scale) & ~1));
  const cv::Size half(size.width / 2, size.height / 2);
  Planes planes;
  planes.yuv[0] = shrunk(frame.y, size, !frame.full_range, false);
  for (int i = 1; i < 3; ++i) {
    const Plane& plane = i == 1 ? frame.u : frame.v;
    planes.yuv[i] =
        plane.data == nullptr ? cv::Mat(half, CV_8U, cv::Scalar(128)) : shrunk(plane, half, !frame.full_range, true);
  }
  for (const auto& code : codes) draw(planes, code, scale);
  return {encode(planes, quality), size.width, size.height, frame.captured};
}

}  // namespace gapura::drivers
