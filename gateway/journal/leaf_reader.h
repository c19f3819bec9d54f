// SPDX-License-Identifier: Apache-2.0
// Converts a leaf (the stored bytes of an entry: gateway/journal/README.md) back into the entry.
#pragma once

#include <string_view>

#include "models/base/result.h"
#include "models/record/site_event.h"

namespace gapura::gateway {

// The leaf must be one of version 1, with exactly its keys in their order. Not in the result: the run's id ("boot") and the
// time zone (Entry::at.offset is 0). Errors: bad_input (no such object, another version, an unknown event or clock quality,
// a value of the wrong kind).
Result<Entry> read_leaf(std::string_view leaf);

}  // namespace gapura::gateway
