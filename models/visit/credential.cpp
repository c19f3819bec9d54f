// SPDX-License-Identifier: Apache-2.0
#include "models/visit/credential.h"

#include <algorithm>
#include <cctype>

#include "models/visit/typed_code.h"

namespace gapura {
namespace {

constexpr std::string_view prefix = "G1:";
constexpr std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
static_assert(alphabet.size() == 45);
constexpr std::size_t token_length = 27;

// Two bytes become three characters, least significant first (RFC 9285, section 4).
constexpr std::size_t group = 3;

}  // namespace

std::string make_token(const TokenBytes& bytes) {
  std::string text(prefix);
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    unsigned value = bytes[i] * 256u + bytes[i + 1];
    for (std::size_t digit = 0; digit < group; ++digit, value /= 45) text += alphabet[value % 45];
  }
  return text;
}

std::variant<TokenBytes, TokenReject> parse_token(std::string_view payload) {
  if (payload.empty()) return TokenReject::empty;
  if (payload.size() > 4096) return TokenReject::too_long;
  if (payload.substr(0, prefix.size()) != prefix) return TokenReject::wrong_prefix;
  if (payload.size() != token_length) return TokenReject::wrong_length;
  TokenBytes bytes{};
  for (std::size_t i = 0; i < bytes.size() / 2; ++i) {
    unsigned value = 0, weight = 1;
    for (std::size_t digit = 0; digit < group; ++digit, weight *= 45) {
      const auto place = alphabet.find(payload[prefix.size() + i * group + digit]);
      if (place == std::string_view::npos) return TokenReject::wrong_alphabet;
      value += static_cast<unsigned>(place) * weight;
    }
    if (value > 0xffff) return TokenReject::out_of_range;
    bytes[2 * i] = static_cast<std::uint8_t>(value >> 8);
    bytes[2 * i + 1] = static_cast<std::uint8_t>(value & 0xff);
  }
  return bytes;
}

Hash badge_hash(const TokenBytes& bytes) {
  using namespace std::string_view_literals;
  std::string text("gapura.badge.v1\0"sv);
  text.append(bytes.begin(), bytes.end());
  return sha256(text);
}

namespace {

constexpr std::string_view crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";  // the last five: check symbols only
constexpr std::size_t code_length = 6;

}  // namespace

std::string badge_code(std::string_view badge_id) {
  using namespace std::string_view_literals;
  const Hash hash = sha256(std::string("gapura.badge.code.v1\0"sv).append(badge_id));
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number = number << 8 | hash[i];
  number &= (1u << 5 * code_length) - 1;
  std::string code(code_length, '0');
  for (std::size_t i = 0; i < code_length; ++i) code[i] = crockford[number >> 5 * (code_length - 1 - i) & 31];
  return code + crockford[number % 37];
}

std::optional<std::string> typed_badge_code(std::string_view typed) {
  std::string code;
  std::uint32_t number = 0;
  for (const char c : typed) {
    if (c == ' ' || c == '-') continue;
    const char upper = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    const char digit = upper == 'O' ? '0' : upper == 'I' || upper == 'L' ? '1' : upper;
    const auto place = crockford.find(digit);
    const bool last = code.size() == code_length;
    if (code.size() > code_length || place == std::string_view::npos || (!last && place >= 32)) return std::nullopt;
    if (last && place != number % 37) return std::nullopt;
    number = number << 5 | static_cast<std::uint32_t>(place);
    code += digit;
  }
  return code.size() == code_length + 1 ? std::optional(code) : std::nullopt;
}

std::string escape_payload(std::string_view payload, std::size_t limit) {
  constexpr char digits[] = "0123456789abcdef";
  constexpr std::string_view unsafe = "\"'\\<>&`";
  std::string text;
  for (const char c : payload.substr(0, limit)) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (byte >= 0x20 && byte < 0x7f && unsafe.find(c) == std::string_view::npos) {
      text += c;
    } else {
      text += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
    }
  }
  if (payload.size() > limit) text += "... (" + std::to_string(payload.size()) + " bytes)";
  return text;
}

}  // namespace gapura
