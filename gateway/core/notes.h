// SPDX-License-Identifier: Apache-2.0
// Words that may be personal are in erasable rows; the leaf carries a commitment to them.
#pragma once

#include <cstddef>
#include <string>

#include "gateway/contract/change.h"

namespace gapura::gateway {

// Adds NoteAdded to the Change's entry number `index`, and the row with the text and its salt. Does nothing for an empty
// text.
void add_note(Change& change, std::size_t index, const std::string& text, std::string salt);

}  // namespace gapura::gateway
