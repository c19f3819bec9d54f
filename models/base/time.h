// SPDX-License-Identifier: Apache-2.0
// Time as the core uses it. Nothing here reads a clock: time is an argument everywhere in models/.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "models/base/words.h"

namespace gapura {

using Millis = std::chrono::milliseconds;
using UtcTime = std::chrono::sys_time<Millis>;

// Milliseconds since the machine booted (CLOCK_BOOTTIME): never set back, counts through suspend, the same in all
// processes.
struct BootClock {
  using rep = std::int64_t;
  using period = std::milli;
  using duration = Millis;
  using time_point = std::chrono::time_point<BootClock, Millis>;
  static constexpr bool is_steady = true;
};
using BootTime = BootClock::time_point;

// ok: agrees with its trusted anchor. holdover: was set, but has no fresh source. suspect: jumped; rules about hours ask
// the guard.
GAPURA_ENUM(ClockQuality, ok, holdover, suspect);

struct Now {
  UtcTime utc;
  BootTime boot;
  ClockQuality quality = ClockQuality::ok;
  std::chrono::minutes offset{0};  // of the site's zone at this instant: WIB is +420
};

// RFC 3339 with milliseconds and the zone's offset: 2026-01-31T08:15:02.123+07:00. UtcTime::max() is a day in December
// 9999.
std::string format_rfc3339(UtcTime utc, std::chrono::minutes offset);
// The inverse of format_rfc3339(); accepts exactly that form.
std::optional<UtcTime> parse_rfc3339(const std::string& text);

}  // namespace gapura
