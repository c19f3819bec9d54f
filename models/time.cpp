// SPDX-License-Identifier: Apache-2.0
#include "models/time.h"

#include <array>
#include <cstdio>

namespace gapura {

std::string format_rfc3339(UtcTime utc, std::chrono::minutes offset) {
  using namespace std::chrono;
  const auto local = utc + offset;
  const auto day = floor<days>(local);
  const year_month_day date{day};
  const hh_mm_ss clock{local - day};
  const int minutes_east = static_cast<int>(offset.count());
  const int away = minutes_east < 0 ? -minutes_east : minutes_east;
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03d%c%02d:%02d", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()),
                minutes_east < 0 ? '-' : '+', away / 60, away % 60);
  return text.data();
}

std::optional<UtcTime> parse_rfc3339(const std::string& text) {
  using namespace std::chrono;
  int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0, ms = 0, oh = 0, om = 0, end = 0;
  char sign = 0;
  const int read = std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%3d%c%2d:%2d%n", &y, &mo, &d, &h, &mi, &s, &ms, &sign,
                               &oh, &om, &end);
  if (read != 10 || end != 29 || text.size() != 29 || (sign != '+' && sign != '-')) return std::nullopt;
  const year_month_day date{year(y), month(static_cast<unsigned>(mo)), day(static_cast<unsigned>(d))};
  if (!date.ok()) return std::nullopt;
  const auto offset = hours(oh) + minutes(om);
  const UtcTime local = sys_days(date) + hours(h) + minutes(mi) + seconds(s) + milliseconds(ms);
  return sign == '-' ? local + offset : local - offset;
}

}  // namespace gapura
