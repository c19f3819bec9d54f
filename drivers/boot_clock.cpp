// SPDX-License-Identifier: Apache-2.0
#include <ctime>

#include "drivers/reader.h"

namespace gapura::drivers {

BootTime boot_now() {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return BootTime(Millis(static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000));
}

}  // namespace gapura::drivers
