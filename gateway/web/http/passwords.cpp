// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/http/passwords.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <set>

#include "drivers/base64.h"
#include "models/base/text.h"

namespace gapura::gateway {
namespace {

// What attackers and people in a hurry type first. Taken out before the length is judged.
constexpr std::string_view obvious[] = {"password",  "passw0rd", "katasandi", "kata sandi", "rahasia",
                                        "admin",     "gapura",   "qwerty",    "asdfgh",     "letmein",
                                        "indonesia", "merdeka",  "satpam",    "jakarta",    "1234567890",
                                        "123456789", "12345678", "1234567",   "123456"};

void take_out(std::string& text, const std::string& word) {
  if (word.size() < 4) return;
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word)) text.erase(at, word.size());
}

}  // namespace

std::string hash_password(const std::string& password) {
  std::array<char, crypto_pwhash_STRBYTES> out{};
  if (crypto_pwhash_str_alg(out.data(), password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                            crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13) != 0)
    return {};
  return out.data();
}

bool password_matches(const std::string& stored, const std::string& password) {
  static const std::string dummy = hash_password(generate_secret());
  const bool real = stored.starts_with("$argon2id$");
  const std::string& against = real ? stored : dummy;
  const bool matches = crypto_pwhash_str_verify(against.c_str(), password.data(), password.size()) == 0;
  return real && matches;
}

std::optional<std::string> password_weakness(const std::string& password, const std::vector<std::string>& known) {
  if (count_code_points(password) < 15)
    return "A password has at least 15 characters. A short sentence is easy to remember.";
  if (password.size() > 256) return "A password has at most 256 bytes.";
  std::string rest = lower_case(password);
  for (const auto word : obvious) take_out(rest, std::string(word));
  for (const auto& word : known) take_out(rest, lower_case(word));
  const std::set<char> distinct(rest.begin(), rest.end());
  if (count_code_points(rest) < 8 || distinct.size() < 5)
    return "This password is easy to guess: it is made of a common word, a name of this site or one repeated character.";
  return std::nullopt;
}

namespace {

// Keypad patterns and the nation's birthday, which have none of the regularities below.
constexpr std::string_view first_pins[] = {"159753", "147258", "258369", "17081945", "170845", "1708194"};

// "112233", "444555": every digit is repeated beside itself.
bool comes_in_runs(const std::string& pin) {
  for (std::size_t i = 0; i < pin.size(); ++i)
    if ((i == 0 || pin[i - 1] != pin[i]) && (i + 1 == pin.size() || pin[i + 1] != pin[i])) return false;
  return true;
}

// "123456", "890123", "654321": each digit one after, or one before, the last.
bool counts_along(const std::string& pin) {
  const auto step = [&](std::size_t i) { return (pin[i] - pin[i - 1] + 10) % 10; };
  for (std::size_t i = 2; i < pin.size(); ++i)
    if (step(i) != step(1)) return false;
  return step(1) == 0 || step(1) == 1 || step(1) == 9;
}

// "121212", "123123": a part of at most four digits over and over.
bool repeats_a_part(const std::string& pin) {
  for (std::size_t part = 1; part <= 4 && part < pin.size(); ++part) {
    bool repeats = true;
    for (std::size_t i = part; i < pin.size(); ++i) repeats = repeats && pin[i] == pin[i - part];
    if (repeats) return true;
  }
  return false;
}

}  // namespace

std::optional<std::string> pin_weakness(const std::string& pin) {
  const bool digits = std::all_of(pin.begin(), pin.end(), [](unsigned char c) { return c >= '0' && c <= '9'; });
  if (pin.size() < 6 || pin.size() > 12 || !digits) return "A PIN has six to twelve digits.";
  const bool listed = std::find(std::begin(first_pins), std::end(first_pins), pin) != std::end(first_pins);
  if (listed || comes_in_runs(pin) || counts_along(pin) || repeats_a_part(pin))
    return "This PIN is among the first that are tried. Choose digits without a pattern.";
  return std::nullopt;
}

std::string generate_password() {
  constexpr std::string_view consonants = "bcdfghjklmnprstwy", vowels = "aeiou";
  std::string password;
  for (int syllable = 0; syllable < 14; ++syllable) {  // 14 × log2(85) = 89.7 bits
    if (syllable > 0 && syllable % 2 == 0) password += '-';
    password += consonants[randombytes_uniform(static_cast<std::uint32_t>(consonants.size()))];
    password += vowels[randombytes_uniform(static_cast<std::uint32_t>(vowels.size()))];
  }
  return password;
}

std::string generate_secret() {
  std::array<unsigned char, 32> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  return to_base64url({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace gapura::gateway
