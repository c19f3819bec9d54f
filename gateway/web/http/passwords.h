// SPDX-License-Identifier: Apache-2.0
// Passwords: what is accepted, how they are hashed, how new ones are made; and the other secrets of the web.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gapura::gateway {

// Argon2id, 64 MiB, about 130 ms. Only on the hashing thread.
std::string hash_password(const std::string& password);
// The same time for an account that does not exist (`stored` empty) or cannot sign in.
bool password_matches(const std::string& stored, const std::string& password);

// A sentence that says what is wrong, or nothing. At least 15 characters, no composition rules; `known` are words that an
// attacker tries first (the site's and the account's name), which do not count.
std::optional<std::string> password_weakness(const std::string& password, const std::vector<std::string>& known);

// The same of a PIN: six to twelve digits, and none of those that are tried first.
std::optional<std::string> pin_weakness(const std::string& pin);

// About 90 bits as syllables that can be read aloud: "bako-temi-suru-…".
std::string generate_password();
// 256 random bits as text, for cookies and bearer tokens.
std::string generate_secret();

bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace gapura::gateway
