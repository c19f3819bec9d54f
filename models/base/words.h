// SPDX-License-Identifier: Apache-2.0
// Enumerators and their stored text are the same word, declared once:
//   GAPURA_ENUM(Level, off, on, unknown);
// words<Level> is {"off", "on", "unknown"}. Inside a class: GAPURA_CLASS_ENUM. An enumeration with a word that is not a C++
// identifier specialises words<> itself.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#define GAPURA_ENUM(Name, ...)                                              \
  enum class Name { __VA_ARGS__ };                                          \
  constexpr std::string_view gapura_words_of(Name) { return #__VA_ARGS__; } \
  static_assert(true)
#define GAPURA_CLASS_ENUM(Name, ...)                                               \
  enum class Name { __VA_ARGS__ };                                                 \
  friend constexpr std::string_view gapura_words_of(Name) { return #__VA_ARGS__; } \
  static_assert(true)

namespace gapura {
namespace detail {

// The identifiers in a macro's arguments, "a, b_, c", as texts. Trailing underscores are removed: they allow a member whose
// word is a C++ keyword.
template <class List>  // List::text() is that text
class IdentifierTexts {
  static constexpr std::string_view text = List::text();

  static constexpr std::size_t count = [] {
    std::size_t identifiers = 1;
    for (const char c : text) identifiers += c == ',' ? 1 : 0;
    return identifiers;
  }();

  static constexpr std::array<std::string_view, count> parts = [] {
    std::array<std::string_view, count> found;
    std::string_view rest = text;
    for (auto& part : found) {
      part = rest.substr(0, rest.find(','));
      rest.remove_prefix(part.size() < rest.size() ? part.size() + 1 : rest.size());
      while (part.starts_with(' ')) part.remove_prefix(1);
      while (part.ends_with(' ') || part.ends_with('_')) part.remove_suffix(1);
    }
    return found;
  }();

  // Ends in a zero byte, which a part of `text` does not.
  template <std::size_t I>
  static constexpr std::array<char, parts[I].size() + 1> one = [] {
    std::array<char, parts[I].size() + 1> copy{};
    for (std::size_t i = 0; i < parts[I].size(); ++i) copy[i] = parts[I][i];
    return copy;
  }();

 public:
  static constexpr std::array<const char*, count> all = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<const char*, count>{one<I>.data()...};
  }
  (std::make_index_sequence<count>());
};

template <class Enum>
struct WordList {
  static constexpr std::string_view text() { return gapura_words_of(Enum{}); }
};

}  // namespace detail

template <class Enum>
inline constexpr auto words = detail::IdentifierTexts<detail::WordList<Enum>>::all;

template <class Enum>
constexpr const char* word(Enum value) {
  return words<Enum>.at(static_cast<std::size_t>(value));
}

template <class Enum>
constexpr std::optional<Enum> find_word(std::string_view text) {
  for (std::size_t i = 0; i < words<Enum>.size(); ++i)
    if (text == words<Enum>[i]) return static_cast<Enum>(i);
  return std::nullopt;
}

}  // namespace gapura
