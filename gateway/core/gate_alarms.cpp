// SPDX-License-Identifier: Apache-2.0
// Alarms: one kind and subject stands once. Which priority a kind has is one table (access.md, after ISA-18.2).
#include "gateway/core/change_tools.h"

namespace gapura::gateway {
namespace {

AlarmPriority priority_of(AlarmKind kind) {
  using enum AlarmKind;
  switch (kind) {
    case forced_open:
    case panic:
      return AlarmPriority::critical;
    case visitor_astray:
    case revoked_or_lost_used:
    case unbound_badge_at_door:
    case screening_undisposed:
    case attention_list:
    case released_by_unknown:
    case tamper:
      return AlarmPriority::high;
    case held_open:
    case fault:
    case device_offline:
    case decision_overdue:
    case overstay:
    case unaccounted:
      return AlarmPriority::medium;
  }
  return AlarmPriority::critical;
}

// Those that end when somebody says that it was seen to: nothing in the world ever clears them.
bool ends_by_acknowledgement(AlarmKind kind) {
  return kind == AlarmKind::revoked_or_lost_used || kind == AlarmKind::unbound_badge_at_door || kind == AlarmKind::panic;
}

}  // namespace

// A silent alarm and a loud one of the same kind and place are two: neither hides the other.
const Alarm* Gate::find_alarm(AlarmKind kind, const std::string& subject, bool active, bool silent) const {
  for (const auto& [number, alarm] : state_.alarms)
    if (alarm.active == active && alarm.silent == silent && alarm.kind == kind && alarm.subject == subject) return &alarm;
  return nullptr;
}

// An alarm that stands is not raised again: the guard has it already. One that went by itself and was not acknowledged
// comes back as the same alarm, so that a flapping device is one alarm and not a hundred.
void Gate::raise(Change& change, AlarmKind kind, const std::string& subject, const VisitId& visit, bool silent) {
  if (find_alarm(kind, subject, true, silent)) return;
  Entry entry = site_entry(subject, AlarmRaised{.kind = kind, .priority = priority_of(kind), .silent = silent});
  entry.visit = visit;
  const Alarm* earlier = find_alarm(kind, subject, false, silent);
  if (earlier && earlier->acknowledged_by.empty()) entry.ref = earlier->number;
  change.entries.push_back(std::move(entry));
}

void Gate::clear(Change& change, AlarmKind kind, const std::string& subject, bool silent) {
  const Alarm* alarm = find_alarm(kind, subject, true, silent);
  if (!alarm) return;
  Entry entry = site_entry(subject, AlarmCleared{.kind = kind});
  entry.ref = alarm->number;
  change.entries.push_back(std::move(entry));
}

Change Gate::run(const AcknowledgeAlarm& asked, const Actor& actor, const Now&) {
  const auto found = state_.alarms.find(asked.alarm);
  if (found == state_.alarms.end()) return refuse(ErrorKind::not_found, "no such standing alarm");
  const Alarm& alarm = found->second;
  if (!alarm.acknowledged_by.empty()) return refuse(ErrorKind::conflict, "somebody acknowledged it already");
  const auto handling = find_word<AlarmHandling>(asked.handling);
  if (!handling) return refuse(ErrorKind::bad_input, "handling: expected handled, false_alarm or passed_on");
  Change change;
  Entry entry = command_entry(actor, AlarmAcknowledged{.kind = alarm.kind, .handling = *handling});
  entry.point = alarm.subject;
  entry.ref = alarm.number;
  change.entries.push_back(std::move(entry));
  if (alarm.active && ends_by_acknowledgement(alarm.kind)) clear(change, alarm.kind, alarm.subject, alarm.silent);
  change.reply.id = std::to_string(alarm.number);
  return change;
}

}  // namespace gapura::gateway
