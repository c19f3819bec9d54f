// SPDX-License-Identifier: Apache-2.0
#include "models/site/account_name.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "models/base/text.h"

namespace gapura {
namespace {

struct LookAlike {
  std::uint32_t code;
  char letter;
};

// The Unicode confusables of the letters in the reserved names; lower case.
constexpr auto look_alikes = std::to_array<LookAlike>({
    {0x0131, 'i'}, {0x0142, 'l'}, {0x017f, 's'}, {0x0261, 'g'}, {0x0269, 'i'},                 // Latin
    {0x03b1, 'a'}, {0x03b5, 'e'}, {0x03b9, 'i'}, {0x03bd, 'v'}, {0x03bf, 'o'}, {0x03c1, 'p'},  // Greek
    {0x03c4, 't'}, {0x03c5, 'u'}, {0x03f2, 'c'}, {0x0430, 'a'}, {0x0432, 'v'}, {0x0435, 'e'},  // Cyrillic
    {0x043c, 'm'}, {0x043e, 'o'}, {0x0440, 'p'}, {0x0441, 'c'}, {0x0442, 't'}, {0x0443, 'y'},
    {0x0455, 's'}, {0x0456, 'i'}, {0x0475, 'v'}, {0x04cf, 'i'}, {0x0501, 'd'},
});

std::uint32_t in_small(std::uint32_t code) {
  if (code >= 0xff01 && code <= 0xff5e) code -= 0xfee0;  // full width
  if (code >= 'A' && code <= 'Z') return code + 32;
  if (code >= 0xc0 && code <= 0xde) return code + 32;
  if (code >= 0x391 && code <= 0x3a9) return code + 32;
  if (code >= 0x410 && code <= 0x42f) return code + 32;
  if (code >= 0x400 && code <= 0x40f) return code + 80;
  if (code == 0x3f9) return 0x3f2;
  if (code == 0x4c0) return 0x4cf;
  return code;
}

// Blanks, punctuation, marks on letters, and invisible characters.
bool is_nothing(std::uint32_t code) {
  return code < '0' || (code > '9' && code < 'a' && code != '^') || (code >= '{' && code < 0xc0 && code != '|') ||
         (code >= 0x300 && code <= 0x36f) || code == 0x180e || (code >= 0x2000 && code <= 0x206f) || code == 0x3000 ||
         (code >= 0xfe00 && code <= 0xfe0f) || code == 0xfeff || code >= 0xe0000;
}

char letter_of(std::uint32_t code) {
  constexpr std::string_view accented = "aaaaaaaceeeeiiiidnooooo/ouuuuypy";  // from U+00E0
  if (code >= 0xe0 && code <= 0xff) return accented[code - 0xe0];
  for (const auto& [other, letter] : look_alikes)
    if (other == code) return letter;
  return code < 0x80 ? static_cast<char>(code) : '?';
}

// Treats i and l, and digits that look like letters, as one character.
std::string skeleton(std::string_view name) {
  std::string text;
  while (!name.empty()) {
    const std::uint32_t code = in_small(take_code_point(name));
    if (is_nothing(code)) continue;
    char letter = letter_of(code);
    if (letter == '1' || letter == '|' || letter == 'i') letter = 'l';
    if (letter == '0') letter = 'o';
    if (letter == '5') letter = 's';
    if (letter == '3') letter = 'e';
    if (letter == '4') letter = 'a';
    if (letter == '7') letter = 't';
    text += letter;
  }
  return text;
}

}  // namespace

bool looks_like_reserved_name(std::string_view name) {
  const std::string seen = skeleton(name);
  constexpr std::array reserved{"local", "system", "device", "setup"};
  return std::any_of(reserved.begin(), reserved.end(), [&](const char* one) { return skeleton(one) == seen; });
}

}  // namespace gapura
