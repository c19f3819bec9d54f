// SPDX-License-Identifier: Apache-2.0
// The question to the aide, and its answers.
#include "gateway/web/handlers.h"

namespace gapura::gateway {

Response post_visit_ask(Call& call) { return visit_command(call, AskAide{visit_id(call)}); }

Response post_visit_receipt(Call& call) { return visit_command(call, ReceiveQuestion{visit_id(call), call.flag("seen")}); }

Response post_visit_decision(Call& call) {
  DecideVisit asked;
  asked.visit = visit_id(call);
  asked.decision = call.text("decision");
  asked.minutes = static_cast<int>(call.number("minutes"));
  asked.reason = call.text("reason");
  asked.version = call.number("version");
  asked.verbal = call.flag("verbal");
  asked.all_members = call.flag("all_members");
  if (call.body.contains("when")) asked.when = call.time("when");
  if (!(call.who.roles & aide) && !asked.verbal)
    throw Problem("not_permitted", "A guard records a decision only on the aide's word: \"verbal\": true.");
  return visit_command(call, std::move(asked));
}

Response post_visit_permit(Call& call) {
  const bool verbal = call.flag("verbal");
  if (!(call.who.roles & aide) && !verbal)
    throw Problem("not_permitted", "A guard records a permission only on the aide's word: \"verbal\": true.");
  return visit_command(call, PermitMembers{visit_id(call), call.text("reason"), verbal});
}

Response post_visit_answer(Call& call) { return visit_command(call, AnswerAide{visit_id(call), call.text("answer")}); }

Response post_visit_withdraw(Call& call) {
  return visit_command(call, WithdrawQuestion{visit_id(call), call.text("reason")});
}

Response post_visit_verbal(Call& call) {
  return visit_command(call, ReviewVerbal{visit_id(call), call.flag("confirmed"), call.text("reason")});
}

}  // namespace gapura::gateway
