// SPDX-License-Identifier: Apache-2.0
#include "models/record/site_event.h"

#include <cstdio>

#include "models/base/sha256.h"
#include "models/base/text.h"

namespace gapura {
namespace {

void write_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
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

std::string detail::text_of(const Hash& hash) { return to_hex(as_bytes(hash)); }

std::optional<Hash> detail::hash_of(const std::string& hexadecimal) {
  Hash hash{};
  if (hexadecimal.size() != 2 * hash.size()) return std::nullopt;
  const auto digit = [](char c) { return c >= 'a' ? c - 'a' + 10 : c - '0'; };
  for (std::size_t i = 0; i < hash.size(); ++i)
    hash[i] = static_cast<std::uint8_t>(digit(hexadecimal[2 * i]) * 16 + digit(hexadecimal[2 * i + 1]));
  return hash;
}

Entry make_entry(EventType type) {
  Entry entry;
  entry.type = type;
  return entry;
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
