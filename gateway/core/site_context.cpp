// SPDX-License-Identifier: Apache-2.0
#include "gateway/core/site_context.h"

#include <algorithm>

#include "gateway/core/change_tools.h"

namespace gapura::gateway {
namespace {

// One table, following ISA-18.2.
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

}  // namespace

const AccessPointConfig* SiteContext::find_point(const ReaderId& reader) const {
  for (const auto& point : config.points)
    if (!reader.empty() && point.reader == reader) return &point;
  return nullptr;
}

const Area* SiteContext::find_area(const AreaId& id) const {
  for (const auto& area : config.areas)
    if (area.id == id) return &area;
  return nullptr;
}

const Visit* SiteContext::find_open_visit(const VisitId& id) const {
  const Visit* visit = state.find_visit(id);
  return visit && !visit->closed ? visit : nullptr;
}

HoursVerdict SiteContext::hours_for(const std::string& category, bool invited, const Now& now) const {
  return hours_at(config.hours, category, invited, now.utc, now.offset);
}

UtcTime SiteContext::next_at(Minutes minutes, UtcTime after) const {
  const auto local = after + latest.offset;
  auto at = std::chrono::floor<std::chrono::days>(local) + minutes;
  while (at <= local) at += std::chrono::days(1);
  return UtcTime(at) - latest.offset;
}

std::string SiteContext::random_bytes(std::size_t count) const {
  std::string bytes(count, '\0');
  randomness({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
  return bytes;
}

std::string SiteContext::random_id(const char* prefix) const { return prefix + to_hex(random_bytes(8)); }

// A silent alarm and a loud one of the same kind and place are two alarms: neither hides the other.
const Alarm* SiteContext::find_alarm(AlarmKind kind, const std::string& subject, bool active, bool silent) const {
  for (const auto& [number, alarm] : state.alarms)
    if (alarm.active == active && alarm.silent == silent && alarm.kind == kind && alarm.subject == subject) return &alarm;
  return nullptr;
}

// An active alarm is not raised again: the guard has it already. One whose cause ended before it was acknowledged is raised
// again as the same alarm, so that a flapping device is one alarm and not a hundred.
void SiteContext::raise(Change& change, AlarmKind kind, const std::string& subject, const VisitId& visit,
                        bool silent) const {
  if (find_alarm(kind, subject, true, silent)) return;
  Entry entry = site_entry(subject, AlarmRaised{.kind = kind, .priority = priority_of(kind), .silent = silent});
  entry.visit = visit;
  const Alarm* earlier = find_alarm(kind, subject, false, silent);
  if (earlier && earlier->acknowledged_by.empty()) entry.ref = earlier->number;
  change.entries.push_back(std::move(entry));
}

void SiteContext::clear(Change& change, AlarmKind kind, const std::string& subject, bool silent) const {
  const Alarm* alarm = find_alarm(kind, subject, true, silent);
  if (!alarm) return;
  Entry entry = site_entry(subject, AlarmCleared{.kind = kind});
  entry.ref = alarm->number;
  change.entries.push_back(std::move(entry));
}

// Returns whom to ask when the aide on duty does not answer: the roster's second, else the first other aide by name.
std::string SiteContext::second_aide() const {
  const AideDuty& duty = state.facts.duty;
  const auto aides = registry.aides();
  if (!duty.second.empty() && is_among(aides, duty.second)) return duty.second;
  if (duty.first.empty()) return "";  // the question was put to all of them already
  const auto other = std::find_if(aides.begin(), aides.end(), [&](const std::string& id) { return id != duty.first; });
  return other == aides.end() ? "" : *other;
}

// The aide on duty, and the one whom T2 asked; all aides while none is on duty.
bool SiteContext::is_put_to(const UserId& aide, const Visit& visit) const {
  const AideDuty& duty = state.facts.duty;
  return duty.first.empty() || duty.first == aide.str() || visit.second_aide == aide.str();
}

}  // namespace gapura::gateway
