// SPDX-License-Identifier: Apache-2.0
// The question to the aide, and its answers.
#include "gateway/web/api/handlers.h"

namespace gapura::gateway {

Response post_visit_ask(Call& call) { return visit_command(call, AskAide{visit_id(call)}); }

Response post_visit_decision(Call& call) {
  if (!(call.who.roles & aide) && !call.read<DecideVisit>().verbal)
    throw Problem("not_permitted", "A guard records a decision only on the aide's word: \"verbal\": true.");
  return visit_command<DecideVisit>(call);
}

Response post_visit_permit(Call& call) {
  if (!(call.who.roles & aide) && !call.read<PermitMembers>().verbal)
    throw Problem("not_permitted", "A guard records a permission only on the aide's word: \"verbal\": true.");
  return visit_command<PermitMembers>(call);
}

}  // namespace gapura::gateway
