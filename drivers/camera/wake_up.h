// SPDX-License-Identifier: Apache-2.0
// Wakes a thread that polls.
#pragma once

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>

namespace gapura::drivers {

// Thread-safe. Owns an eventfd.
struct WakeUp {
  const int descriptor;

  static int open() { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }  // negative: no descriptor is left
  explicit WakeUp(int opened) : descriptor(opened) {}
  ~WakeUp() { ::close(descriptor); }
  WakeUp(const WakeUp&) = delete;
  WakeUp& operator=(const WakeUp&) = delete;

  void ring() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(descriptor, &one, sizeof one);  // a full counter wakes as well
  }
  void clear() const {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto got = ::read(descriptor, &count, sizeof count);
  }
};

}  // namespace gapura::drivers
