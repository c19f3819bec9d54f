// SPDX-License-Identifier: Apache-2.0
// Commitments: salted hashes that a leaf of the journal, which is never erased, has in place of personal words. The words
// and the salt are in a row that can be erased; who has both can prove what was entered. Without the salt a commitment
// does not even confirm a guess.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace gapura::gateway {

// Returns SHA-256(domain || 0x00 || salt || parts, each followed by 0x00), as 64 hexadecimal digits. `domain` names what
// the parts are ("gapura.form.v1"), so that no commitment is valid for something else. `salt`: 16 random bytes.
std::string commitment(std::string_view domain, std::string_view salt, std::initializer_list<std::string_view> parts);
// Of the free words that explain an entry (table `note`).
std::string note_commitment(std::string_view salt, std::string_view text);

}  // namespace gapura::gateway
