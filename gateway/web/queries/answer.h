// SPDX-License-Identifier: Apache-2.0
// Answers by the declaration of structs (answers.h): a field's name and type make both the schema in openapi.json and the
// JSON. std::optional: may be null. LeftOut: may be missing. A struct with a `schema` is referred to by that name; one
// without is a route's whole answer, or, inside another, an object whose members the schema does not name.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>

#include "gateway/web/http/body.h"
#include "models/base/time.h"

namespace gapura::gateway {

// Is not in the JSON where it is empty.
template <class T>
struct LeftOut : std::optional<T> {
  using std::optional<T>::optional;
};
// May be null although the schema does not say so.
template <class T>
struct UnsaidNull : std::optional<T> {
  using std::optional<T>::optional;
};

namespace detail {

template <class T>
inline constexpr bool has_fields = requires {
  T::field_list();
};

template <class T>
void describe_answer(Member& member) {
  if constexpr (is_a<T, LeftOut>) {
    member.required = false;
    describe_answer<typename T::value_type>(member);
  } else if constexpr (is_a<T, std::optional>) {
    member.nullable = true;
    describe_answer<typename T::value_type>(member);
  } else if constexpr (is_a<T, UnsaidNull>) {
    describe_answer<typename T::value_type>(member);
  } else if constexpr (is_a<T, std::vector>) {
    member.array = true;
    describe_answer<typename T::value_type>(member);
  } else if constexpr (std::is_same_v<T, std::string>) {
    member.type = "text";
  } else if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
    member.type = "number";
  } else if constexpr (std::is_floating_point_v<T>) {
    member.type = "decimal";
  } else if constexpr (requires { T::schema; }) {
    member.type = T::schema;
  } else if constexpr (has_fields<T> || std::is_same_v<T, boost::json::object>) {
    member.type = "object";
  } else {
    describe<T>(member);
  }
}

}  // namespace detail

template <class Answer>
Shape answer_shape() {
  Shape shape;
  const Answer declared{};
  for_each_field(declared, [&](const char* name, [[maybe_unused]] const auto& field) {
    Member member;
    member.name = name;
    detail::describe_answer<std::remove_cvref_t<decltype(field)>>(member);
    shape.push_back(std::move(member));
  });
  return shape;
}

// `offset`: of the site, in which instants are written.
template <class T>
boost::json::value to_json(const T& value, std::chrono::minutes offset) {
  using detail::is_a;
  if constexpr (is_a<T, std::optional> || is_a<T, LeftOut> || is_a<T, UnsaidNull>) {
    return value ? to_json(*value, offset) : boost::json::value(nullptr);
  } else if constexpr (is_a<T, std::vector>) {
    boost::json::array all;
    all.reserve(value.size());
    for (const auto& each : value) all.push_back(to_json(each, offset));
    return all;
  } else if constexpr (std::is_same_v<T, UtcTime>) {
    return boost::json::value(format_rfc3339(value, offset));
  } else if constexpr (std::is_enum_v<T>) {
    return boost::json::value(word(value));
  } else if constexpr (detail::has_fields<T>) {
    boost::json::object object;
    for_each_field(value, [&](const char* name, const auto& field) {
      if constexpr (is_a<std::remove_cvref_t<decltype(field)>, LeftOut>)
        if (!field) return;
      object[name] = to_json(field, offset);
    });
    return object;
  } else if constexpr (std::is_convertible_v<const T&, const std::string&>) {
    const std::string& text = value;
    return boost::json::value(text);
  } else {
    return boost::json::value(value);
  }
}

}  // namespace gapura::gateway
