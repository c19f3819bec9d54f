// SPDX-License-Identifier: Apache-2.0
// Types of the fields of a request's body (GAPURA_FIELDS of a command). The type says what the web accepts:
// gateway/web/http/body.h reads the body and describes it in openapi.json, both from these types. To the core they are
// texts and numbers, and it checks what its own rules need.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/base/fields.h"

namespace gapura::gateway {

GAPURA_ENUM(TextKind, text, lines, secret);
// At most `most_` code points (of a secret: bytes), at least one unless it may be absent (Maybe).
template <TextKind kind_, std::size_t most_>
struct LimitedText : std::string {
  static constexpr TextKind kind = kind_;
  static constexpr std::size_t most = most_;
  using std::string::string;
  LimitedText() = default;
  LimitedText(std::string text) : std::string(std::move(text)) {}  // NOLINT(google-explicit-constructor): reads like a text
};
template <std::size_t most>
using Text = LimitedText<TextKind::text, most>;  // one line, without blanks at its ends
template <std::size_t most>
using Lines = LimitedText<TextKind::lines, most>;  // the same with line breaks
template <std::size_t most>
using SecretText = LimitedText<TextKind::secret, most>;  // as typed

// One of the enumeration's words, as a text.
template <class Enum>
struct WordText : std::string {
  static constexpr auto choices = words<Enum>;
  using std::string::string;
  WordText() = default;
  WordText(std::string text) : std::string(std::move(text)) {}  // NOLINT(google-explicit-constructor)
};

// A whole number from 0 to `most_`.
template <int most_>
struct Whole {
  static constexpr int largest = most_;
  int value = 0;
  Whole() = default;
  Whole(int from) : value(from) {}        // NOLINT(google-explicit-constructor): reads like a number
  operator int() const { return value; }  // NOLINT(google-explicit-constructor)
};

// One of these words of an enumeration; by default the first. Throws std::logic_error for any other.
template <class Enum_, Enum_... allowed>
class OneOf {
 public:
  using Enum = Enum_;
  static constexpr std::array<const char*, sizeof...(allowed)> choices{word(allowed)...};

  constexpr OneOf() = default;
  constexpr OneOf(Enum value) : value_(value) {  // NOLINT(google-explicit-constructor): reads like the enumeration
    if (((value != allowed) && ...)) throw std::logic_error("this word is not among those of the field");
  }
  constexpr operator Enum() const { return value_; }  // NOLINT(google-explicit-constructor)
  friend constexpr const char* word(OneOf one) { return gapura::word(one.value_); }

 private:
  static constexpr std::array<Enum, sizeof...(allowed)> all_{allowed...};
  Enum value_ = all_[0];
};

// A field that may be absent, and then has the member's default: an empty text or id, 0 unless the declaration says
// otherwise. A type without such a value is a std::optional, and a bool a Flag (models/record/events.h).
template <class T>
struct Maybe : T {
  using Wrapped = T;
  Maybe() = default;
  // NOLINTBEGIN(google-explicit-constructor,bugprone-forwarding-reference-overload): reads like the value
  template <class U>
  requires std::convertible_to<U, T> Maybe(U&& from) : T(std::forward<U>(from)) {}
  // NOLINTEND(google-explicit-constructor,bugprone-forwarding-reference-overload)
};
template <class T>
struct Maybe<std::vector<T>> : std::vector<T> {
  using Wrapped = std::vector<T>;
  using std::vector<T>::vector;
};

}  // namespace gapura::gateway
