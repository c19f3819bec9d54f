// SPDX-License-Identifier: Apache-2.0
// The text in a badge's code. Opaque tokens: "G1:" + base45 (RFC 9285) of 16 random bytes = 27 characters, all of them in
// QR's alphanumeric set, so version 2 at level Q. At rest only badge_hash() of the bytes is kept.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "models/base/sha256.h"
#include "models/base/words.h"

namespace gapura {

using TokenBytes = std::array<std::uint8_t, 16>;

// Why a payload cannot be a badge. Stored in the journal as data.reject.
GAPURA_ENUM(TokenReject, empty, too_long, wrong_prefix, wrong_length, wrong_alphabet, out_of_range);

std::string make_token(const TokenBytes& bytes);

// Returns exactly one of the two for any bytes, in time linear in 27, without allocation.
std::variant<TokenBytes, TokenReject> parse_token(std::string_view payload);

// SHA-256("gapura.badge.v1" || 0x00 || bytes).
Hash badge_hash(const TokenBytes& bytes);

// Returns the code that a person types when no reader works: six characters of Crockford's base32 and a check symbol,
// "7K3M9XC". It is computed from the badge's id, so it is not a secret and opens nothing; only the guard's screen looks
// badges up by it.
std::string badge_code(std::string_view badge_id);

// Returns a payload in a form that is safe in a record or on a screen: printable ASCII as it is, every other byte as \xNN,
// cut after `limit` source bytes with the length noted. The result has no control character, quote, angle bracket, or
// backslash other than those of \xNN.
std::string escape_payload(std::string_view payload, std::size_t limit = 64);

}  // namespace gapura
