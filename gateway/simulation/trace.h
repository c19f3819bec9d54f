// SPDX-License-Identifier: Apache-2.0
// The deviations of a visit by their definition, over its whole trace: what models/sop/conformance.h says, stated a second
// time by other code, without counting along. Slow: every question goes through the trace again.
#pragma once

#include <string>
#include <vector>

#include "models/record/site_event.h"
#include "models/sop/conformance.h"

namespace gapura::simulation {

// An entry of a visit, and the visit after it.
struct TraceEntry {
  Entry entry;  // its time with the site's offset
  Visit visit;
  std::string role;  // of its actor; empty: a device, the gateway
};

// In no order. The trace begins with the entry that registers the visit.
std::vector<DeviationFound> deviations_of(const Sop& sop, const std::vector<TraceEntry>& trace, UtcTime now);

}  // namespace gapura::simulation
