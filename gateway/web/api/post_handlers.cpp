// SPDX-License-Identifier: Apache-2.0
// The post itself: shift, attended or not, the leader's state, visiting hours, the SOPs in force, the attention list.
#include <algorithm>

#include "gateway/web/api/bodies.h"
#include "gateway/web/api/handlers.h"

namespace gapura::gateway {
namespace {

std::optional<answer::Person> account_person(Call& call, const std::string& id) {
  if (id.empty()) return std::nullopt;
  const auto account = call.db.account(id);
  return answer::Person{id, account ? account->name : id};
}

answer::ToHandOver to_hand_over(Call& call) {
  answer::ToHandOver open;
  open.visits = call.db.count("SELECT count(*) FROM visit WHERE closed_utc IS NULL AND state <> 'planned'");
  open.badges =
      call.db.count("SELECT count(*) FROM badge WHERE kind <> 'staff' AND state IN ('issued','active','suspended')");
  open.deposits = call.db.count("SELECT count(*) FROM deposit WHERE state <> 'returned'");
  open.alarms = call.db.count("SELECT count(*) FROM alarm WHERE (active = 1 OR acknowledged_by IS NULL) AND silent = 0");
  for (const DeviceView& device : call.api.context.devices())
    if (!device.online) open.devices_offline.push_back(device.id);
  return open;
}

std::optional<std::string> last_note(Call& call) {
  EventFilter newest;
  newest.type = "shift_handed_over";
  newest.limit = 1;
  const auto found = call.db.events(newest);
  return found.empty() ? std::nullopt : found.front().note;
}

Response shift_now(Call& call) {
  const Shift shift = call.facts().shift;
  answer::Shift answer;
  if (shift.number) answer.entry = shift.number;
  for (const std::string& id : shift.guards)
    if (auto guard = account_person(call, id)) answer.guards.push_back(std::move(*guard));
  answer.handed_to = account_person(call, shift.handed_to);
  answer.attended = shift.attended;
  answer.note = last_note(call);
  answer.colleagues = call.db.people(Role::guard);
  answer.to_hand_over = to_hand_over(call);
  return json_response(call, answer);
}

Response duty_now(Call& call) {
  const AideDuty duty = call.facts().duty;
  return json_response(call, answer::Duty{.first = account_person(call, duty.first),
                                          .second = account_person(call, duty.second),
                                          .offered_to = account_person(call, duty.offered_to),
                                          .aides = call.db.people(Role::aide)});
}

// By name or id, as the body's member of this name says.
UserId account_called(Call& call, Role role, const std::string& text, const std::string& member) {
  auto found = call.db.account(text);
  if (!found) found = call.db.account_named(text);
  if (!found || found->disabled || found->role != role)
    throw Problem("bad_input", '"' + member + "\": expected the name of " + (role == Role::aide ? "an aide." : "a guard."));
  return UserId(found->id);
}

std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

Response leader_now(const Call& call) { return json_response(call, answer::Leader{unless_empty(call.facts().leader)}); }

answer::SopStep step_of(const SopStep& step) {
  answer::SopStep one{.id = step.id,
                      .activity = step.activity,
                      .executor = step.executor,
                      .symbol = step.symbol,
                      .evidence = step.evidence,
                      .event = unless_empty(step.event),
                      .inputs = step.inputs,
                      .output = step.output};
  if (!step.answers.empty()) one.answers = answer::answers_of(step);
  if (step.time_limit) one.time_limit_s = step.time_limit->count() / 1000;
  return one;
}

answer::Sop sop_of(const Sop& sop) {
  answer::Sop one{.id = sop.id,
                  .number = sop.number,
                  .title = sop.title,
                  .unit = sop.unit,
                  .revision = sop.revision,
                  .hash = sop.hash,
                  .effective = sop.effective,
                  .categories = sop.categories};
  for (const SopStep& step : sop.steps) one.steps.push_back(step_of(step));
  for (const SopGate& gate : sop.gates) one.gates.push_back({gate.area, gate.requires_});
  return one;
}

}  // namespace

answer::Hours hours_of(const Call& call, const std::string& category, bool invited) {
  const HoursVerdict verdict =
      hours_at(call.api.context.settings.site.hours, category, invited, call.now.utc, call.now.offset);
  answer::Hours hours{verdict.open, {}, unless_empty(verdict.rule), verdict.sunset, verdict.next_open};
  if (verdict.reason) hours.reason = word(*verdict.reason);
  return hours;
}

Response get_shift(Call& call) { return shift_now(call); }

Response post_shift_start(Call& call) {
  call.ask(StartShift{});
  return shift_now(call);
}

Response post_shift_handover(Call& call) {
  auto asked = call.read<HandOver>();
  asked.to = account_called(call, Role::guard, call.read<Colleague>().to, "to");
  call.ask(std::move(asked));
  return shift_now(call);
}

Response post_shift_accept(Call& call) {
  call.ask(AcceptShift{});
  return shift_now(call);
}

Response post_post(Call& call) {
  call.ask(call.read<SetPost>());
  return shift_now(call);
}

Response get_duty(Call& call) { return duty_now(call); }

Response post_duty_take(Call& call) {
  const std::string user = call.read<Appointed>().user;
  const bool appoints = !user.empty();
  if (appoints && !(call.who.roles & admin)) throw Problem("not_permitted", "Only an admin puts somebody else on duty.");
  if (!appoints && !(call.who.roles & aide)) throw Problem("bad_input", "\"user\": expected the name of an aide.");
  auto asked = call.read<TakeDuty>();
  if (appoints) asked.user = account_called(call, Role::aide, user, "user");
  call.ask(std::move(asked));
  return duty_now(call);
}

Response post_duty_offer(Call& call) {
  call.ask(OfferDuty{account_called(call, Role::aide, call.read<Colleague>().to, "to")});
  return duty_now(call);
}

Response post_duty_accept(Call& call) {
  call.ask(AcceptDuty{});
  return duty_now(call);
}

Response post_duty_leave(Call& call) {
  call.ask(LeaveDuty{});
  return duty_now(call);
}

Response get_hosts(Call& call) {
  answer::Hosts all;
  for (const Host& host : call.api.context.settings.site.hosts)
    all.hosts.push_back({host.id, host.name, unless_empty(host.unit), host.receives, host.escorts});
  return json_response(call, all);
}

Response get_leader(Call& call) { return leader_now(call); }

Response post_leader(Call& call) {
  call.ask(call.read<SetLeaderState>());
  return leader_now(call);
}

Response get_hours(Call& call) {
  return json_response(call, hours_of(call, choice_of(call, "category", {"general", "special"}), false));
}

Response get_sop(Call& call) {
  const auto& versions = call.api.context.settings.site.sops;
  std::vector<const Sop*> in_force;
  for (const char* category : {"general", "special"}) {
    const Sop* sop = sop_in_force(versions, category, call.now.utc);
    if (sop && std::find(in_force.begin(), in_force.end(), sop) == in_force.end()) in_force.push_back(sop);
  }
  answer::Sops all;
  for (const Sop* sop : in_force) all.sops.push_back(sop_of(*sop));
  return json_response(call, all);
}

Response get_attention(Call& call) { return json_response(call, answer::AttentionList{call.db.attention()}); }

Response post_attention(Call& call) {
  const Reply made = call.ask(call.read<ListAttention>());
  for (const auto& person : call.db.attention())
    if (person.id == made.id) return json_response(call, person);
  throw Problem("bug", "The person was listed and cannot be found.");
}

}  // namespace gapura::gateway
