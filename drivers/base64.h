// SPDX-License-Identifier: Apache-2.0
// RFC 4648 by libsodium. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "models/base/sha256.h"

namespace gapura {

// Section 4, with padding: for notes, checkpoints and proofs. Each value has exactly one text; from_base64() returns none
// for any other.
std::string to_base64(std::string_view bytes);
inline std::string to_base64(const Hash& hash) { return to_base64(as_bytes(hash)); }
std::optional<std::string> from_base64(std::string_view text);
std::optional<Hash> hash_from_base64(std::string_view text);

// Section 5, without padding: for cookies, addresses and sealed columns.
std::string to_base64url(std::string_view bytes);
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace gapura
