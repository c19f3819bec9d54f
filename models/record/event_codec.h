// SPDX-License-Identifier: Apache-2.0
// The templates of site_event.h: particulars to fields and back, from the structs' own declarations.
#pragma once

#include <chrono>
#include <type_traits>

#include "models/record/site_event.h"

namespace gapura {
namespace detail {

std::string text_of(const Hash& hash);  // in hexadecimal
std::optional<Hash> hash_of(const std::string& hexadecimal);

template <class T>
Value to_value(const T& field) {
  if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, std::int64_t> || std::is_same_v<T, std::string> ||
                std::is_same_v<T, Texts>) {
    return field;
  } else if constexpr (std::is_enum_v<T>) {
    return std::string(word(field));
  } else if constexpr (is_a<T, Id>) {
    return field.str();
  } else if constexpr (std::is_same_v<T, UtcTime>) {
    return static_cast<std::int64_t>(field.time_since_epoch().count());
  } else if constexpr (std::is_same_v<T, Hash>) {
    return text_of(field);
  } else {
    static_assert(is_a<T, std::vector> && std::is_enum_v<typename T::value_type>);
    Texts texts;
    texts.reserve(field.size());
    for (const auto each : field) texts.emplace_back(word(each));
    return texts;
  }
}

template <class T>
void write_field(Fields& to, const char* name, const T& field) {
  if constexpr (is_a<T, Sparse>) {
    if (field.is_set()) to.emplace_back(name, to_value(field.value));
  } else if constexpr (is_a<T, std::optional>) {
    if (field) to.emplace_back(name, to_value(*field));
  } else {
    to.emplace_back(name, to_value(field));
  }
}

template <class T>
void read_value(const Value& value, T& field) {
  if constexpr (is_a<T, Sparse>) {
    read_value(value, field.value);
  } else if constexpr (is_a<T, std::optional>) {
    using Inner = typename T::value_type;
    if constexpr (std::is_enum_v<Inner>) {
      if (const auto* text = std::get_if<std::string>(&value)) field = find_word<Inner>(*text);
    } else {
      Inner read{};
      read_value(value, read);
      field = std::move(read);
    }
  } else if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, std::int64_t> || std::is_same_v<T, std::string> ||
                       std::is_same_v<T, Texts>) {
    if (const auto* same = std::get_if<T>(&value)) field = *same;
  } else if constexpr (std::is_same_v<T, UtcTime>) {
    if (const auto* millis = std::get_if<std::int64_t>(&value)) field = UtcTime(Millis(*millis));
  } else if constexpr (is_a<T, std::vector>) {
    const auto* texts = std::get_if<Texts>(&value);
    if (!texts) return;
    field.clear();
    for (const auto& text : *texts)
      if (const auto found = find_word<typename T::value_type>(text)) field.push_back(*found);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    if constexpr (std::is_enum_v<T>) {
      if (const auto found = find_word<T>(*text)) field = *found;
    } else if constexpr (std::is_same_v<T, Hash>) {
      if (const auto hash = hash_of(*text)) field = *hash;
    } else {
      static_assert(is_a<T, Id>);
      field = T(*text);
    }
  }
}

// The event type whose particulars these are; does not compile where there are several, or none.
template <class Particulars>
consteval EventType only_type() {
  std::optional<EventType> found;
  for (std::size_t i = 0; i < words<EventType>.size(); ++i) {
    const auto type = static_cast<EventType>(i);
    if (!is_event_of<Particulars>(type)) continue;
    if (found) throw "several events have these particulars: say which";
    found = type;
  }
  return found.value();
}

}  // namespace detail

template <class Particulars>
void append_particulars(Entry& entry, const Particulars& particulars) {
  for_each_field(particulars, [&](const char* name, const auto& field) { detail::write_field(entry.data, name, field); });
}

template <class Particulars>
Entry make_entry(EventType type, const Particulars& particulars) {
  Entry entry;
  entry.type = type;
  append_particulars(entry, particulars);
  return entry;
}

template <class Particulars>
Entry make_entry(const Particulars& particulars) {
  return make_entry(detail::only_type<Particulars>(), particulars);
}

// Fields are searched in the order of the declaration, each from the position of the one before, because that is nearly
// always the leaf's order.
template <class Particulars>
Particulars particulars_of(const Entry& entry) {
  Particulars particulars;
  std::size_t next = 0;
  for_each_field(particulars, [&](const char* name, auto& field) {
    for (std::size_t looked = 0; looked < entry.data.size(); ++looked, ++next) {
      if (next >= entry.data.size()) next = 0;
      if (entry.data[next].first != name) continue;
      detail::read_value(entry.data[next].second, field);
      ++next;
      return;
    }
  });
  return particulars;
}

}  // namespace gapura
