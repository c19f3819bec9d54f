// SPDX-License-Identifier: Apache-2.0
#include "drivers/qr_reader/zxing.h"

#define ZX_USE_UTF8 1
#include <ZXing/ReadBarcode.h>

#include <algorithm>
#include <cmath>

namespace gapura::drivers::qr {
namespace {

ZXing::Binarizer binarizer(Threshold threshold) {
  switch (threshold) {
    case Threshold::local_average:
      return ZXing::Binarizer::LocalAverage;
    case Threshold::global_histogram:
      return ZXing::Binarizer::GlobalHistogram;
    case Threshold::fixed:
      return ZXing::Binarizer::FixedThreshold;
    case Threshold::already_binary:
      return ZXing::Binarizer::BoolCast;
  }
  return ZXing::Binarizer::LocalAverage;
}

PixelPoint to_picture(const View& view, ZXing::PointI point) {
  const int x = view.mirrored ? view.grey.cols - 1 - point.x : point.x;
  return {view.offset.x + static_cast<int>(std::lround(x * view.scale)),
          view.offset.y + static_cast<int>(std::lround(point.y * view.scale))};
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

std::vector<Code> scan(const View& view, ScanOptions options) {
  // Below 21 modules of one pixel no code exists, and ZXing asserts on empty pictures.
  if (view.grey.cols < 21 || view.grey.rows < 21) return {};
  ZXing::DecodeHints hints;
  hints.setFormats(ZXing::BarcodeFormat::QRCode);
  hints.setTryHarder(true);
  hints.setTryRotate(false);
  hints.setTryDownscale(options.downscale);
  hints.setBinarizer(binarizer(options.threshold));
  hints.setMaxNumberOfSymbols(most_codes_per_picture);
  std::vector<Code> codes;
  try {
    const ZXing::ImageView image(view.grey.data, view.grey.cols, view.grey.rows, ZXing::ImageFormat::Lum,
                                 static_cast<int>(view.grey.step[0]));
    for (const auto& result : ZXing::ReadBarcodes(image, hints)) {
      if (!result.isValid() || result.format() != ZXing::BarcodeFormat::QRCode || result.bytes().empty()) continue;
      auto code = to_code(view, result);
      const bool known = std::any_of(codes.begin(), codes.end(), [&](const Code& c) { return c.payload == code.payload; });
      if (!known && codes.size() < most_codes_per_picture) codes.push_back(std::move(code));
    }
  } catch (const std::exception&) {
    // A picture that ZXing cannot digest shows no code.
  }
  return codes;
}

}  // namespace gapura::drivers::qr
