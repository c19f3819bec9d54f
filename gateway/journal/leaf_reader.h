// SPDX-License-Identifier: Apache-2.0
// A stored leaf back into the entry that it was made from.
#pragma once

#include <string_view>

#include "models/result.h"
#include "models/site_event.h"

namespace gapura::gateway {

// Strict: exactly the keys of a version 1 leaf. The zone's offset is not restored (Entry::at.offset stays 0).
Result<Entry> read_leaf(std::string_view leaf);

}  // namespace gapura::gateway
