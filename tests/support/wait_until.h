// SPDX-License-Identifier: Apache-2.0
// Waits for something that another thread or process brings about, with a limit. Never a plain sleep.
#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace gapura::tests {

// True as soon as `condition` holds; false when `limit` passed without it.
inline bool wait_until(const std::function<bool()>& condition, std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace gapura::tests
