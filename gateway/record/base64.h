// SPDX-License-Identifier: Apache-2.0
// RFC 4648, section 4, with padding: what notes, checkpoints and proofs are written in.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "models/sha256.h"

namespace gapura::gateway {

std::string to_base64(std::string_view bytes);
inline std::string to_base64(const Hash& hash) { return to_base64(as_bytes(hash)); }
std::optional<std::string> from_base64(std::string_view text);  // exactly that form, or nothing
std::optional<Hash> hash_from_base64(std::string_view text);

}  // namespace gapura::gateway
