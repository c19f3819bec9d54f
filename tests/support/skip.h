// SPDX-License-Identifier: Apache-2.0
// Marks a case that this machine cannot run as passed, with a line that ./test collects (../expected_skips.txt).
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <iostream>
#include <sstream>
#include <string>

namespace gapura::tests {

inline void say_skipped(std::string why) {
  std::replace(why.begin(), why.end(), '\n', ' ');
  std::cout << "\nSKIPPED: " << Catch::getResultCapture().getCurrentTestName() << ": " << why << std::endl;
}

}  // namespace gapura::tests

// Ends the case; `why` may be joined by <<.
#define SKIP_TEST(why) return ::gapura::tests::say_skipped((std::ostringstream() << why).str())
