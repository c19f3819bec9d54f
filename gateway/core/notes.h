// SPDX-License-Identifier: Apache-2.0
// Words that may be personal stand in erasable rows; the leaf carries a commitment to them.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "gateway/core/gate.h"

namespace gapura::gateway {

// SHA-256(domain || 0x00 || salt || parts, each followed by 0x00), in hexadecimal. The salt is 16 random bytes.
std::string commitment(std::string_view domain, std::string_view salt, std::initializer_list<std::string_view> parts);

// Adds data.note to the Change's entry number `index`, and the row with the text and its salt. Nothing for an empty text.
void add_note(Change& change, std::size_t index, const std::string& text, std::string salt);

// The row alone, in the caller's transaction, once the entry is there: sealed for the guest of its visit, or for the day.
Status write_note(const Database& db, std::uint64_t entry, const std::string& salt, const std::string& text);

}  // namespace gapura::gateway
