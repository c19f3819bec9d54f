// SPDX-License-Identifier: Apache-2.0
#include "gateway/journal/leaf_reader.h"

#include <array>
#include <boost/json.hpp>

namespace gapura::gateway {
namespace {

namespace json = boost::json;

std::string text_or_empty(const json::value& value) {
  return value.is_string() ? std::string(value.as_string()) : std::string();
}

Result<Value> read_value(const json::value& value) {
  if (value.is_bool()) return Value(value.as_bool());
  if (value.is_int64()) return Value(value.as_int64());
  if (value.is_string()) return Value(std::string(value.as_string()));
  if (!value.is_array())
    return fail(ErrorKind::bad_input, "leaf: d holds something other than texts, integers, flags and lists");
  std::vector<std::string> list;
  for (const auto& item : value.as_array()) list.push_back(text_or_empty(item));
  return Value(std::move(list));
}

}  // namespace

Result<Entry> read_leaf(std::string_view leaf) {
  boost::system::error_code error;
  std::array<unsigned char, 8192> room;  // a whole leaf rarely needs more, and nothing of it has to be freed one by one
  json::monotonic_resource memory(room.data(), room.size());
  const json::value root = json::parse(json::string_view(leaf.data(), leaf.size()), error, &memory);
  constexpr const char* keys[] = {"v", "i", "ts", "bt", "boot", "cq", "typ", "pt", "act", "sub", "bdg", "ref", "d"};
  const json::object* o = error ? nullptr : root.if_object();
  if (!o || o->size() != std::size(keys)) return fail(ErrorKind::bad_input, "leaf: not a version 1 object");
  for (const char* key : keys)
    if (!o->contains(key)) return fail(ErrorKind::bad_input, std::string("leaf: ") + key + " is missing");

  const auto type = find_word<EventType>(text_or_empty(o->at("typ")));
  const auto time = parse_rfc3339(text_or_empty(o->at("ts")));
  if (!type || !time || !o->at("i").is_int64() || !o->at("bt").is_int64() || !o->at("d").is_object())
    return fail(ErrorKind::bad_input, "leaf: a key has a value of the wrong kind");

  Entry entry;
  entry.type = *type;
  entry.number = static_cast<std::uint64_t>(o->at("i").as_int64());
  entry.point = text_or_empty(o->at("pt"));
  entry.actor = text_or_empty(o->at("act"));
  entry.visit = VisitId(text_or_empty(o->at("sub")));
  entry.badge = BadgeId(text_or_empty(o->at("bdg")));
  if (const auto* ref = o->at("ref").if_int64()) entry.ref = static_cast<std::uint64_t>(*ref);
  entry.at = {*time, BootTime(Millis(o->at("bt").as_int64())),
              find_word<ClockQuality>(text_or_empty(o->at("cq"))).value_or(ClockQuality::suspect), std::chrono::minutes(0)};
  for (const auto& [key, value] : o->at("d").as_object()) {
    auto read = read_value(value);
    if (!read) return tl::unexpected(read.error());
    entry.data.emplace_back(std::string(key), std::move(*read));
  }
  return entry;
}

}  // namespace gapura::gateway
