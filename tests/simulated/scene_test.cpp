// SPDX-License-Identifier: Apache-2.0
// Badges as the simulated cameras see them are readable by a plain reader: what fails later is not the drawing's fault.
#include <ZXing/ReadBarcode.h>
#include <ZXing/TextUtfEncoding.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>
#include <set>

#include "simulated/devices/badge_scene.h"

using namespace gapura;
using namespace gapura::simulated;

namespace {

const std::string kBadge = "G1:QED8WEX0 TPF5H:CB9DJ1.RG";

std::set<std::string> read_codes(BadgeScene& scene, Millis at) {
  const FrameBytes frame = scene.draw_i420(at, "01-01-2026 08:00:00.0");
  const auto& plan = scene.settings();
  const ZXing::ImageView view(frame.data(), plan.width, plan.height, ZXing::ImageFormat::Lum);
  const auto hints = ZXing::DecodeHints().setFormats(ZXing::BarcodeFormat::QRCode).setTryHarder(true).setTryDownscale(true);
  std::set<std::string> texts;
  for (const auto& result : ZXing::ReadBarcodes(view, hints)) {
    if (result.isValid()) texts.insert(std::string(result.bytes().begin(), result.bytes().end()));
  }
  return texts;
}

// The share of the frames between coming and going in which exactly `wanted` was read.
double share_read(BadgeScene& scene, Millis length, const std::set<std::string>& wanted) {
  int frames = 0, read = 0;
  for (Millis at{300}; at < length - Millis(300); at += Millis(83)) {
    ++frames;
    read += read_codes(scene, at) == wanted;
  }
  return static_cast<double>(read) / frames;
}

}  // namespace

TEST_CASE("a badge held to a camera is read in at least four of five frames") {
  double sum = 0;
  for (std::uint32_t seed = 1; seed <= 10; ++seed) {
    BadgeScene scene({Place::gate, 1280, 720, seed});
    REQUIRE(scene.hold({{kBadge}, {}}, Millis(0), Millis(3000)));
    const double share = share_read(scene, Millis(3000), {kBadge});
    INFO("seed " << seed << " read " << share);
    CHECK(share >= 0.8);
    sum += share;
  }
  CHECK(sum / 10 >= 0.9);
}

TEST_CASE("two badges side by side are both readable") {
  BadgeScene scene({Place::door, 1280, 720, 5});
  REQUIRE(scene.hold({{"CONTOH-A", "CONTOH-B"}, {}}, Millis(0), Millis(3000)));
  CHECK(share_read(scene, Millis(3000), {"CONTOH-A", "CONTOH-B"}) >= 0.5);
}

TEST_CASE("a code with NUL bytes and one with 2,900 bytes can be shown") {
  BadgeScene scene({Place::gate, 1280, 720, 2});
  const std::string with_nul("SQL\0'; DROP TABLE", 17);
  REQUIRE(scene.hold({{with_nul}, {}}, Millis(0), Millis(2000)));
  CHECK(share_read(scene, Millis(2000), {with_nul}) >= 0.8);

  std::string large(2900, '\0');
  std::iota(large.begin(), large.end(), static_cast<char>(33));
  BadgeScene full_hd({Place::gate, 1920, 1080, 2});
  REQUIRE(full_hd.hold({{large}, {}}, Millis(0), Millis(2000)));
  CHECK(share_read(full_hd, Millis(2000), {large}) > 0);
}

TEST_CASE("a picture is held to the camera as a print") {
  BadgeScene empty({Place::gate, 1280, 720, 3}), scene({Place::gate, 1280, 720, 3});
  REQUIRE(scene.hold({{}, sample_portrait(1)}, Millis(0), Millis(2000)));
  const FrameBytes without = empty.draw_bgr(Millis(1000), ""), with = scene.draw_bgr(Millis(1000), "");
  std::size_t changed = 0;
  for (std::size_t i = 0; i < with.size(); ++i) changed += with[i] != without[i];
  CHECK(changed > with.size() / 8);
}

TEST_CASE("what can't be shown is refused in a sentence") {
  BadgeScene scene({Place::gate, 640, 480, 1});
  CHECK(scene.hold({{std::string(3000, 'a')}, {}}, Millis(0), Millis(1000)).error().kind == ErrorKind::bad_input);
  CHECK(scene.hold({{""}, {}}, Millis(0), Millis(1000)).error().kind == ErrorKind::bad_input);
  CHECK(scene.hold({{"a", "b", "c"}, {}}, Millis(0), Millis(1000)).error().kind == ErrorKind::bad_input);
  CHECK(scene.hold({{}, {1, 2, 3}}, Millis(0), Millis(1000)).error().kind == ErrorKind::bad_input);
  CHECK_FALSE(scene.holding(Millis(10)));
}

TEST_CASE("the badge leaves the view when its time is over") {
  BadgeScene scene({Place::gate, 1280, 720, 1});
  REQUIRE(scene.hold({{kBadge}, {}}, Millis(1000), Millis(2000)));
  CHECK(scene.holding(Millis(2900)));
  CHECK_FALSE(scene.holding(Millis(3000)));
  CHECK(read_codes(scene, Millis(2000)) == std::set<std::string>{kBadge});
  CHECK(read_codes(scene, Millis(3000)).empty());
}

TEST_CASE("the same seed gives the same frames") {
  BadgeScene one({Place::waiting_room, 640, 480, 9}), other({Place::waiting_room, 640, 480, 9});
  one.set_people(4);
  other.set_people(4);
  CHECK(one.draw_i420(Millis(1234), "x") == other.draw_i420(Millis(1234), "x"));
  CHECK(one.draw_i420(Millis(1234), "x") != other.draw_i420(Millis(2234), "y"));
}

TEST_CASE("sample portraits are JPEGs that differ by seed") {
  const auto first = sample_portrait(1), again = sample_portrait(1), second = sample_portrait(2);
  REQUIRE(first.size() > 4000);
  CHECK((first[0] == 0xFF && first[1] == 0xD8));
  CHECK(first == again);
  CHECK(first != second);
}
