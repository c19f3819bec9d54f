// SPDX-License-Identifier: Apache-2.0
// Writes the rows of gateway/contract/rows.h.
#pragma once

#include <cstdint>

#include "gateway/contract/rows.h"
#include "gateway/journal/database.h"

namespace gapura::gateway {

// Call inside the caller's transaction, after its entries: `first` is the number of the first. Errors: conflict (an account
// of this name exists), storage.
Status write_row(const Database& db, const Row& row, std::uint64_t first);
// Writes one note of the entry `entry`: sealed for the guest of its visit, or for the day.
Status write_note(const Database& db, std::uint64_t entry, const std::string& salt, const std::string& text);

}  // namespace gapura::gateway
