// SPDX-License-Identifier: Apache-2.0
// Enumerators and their stored text are the same word. Each enumeration lists its words once, in enumerator order:
//   template <> inline constexpr auto words<Level> = std::to_array<const char*>({"off", "on", "unknown"});
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace gapura {

template <class Enum>
inline constexpr std::array<const char*, 0> words{};

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
