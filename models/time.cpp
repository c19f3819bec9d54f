// SPDX-License-Identifier: Apache-2.0
#include "models/time.h"

#include <array>
#include <cstdio>

namespace gapura {

namespace {

// Written by hand: every entry of the journal carries one, and printf was the dearest part of making a leaf.
void digits(std::string& out, int value, int width) {
  std::array<char, 8> text{};
  for (int i = width; i-- > 0; value /= 10) text.at(static_cast<std::size_t>(i)) = static_cast<char>('0' + value % 10);
  out.append(text.data(), static_cast<std::size_t>(width));
}

}  // namespace

std::string format_rfc3339(UtcTime utc, std::chrono::minutes offset) {
  using namespace std::chrono;
  const auto local = utc + offset;
  const auto day = floor<days>(local);
  const year_month_day date{day};
  const int milliseconds_of_day = static_cast<int>((local - day).count());
  const int minutes_east = static_cast<int>(offset.count());
  const int away = minutes_east < 0 ? -minutes_east : minutes_east;
  std::string text;
  text.reserve(29);
  digits(text, static_cast<int>(date.year()), 4);
  digits(text += '-', static_cast<int>(static_cast<unsigned>(date.month())), 2);
  digits(text += '-', static_cast<int>(static_cast<unsigned>(date.day())), 2);
  digits(text += 'T', milliseconds_of_day / 3'600'000, 2);
  digits(text += ':', milliseconds_of_day / 60'000 % 60, 2);
  digits(text += ':', milliseconds_of_day / 1000 % 60, 2);
  digits(text += '.', milliseconds_of_day % 1000, 3);
  digits(text += minutes_east < 0 ? '-' : '+', away / 60, 2);
  digits(text += ':', away % 60, 2);
  return text;
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
