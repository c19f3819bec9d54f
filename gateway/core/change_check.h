// SPDX-License-Identifier: Apache-2.0
// Checks, before the commit, of what the shell requires from the parts and the fold. A failed check is a broken INVARIANT
// (models/base/invariant.h): nothing of the change is written, and none of its orders is sent.
#pragma once

#include "gateway/contract/change.h"
#include "models/record/site_state.h"

namespace gapura::gateway {

// Checks a change that is not stamped yet against the state from which it was made. The cost is proportional to its
// entries, orders and rows.
void check_change(const Change& change, const SiteState& state);
// Checks the presence of the visits that the change's entries affect.
void check_presence(const SiteEdit& edit);

}  // namespace gapura::gateway
