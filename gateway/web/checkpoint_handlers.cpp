// SPDX-License-Identifier: Apache-2.0
// Between the waiting room and the meeting: the detector, the escort, things left at the post.
#include "gateway/web/handlers.h"

namespace gapura::gateway {
namespace json = boost::json;
namespace {

json::object deposit_now(Call& call, const std::string& id) {
  auto deposit = call.db.deposit(id);
  if (!deposit) throw Problem("not_found", "There is no such thing at the post.");
  return std::move(*deposit);
}

}  // namespace

Response post_visit_screening(Call& call) {
  return visit_command(call,
                       RecordScreening{visit_id(call), call.text("result"), call.text("note"), call.flag("same_gender")});
}

Response post_detector_test(Call& call) {
  const Reply made = call.ask(TestDetector{DetectorId(call.parameters[0]), call.flag("alarmed")});
  return json_response({{"entry", made.entry}});
}

Response post_visit_escort(Call& call) {
  return visit_command(call, MoveEscort{visit_id(call), call.text("to"), call.text("host")});
}

Response post_visit_deposits(Call& call) {
  const Reply made = call.ask(DepositItem{visit_id(call), call.text("what"), call.text("tag"), call.text("locker")});
  return json_response(deposit_now(call, made.id), 201);
}

Response get_deposits(Call& call) {
  return json_response({{"deposits", call.db.deposits(call.request.parameter("visit").value_or(""))}});
}

Response post_deposit_move(Call& call) {
  const std::string& id = call.parameters[0];
  call.ask(MoveDeposit{id, call.text("to"), call.text("locker")});
  return json_response(deposit_now(call, id));
}

}  // namespace gapura::gateway
