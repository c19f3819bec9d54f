// SPDX-License-Identifier: Apache-2.0
// Waits for something that another thread or process brings about, with a limit. Never a plain sleep.
#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace gapura::tests {

// Longer than anything that is waited for takes, also on a machine that others use: whether something is quick enough is a
// bench's question.
inline constexpr std::chrono::milliseconds patience{60'000};

// True as soon as `condition` holds; false when `limit` passed without it.
inline bool wait_until(const std::function<bool()>& condition, std::chrono::milliseconds limit = patience) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace gapura::tests
