// SPDX-License-Identifier: Apache-2.0
#include "drivers/qr_reader/zxing.h"

#define ZX_USE_UTF8 1
#include <ZXing/ReadBarcode.h>

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace gapura::drivers::qr {
namespace {

PixelPoint to_picture(const View& view, ZXing::PointI point) {
  const int x = view.mirrored ? view.grey.cols - 1 - point.x : point.x;
  return {view.offset.x + static_cast<int>(std::lround(x * view.scale.x)),
          view.offset.y + static_cast<int>(std::lround(point.y * view.scale.y))};
}

Code to_code(const View& view, const ZXing::Result& result) {
  Code code;
  const auto& bytes = result.bytes();
  code.payload.assign(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(std::min(bytes.size(), largest_payload)));
  code.text = result.text();
  for (std::size_t corner = 0; corner < 4; ++corner) code.outline[corner] = to_picture(view, result.position()[corner]);
  return code;
}

}  // namespace

void View::stretch(cv::Point2d factor) {
  cv::resize(grey, grey, {}, factor.x, factor.y, cv::INTER_LINEAR);
  scale = {scale.x / factor.x, scale.y / factor.y};
}

void View::mirror() {
  cv::Mat flipped;  // not in place: the view may be a part of the camera's picture
  cv::flip(grey, flipped, 1);
  grey = flipped;
  mirrored = true;
}

void add_distinct(std::vector<Code>& codes, std::vector<Code> more) {
  for (auto& code : more) {
    const bool known = std::any_of(codes.begin(), codes.end(), [&](const Code& c) { return c.payload == code.payload; });
    if (!known && codes.size() < most_codes_per_picture) codes.push_back(std::move(code));
  }
}

std::vector<Code> scan(const View& view) {
  // No code has fewer than 21 modules of one pixel, and ZXing asserts on empty pictures.
  if (view.grey.cols < 21 || view.grey.rows < 21) return {};
  ZXing::DecodeHints hints;
  hints.setFormats(ZXing::BarcodeFormat::QRCode);
  hints.setTryHarder(true);
  hints.setTryRotate(false);
  hints.setTryDownscale(false);
  hints.setBinarizer(ZXing::Binarizer::BoolCast);
  hints.setMaxNumberOfSymbols(most_codes_per_picture);
  std::vector<Code> found;
  try {
    const ZXing::ImageView image(view.grey.data, view.grey.cols, view.grey.rows, ZXing::ImageFormat::Lum,
                                 static_cast<int>(view.grey.step[0]));
    for (const auto& result : ZXing::ReadBarcodes(image, hints))
      if (result.isValid() && result.format() == ZXing::BarcodeFormat::QRCode && !result.bytes().empty())
        found.push_back(to_code(view, result));
  } catch (const std::exception&) {
    // A picture on which ZXing throws shows no code.
  }
  std::vector<Code> codes;
  add_distinct(codes, std::move(found));
  return codes;
}

}  // namespace gapura::drivers::qr
