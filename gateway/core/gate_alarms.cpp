// SPDX-License-Identifier: Apache-2.0
// Alarms: one kind and subject stands once. Which priority a kind has is one table (access.md, after ISA-18.2).
#include <array>

#include "gateway/core/change_tools.h"

namespace gapura::gateway {
namespace {

AlarmPriority priority_of(std::string_view kind) {
  if (kind == "forced_open" || kind == "panic") return AlarmPriority::critical;
  constexpr std::array high{"visitor_astray",
                            "revoked_or_lost_used",
                            "unbound_badge_at_door",
                            "screening_undisposed",
                            "attention_list",
                            "released_by_unknown",
                            "tamper"};
  for (const auto* one : high)
    if (kind == one) return AlarmPriority::high;
  return AlarmPriority::medium;
}

// Those that end when somebody says that it was seen to: nothing in the world ever clears them.
bool ends_by_acknowledgement(std::string_view kind) {
  return is_one_of(kind, {"revoked_or_lost_used", "unbound_badge_at_door", "panic"});
}

}  // namespace

// A silent alarm and a loud one of the same kind and place are two: neither hides the other.
const Alarm* Gate::find_alarm(const std::string& kind, const std::string& subject, bool active, bool silent) const {
  for (const auto& [number, alarm] : state_.alarms)
    if (alarm.active == active && alarm.silent == silent && alarm.kind == kind && alarm.subject == subject) return &alarm;
  return nullptr;
}

// An alarm that stands is not raised again: the guard has it already. One that went by itself and was not acknowledged
// comes back as the same alarm, so that a flapping device is one alarm and not a hundred.
void Gate::raise(Change& change, const std::string& kind, const std::string& subject, const VisitId& visit, bool silent) {
  if (find_alarm(kind, subject, true, silent)) return;
  Entry entry = site_entry(subject, AlarmRaised{.kind = kind, .priority = priority_of(kind), .silent = silent});
  entry.visit = visit;
  const Alarm* earlier = find_alarm(kind, subject, false, silent);
  if (earlier && earlier->acknowledged_by.empty()) entry.ref = earlier->number;
  change.entries.push_back(std::move(entry));
}

void Gate::clear(Change& change, const std::string& kind, const std::string& subject, bool silent) {
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
  if (!is_one_of(asked.handling, {"handled", "false_alarm", "passed_on"}))
    return refuse(ErrorKind::bad_input, "handling: expected handled, false_alarm or passed_on");
  Change change;
  Entry entry = command_entry(actor, AlarmAcknowledged{.kind = alarm.kind, .handling = asked.handling});
  entry.point = alarm.subject;
  entry.ref = alarm.number;
  change.entries.push_back(std::move(entry));
  if (alarm.active && ends_by_acknowledgement(alarm.kind)) clear(change, alarm.kind, alarm.subject, alarm.silent);
  change.reply.id = std::to_string(alarm.number);
  return change;
}

}  // namespace gapura::gateway
