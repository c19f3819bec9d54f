// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/http/shape.h"

#include <algorithm>
#include <cctype>

#include "gateway/web/http/problem.h"
#include "models/base/text.h"

namespace gapura::gateway {
namespace json = boost::json;
namespace {

constexpr std::size_t longest_list = 500;

[[noreturn]] void refuse(const Member& member, const std::string& expected) {
  throw Problem("bad_input", "\"" + member.name + "\": expected " + expected + ".");
}

json::value read_text(const Member& member, const json::value& value) {
  const std::string limit = "a text of 1 to " + std::to_string(member.max) + " characters";
  if (!value.is_string()) refuse(member, limit);
  std::string text(value.get_string());
  if (member.type == "secret") {
    if (text.size() > member.max || text.empty()) refuse(member, limit);
    return json::value(text);
  }
  text = trimmed(text);
  const bool lines = member.type == "lines";
  for (const char c : text) {
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    if (control && !(lines && (c == '\n' || c == '\t'))) refuse(member, "a text without control characters");
  }
  if (count_code_points(text) > member.max || (text.empty() && member.required)) refuse(member, limit);
  return json::value(text);
}

json::value read_number(const Member& member, const json::value& value) {
  if (!value.is_int64()) refuse(member, "a whole number");
  const auto number = value.get_int64();
  if (member.bounded && (number < 0 || static_cast<std::uint64_t>(number) > member.max))
    refuse(member, "0 to " + std::to_string(member.max));
  return value;
}

json::value read_one(const Member& member, const json::value& value) {
  if (member.type == "choice") {
    const bool known = value.is_string() && std::find(member.choices.begin(), member.choices.end(),
                                                      std::string_view(value.get_string())) != member.choices.end();
    if (!known) refuse(member, "one of " + joined(member.choices, ", "));
    return value;
  }
  if (member.type == "number") return read_number(member, value);
  if (member.type == "time") {
    if (!value.is_string() || !parse_time(value.get_string())) refuse(member, "a time like 2026-01-31T08:15:00+07:00");
    return value;
  }
  if (member.type == "flag") {
    if (!value.is_bool()) refuse(member, "true or false");
    return value;
  }
  return read_text(member, value);
}

json::value read_member(const Member& member, const json::value& value) {
  if (!member.array) return read_one(member, value);
  if (!value.is_array() || value.get_array().size() > longest_list)
    refuse(member, "a list of at most " + std::to_string(longest_list));
  json::array all;
  for (const auto& item : value.get_array()) all.push_back(read_one(member, item));
  return all;
}

json::object typed(const Member& member) {
  const std::string& type = member.type;
  if (type == "choice") {
    json::array choices;
    for (const auto& choice : member.choices) choices.push_back(json::value(choice));
    return {{"type", "string"}, {"enum", std::move(choices)}};
  }
  if (type == "number") {
    json::object number{{"type", "integer"}};
    if (member.bounded) {
      number["minimum"] = 0;
      number["maximum"] = member.max;
    }
    return number;
  }
  if (type == "decimal") return {{"type", "number"}};
  if (type == "flag") return {{"type", "boolean"}};
  if (type == "time") return {{"type", "string"}, {"format", "date-time"}};
  if (type == "object") return {{"type", "object"}};
  if (std::isupper(static_cast<unsigned char>(type.front()))) return {{"$ref", "#/components/schemas/" + type}};
  return {{"type", "string"}, {"maxLength", member.max}};
}

}  // namespace

std::optional<UtcTime> parse_time(std::string_view text) {
  // "2026-01-31T08:15", then perhaps ":02", then perhaps ".123", then the zone: filled up to the one form of
  // models/base/time.h.
  static constexpr std::string_view pattern = "0000-00-00T00:00:00.000+00:00";
  std::string full(text.substr(0, 16));
  text.remove_prefix(full.size());
  const bool seconds = text.starts_with(':');
  full += seconds ? text.substr(0, 3) : std::string_view(":00");
  text.remove_prefix(seconds ? std::min<std::size_t>(3, text.size()) : 0);
  const auto zone = std::min(text.find_first_of("Z+-"), text.size());
  full += text.substr(0, zone);
  full += std::string_view(".000").substr(std::min<std::size_t>(zone, 4));
  text.remove_prefix(zone);
  full += text == "Z" ? std::string_view("+00:00") : text;
  if (full.size() != pattern.size()) return std::nullopt;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool digit = std::isdigit(static_cast<unsigned char>(full[i])) != 0;
    const bool sign = pattern[i] == '+' && full[i] == '-';
    if (pattern[i] == '0' ? !digit : full[i] != pattern[i] && !sign) return std::nullopt;
  }
  if (full.substr(11, 2) > "23" || full.substr(14, 2) > "59" || full.substr(17, 2) > "59") return std::nullopt;
  return parse_rfc3339(full);
}

json::object read_body(const Shape& shape, std::string_view body) {
  boost::system::error_code code;
  json::parse_options options;
  options.max_depth = 8;
  json::value value = body.empty() ? json::value(json::object{}) : json::parse(body, code, {}, options);
  if (code) throw Problem("bad_input", "The body is not valid JSON: " + code.message() + ".");
  if (!value.is_object()) throw Problem("bad_input", "The body must be a JSON object.");
  json::object checked;
  for (const auto& [key, part] : value.get_object()) {
    const std::string_view name = key;  // clang 14 captures no structured binding
    const auto member = std::find_if(shape.begin(), shape.end(), [&](const Member& m) { return m.name == name; });
    if (member == shape.end()) throw Problem("bad_input", "\"" + std::string(key).substr(0, 40) + "\" is not known here.");
    if (part.is_null() && !member->required) continue;
    checked[key] = read_member(*member, part);
  }
  for (const Member& member : shape)
    if (member.required && !checked.contains(member.name))
      throw Problem("bad_input", "\"" + member.name + "\" is missing.");
  return checked;
}

json::object schema_of_member(const Member& member) {
  json::object schema = typed(member);
  if (member.array) schema = {{"type", "array"}, {"items", std::move(schema)}};
  if (member.nullable) schema = {{"oneOf", json::array{std::move(schema), json::object{{"type", "null"}}}}};
  return schema;
}

json::object schema_of(const Shape& shape) {
  json::object properties;
  json::array required;
  for (const Member& member : shape) {
    properties[member.name] = schema_of_member(member);
    if (member.required) required.push_back(json::value(member.name));
  }
  json::object schema{{"type", "object"}, {"properties", std::move(properties)}};
  if (!required.empty()) schema["required"] = std::move(required);
  return schema;
}

}  // namespace gapura::gateway
