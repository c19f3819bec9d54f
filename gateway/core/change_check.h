// SPDX-License-Identifier: Apache-2.0
// What the shell relies on that the parts and the fold promised. A broken promise is an INVARIANT (models/invariant.h):
// nothing of the change is written, and none of its orders leaves.
#pragma once

#include "gateway/contract/change.h"
#include "models/site_state.h"

namespace gapura::gateway {

// Of a change that is not stamped yet, over the state that it was made of. Costs a look at each of its entries, orders and
// rows.
void check_change(const Change& change, const SiteState& state);
// Of the visits that the change's entries touch.
void check_presence(const SiteEdit& edit);

}  // namespace gapura::gateway
