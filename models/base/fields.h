// SPDX-License-Identifier: Apache-2.0
// The fields of a struct, declared once, in order, inside the struct after its members:
//   GAPURA_FIELDS(from, to, why);
// A field is named after its member, without a trailing underscore (case_ is "case"). A derived struct that declares no
// fields has those of its base; GAPURA_FIELDS_AFTER(Base, until) are those of the base and its own after them.
#pragma once

#include <concepts>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "models/base/words.h"

#define GAPURA_FIELDS(...)                                                \
  static constexpr std::string_view field_list() { return #__VA_ARGS__; } \
  auto fields() { return std::tie(__VA_ARGS__); }                         \
  auto fields() const { return std::tie(__VA_ARGS__); }                   \
  static_assert(true)
#define GAPURA_FIELDS_AFTER(Base, ...) \
  using FieldsBefore = Base;           \
  GAPURA_FIELDS(__VA_ARGS__)

namespace gapura {
namespace detail {

template <class Struct>
struct FieldList {
  static constexpr std::string_view text() { return Struct::field_list(); }
};

// is_a<std::optional<int>, std::optional>
template <class T, template <class...> class Of>
inline constexpr bool is_a = false;
template <template <class...> class Of, class... Arguments>
inline constexpr bool is_a<Of<Arguments...>, Of> = true;

}  // namespace detail

template <class Struct>
inline constexpr auto field_names = detail::IdentifierTexts<detail::FieldList<Struct>>::all;

// Calls visit(name, member) for each field, in order of declaration.
template <class Struct, class Visitor>
constexpr void for_each_field(Struct& value, Visitor&& visit) {
  using Plain = std::remove_const_t<Struct>;
  if constexpr (requires { typename Plain::FieldsBefore; }) {
    using Base = typename Plain::FieldsBefore;
    for_each_field<std::conditional_t<std::is_const_v<Struct>, const Base, Base>>(value, visit);
  }
  auto members = value.fields();
  [&]<std::size_t... I>(std::index_sequence<I...>) { (visit(field_names<Plain>[I], std::get<I>(members)), ...); }
  (std::make_index_sequence<std::tuple_size_v<decltype(members)>>());
}

// A field that is left out where it has its default value: false, 0, an empty text or list.
template <class T>
struct Sparse {
  T value{};
  Sparse() = default;
  // NOLINTBEGIN(google-explicit-constructor,bugprone-forwarding-reference-overload): reads like the value
  template <class U>
  requires std::convertible_to<U, T> Sparse(U&& from) : value(std::forward<U>(from)) {}
  // NOLINTEND(google-explicit-constructor,bugprone-forwarding-reference-overload)
  operator const T&() const { return value; }  // NOLINT(google-explicit-constructor)
  bool is_set() const { return !(value == T{}); }
  bool operator==(const Sparse&) const = default;
};

}  // namespace gapura
