// SPDX-License-Identifier: Apache-2.0
// Request bodies by the declaration of structs: commands, and the few of bodies.h. A field's name and type
// (contract/body_fields.h) make both the shape, which checks a body and describes it in openapi.json, and the value.
#pragma once

#include <algorithm>

#include "gateway/contract/body_fields.h"
#include "gateway/web/http/shape.h"
#include "models/record/events.h"

namespace gapura::gateway {
namespace detail {

using gapura::detail::is_a;
constexpr std::size_t longest_id = 64;

inline void describe_text(Member& member, const char* type, std::size_t most) {
  member.type = type;
  member.max = most;
  member.bounded = true;
}
template <class Words>
void describe_choice(Member& member, const Words& choices) {
  member.type = "choice";
  member.choices.assign(choices.begin(), choices.end());
}

template <class T>
void describe(Member& member) {
  if constexpr (is_a<T, Maybe>) {
    member.required = false;
    describe<typename T::Wrapped>(member);
  } else if constexpr (is_a<T, std::optional>) {
    member.required = false;
    describe<typename T::value_type>(member);
  } else if constexpr (is_a<T, Sparse>) {
    member.required = false;
    describe<decltype(T::value)>(member);
  } else if constexpr (is_a<T, std::vector>) {
    member.array = true;
    describe<typename T::value_type>(member);
  } else if constexpr (std::is_same_v<T, bool>) {
    member.type = "flag";
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    member.type = "number";
  } else if constexpr (std::is_same_v<T, UtcTime>) {
    member.type = "time";
  } else if constexpr (is_a<T, Id>) {
    describe_text(member, "text", longest_id);
  } else if constexpr (std::is_enum_v<T>) {
    describe_choice(member, words<T>);
  } else if constexpr (requires { T::choices; }) {
    describe_choice(member, T::choices);
  } else if constexpr (requires { T::kind; }) {
    describe_text(member, word(T::kind), T::most);
  } else {
    describe_text(member, "number", T::largest);
  }
}

template <class Struct>
void append_shape(Shape& shape) {
  const Struct declared{};
  for_each_field(declared, [&](const char* name, [[maybe_unused]] const auto& field) {
    Member member;
    member.name = name;
    describe<std::remove_cvref_t<decltype(field)>>(member);
    if constexpr (requires { Struct::may_lack(name); })
      if (Struct::may_lack(name)) member.required = false;
    shape.push_back(std::move(member));
  });
}

template <class T>
void read_value(const boost::json::value& value, T& field) {
  if constexpr (is_a<T, Maybe>) {
    read_value(value, static_cast<typename T::Wrapped&>(field));
  } else if constexpr (is_a<T, std::optional>) {
    read_value(value, field.emplace());
  } else if constexpr (is_a<T, Sparse>) {
    read_value(value, field.value);
  } else if constexpr (is_a<T, std::vector>) {
    for (const auto& each : value.as_array()) read_value(each, field.emplace_back());
  } else if constexpr (std::is_same_v<T, bool>) {
    field = value.as_bool();
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    field = value.as_int64();
  } else if constexpr (requires { T::largest; }) {
    field = static_cast<int>(value.as_int64());
  } else {
    const std::string text(value.as_string());
    if constexpr (std::is_same_v<T, UtcTime>) {
      field = parse_time(text).value();
    } else if constexpr (std::is_enum_v<T>) {
      field = find_word<T>(text).value();
    } else if constexpr (requires { typename T::Enum; }) {
      field = find_word<typename T::Enum>(text).value();
    } else {
      field = T(text);
    }
  }
}

}  // namespace detail

// The shape of a body that has the fields of these structs, in their order.
template <class... Structs>
Shape body() {
  Shape shape;
  (detail::append_shape<Structs>(shape), ...);
  return shape;
}

// The struct's fields from a body that has been checked against its shape (read_body); its other members are as declared.
template <class Struct>
Struct read_fields(const boost::json::object& checked) {
  Struct read{};
  for_each_field(read, [&](const char* name, auto& field) {
    if (const auto* value = checked.if_contains(name)) detail::read_value(*value, field);
  });
  return read;
}

}  // namespace gapura::gateway
