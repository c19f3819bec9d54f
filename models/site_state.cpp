// SPDX-License-Identifier: Apache-2.0
#include "models/site_state.h"

#include <cstring>

namespace gapura {
namespace {

// Well-known areas; every other one is inside (config/README.md).
Presence presence_in(const AreaId& area) {
  if (area.str() == "outside") return Presence::outside;
  if (area.str() == "waiting_room") return Presence::waiting_room;
  return Presence::inside;
}

const AccessPointConfig* find_point(const SiteConfig& config, const std::string& id) {
  for (const auto& point : config.points)
    if (point.id.str() == id) return &point;
  return nullptr;
}

std::array<std::uint8_t, 32> hash_from_hex(std::string_view hex) {
  Hash hash{};
  const auto digit = [](char c) { return c >= 'a' ? c - 'a' + 10 : c - '0'; };
  for (std::size_t i = 0; i < hash.size() && 2 * i + 1 < hex.size(); ++i)
    hash[i] = static_cast<std::uint8_t>(digit(hex[2 * i]) * 16 + digit(hex[2 * i + 1]));
  return hash;
}

void decide(Visit& visit, const Entry& entry) {
  const std::string decision = find_text(entry.data, "decision");
  const Now& now = entry.at;
  visit.approval_version = find_integer(entry.data, "version");
  visit.decided = now.utc;
  visit.hold_until.reset();
  const auto until = now.utc + std::chrono::minutes(find_integer(entry.data, "minutes"));
  if (decision == "accept_now") {
    visit.approval = Approval::accepted;
    if (visit.state == VisitState::waiting || visit.state == VisitState::registered || visit.state == VisitState::declined)
      visit.state = VisitState::called;
  } else if (decision == "accept_later") {
    visit.approval = Approval::accepted_later;
    visit.hold_until = until;
    visit.state = VisitState::waiting;
  } else if (decision == "hold") {
    visit.approval = Approval::held;
    visit.hold_until = until;
    visit.state = VisitState::waiting;
  } else if (decision == "decline") {
    visit.approval = Approval::declined;
    visit.state = VisitState::declined;
  }
}

void pass(Visit& visit, const AccessPointConfig* point) {
  if (!point) return;
  visit.presence = presence_in(point->to);
  if (visit.presence == Presence::inside) visit.state = VisitState::in_meeting;
  if (visit.presence == Presence::outside) {
    if (visit.state == VisitState::in_meeting) visit.state = VisitState::finished;
    visit.screening = Screening::pending;  // who was outside is screened anew
  }
  // Back in the waiting room after the meeting: the meeting is over, the guest is not gone.
  if (visit.presence == Presence::waiting_room && visit.state == VisitState::in_meeting) visit.state = VisitState::finished;
}

void end_badge(Badge& badge, BadgeState state, const Entry& entry) {
  badge.state = state;
  badge.ended = entry.at.utc;
  badge.last_entry = entry.number;
}

void apply_access(SiteEdit& edit, const Entry& entry, const SiteConfig& config) {
  if (entry.type == EventType::access_granted) {
    edit.open({entry.number, AccessPointId(entry.point), entry.visit, entry.badge});
    return;
  }
  if (entry.ref) edit.close(*entry.ref);
  if (entry.type != EventType::access_taken) return;
  if (Visit* visit = edit.find_visit(entry.visit); visit && !visit->closed) pass(*visit, find_point(config, entry.point));
  if (Badge* badge = edit.find_badge(entry.badge)) {
    if (badge->state == BadgeState::issued) badge->state = BadgeState::active;
    badge->last_entry = entry.number;
  }
}

void apply_visit(SiteEdit& edit, const Entry& entry) {
  Visit* known = entry.type == EventType::visit_registered ? &edit.add_visit(entry.visit) : edit.find_visit(entry.visit);
  if (!known) return;
  Visit& visit = *known;
  switch (entry.type) {
    case EventType::visit_registered:
      visit.guest = GuestId(find_text(entry.data, "guest"));
      visit.category = find_text(entry.data, "category");
      visit.portrait = find_text(entry.data, "portrait");
      visit.arrived = entry.at.utc;
      break;
    case EventType::approval_asked:
      visit.approval = Approval::sent;
      visit.approval_version = find_integer(entry.data, "version");
      visit.asked = entry.at.utc;
      visit.hold_until.reset();
      if (visit.state == VisitState::registered) visit.state = VisitState::waiting;
      break;
    case EventType::approval_decided:
      decide(visit, entry);
      break;
    case EventType::portrait_set:
      visit.portrait = find_text(entry.data, "portrait");
      break;
    case EventType::visit_closed:
      visit.state = find_word<VisitState>(find_text(entry.data, "outcome")).value_or(VisitState::departed);
      visit.presence = Presence::outside;
      visit.closed = entry.at.utc;
      break;
    case EventType::screening_passage:
      if (visit.screening == Screening::pending) visit.screening = Screening::passed_through;
      break;
    case EventType::screening_alarm:
      visit.screening = Screening::alarm;
      break;
    case EventType::screening_recorded:
      visit.screening = find_word<Screening>(find_text(entry.data, "result")).value_or(Screening::pending);
      break;
    case EventType::picture_kept:
      if (find_text(entry.data, "role") == "waiting_room") visit.waiting_still = find_text(entry.data, "hash");
      break;
    default:
      return;
  }
  visit.last_entry = entry.number;
}

void apply_badge(SiteEdit& edit, const Entry& entry) {
  if (entry.type == EventType::badge_issued) {
    Badge& badge = edit.add_badge(entry.badge);
    badge.token = hash_from_hex(find_text(entry.data, "token"));
    badge.visit = entry.visit;
    badge.issued = entry.at.utc;
    badge.valid_until = UtcTime(Millis(find_integer(entry.data, "valid_until")));
    badge.last_entry = entry.number;
    if (Visit* visit = edit.find_visit(entry.visit)) {
      visit->badge = entry.badge;
      visit->last_entry = entry.number;
    }
    return;
  }
  if (Badge* badge = edit.find_badge(entry.badge))
    end_badge(*badge, entry.type == EventType::badge_revoked ? BadgeState::revoked : BadgeState::returned, entry);
}

void apply_alarm(SiteEdit& edit, const Entry& entry) {
  if (entry.type == EventType::alarm_raised && entry.ref) {  // again, before anybody acknowledged: the same alarm
    Alarm& alarm = edit.alarm(*entry.ref);
    alarm.active = true;
    alarm.cleared.reset();
    return;
  }
  if (entry.type == EventType::alarm_raised) {
    Alarm& alarm = edit.alarm(entry.number);
    alarm.kind = find_text(entry.data, "kind");
    alarm.priority = find_word<AlarmPriority>(find_text(entry.data, "priority")).value_or(AlarmPriority::medium);
    alarm.subject = entry.point;
    alarm.raised = entry.at.utc;
    return;
  }
  if (!entry.ref) return;
  Alarm& alarm = edit.alarm(*entry.ref);
  if (entry.type == EventType::alarm_cleared) {
    alarm.active = false;
    alarm.cleared = entry.at.utc;
  } else {
    alarm.acknowledged_by = entry.actor;
    alarm.handling = find_text(entry.data, "handling");
  }
}

template <class Map, class Key>
auto find_in(const Map& map, const Key& key) -> const typename Map::mapped_type* {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : &found->second;
}

}  // namespace

std::size_t HashOfHash::operator()(const Hash& hash) const noexcept {
  std::size_t value = 0;  // the bytes are already uniform
  std::memcpy(&value, hash.data(), sizeof value);
  return value;
}

const Visit* SiteState::find_visit(const VisitId& id) const { return find_in(visits, id); }
const Badge* SiteState::find_badge(const BadgeId& id) const { return find_in(badges, id); }
const Badge* SiteState::find_badge(const Hash& token) const {
  const BadgeId* id = find_in(badge_by_token, token);
  return id ? find_badge(*id) : nullptr;
}

Visit* SiteEdit::find_visit(const VisitId& id) {
  const auto found = visits.find(id);
  if (found != visits.end()) return &found->second;
  const Visit* now = base_.find_visit(id);
  return now ? &visits.emplace(id, *now).first->second : nullptr;
}

Badge* SiteEdit::find_badge(const BadgeId& id) {
  const auto found = badges.find(id);
  if (found != badges.end()) return &found->second;
  const Badge* now = base_.find_badge(id);
  return now ? &badges.emplace(id, *now).first->second : nullptr;
}

Visit& SiteEdit::add_visit(const VisitId& id) {
  Visit& visit = visits[id];
  visit.id = id;
  return visit;
}

Badge& SiteEdit::add_badge(const BadgeId& id) {
  Badge& badge = badges[id];
  badge.id = id;
  return badge;
}

Alarm& SiteEdit::alarm(std::uint64_t number) {
  const auto [place, fresh] = alarms.try_emplace(number);
  if (fresh) {
    if (const Alarm* now = find_in(base_.alarms, number)) place->second = *now;
    place->second.number = number;
  }
  return place->second;
}

void SiteEdit::close(std::uint64_t intent) {
  if (opened.erase(intent) == 0) closed.push_back(intent);
}

void SiteEdit::merge_into(SiteState& state) const {
  for (const auto& [id, badge] : badges) {
    state.badges.insert_or_assign(id, badge);
    state.badge_by_token.insert_or_assign(badge.token, id);
  }
  for (const auto& [id, visit] : visits) {
    // A closed visit stays known while its badge could still be scanned, so that the scan can name it.
    const Badge* badge = state.find_badge(visit.badge);
    if (visit.closed && !(badge && is_out(*badge))) {
      state.visits.erase(id);
    } else {
      state.visits.insert_or_assign(id, visit);
    }
  }
  for (const auto& [number, intent] : opened) state.open_intents.insert_or_assign(number, intent);
  for (const auto number : closed) state.open_intents.erase(number);
  for (const auto& [number, alarm] : alarms) {
    if (alarm.standing()) {
      state.alarms.insert_or_assign(number, alarm);
    } else {
      state.alarms.erase(number);
    }
  }
  if (next_number > state.next_number) state.next_number = next_number;
}

void apply(SiteEdit& edit, const Entry& entry, const SiteConfig& config) {
  edit.next_number = entry.number + 1;
  switch (entry.type) {
    case EventType::access_granted:
    case EventType::access_taken:
    case EventType::access_not_taken:
    case EventType::access_unknown:
      apply_access(edit, entry, config);
      return;
    case EventType::badge_issued:
    case EventType::badge_returned:
    case EventType::badge_revoked:
      apply_badge(edit, entry);
      return;
    case EventType::alarm_raised:
    case EventType::alarm_cleared:
    case EventType::alarm_acknowledged:
      apply_alarm(edit, entry);
      return;
    case EventType::visit_registered:
    case EventType::approval_asked:
    case EventType::approval_decided:
    case EventType::portrait_set:
    case EventType::visit_closed:
    case EventType::screening_passage:
    case EventType::screening_alarm:
    case EventType::screening_recorded:
    case EventType::picture_kept:
      if (!entry.visit.empty()) apply_visit(edit, entry);
      return;
    default:
      return;
  }
}

}  // namespace gapura
