// SPDX-License-Identifier: Apache-2.0
// Converts a leaf (the stored bytes of an entry: gateway/journal/README.md) back into the entry.
#pragma once

#include <string_view>

#include "models/base/result.h"
#include "models/record/site_event.h"

namespace gapura::gateway {

// The leaf must have exactly the keys of version 1, in their order; the value of "v" is not checked. Not in the result: the
// run's id ("boot") and the time zone (Entry::at.offset is 0). An actor, point, visit or badge that is no text is read as
// empty, an unknown clock quality as suspect. Errors: bad_input (no such object, an unknown event, a number, time or `d` of
// the wrong kind).
Result<Entry> read_leaf(std::string_view leaf);

}  // namespace gapura::gateway
