// SPDX-License-Identifier: Apache-2.0
// A stream's pictures in virtual time: when each was taken, what its stamp says, when it arrived.
#include "drivers/camera/frame_clock.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <random>

using namespace gapura;
using namespace std::chrono_literals;
using drivers::FrameClock;
using drivers::oldest_picture;

namespace {

constexpr double jitter = 60;  // ms, at most, of the way; most pictures take much less
constexpr double bound = 100;  // ms by which an age may be wrong while the rate stays

// Twenty-one pictures a second, each second's first one larger and slower.
class Stream {
 public:
  explicit Stream(double rate) : rate_(rate) {}

  // Pictures of this long; how wrong the worst age was, and how many arrived in time but passed for old.
  void run(Millis length) {
    for (const double until = taken_ + static_cast<double>(length.count()); taken_ < until;) see(jitter_now());
  }
  // Pictures of so long wait somewhere and then arrive all at once.
  void wait(Millis length) {
    const double end = taken_ + static_cast<double>(length.count());
    while (taken_ < end) see(end - taken_);
  }
  void see(double way) {
    taken_ += interval;
    stamp_ += interval * (1 + rate_);
    arrived_ = std::max(arrived_, taken_ + way);
    const auto lag = clock_.lag(Millis{std::llround(stamp_)}, BootTime{Millis{7'000'000'000 + std::llround(arrived_)}});
    const double age = arrived_ - taken_;
    worst = std::max(worst, std::abs(static_cast<double>(lag.count()) - age));
    oldest = std::max(oldest, lag);
    if (lag > oldest_picture && age < 900) ++wrongly_old;
    if (lag <= oldest_picture && age > 1100) ++wrongly_new;
  }
  void set_rate(double rate) { rate_ = rate; }
  void set_stamps(Millis by) { stamp_ += static_cast<double>(by.count()); }
  void forget() { worst = 0, oldest = 0ms, wrongly_old = wrongly_new = 0; }

  double worst = 0;
  Millis oldest{0};
  int wrongly_old = 0, wrongly_new = 0;

 private:
  static constexpr double interval = 1000 / 21.0;
  double jitter_now() {
    const double key = ++count_ % 21 == 0 ? 25 : 0;
    return std::min(jitter, 2 + key + std::exponential_distribution<double>(0.1)(random_));
  }

  double rate_, taken_ = 0, stamp_ = 90, arrived_ = 0;
  int count_ = 0;
  std::mt19937 random_{7};
  FrameClock clock_;
};

}  // namespace

TEST_CASE("stamps that run slow or fast for an hour make no picture old, and hide none that is", "[clock]") {
  const double rate = GENERATE(-0.16, -0.03, -0.01, 0.0, 0.01, 0.03, 0.16);
  CAPTURE(rate);
  Stream stream(rate);
  stream.run(10s);  // it learns the rate from the fourth second on
  CHECK(stream.oldest < 700ms);
  stream.forget();
  for (int minute = 0; minute < 60; ++minute) {
    stream.run(57s);
    CHECK(stream.oldest < 250ms);
    stream.wait(3s);
    stream.run(2s);
    CHECK(stream.oldest > 2800ms);
    CHECK(stream.worst < bound + jitter);
    CHECK(stream.wrongly_old == 0);
    CHECK(stream.wrongly_new == 0);
    stream.forget();
  }
}

TEST_CASE("stamps whose rate changes make no picture old", "[clock]") {
  const auto [before, after] = GENERATE(table<double, double>({{0.0, -0.16},
                                                               {-0.16, 0.0},
                                                               {0.0, 0.16},
                                                               {0.16, 0.0},
                                                               {-0.03, -0.16},
                                                               {-0.16, -0.03},
                                                               {-0.16, -0.22},
                                                               {-0.01, 0.01}}));
  CAPTURE(before, after);
  Stream stream(before);
  stream.run(10s);
  CHECK(stream.worst < std::abs(before) * 5000 + bound + jitter);
  stream.forget();
  for (int turn = 0; turn < 30; ++turn) {
    stream.set_rate(turn % 2 == 0 ? before : after);
    stream.run(std::chrono::seconds(12 + turn));
    CHECK(stream.oldest < 950ms);
    CHECK(stream.worst < std::abs(after - before) * 5000 + bound + jitter);
    CHECK(stream.wrongly_old == 0);
  }
  stream.run(20s);
  stream.forget();
  stream.wait(2500ms);
  CHECK(stream.oldest > 2300ms);
}

TEST_CASE("a rate that wanders with the light makes no picture old", "[clock]") {
  Stream stream(-0.16);
  for (int step = 0; step < 3600; ++step) {
    stream.set_rate(-0.16 + 0.05 * std::sin(step / 11.0));
    stream.run(1s);
  }
  CHECK(stream.oldest < 600ms);
  CHECK(stream.wrongly_old == 0);
}

TEST_CASE("stamps that are set, or counted from the beginning again, make no picture old", "[clock]") {
  const double rate = GENERATE(-0.16, 0.0, 0.03);
  CAPTURE(rate);
  Stream stream(rate);
  for (const Millis by : {Millis(-3'600'000), Millis(3'600'000), Millis(-2500), Millis(2500), Millis(-47'721'858)}) {
    stream.run(40s);
    CHECK(stream.wrongly_old == 0);
    stream.set_stamps(by);
    stream.run(20s);
    CHECK(stream.oldest < 700ms);
    stream.forget();
    stream.wait(2s);
    CHECK(stream.oldest > 1800ms);
    stream.run(4s);
    stream.forget();
  }
}

TEST_CASE("pictures that wait ever longer are old, whether in steps or half a second with every second", "[clock]") {
  const double rate = GENERATE(-0.16, 0.0, 0.16);
  CAPTURE(rate);
  Stream stream(rate);
  stream.run(60s);
  stream.forget();
  SECTION("half a second with every second") {
    for (int n = 0; n < 21 * 4; ++n) stream.see(n * 1000 / 21.0 / 2);
    CHECK(stream.wrongly_new == 0);
    CHECK(stream.oldest > oldest_picture);
  }
  SECTION("in two steps of 0.7 s, ten seconds apart") {
    for (int n = 0; n < 210; ++n) stream.see(700);
    CHECK(stream.oldest < oldest_picture);
    for (int n = 0; n < 21; ++n) stream.see(1400);
    CHECK(stream.oldest > 1200ms);
  }
}

TEST_CASE("pictures that wait ever longer are old also in a stream that has just begun", "[clock]") {
  const double rate = GENERATE(-0.16, 0.0, 0.16);
  const Millis age = GENERATE(500ms, 1000ms, 1500ms, 2000ms, 2500ms, 3000ms, 4000ms, 5000ms, 6000ms, 8000ms, 10000ms);
  CAPTURE(rate, age.count());
  // While no rate is known yet, stamps that run 0.16 fast make this wait look like stamps that run slow.
  if (rate > 0 && age < 1500ms) return;
  Stream stream(rate);
  stream.run(age);
  // As the simulator's line does it: half a second with every second, up to one and a half.
  for (int n = 0; n < 21 * 8; ++n) stream.see(std::min(1500.0, n * 1000 / 21.0 / 2));
  CHECK(stream.oldest > oldest_picture);
}

TEST_CASE("on a busy machine, where pictures wait up to 0.7 s again and again, none passes for old", "[clock]") {
  const double rate = GENERATE(-0.16, -0.03, 0.0, 0.03, 0.16);
  const int of_ten = GENERATE(2, 5, 8);  // half seconds in which something holds the pictures up
  CAPTURE(rate, of_ten);
  Stream stream(rate);
  std::mt19937 random(3);
  stream.run(10s);
  stream.forget();
  for (int n = 0; n < 7200; ++n) {
    if (static_cast<int>(random() % 10) < of_ten) {
      stream.wait(Millis(random() % 700));
    } else {
      stream.run(500ms);
    }
  }
  CHECK(stream.wrongly_old == 0);
  stream.run(20s);
  stream.forget();
  stream.wait(2500ms);
  CHECK(stream.oldest > 2300ms);
}
