// SPDX-License-Identifier: Apache-2.0
// Bytes, letters, digits and parts of a text. Text is UTF-8; invalid sequences are handled byte by byte.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gapura {

// Length in bytes of the well-formed UTF-8 sequence at the start of `text` (RFC 3629); 0 when there is none.
std::size_t utf8_length(std::string_view text);
bool is_utf8(std::string_view text);
// Number of code points of well-formed UTF-8.
std::size_t count_code_points(std::string_view utf8);
// Removes the first code point from `text`, which must not be empty, and returns it. A byte that begins no well-formed
// sequence is returned as its own value.
char32_t take_code_point(std::string_view& text);

// A to Z become a to z; other bytes are kept.
std::string lower_case(std::string text);
// The ASCII digits of `text`, in their order.
std::string digits_of(std::string_view text);
// 0 to 15 for a hexadecimal digit of either case, else -1.
int hex_digit(char c);

// True for an id: 1 to 64 lower-case letters, digits, '_' and '-', and '.' if `dots`; the first is neither '-' nor '.'.
bool is_id(std::string_view text, bool dots);

// Returns the text without the spaces at both ends.
std::string trimmed(std::string_view text);
// Returns the parts between separators, in order. Empty parts are left out.
std::vector<std::string> split(std::string_view text, char separator);
std::string joined(const std::vector<std::string>& parts, std::string_view separator);

}  // namespace gapura
