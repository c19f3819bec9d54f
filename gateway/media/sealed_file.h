// SPDX-License-Identifier: Apache-2.0
// The format of a picture or clip on the disk: "gapura-media-1\n", owner, "\n", then nonce, ciphertext and tag
// (XChaCha20-Poly1305, with the plain bytes' hash authenticated). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/vault/cipher.h"

namespace gapura::gateway {

inline constexpr std::size_t sealed_file_overhead = 256;  // at most

std::string seal_file(const Secret& key, const std::string& owner, const std::string& hash, std::string_view bytes);
// Returns none when the key, any byte, or the file's name differs.
std::optional<std::string> open_file(const Secret& key, const std::string& hash, std::string_view file);
// Returns the owner; empty for a plain file from before there were keys. The first 256 bytes of a file are enough.
std::string owner_of_file(std::string_view file);

}  // namespace gapura::gateway
