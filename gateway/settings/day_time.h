// SPDX-License-Identifier: Apache-2.0
// Times as people write them in configurations: of the day, and durations. Pure.
#pragma once

#include <optional>
#include <string>

#include "models/schedule.h"

namespace gapura::gateway {

// "08:00" to "24:00", "sunset", "sunset-15", "sunset+30" (minutes, at most 720). Nothing for anything else.
std::optional<DayTime> parse_day_time(const std::string& text);
// ISO 8601, hours and smaller: "PT30S", "PT2M", "PT1H30M"; more than nothing, at most a day. Nothing for anything else.
std::optional<Millis> parse_duration(const std::string& text);
// The inverse, in the largest parts: 90 seconds is "PT1M30S".
std::string format_duration(Millis duration);

}  // namespace gapura::gateway
