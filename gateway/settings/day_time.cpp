// SPDX-License-Identifier: Apache-2.0
#include "gateway/settings/day_time.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace gapura::gateway {
namespace {

constexpr int day = 24 * 60;

// Parses one to `most` digits; none otherwise.
std::optional<int> number(std::string_view text, std::size_t most) {
  if (text.empty() || text.size() > most) return std::nullopt;
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::optional<DayTime> after_sunset(std::string_view rest) {
  if (rest.empty()) return DayTime{true, Minutes(0)};
  const auto minutes = number(rest.substr(1), 3);
  if ((rest[0] != '+' && rest[0] != '-') || !minutes || *minutes > day / 2) return std::nullopt;
  return DayTime{true, Minutes(rest[0] == '-' ? -*minutes : *minutes)};
}

}  // namespace

std::optional<DayTime> parse_day_time(const std::string& text) {
  const std::string_view all(text), sunset("sunset");
  if (all.substr(0, sunset.size()) == sunset) return after_sunset(all.substr(sunset.size()));
  if (all.size() != 5 || all[2] != ':') return std::nullopt;
  const auto hours = number(all.substr(0, 2), 2), minutes = number(all.substr(3), 2);
  if (!hours || !minutes || *minutes > 59 || *hours * 60 + *minutes > day) return std::nullopt;
  return DayTime{false, Minutes(*hours * 60 + *minutes)};
}

std::optional<Millis> parse_duration(const std::string& text) {
  if (text.substr(0, 2) != "PT") return std::nullopt;
  std::string_view rest = std::string_view(text).substr(2), units("HMS");
  int seconds = 0;
  while (!rest.empty()) {
    const auto end = std::min(rest.find_first_of(units), rest.size());
    const auto amount = number(rest.substr(0, end), 5);
    if (!amount || end == rest.size()) return std::nullopt;
    seconds += *amount * (rest[end] == 'H' ? 3600 : rest[end] == 'M' ? 60 : 1);
    units = units.substr(units.find(rest[end]) + 1);  // each unit once, the larger first
    rest = rest.substr(end + 1);
  }
  if (seconds <= 0 || seconds > day * 60) return std::nullopt;
  return Millis(std::chrono::seconds(seconds));
}

std::string format_duration(Millis duration) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(duration).count();
  std::string text = "PT";
  if (seconds >= 3600) text += fmt::format("{}H", seconds / 3600);
  if (seconds / 60 % 60 > 0) text += fmt::format("{}M", seconds / 60 % 60);
  if (seconds % 60 > 0 || seconds == 0) text += fmt::format("{}S", seconds % 60);
  return text;
}

}  // namespace gapura::gateway
