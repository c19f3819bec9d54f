// SPDX-License-Identifier: Apache-2.0
// Commitments: what a leaf carries of words that are in an erasable row. Without the salt a commitment reveals nothing.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace gapura::gateway {

// SHA-256(domain || 0x00 || salt || parts, each followed by 0x00), in hexadecimal. The salt is 16 random bytes.
std::string commitment(std::string_view domain, std::string_view salt, std::initializer_list<std::string_view> parts);
// Of an entry's note.
std::string note_commitment(std::string_view salt, std::string_view text);

}  // namespace gapura::gateway
