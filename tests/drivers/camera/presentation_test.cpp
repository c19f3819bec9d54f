// SPDX-License-Identifier: Apache-2.0
#include "drivers/qr_reader/presentation.h"

#include <catch2/catch.hpp>

#include "models/visit/credential.h"

using gapura::BootTime;
using gapura::Millis;
using gapura::drivers::Presentation;

namespace {

const std::string A = gapura::make_token({2}), B = gapura::make_token({1});
const std::string poster = "https://poster.example";

using Texts = std::vector<std::string>;

struct Row {
  int ms;         // when the frame was captured
  Texts seen;     // what it shows
  Texts reading;  // what is reported
};

void play(const std::vector<Row>& rows) {
  Presentation presentation;
  for (const auto& row : rows) {
    CAPTURE(row.ms);
    CHECK(presentation.see(row.seen, BootTime{Millis{100'000 + row.ms}}) == row.reading);
  }
}

}  // namespace

TEST_CASE("A badge held to the camera is one reading", "[presentation]") {
  play({{0, {A}, {A}}, {40, {A}, {}}, {80, {}, {}}, {900, {A}, {}}, {1800, {A}, {}}, {2700, {A}, {}}});
}

TEST_CASE("A badge held still for ever is never repeated", "[presentation]") {
  std::vector<Row> rows{{0, {A}, {A}}};
  for (int ms = 200; ms < 600'000; ms += 200) rows.push_back({ms, {A}, {}});
  play(rows);
}

TEST_CASE("A badge taken away for a second and shown again is a new presentation", "[presentation]") {
  play({{0, {A}, {A}}, {1000, {A}, {A}}, {1040, {A}, {}}, {2039, {A}, {}}, {3039, {A}, {A}}});
}

TEST_CASE("Two badges in one frame are one ambiguous reading", "[presentation]") {
  play({{0, {B, A}, {A, B}}, {40, {A, B}, {}}, {80, {A}, {}}, {120, {B}, {}}, {900, {A, B}, {}}});
}

TEST_CASE("A second badge that joins the first is an ambiguous reading of both", "[presentation]") {
  play({{0, {A}, {A}}, {40, {A, B}, {A, B}}, {80, {A, B}, {}}, {120, {B}, {}}});
}

TEST_CASE("Two badges of which every frame shows only one are ambiguous", "[presentation]") {
  play({{0, {A}, {A}}, {40, {B}, {A, B}}, {80, {A}, {}}, {120, {B}, {}}});
}

TEST_CASE("The next guest's badge is read alone when the first one has gone", "[presentation]") {
  play({{0, {A}, {A}}, {400, {}, {}}, {700, {B}, {B}}, {740, {B}, {}}});
}

TEST_CASE("A poster that comes into view does not present the badge beside it again", "[presentation]") {
  play({{0, {A}, {A}}, {400, {A, poster}, {poster}}, {440, {A, poster}, {}}});
}

TEST_CASE("Several codes that are no badges come sorted", "[presentation]") {
  play({{0, {"b", "a"}, {"a", "b"}}, {400, {"a", "c", "b"}, {"c"}}});
}

TEST_CASE("A badge that comes beside a poster is read with it", "[presentation]") {
  play({{0, {poster}, {poster}}, {400, {A, poster}, {A, poster}}});
}

TEST_CASE("Frames without a code report nothing", "[presentation]") { play({{0, {}, {}}, {40, {}, {}}, {5000, {}, {}}}); }

TEST_CASE("A badge is in view until it was gone for a second", "[presentation]") {
  Presentation presentation;
  const BootTime start{Millis{5000}};
  CHECK_FALSE(presentation.in_view(start));
  presentation.see({A}, start);
  CHECK(presentation.in_view(start + Millis{999}));
  CHECK_FALSE(presentation.in_view(start + Millis{1000}));
}
