// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace gapura {

using Hash = std::array<std::uint8_t, 32>;

Hash sha256(std::string_view bytes);
Hash sha256(std::initializer_list<std::string_view> parts);  // of all parts, one after the other
std::string sha256_hex(std::string_view bytes);
std::string to_hex(std::string_view bytes);  // lower case
// Returns the bytes of a text made by to_hex(); none for any other text.
std::optional<std::string> from_hex(std::string_view text);
inline std::string_view as_bytes(const Hash& hash) { return {reinterpret_cast<const char*>(hash.data()), hash.size()}; }

}  // namespace gapura
