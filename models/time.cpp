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
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()),
                static_cast<int>(clock.subseconds().count()), minutes_east < 0 ? '-' : '+', away / 60, away % 60);
  return text.data();
}

}  // namespace gapura
