// SPDX-License-Identifier: Apache-2.0
#include "models/base/time.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace gapura {

namespace {

// Hand-written: every entry of the journal has a time, and printf was the most expensive part of making a leaf.
void digits(std::string& out, int value, int width) {
  std::array<char, 8> text{};
  for (int i = width; i-- > 0; value /= 10) text.at(static_cast<std::size_t>(i)) = static_cast<char>('0' + value % 10);
  out.append(text.data(), static_cast<std::size_t>(width));
}

}  // namespace

std::string format_rfc3339(UtcTime utc, std::chrono::minutes offset) {
  using namespace std::chrono;
  constexpr UtcTime first = sys_days(year(0) / 1 / 2), last = sys_days(year(9999) / 12 / 31) - Millis(1);
  const auto local = std::clamp(utc, first, last) + offset;
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

// "2026-01-31T08:15:02.123+07:00" and nothing else. Hand-written too: scanf cost more than parsing the leaf's JSON.
std::optional<UtcTime> parse_rfc3339(const std::string& text) {
  using namespace std::chrono;
  static constexpr std::string_view shape = "0000-00-00T00:00:00.000+00:00";
  if (text.size() != shape.size()) return std::nullopt;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool fits = shape[i] == '0'   ? text[i] >= '0' && text[i] <= '9'
                      : shape[i] == '+' ? text[i] == '+' || text[i] == '-'
                                        : text[i] == shape[i];
    if (!fits) return std::nullopt;
  }
  const auto number = [&](std::size_t at, std::size_t width) {
    int value = 0;
    for (std::size_t i = at; i < at + width; ++i) value = value * 10 + (text[i] - '0');
    return value;
  };
  const year_month_day date{year(number(0, 4)), month(static_cast<unsigned>(number(5, 2))),
                            day(static_cast<unsigned>(number(8, 2)))};
  if (!date.ok()) return std::nullopt;
  const auto offset = hours(number(24, 2)) + minutes(number(27, 2));
  const UtcTime local =
      sys_days(date) + hours(number(11, 2)) + minutes(number(14, 2)) + seconds(number(17, 2)) + milliseconds(number(20, 3));
  return text[23] == '-' ? local + offset : local - offset;
}

}  // namespace gapura
