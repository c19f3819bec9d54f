// SPDX-License-Identifier: Apache-2.0
#include "models/visit/identity.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "models/base/text.h"

namespace gapura {
namespace {

constexpr std::size_t fewest_digits = 3, most_digits = 15;  // E.164: fifteen at most
constexpr std::string_view country = "62";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Zero-width characters, direction marks and the byte order mark.
bool is_unseen(char32_t c) {
  return c == 0xad || (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x2069) ||
         c == 0xfeff;
}
bool is_blank(char32_t c) {
  return c == ' ' || c == '\t' || c == 0xa0 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x205f || c == 0x3000;
}

// Returns the text in ASCII, as far as telephone numbers are concerned; any other character becomes 'x' + 0x80, which is
// refused.
std::string plain(std::string_view text) {
  constexpr std::array<std::pair<char32_t, char32_t>, 3> zeros{{{0xff10, 0xff19}, {0x660, 0x669}, {0x6f0, 0x6f9}}};
  std::string out;
  while (!text.empty()) {
    const char32_t c = take_code_point(text);
    const auto digits = std::find_if(zeros.begin(), zeros.end(), [&](auto z) { return c >= z.first && c <= z.second; });
    if (is_unseen(c)) continue;
    if (digits != zeros.end()) {
      out += static_cast<char>('0' + (c - digits->first));
    } else if (is_blank(c)) {
      out += ' ';
    } else if (c == 0xff0b) {
      out += '+';
    } else if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212) {
      out += '-';
    } else {
      out += c < 0x80 ? static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) : '\x80';
    }
  }
  while (out.starts_with(' ') || out.starts_with('\'')) out.erase(0, 1);  // ' marks a text in a spreadsheet
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

// "6.28e+12", "6,28123e+12", "8e12".
bool is_exponent(std::string_view text) {
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t from = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at > from;
  };
  if (!digits()) return false;
  if (at < text.size() && (text[at] == '.' || text[at] == ',')) {
    ++at;
    if (!digits()) return false;
  }
  if (at >= text.size() || text[at] != 'e') return false;
  ++at;
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
  return digits() && at == text.size();
}

// Digits on both sides of a separator of numbers, or a + that is not at the beginning.
bool are_two(std::string_view text) {
  for (const std::string_view between : {"/", ";", ",", "|", "\\", "&", "\n", "+", " atau ", " dan ", " or "}) {
    const auto at = text.find(between, between == "+" ? 1 : 0);
    if (at == std::string_view::npos) continue;
    if (!digits_of(text.substr(0, at)).empty() && !digits_of(text.substr(at + between.size())).empty()) return true;
  }
  return false;
}

// Removes "ext 12", "pes. 12", "x12", "#12" from the end and returns it; empty when there is none.
std::string take_extension(std::string& text) {
  for (const std::string_view mark : {"ekstensi", "pesawat", ";ext=", "ext", "pes", "x", "#"}) {
    const auto at = text.find(mark);
    if (at == std::string::npos || at == 0) continue;
    const std::string_view rest = std::string_view(text).substr(at + mark.size());
    std::string extension = digits_of(rest);
    if (extension.empty() || extension.size() > 7 || rest.find_first_not_of("0123456789 .:") != std::string_view::npos)
      continue;
    text.erase(at);
    return extension;
  }
  return "";
}

std::string without_zeros(std::string_view digits) {
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return std::string(digits);
}

std::string international(std::string_view digits) {
  if (digits.starts_with(country)) return '+' + std::string(country) + without_zeros(digits.substr(country.size()));
  return '+' + std::string(digits);
}

// Lengths: a mobile number without its zero has 9 to 12 digits and begins with 8, an area code and number 8 to 11; a local
// number has at most 8.
std::string e164_of(const std::string& digits, bool plus) {
  if (plus) return international(digits);
  if (digits.starts_with("00")) return international(std::string_view(digits).substr(2));
  if (digits.starts_with('0')) return '+' + std::string(country) + without_zeros(digits);
  if (digits.size() >= 10 && digits.starts_with(country)) return international(digits);
  if (digits.size() >= 9 && digits.size() <= 12) return '+' + std::string(country) + digits;
  return digits;
}

}  // namespace

Phone read_phone(std::string_view written) {
  std::string text = plain(written);
  if (text.starts_with("tel:")) text.erase(0, 4);
  if (text.find_first_not_of(" -.") == std::string::npos) return {};  // "-": there is none
  if (is_exponent(text)) return {"", PhoneFault::exponent};
  const std::string extension = take_extension(text);
  if (are_two(text)) return {"", PhoneFault::two_numbers};
  if (text.find_first_not_of("0123456789 -.()+") != std::string::npos) return {"", PhoneFault::not_a_number};
  const bool plus = text.starts_with('+');
  // +62 (0)812…: the zero is only dialled within the country.
  if (const auto zero = text.find("(0)"); zero != std::string::npos && (plus || text.starts_with("00")))
    text.erase(zero, 3);
  const std::string digits = digits_of(text);
  if (digits.size() < fewest_digits || without_zeros(digits).empty()) return {"", PhoneFault::not_a_number};
  std::string form = e164_of(digits, plus);
  const std::size_t count = form.size() - (form.starts_with('+') ? 1 : 0);
  if (count < fewest_digits) return {"", PhoneFault::not_a_number};  // a prefix without a number
  if (count > most_digits) {
    const bool twice = digits.size() >= 2 * 9;
    return {"", twice ? PhoneFault::two_numbers : PhoneFault::not_a_number};
  }
  if (!extension.empty()) form += ";ext=" + extension;
  return {std::move(form), PhoneFault::none};
}

std::string name_form(std::string_view written) {
  std::string out;
  while (!written.empty()) {
    const std::string_view before = written;
    const char32_t c = take_code_point(written);
    if (is_unseen(c)) continue;
    if (is_blank(c)) {
      if (!out.empty() && out.back() != ' ') out += ' ';
    } else if (c >= 'A' && c <= 'Z') {
      out += static_cast<char>(c - 'A' + 'a');
    } else {
      out += before.substr(0, before.size() - written.size());
    }
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

}  // namespace gapura
