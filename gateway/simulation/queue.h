// SPDX-License-Identifier: Apache-2.0
// The planned events, in order of virtual time; events of the same instant are in order of planning.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <tuple>
#include <vector>

#include "models/base/time.h"

namespace gapura::simulation {

// Time in the world: since its first midnight, independent of what any clock shows.
using WorldTime = Millis;

class Queue {
 public:
  WorldTime now() const { return now_; }
  bool empty() const { return planned_.empty(); }
  WorldTime next() const { return planned_.top().at; }
  void at(WorldTime when, std::function<void()> what) { planned_.push({std::max(when, now_), ++count_, std::move(what)}); }
  void in(Millis later, std::function<void()> what) { at(now_ + later, std::move(what)); }
  void run_next() {
    // std::priority_queue cannot move its top out; it is not compared between here and pop().
    auto what = std::move(const_cast<Planned&>(planned_.top()).what);
    now_ = planned_.top().at;
    planned_.pop();
    what();
  }

 private:
  struct Planned {
    WorldTime at;
    std::uint64_t number;
    std::function<void()> what;
    bool operator<(const Planned& other) const { return std::tie(other.at, other.number) < std::tie(at, number); }
  };
  std::priority_queue<Planned> planned_;
  std::uint64_t count_ = 0;
  WorldTime now_{0};
};

}  // namespace gapura::simulation
