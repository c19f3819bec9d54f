// SPDX-License-Identifier: Apache-2.0
// Between the waiting room and the meeting: the detector, the escort, things left at the post.
#include "gateway/web/api/handlers.h"

namespace gapura::gateway {
namespace {

answer::Deposit deposit_now(Call& call, const std::string& id) {
  auto deposit = call.db.deposit(id);
  if (!deposit) throw Problem("not_found", "There is no such thing at the post.");
  return std::move(*deposit);
}

}  // namespace

Response post_detector_test(Call& call) {
  auto asked = call.read<TestDetector>();
  asked.detector = DetectorId(call.parameters[0]);
  const Reply made = call.ask(asked);
  return json_response(call, answer::Entry{made.entry});
}

Response post_visit_deposits(Call& call) {
  auto asked = call.read<DepositItem>();
  asked.visit = visit_id(call);
  const Reply made = call.ask(std::move(asked));
  return json_response(call, deposit_now(call, made.id));
}

Response get_deposits(Call& call) {
  return json_response(call, answer::Deposits{call.db.deposits(call.request.parameter("visit").value_or(""))});
}

Response post_deposit_move(Call& call) {
  auto asked = call.read<MoveDeposit>();
  asked.deposit = call.parameters[0];
  call.ask(asked);
  return json_response(call, deposit_now(call, asked.deposit));
}

}  // namespace gapura::gateway
