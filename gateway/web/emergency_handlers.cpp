// SPDX-License-Identifier: Apache-2.0
// Lockdown, panic, roll call.
#include <algorithm>

#include "gateway/web/handlers.h"

namespace gapura::gateway {
namespace json = boost::json;
namespace {

json::object lockdown_json(const Call& call, const LockdownPlan& plan) {
  const SiteFacts facts = call.facts();
  const auto active = facts.lockdowns.find(plan.id);
  json::array areas;
  for (const AreaId& area : plan.areas) areas.push_back(json::value(area.str()));
  json::object lockdown{{"id", plan.id},
                        {"name", plan.name},
                        {"areas", std::move(areas)},
                        {"rank", plan.rank},
                        {"may_pass", json::array(plan.may_pass.begin(), plan.may_pass.end())},
                        {"revert_minutes", nullptr},
                        {"active", active != facts.lockdowns.end()},
                        {"entry", nullptr},
                        {"until", nullptr}};
  if (plan.revert_after > Millis(0))
    lockdown["revert_minutes"] = std::chrono::duration_cast<std::chrono::minutes>(plan.revert_after).count();
  if (active != facts.lockdowns.end()) {
    lockdown["entry"] = active->second.number;
    if (active->second.until) lockdown["until"] = call.api.site_time(*active->second.until);
  }
  return lockdown;
}

json::object lockdown_now(const Call& call) {
  for (const LockdownPlan& plan : call.api.context.settings.site.lockdowns)
    if (plan.id == call.parameters[0]) return lockdown_json(call, plan);
  throw Problem("not_found", "There is no such lockdown plan.");
}

// People are inside whether or not somebody counts them: a phone takes this list along before the network goes.
json::object muster_json(Call& call) {
  const auto muster = call.facts().muster;
  std::int64_t safe = 0;
  json::array people = call.db.people_inside();
  for (auto& person : people) {
    json::object& one = person.get_object();
    const bool seen = muster && muster->safe.contains(VisitId(std::string(one.at("visit").get_string())));
    one["safe"] = seen;
    safe += seen ? 1 : 0;
  }
  json::array staff;
  for (const auto& badge : call.db.staff_inside())
    staff.push_back({{"badge", badge.id},
                     {"host", call.json_of(badge.host)},
                     {"name", badge.name},
                     {"area", call.json_of(badge.area)}});
  json::object answer{
      {"entry", nullptr}, {"started", nullptr}, {"safe", safe}, {"people", std::move(people)}, {"staff", std::move(staff)}};
  if (muster) {
    answer["entry"] = muster->number;
    if (const auto entry = call.db.event(static_cast<std::int64_t>(muster->number)))
      answer["started"] = call.json_of(entry->time);
  }
  return answer;
}

}  // namespace

Response get_lockdowns(Call& call) {
  json::array all;
  for (const LockdownPlan& plan : call.api.context.settings.site.lockdowns) all.push_back(lockdown_json(call, plan));
  return json_response({{"lockdowns", std::move(all)}});
}

Response post_lockdown_start(Call& call) {
  auto asked = call.read<StartLockdown>();
  asked.plan = call.parameters[0];
  call.ask(std::move(asked));
  return json_response(lockdown_now(call));
}

Response post_lockdown_end(Call& call) {
  auto asked = call.read<EndLockdown>();
  asked.plan = call.parameters[0];
  call.ask(std::move(asked));
  return json_response(lockdown_now(call));
}

Response post_panic(Call& call) {
  const Reply made = call.ask(call.read<Panic>());
  return json_response({{"entry", made.entry}}, 202);
}

Response get_muster(Call& call) { return json_response(muster_json(call)); }

Response post_muster_start(Call& call) {
  call.ask(call.read<StartMuster>());
  return json_response(muster_json(call));
}

Response post_muster_mark(Call& call) {
  call.ask(call.read<MarkSafe>());
  return json_response(muster_json(call));
}

Response post_muster_end(Call& call) {
  call.ask(call.read<EndMuster>());
  return json_response(muster_json(call));
}

}  // namespace gapura::gateway
