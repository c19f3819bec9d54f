// SPDX-License-Identifier: Apache-2.0
// Lockdown, panic, roll call.
#include "gateway/web/api/handlers.h"

namespace gapura::gateway {
namespace {

answer::Lockdown lockdown_of(const Call& call, const LockdownPlan& plan) {
  answer::Lockdown lockdown{.id = plan.id, .name = plan.name, .rank = plan.rank, .may_pass = plan.may_pass};
  for (const AreaId& area : plan.areas) lockdown.areas.push_back(area.str());
  if (plan.revert_after > Millis(0))
    lockdown.revert_minutes = std::chrono::duration_cast<std::chrono::minutes>(plan.revert_after).count();
  const SiteFacts facts = call.facts();
  if (const auto active = facts.lockdowns.find(plan.id); active != facts.lockdowns.end()) {
    lockdown.active = true;
    lockdown.entry = active->second.number;
    lockdown.until = active->second.until;
  }
  return lockdown;
}

Response lockdown_now(const Call& call) {
  for (const LockdownPlan& plan : call.api.context.settings.site.lockdowns)
    if (plan.id == call.parameters[0]) return json_response(call, lockdown_of(call, plan));
  throw Problem("not_found", "There is no such lockdown plan.");
}

// Answered also without a roll call, so that a phone has the list before the network fails.
Response muster_now(Call& call) {
  answer::Muster answer;
  answer.people = call.db.people_inside();
  for (const auto& badge : call.db.staff_inside())
    answer.staff.push_back({badge.id, badge.host.value_or(""), badge.name, badge.area.value_or("")});
  const auto muster = call.facts().muster;
  if (!muster) return json_response(call, answer);
  answer.entry = muster->number;
  if (const auto entry = call.db.event(static_cast<std::int64_t>(muster->number))) answer.started = entry->time;
  for (auto& person : answer.people) {
    person.safe = muster->safe.contains(VisitId(person.visit));
    answer.safe += person.safe ? 1 : 0;
  }
  return json_response(call, answer);
}

}  // namespace

Response get_lockdowns(Call& call) {
  answer::Lockdowns all;
  for (const LockdownPlan& plan : call.api.context.settings.site.lockdowns)
    all.lockdowns.push_back(lockdown_of(call, plan));
  return json_response(call, all);
}

Response post_lockdown_start(Call& call) {
  auto asked = call.read<StartLockdown>();
  asked.plan = call.parameters[0];
  call.ask(std::move(asked));
  return lockdown_now(call);
}

Response post_lockdown_end(Call& call) {
  auto asked = call.read<EndLockdown>();
  asked.plan = call.parameters[0];
  call.ask(std::move(asked));
  return lockdown_now(call);
}

Response post_panic(Call& call) {
  const Reply made = call.ask(call.read<Panic>());
  return json_response(call, answer::Entry{made.entry});
}

Response get_muster(Call& call) { return muster_now(call); }

Response post_muster_start(Call& call) {
  call.ask(call.read<StartMuster>());
  return muster_now(call);
}

Response post_muster_mark(Call& call) {
  call.ask(call.read<MarkSafe>());
  return muster_now(call);
}

Response post_muster_end(Call& call) {
  call.ask(call.read<EndMuster>());
  return muster_now(call);
}

}  // namespace gapura::gateway
