// SPDX-License-Identifier: Apache-2.0
// What a bench must reach: every figure beside its target at the end of the run, and exit code 1 when one is missed.
#pragma once

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace gapura::bench {

class Targets {
 public:
  Targets() = default;
  // Takes "--target-factor F" out of the words, where it is: every limit is then F times as generous. 0.01 shows that a
  // bench can fail.
  Targets(int& count, char** words) {
    for (int i = 1; i + 1 < count; ++i) {
      if (std::string_view(words[i]) != "--target-factor") continue;
      factor_ = std::atof(words[i + 1]);
      std::copy(words + i + 2, words + count, words + i);
      count -= 2;
    }
  }

  void at_most(std::string name, double value, double limit) {
    all_.push_back({std::move(name), value, limit * factor_, false});
  }
  void at_least(std::string name, double value, double limit) {
    all_.push_back({std::move(name), value, limit / factor_, true});
  }

  // Prints them in the order in which they were measured; the program's exit code.
  int report() const {
    bool all = !all_.empty();
    fmt::print("\ntargets\n");
    for (const auto& one : all_) {
      const bool met = one.at_least ? one.value >= one.limit : one.value <= one.limit;
      all &= met;
      fmt::print("  {:<58} {:>10.3f} {} {:<8.6g} {}\n", one.name, one.value, one.at_least ? ">=" : "<=", one.limit,
                 met ? "met" : "MISSED");
    }
    return all ? 0 : 1;
  }

 private:
  struct Target {
    std::string name;
    double value, limit;
    bool at_least;
  };
  double factor_ = 1;
  std::vector<Target> all_;
};

}  // namespace gapura::bench
