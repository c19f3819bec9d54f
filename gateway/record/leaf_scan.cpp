// SPDX-License-Identifier: Apache-2.0
#include "gateway/record/leaf_scan.h"

#include <boost/json.hpp>
#include <charconv>
#include <chrono>

namespace gapura::gateway {
namespace {

class Scanner {
 public:
  explicit Scanner(std::string_view rest) : rest_(rest) {}
  bool literal(std::string_view text) {
    if (rest_.substr(0, text.size()) != text) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  bool at_end() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }

  template <class Integer>
  bool integer(Integer& value) {
    const auto [end, code] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    const auto length = static_cast<std::size_t>(end - rest_.data());
    if (code != std::errc()) return false;
    const std::size_t first = rest_[0] == '-' ? 1 : 0;
    if (rest_[first] == '0' && (length > first + 1 || first == 1)) return false;  // refuses 007 and -0
    rest_.remove_prefix(length);
    return true;
  }
  bool string(std::string_view& text) {
    if (!literal("\"")) return false;
    for (std::size_t i = 0; i < rest_.size(); ++i) {
      const auto c = static_cast<unsigned char>(rest_[i]);
      if (c == '"') {
        text = rest_.substr(0, i);
        rest_.remove_prefix(i + 1);
        return true;
      }
      if (c < 0x20 || c == 0x7f) return false;
      if (c == '\\' && !escape(i)) return false;
    }
    return false;
  }
  bool optional_string(std::string_view& text) { return literal("null") || string(text); }
  // {"key":value,…} of flags, integers, texts and lists of texts.
  bool object() {
    if (!literal("{")) return false;
    if (literal("}")) return true;
    do {
      std::string_view key;
      if (!string(key) || !literal(":") || !value()) return false;
    } while (literal(","));
    return literal("}");
  }

 private:
  // Accepts only what make_leaf() writes: \" \\ and \u00xx of control characters. Leaves `i` at the escape's last byte.
  bool escape(std::size_t& i) {
    const std::string_view after = rest_.substr(i + 1, 5);
    if (after.substr(0, 1) == "\"" || after.substr(0, 1) == "\\") return ++i, true;
    if (after.size() < 5 || after.substr(0, 3) != "u00") return false;
    unsigned value = 0;
    const auto [end, code] = std::from_chars(after.data() + 3, after.data() + 5, value, 16);
    if (code != std::errc() || end != after.data() + 5 || (value >= 0x20 && value != 0x7f)) return false;
    for (const char c : after.substr(3))
      if (c >= 'A' && c <= 'F') return false;
    i += 5;
    return true;
  }
  bool value() {
    std::string_view text;
    std::int64_t number = 0;
    if (literal("true") || literal("false") || string(text)) return true;
    if (!literal("[")) return integer(number);
    if (literal("]")) return true;
    do {
      if (!string(text)) return false;
    } while (literal(","));
    return literal("]");
  }

  std::string_view rest_;
};

// A fast parser of "2026-01-31T08:15:02.123+07:00".
std::optional<std::int64_t> utc_of(std::string_view ts) {
  if (ts.size() != 29) return std::nullopt;
  const auto digits = [&](std::size_t at, std::size_t count) {  // -1 where one is none
    int value = 0;
    for (std::size_t i = at; i < at + count; ++i)
      value = value < 0 || ts[i] < '0' || ts[i] > '9' ? -1 : value * 10 + ts[i] - '0';
    return value;
  };
  if (ts[4] != '-' || ts[7] != '-' || ts[10] != 'T' || ts[13] != ':' || ts[16] != ':' || ts[19] != '.' || ts[26] != ':' ||
      (ts[23] != '+' && ts[23] != '-'))
    return std::nullopt;
  using namespace std::chrono;
  const int year_of = digits(0, 4), month_of = digits(5, 2), day_of = digits(8, 2);
  const int hour = digits(11, 2), minute = digits(14, 2), second = digits(17, 2), milli = digits(20, 3);
  const int hours_away = digits(24, 2), minutes_away = digits(27, 2);
  for (const int part : {year_of, month_of, day_of, hour, minute, second, milli, hours_away, minutes_away})
    if (part < 0) return std::nullopt;
  const year_month_day date{year(year_of), month(static_cast<unsigned>(month_of)), day(static_cast<unsigned>(day_of))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 59 || minutes_away > 59) return std::nullopt;
  const std::int64_t days = sys_days(date).time_since_epoch().count();
  const std::int64_t local = (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + milli;
  const int away = (hours_away * 60 + minutes_away) * 60'000;
  return ts[23] == '-' ? local + away : local - away;
}

}  // namespace

std::optional<LeafFields> scan_leaf(std::string_view leaf) {
  if (leaf.size() < 2 || leaf.size() > 4096) return std::nullopt;
  LeafFields fields;
  std::string_view time;
  std::uint64_t ref = 0;
  Scanner scan(leaf);
  const auto number_or_null = [&] {
    if (scan.literal("null")) return true;
    if (!scan.integer(ref)) return false;
    fields.ref = ref;
    return true;
  };
  const bool head = scan.literal("{\"v\":1,\"i\":") && scan.integer(fields.number) && scan.literal(",\"ts\":") &&
                    scan.string(time) && scan.literal(",\"bt\":") && scan.integer(fields.boot) &&
                    scan.literal(",\"boot\":") && scan.string(fields.boot_id) && scan.literal(",\"cq\":") &&
                    scan.string(fields.quality) && scan.literal(",\"typ\":") && scan.string(fields.type) &&
                    scan.literal(",\"pt\":") && scan.optional_string(fields.point) && scan.literal(",\"act\":") &&
                    scan.string(fields.actor) && scan.literal(",\"sub\":") && scan.optional_string(fields.visit) &&
                    scan.literal(",\"bdg\":") && scan.optional_string(fields.badge) && scan.literal(",\"ref\":") &&
                    number_or_null() && scan.literal(",\"d\":");
  if (!head) return std::nullopt;
  const std::string_view data = scan.rest();
  if (!scan.object()) return std::nullopt;
  fields.data = data.substr(0, data.size() - scan.rest().size());
  if (!scan.literal("}\n") || !scan.at_end()) return std::nullopt;
  const auto utc = utc_of(time);
  if (!utc) return std::nullopt;
  fields.utc = *utc;
  return fields;
}

std::string unescaped(std::string_view text) {
  if (text.find('\\') == std::string_view::npos) return std::string(text);
  boost::system::error_code error;
  const auto value = boost::json::parse("\"" + std::string(text) + "\"", error);
  return error || !value.is_string() ? std::string() : std::string(value.as_string());
}

}  // namespace gapura::gateway
