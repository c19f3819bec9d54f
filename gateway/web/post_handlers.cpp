// SPDX-License-Identifier: Apache-2.0
// The post itself: shift, attended or not, the leader's state, visiting hours, the SOPs in force, the attention list.
#include <algorithm>

#include "gateway/web/bodies.h"
#include "gateway/web/handlers.h"

namespace gapura::gateway {
namespace json = boost::json;
namespace {

json::value person_json(Call& call, const std::string& id) {
  if (id.empty()) return nullptr;
  const auto account = call.db.account(id);
  return json::object{{"id", id}, {"name", account ? account->name : id}};
}

// What the next guard takes over, counted.
json::object to_hand_over(Call& call) {
  json::array offline;
  for (const DeviceView& device : call.api.context.devices())
    if (!device.online) offline.push_back(json::value(device.id));
  return {
      {"visits", call.db.count("SELECT count(*) FROM visit WHERE closed_utc IS NULL AND state <> 'planned'")},
      {"badges",
       call.db.count("SELECT count(*) FROM badge WHERE kind <> 'staff' AND state IN ('issued','active','suspended')")},
      {"deposits", call.db.count("SELECT count(*) FROM deposit WHERE state <> 'returned'")},
      {"alarms", call.db.count("SELECT count(*) FROM alarm WHERE (active = 1 OR acknowledged_by IS NULL) AND silent = 0")},
      {"devices_offline", std::move(offline)}};
}

json::value last_note(Call& call) {
  EventFilter newest;
  newest.type = "shift_handed_over";
  newest.limit = 1;
  const auto found = call.db.events(newest);
  return found.empty() ? json::value(nullptr) : call.json_of(found.front().note);
}

Response shift_now(Call& call) {
  const Shift shift = call.facts().shift;
  json::array guards;
  for (const std::string& id : shift.guards) guards.push_back(person_json(call, id));
  return json_response({{"entry", shift.number ? json::value(shift.number) : json::value(nullptr)},
                        {"guards", std::move(guards)},
                        {"handed_to", person_json(call, shift.handed_to)},
                        {"attended", shift.attended},
                        {"note", last_note(call)},
                        {"colleagues", call.db.people(Role::guard)},
                        {"to_hand_over", to_hand_over(call)}});
}

Response duty_now(Call& call) {
  const AideDuty duty = call.facts().duty;
  return json_response({{"first", person_json(call, duty.first)},
                        {"second", person_json(call, duty.second)},
                        {"offered_to", person_json(call, duty.offered_to)},
                        {"aides", call.db.people(Role::aide)}});
}

// By name or id, as the body's member of this name says.
UserId account_called(Call& call, Role role, const std::string& text, const std::string& member) {
  auto found = call.db.account(text);
  if (!found) found = call.db.account_named(text);
  if (!found || found->disabled || found->role != role)
    throw Problem("bad_input", '"' + member + "\": expected the name of " + (role == Role::aide ? "an aide." : "a guard."));
  return UserId(found->id);
}

json::object leader_json(const Call& call) {
  const std::string state = call.facts().leader;
  return {{"state", state.empty() ? json::value(nullptr) : json::value(state)}};
}

json::object step_json(const SopStep& step) {
  json::object one{{"id", step.id},
                   {"activity", step.activity},
                   {"executor", step.executor},
                   {"symbol", step.symbol},
                   {"evidence", word(step.evidence)},
                   {"event", nullptr},
                   {"inputs", json::array(step.inputs.begin(), step.inputs.end())},
                   {"time_limit_s", nullptr},
                   {"output", step.output}};
  if (!step.event.empty()) one["event"] = step.event;
  if (step.time_limit) one["time_limit_s"] = step.time_limit->count() / 1000;
  return one;
}

json::object sop_json(const Call& call, const Sop& sop) {
  json::array steps, gates;
  for (const SopStep& step : sop.steps) steps.push_back(step_json(step));
  for (const SopGate& gate : sop.gates)
    gates.push_back({{"area", gate.area}, {"requires", json::array(gate.requires_.begin(), gate.requires_.end())}});
  return {{"id", sop.id},
          {"number", sop.number},
          {"title", sop.title},
          {"unit", sop.unit},
          {"revision", sop.revision},
          {"hash", sop.hash},
          {"effective", call.api.site_time(sop.effective)},
          {"categories", json::array(sop.categories.begin(), sop.categories.end())},
          {"steps", std::move(steps)},
          {"gates", std::move(gates)}};
}

}  // namespace

answer::Hours hours_of(const Call& call, const std::string& category, bool invited) {
  const HoursVerdict verdict =
      hours_at(call.api.context.settings.site.hours, category, invited, call.now.utc, call.now.offset);
  answer::Hours hours{verdict.open, {}, {}, verdict.sunset, verdict.next_open};
  if (verdict.reason) hours.reason = word(*verdict.reason);
  if (!verdict.rule.empty()) hours.rule = verdict.rule;
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
  json::array all;
  for (const Host& host : call.api.context.settings.site.hosts)
    all.push_back({{"id", host.id},
                   {"name", host.name},
                   {"unit", host.unit.empty() ? json::value(nullptr) : json::value(host.unit)},
                   {"receives", host.receives},
                   {"escorts", host.escorts}});
  return json_response({{"hosts", std::move(all)}});
}

Response get_leader(Call& call) { return json_response(leader_json(call)); }

Response post_leader(Call& call) {
  call.ask(call.read<SetLeaderState>());
  return json_response(leader_json(call));
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
  json::array all;
  for (const Sop* sop : in_force) all.push_back(sop_json(call, *sop));
  return json_response({{"sops", std::move(all)}});
}

Response get_attention(Call& call) { return json_response({{"people", call.db.attention()}}); }

Response post_attention(Call& call) {
  const Reply made = call.ask(call.read<ListAttention>());
  for (auto& person : call.db.attention())
    if (person.at("id").get_string() == made.id) return json_response(person.get_object(), 201);
  throw Problem("bug", "The person was listed and cannot be found.");
}

}  // namespace gapura::gateway
