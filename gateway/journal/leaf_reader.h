// SPDX-License-Identifier: Apache-2.0
// Converts a stored leaf back into its entry.
#pragma once

#include <string_view>

#include "models/base/result.h"
#include "models/record/site_event.h"

namespace gapura::gateway {

// Strict: exactly the keys of a version 1 leaf. The zone's offset is not restored (Entry::at.offset stays 0).
Result<Entry> read_leaf(std::string_view leaf);

}  // namespace gapura::gateway
