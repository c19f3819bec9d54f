// SPDX-License-Identifier: Apache-2.0
// The roll call, and the acknowledgement of alarms.
#include "gateway/core/change_tools.h"
#include "gateway/core/post.h"

namespace gapura::gateway {
namespace {

// Alarms that end by their acknowledgement: no device or event clears them.
bool ends_by_acknowledgement(AlarmKind kind) {
  return kind == AlarmKind::revoked_or_lost_used || kind == AlarmKind::unbound_badge_at_door || kind == AlarmKind::panic;
}

}  // namespace

Change PostPart::run(const AcknowledgeAlarm& asked, const Actor& actor, const Now&) {
  const auto found = site_.state.alarms.find(asked.alarm);
  if (found == site_.state.alarms.end()) return refuse(ErrorKind::not_found, "no such standing alarm");
  const Alarm& alarm = found->second;
  if (!alarm.acknowledged_by.empty()) return refuse(ErrorKind::conflict, "somebody acknowledged it already");
  Change change;
  Entry entry = command_entry(actor, AlarmAcknowledged{.kind = alarm.kind, .handling = asked.handling});
  entry.point = alarm.subject;
  entry.ref = alarm.number;
  change.entries.push_back(std::move(entry));
  if (alarm.active && ends_by_acknowledgement(alarm.kind)) site_.clear(change, alarm.kind, alarm.subject, alarm.silent);
  change.reply.id = std::to_string(alarm.number);
  return change;
}

// ---- Roll call

Change PostPart::run(const StartMuster& asked, const Actor& actor, const Now&) {
  if (site_.state.facts.muster) return refuse(ErrorKind::conflict, "a roll call is under way");
  if (asked.reason.empty()) return refuse(ErrorKind::bad_input, "a roll call needs a reason: drill or alarm");
  std::int64_t inside = 0;
  for (const auto& [area, people] : site_.state.people) inside += people;
  Change change;
  change.entries.push_back(command_entry(actor, MusterStarted{.inside = inside}));
  add_note(change, 0, asked.reason, site_.random_bytes(16));
  return change;
}

// A phone without network keeps its marks and sends them later: the same mark twice counts once.
Change PostPart::run(const MarkSafe& asked, const Actor& actor, const Now& now) {
  if (!site_.state.facts.muster) return refuse(ErrorKind::conflict, "there is no roll call");
  const Visit* visit = site_.state.find_visit(asked.visit);
  if (!visit) return no_visit();
  Change change;
  change.reply.id = visit->id.str();
  if (site_.state.facts.muster->safe.contains(visit->id)) return change;
  change.entries.push_back(
      visit_entry(actor, visit->id, MusterMarked{.at = std::min(asked.at.value_or(now.utc), now.utc)}));
  return change;
}

Change PostPart::run(const EndMuster& asked, const Actor& actor, const Now&) {
  if (!site_.state.facts.muster) return refuse(ErrorKind::conflict, "there is no roll call");
  Change change;
  Entry entry = command_entry(actor, MusterEnded{.safe = static_cast<std::int64_t>(site_.state.facts.muster->safe.size())});
  entry.ref = site_.state.facts.muster->number;
  change.entries.push_back(std::move(entry));
  add_note(change, 0, asked.reason, site_.random_bytes(16));
  return change;
}

}  // namespace gapura::gateway
