// SPDX-License-Identifier: Apache-2.0
// The badge on a receipt printer's paper: our own reader reads it, its modules and quiet zone are as wide as cameras need.
#include <algorithm>
#include <catch2/catch.hpp>

#include "drivers/qr_reader/qr_reader.h"
#include "gateway/print/badge_print.h"
#include "models/visit/credential.h"

using namespace gapura;
using namespace gapura::gateway;

namespace {

const std::string token = make_token({3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 255});

BadgePaper paper(const std::string& category = "general") {
  return {"Kediaman Contoh", badge_code("b-1"), token, category, "id", "31.01.2026, 17:00"};
}

bool black(const drivers::Raster& raster, int x, int y) {
  return (raster.bits[static_cast<std::size_t>(y * raster.stride() + x / 8)] >> (7 - x % 8) & 1) != 0;
}

std::vector<std::uint8_t> grey(const drivers::Raster& raster) {
  std::vector<std::uint8_t> pixels;
  for (int y = 0; y < raster.height; ++y)
    for (int x = 0; x < raster.width; ++x) pixels.push_back(black(raster, x, y) ? 0 : 255);
  return pixels;
}

}  // namespace

TEST_CASE(
    "the badge on 58 and 80 mm paper is read by our reader, with modules of at least 0.8 mm and a quiet zone of four") {
  for (const int dots : {384, 576})
    for (const char* category : {"general", "special", "staff"}) {
      CAPTURE(dots, category);
      const drivers::Raster raster = badge_raster(paper(category), dots);
      REQUIRE(raster.width == dots);
      REQUIRE(raster.bits.size() == static_cast<std::size_t>(raster.stride() * raster.height));
      const auto pixels = grey(raster);
      const auto codes = drivers::QrReader().read_picture({pixels.data(), raster.width, raster.height, raster.width});
      REQUIRE(codes.size() == 1);
      CHECK(codes[0].payload == token);
      // Version 2: 25 modules. The outline goes through the corners.
      const auto& outline = codes[0].outline;
      const auto [left, right] =
          std::minmax_element(outline.begin(), outline.end(), [](auto a, auto b) { return a.x < b.x; });
      const auto [top, bottom] =
          std::minmax_element(outline.begin(), outline.end(), [](auto a, auto b) { return a.y < b.y; });
      const double module = (right->x - left->x) / 25.0;
      CHECK(module >= 0.8 * 8);  // 8 dots a millimetre
      int spots = 0;
      for (int y = top->y - static_cast<int>(4 * module) + 2; y < bottom->y + static_cast<int>(4 * module) - 2; ++y)
        for (int x = left->x - static_cast<int>(4 * module) + 2; x < left->x - 2; ++x) spots += black(raster, x, y);
      CHECK(spots == 0);
    }
}

TEST_CASE("the badge as a document is a PDF of one page; a name of a site that is too long stays on the paper") {
  BadgePaper wide = paper();
  wide.site = std::string(300, 'W');
  CHECK(badge_pdf(wide).substr(0, 5) == "%PDF-");
  const drivers::Raster raster = badge_raster(wide, 384);
  for (int y = 0; y < 40; ++y) CHECK_FALSE((black(raster, 0, y) || black(raster, 383, y)));
}
