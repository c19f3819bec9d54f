// SPDX-License-Identifier: Apache-2.0
// Times of day and durations as people write them in configurations. Pure.
#pragma once

#include <optional>
#include <string>

#include "models/site/schedule.h"

namespace gapura::gateway {

// Parses "08:00" to "24:00", "sunset", "sunset-15", "sunset+30" (minutes, at most 720). Returns none for any other text.
std::optional<DayTime> parse_day_time(const std::string& text);
// Parses ISO 8601, hours and smaller: "PT30S", "PT2M", "PT1H30M"; positive, at most a day. Returns none for any other text.
std::optional<Millis> parse_duration(const std::string& text);
// The inverse, in the largest units: 90 seconds is "PT1M30S".
std::string format_duration(Millis duration);

}  // namespace gapura::gateway
