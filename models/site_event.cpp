// SPDX-License-Identifier: Apache-2.0
#include "models/site_event.h"

#include <cstdio>

namespace gapura {
namespace {

const Value* find(const Fields& fields, std::string_view key) {
  for (const auto& [name, value] : fields)
    if (name == key) return &value;
  return nullptr;
}

// Length of the well-formed UTF-8 sequence at `text`'s start (RFC 3629), 0 when there is none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xc2 && first <= 0xdf   ? 2
                             : first >= 0xe0 && first <= 0xef ? 3
                             : first >= 0xf0 && first <= 0xf4 ? 4
                                                              : 0;
  if (length == 0) return 0;
  const unsigned low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  const unsigned high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  if (byte(1) < low || byte(1) > high) return 0;
  for (std::size_t i = 2; i < length; ++i)
    if (byte(i) < 0x80 || byte(i) > 0xbf) return 0;
  return length;
}

void write_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0) {
      out += "\xef\xbf\xbd";
      text.remove_prefix(1);
      continue;
    }
    const char c = text.front();
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(static_cast<unsigned char>(c)));
      out += escape;
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  out += '"';
}

void write_value(std::string& out, const Value& value) {
  if (const auto* flag = std::get_if<bool>(&value)) {
    out += *flag ? "true" : "false";
  } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
    out += std::to_string(*number);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    write_string(out, *text);
  } else {
    out += '[';
    const char* separator = "";
    for (const auto& item : std::get<std::vector<std::string>>(value)) {
      out += separator;
      write_string(out, item);
      separator = ",";
    }
    out += ']';
  }
}

void write_optional(std::string& out, std::string_view key, std::string_view text) {
  out.append(",\"").append(key).append("\":");
  if (text.empty()) {
    out += "null";
  } else {
    write_string(out, text);
  }
}

}  // namespace

std::string find_text(const Fields& fields, std::string_view key) {
  const Value* value = find(fields, key);
  const auto* text = value ? std::get_if<std::string>(value) : nullptr;
  return text ? *text : std::string();
}

std::int64_t find_integer(const Fields& fields, std::string_view key) {
  const Value* value = find(fields, key);
  const auto* number = value ? std::get_if<std::int64_t>(value) : nullptr;
  return number ? *number : 0;
}

bool find_flag(const Fields& fields, std::string_view key) {
  const Value* value = find(fields, key);
  const auto* flag = value ? std::get_if<bool>(value) : nullptr;
  return flag && *flag;
}

std::string make_leaf(const Entry& entry, std::string_view boot_id) {
  std::string out = "{\"v\":1,\"i\":" + std::to_string(entry.number);
  out += ",\"ts\":\"" + format_rfc3339(entry.at.utc, entry.at.offset) + "\"";
  out += ",\"bt\":" + std::to_string(entry.at.boot.time_since_epoch().count());
  out.append(",\"boot\":");
  write_string(out, boot_id);
  out.append(",\"cq\":\"").append(word(entry.at.quality)).append("\",\"typ\":\"").append(word(entry.type)).append("\"");
  write_optional(out, "pt", entry.point);
  out += ",\"act\":";
  write_string(out, entry.actor);
  write_optional(out, "sub", entry.visit.str());
  write_optional(out, "bdg", entry.badge.str());
  out += ",\"ref\":" + (entry.ref ? std::to_string(*entry.ref) : "null") + ",\"d\":{";
  const char* separator = "";
  for (const auto& [name, value] : entry.data) {
    out += separator;
    write_string(out, name);
    out += ':';
    write_value(out, value);
    separator = ",";
  }
  out += "}}\n";
  return out;
}

}  // namespace gapura
