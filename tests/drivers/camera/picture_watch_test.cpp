// SPDX-License-Identifier: Apache-2.0
#include "drivers/camera/picture_watch.h"

#include <catch2/catch.hpp>
#include <functional>
#include <opencv2/imgproc.hpp>

#include "drivers/camera/frame_clock.h"

using namespace gapura;
using namespace std::chrono_literals;
using drivers::CameraFault;
using drivers::FrameClock;
using drivers::PictureWatch;

namespace {

cv::Mat lobby() {
  cv::Mat picture(360, 640, CV_8U, cv::Scalar(110));
  for (int x = 0; x < 640; x += 50) cv::rectangle(picture, {x, 100 + x / 8, 30, 150}, cv::Scalar(60 + x / 6), cv::FILLED);
  return picture;
}

cv::Mat noisy(const cv::Mat& picture, int number) {
  cv::Mat noise(picture.size(), CV_8U);
  cv::RNG random(static_cast<std::uint64_t>(number) + 1);
  random.fill(noise, cv::RNG::NORMAL, 8, 4);
  return picture + noise - 8;
}

struct Viewer {
  PictureWatch watch{drivers::PictureLimits{}};
  int frame = 0;
  // Four pictures a second for this long; the last judgement.
  CameraFault see(const std::function<cv::Mat(int)>& picture, Millis length) {
    CameraFault fault = CameraFault::none;
    for (const int end = frame + static_cast<int>(length.count()) / 250; frame < end; ++frame) {
      const cv::Mat shown = picture(frame);
      fault = watch.judge({shown.data, shown.cols, shown.rows, static_cast<int>(shown.step[0])}, true,
                          BootTime{Millis{5'000'000 + frame * 250}});
    }
    return fault;
  }
};

}  // namespace

TEST_CASE("A lobby in which nothing happens is no fault", "[picture]") {
  Viewer viewer;
  CHECK(viewer.see([](int n) { return noisy(lobby(), n); }, 60s) == CameraFault::none);
}

TEST_CASE("A black, a covered and a frozen picture are distinguished, late enough and in time", "[picture]") {
  Viewer viewer;
  const auto living = [](int n) { return noisy(lobby(), n); };
  const auto black = [](int n) { return noisy(cv::Mat(360, 640, CV_8U, cv::Scalar(2)), n); };
  const auto covered = [](int n) { return noisy(cv::Mat(360, 640, CV_8U, cv::Scalar(70)), n); };
  const auto frozen = [](int) { return noisy(lobby(), 7); };
  REQUIRE(viewer.see(living, 3s) == CameraFault::none);

  CHECK(viewer.see(black, 1500ms) == CameraFault::none);
  CHECK(viewer.see(black, 1200ms) == CameraFault::black);
  CHECK(viewer.see(living, 1500ms) == CameraFault::none);

  CHECK(viewer.see(covered, 3500ms) == CameraFault::none);
  CHECK(viewer.see(covered, 1200ms) == CameraFault::covered);
  CHECK(viewer.see(living, 1500ms) == CameraFault::none);

  CHECK(viewer.see(frozen, 14s) == CameraFault::none);
  CHECK(viewer.see(frozen, 2s) == CameraFault::frozen);
  CHECK(viewer.see(living, 1500ms) == CameraFault::none);
}

TEST_CASE("A lamp in the dark, and a clock that goes on over a still picture, are something to see", "[picture]") {
  Viewer viewer;
  CHECK(viewer.see(
            [](int n) {
              cv::Mat picture(360, 640, CV_8U, cv::Scalar(4));
              cv::rectangle(picture, {150, 100, 60, 60}, cv::Scalar(200), cv::FILLED);
              return noisy(picture, n);
            },
            10s) == CameraFault::none);
  CHECK(
      viewer.see(
          [](int n) {
            cv::Mat picture = lobby();
            cv::putText(picture, std::to_string(1000 + n / 4), {20, 30}, cv::FONT_HERSHEY_DUPLEX, 0.8, cv::Scalar(255), 2);
            return picture;
          },
          40s) == CameraFault::none);
}

TEST_CASE("A picture's age is measured against the fastest one of late", "[clock]") {
  FrameClock clock;
  const BootTime start{Millis{1'000'000}};
  for (int n = 0; n < 50; ++n) CHECK(clock.lag(Millis{n * 40}, start + Millis{n * 40 + n % 7}) < 10ms);
  SECTION("what waited is as old as it waited") {
    CHECK(clock.lag(Millis{50 * 40}, start + Millis{50 * 40 + 3000}) >= 2990ms);
    // The backlog comes at once, each picture a little less old.
    CHECK(clock.lag(Millis{100 * 40}, start + Millis{50 * 40 + 3001}) <= 1010ms);
  }
  SECTION("a camera that sets its clock back an hour is not an hour late") {
    for (int n = 50; n < 60; ++n) CHECK(clock.lag(Millis{n * 40 - 3'600'000}, start + Millis{n * 40}) < 10ms);
  }
  SECTION("nor one that sets it forward, and back again") {
    for (int n = 50; n < 60; ++n) CHECK(clock.lag(Millis{n * 40 + 3'600'000}, start + Millis{n * 40}) < 10ms);
    for (int n = 60; n < 70; ++n) CHECK(clock.lag(Millis{n * 40}, start + Millis{n * 40}) < 10ms);
  }
  SECTION("a clock that runs slow by 200 in a million does not add up in a day") {
    Millis lag{0};
    for (int n = 50; n < 24 * 3600; ++n)
      lag = std::max(
          lag, clock.lag(Millis{50 * 40 + static_cast<int>((n - 50) * 999.8)}, start + Millis{50 * 40 + (n - 50) * 1000}));
    CHECK(lag < 100ms);
  }
}
