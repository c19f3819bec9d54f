// SPDX-License-Identifier: Apache-2.0
// The clocks of the simulated machine, which may be wrong. Like the real one (gateway/contract/clock.h), a wall clock that
// jumps far is not followed but makes the quality suspect; the next start takes whatever it shows.
#pragma once

#include "gateway/contract/clock.h"
#include "gateway/simulation/queue.h"

namespace gapura::simulation {

class SiteClock : public gateway::Clock {
 public:
  explicit SiteClock(const Queue& queue) : queue_(queue) {}
  Now now() override {
    return {UtcTime(day_one + queue_.now() + followed_), boot(), quality_, std::chrono::minutes(7 * 60)};
  }
  BootTime boot() const { return BootTime(Millis(3000) + queue_.now() - started_); }

  void jump(Millis by) {
    shown_ += by;
    if (by > far || by < -far) {
      quality_ = ClockQuality::suspect;
    } else {
      followed_ += by;
    }
  }
  void restart() {
    started_ = queue_.now();
    followed_ = shown_;
    quality_ = ClockQuality::ok;
  }

 private:
  static constexpr Millis far{60'000};
  // Monday 5 January 2026, midnight in Jakarta.
  static constexpr Millis day_one{1'767'546'000'000};
  const Queue& queue_;
  WorldTime started_{0};
  Millis shown_{0}, followed_{0};  // difference from the true time
  ClockQuality quality_ = ClockQuality::ok;
};

}  // namespace gapura::simulation
