// SPDX-License-Identifier: Apache-2.0
#include "drivers/camera/motion_gate.h"

#include <catch2/catch.hpp>
#include <opencv2/imgproc.hpp>

using namespace gapura;
using drivers::MotionGate;

namespace {

constexpr int frame_ms = 40;

// A lobby with a sensor's noise; `box` is something held into it.
cv::Mat frame(int number, cv::Rect box = {}) {
  cv::Mat picture(720, 1280, CV_8U, cv::Scalar(110)), noise(720, 1280, CV_8U);
  if (!box.empty()) cv::rectangle(picture, box, cv::Scalar(220), cv::FILLED);
  cv::RNG random(static_cast<std::uint64_t>(number) + 1);
  random.fill(noise, cv::RNG::UNIFORM, 0, 12);
  return picture + noise;
}

bool wants(MotionGate& gate, const cv::Mat& picture, int number, bool in_view = false) {
  return gate.wants({picture.data, picture.cols, picture.rows, static_cast<int>(picture.step[0])},
                    BootTime{Millis{1'000'000 + number * frame_ms}}, in_view);
}

// Lets the gate learn the empty lobby. Returns the number of the next frame.
int settle(MotionGate& gate) {
  int number = 0;
  for (; number < 100; ++number) wants(gate, frame(number), number);
  return number;
}

// Feeds what `picture` makes until the gate has rested and made its one search of the second: whatever it wants next, it
// wants because something moved.
template <typename Picture>
void rest(MotionGate& gate, int& number, const Picture& picture) {
  for (int quiet = 0; quiet < 20; ++number) quiet = wants(gate, picture(number), number) ? 0 : quiet + 1;
  while (!wants(gate, picture(number), number)) ++number;
  ++number;
  REQUIRE_FALSE(wants(gate, picture(number), number));
  ++number;
}

}  // namespace

TEST_CASE("An empty lobby is searched once a second", "[gate]") {
  MotionGate gate;
  const int start = settle(gate);
  int searched = 0;
  for (int i = 0; i < 250; ++i) searched += wants(gate, frame(start + i), start + i) ? 1 : 0;
  CHECK(searched == 10);
}

TEST_CASE("Whatever moves is searched at once and for a second and a half after", "[gate]") {
  MotionGate gate;
  int now = settle(gate);
  CHECK(wants(gate, frame(now, {600, 300, 60, 60}), now));
  int searched = 0;
  for (int i = 1; i <= 37; ++i) searched += wants(gate, frame(now + i), now + i) ? 1 : 0;
  CHECK(searched == 37);
  now += 200;
  searched = 0;
  for (int i = 0; i < 50; ++i) searched += wants(gate, frame(now + i), now + i) ? 1 : 0;
  CHECK(searched <= 3);
}

TEST_CASE("A printed clock does not keep a camera searching, and hides no badge", "[gate]") {
  MotionGate gate;
  // Large digits, the last of which changes every second.
  const auto with_clock = [](int number, cv::Rect box = {}) {
    cv::Mat picture = frame(number, box);
    cv::putText(picture, cv::format("12:%02d:%02d", number / 25 / 60, number / 25 % 60), {30, 110}, cv::FONT_HERSHEY_DUPLEX,
                2, cv::Scalar(255), 4);
    return picture;
  };
  int now = 0, searched = 0;
  for (; now < 60 * 25; ++now) wants(gate, with_clock(now), now);
  for (const int end = now + 60 * 25; now < end; ++now) searched += wants(gate, with_clock(now), now) ? 1 : 0;
  INFO(searched << " of 1500 frames");
  CHECK(searched <= 250);  // once a second, and for a moment when the minute changes
  // A person comes, beside the clock and over it.
  const auto empty = [&](int number) { return with_clock(number); };
  for (const cv::Rect held : {cv::Rect(600, 300, 60, 60), cv::Rect(200, 100, 200, 200)}) {
    rest(gate, now, empty);
    CHECK(wants(gate, with_clock(now, held), now));
    ++now;
  }
}

TEST_CASE("A lane in which people come and go stays searched at once", "[gate]") {
  MotionGate gate;
  int now = settle(gate);
  // Ten minutes of a guest every eight seconds, each of whom holds a badge for three, always in the same place.
  for (const int end = now + 600 * 25; now < end; ++now) {
    const bool held = now / 25 % 8 < 3;
    wants(gate, frame(now, held ? cv::Rect(600 + now % 7, 300, 80, 80) : cv::Rect()), now);
  }
  rest(gate, now, [](int number) { return frame(number); });
  CHECK(wants(gate, frame(now, {600, 300, 80, 80}), now));
}

TEST_CASE("A person who moves in one place for a minute is no clock", "[gate]") {
  MotionGate gate;
  int now = settle(gate), searched = 0;
  for (const int end = now + 60 * 25; now < end; ++now)
    searched += wants(gate, frame(now, {400 + now % 11 * 12, 150, 250, 500}), now) ? 1 : 0;
  CHECK(searched == 60 * 25);
}

TEST_CASE("A badge held still is looked at five times a second so that it is not read twice", "[gate]") {
  MotionGate gate;
  const int start = settle(gate) + 500;
  int searched = 0;
  for (int i = 0; i < 250; ++i) searched += wants(gate, frame(start + i), start + i, true) ? 1 : 0;
  CHECK(searched >= 48);
  CHECK(searched <= 52);
}
