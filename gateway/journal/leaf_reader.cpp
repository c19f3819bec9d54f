// SPDX-License-Identifier: Apache-2.0
#include "gateway/journal/leaf_reader.h"

#include <array>
#include <boost/json.hpp>

namespace gapura::gateway {
namespace {

namespace json = boost::json;

bool is_text_or_null(const json::value& value) { return value.is_string() || value.is_null(); }

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
  std::array<unsigned char, 8192> room;  // rarely too small for a leaf, and freed as a whole
  json::monotonic_resource memory(room.data(), room.size());
  const json::value root = json::parse(json::string_view(leaf.data(), leaf.size()), error, &memory);
  constexpr std::string_view keys[] = {"v", "i", "ts", "bt", "boot", "cq", "typ", "pt", "act", "sub", "bdg", "ref", "d"};
  enum Key { v_, i_, ts_, bt_, boot_, cq_, typ_, pt_, act_, sub_, bdg_, ref_, d_ };
  const json::object* o = error ? nullptr : root.if_object();
  if (!o || o->size() != std::size(keys)) return fail(ErrorKind::bad_input, "leaf: not a version 1 object");
  // Their order is part of the format, so each is read by its position.
  for (std::size_t n = 0; n < std::size(keys); ++n)
    if ((o->begin() + n)->key() != json::string_view(keys[n].data(), keys[n].size()))
      return fail(ErrorKind::bad_input, "leaf: " + std::string(keys[n]) + " is missing or not in its place");
  const auto at = [&](Key key) -> const json::value& { return (o->begin() + key)->value(); };
  if (at(v_) != json::value(1))
    return fail(ErrorKind::bad_input, "leaf: not of version 1: this program is older than the journal");

  const auto type = find_word<EventType>(text_or_empty(at(typ_)));
  const auto time = parse_rfc3339(text_or_empty(at(ts_)));
  const auto quality = find_word<ClockQuality>(text_or_empty(at(cq_)));
  const bool named =
      at(act_).is_string() && is_text_or_null(at(pt_)) && is_text_or_null(at(sub_)) && is_text_or_null(at(bdg_));
  const bool refers = at(ref_).is_null() || at(ref_).is_int64();
  if (!type || !time || !quality || !named || !refers || !at(i_).is_int64() || !at(bt_).is_int64() || !at(d_).is_object())
    return fail(ErrorKind::bad_input, "leaf: a key has a value of the wrong kind");

  Entry entry;
  entry.type = *type;
  entry.number = static_cast<std::uint64_t>(at(i_).as_int64());
  entry.point = text_or_empty(at(pt_));
  entry.actor = text_or_empty(at(act_));
  entry.visit = VisitId(text_or_empty(at(sub_)));
  entry.badge = BadgeId(text_or_empty(at(bdg_)));
  if (const auto* ref = at(ref_).if_int64()) entry.ref = static_cast<std::uint64_t>(*ref);
  entry.at = {*time, BootTime(Millis(at(bt_).as_int64())), *quality, std::chrono::minutes(0)};
  for (const auto& [key, value] : at(d_).as_object()) {
    auto read = TRY(read_value(value));
    entry.data.emplace_back(std::string(key), std::move(read));
  }
  return entry;
}

}  // namespace gapura::gateway
