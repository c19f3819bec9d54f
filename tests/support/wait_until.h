// SPDX-License-Identifier: Apache-2.0
// Waits with a limit for a state that another thread or process brings about and does not signal: a driver's statistics, a
// file, the daemon's status over HTTPS. That is looked at every 5 ms, which is short beside what is waited for and costs
// little; a signal of its own for tests would be product code without a use. Where there is one, a test waits on it
// instead: CollectingSink::wait_reads, SimulatedBus::wait_for_coil, ChildProcess::ends_within, a future.
#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace gapura::tests {

// Longer than anything that is waited for takes, also on a machine that others use: whether something is quick enough is a
// bench's question.
inline constexpr std::chrono::milliseconds patience{60'000};

// Returns true at the first look at which `condition` holds: at once when it holds already. Returns false when it does not
// hold at the first look after `limit`. What `condition` does it does at every look, so an act under test belongs before
// the wait and not into it.
inline bool wait_until(const std::function<bool()>& condition, std::chrono::milliseconds limit = patience) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace gapura::tests
