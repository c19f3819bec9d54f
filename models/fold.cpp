// SPDX-License-Identifier: Apache-2.0
// What each entry means for the state. Only what happened counts here; whether it was allowed was asked before.
#include <algorithm>

#include "models/planted.h"
#include "models/site_state.h"

namespace gapura {
namespace {

Hash hash_from_hex(std::string_view hex) {
  Hash hash{};
  const auto digit = [](char c) { return c >= 'a' ? c - 'a' + 10 : c - '0'; };
  for (std::size_t i = 0; i < hash.size() && 2 * i + 1 < hex.size(); ++i)
    hash[i] = static_cast<std::uint8_t>(digit(hex[2 * i]) * 16 + digit(hex[2 * i + 1]));
  return hash;
}

UtcTime time_of(const Entry& entry, std::string_view key) { return UtcTime(Millis(find_integer(entry.data, key))); }

template <class Enum>
void set_word(Enum& value, const Entry& entry, std::string_view key) {
  if (const auto found = find_word<Enum>(find_text(entry.data, key))) value = *found;
}

// ---- Visits

void end(Visit& visit, const Entry& entry) {
  visit.closed = entry.at.utc;
  visit.presence = Presence::outside;
  visit.presence_at = entry.at.utc;
  visit.where = {{outside_area, visit.party}};
}

void move_to(Visit& visit, VisitState to, const Entry& entry) {
  visit.state = to;
  if (to == VisitState::arrived) {
    visit.presence = Presence::at_post;
    visit.presence_at = visit.arrived = entry.at.utc;
  }
  if (to == VisitState::finished) visit.finished = entry.at.utc;
  if (is_end(to)) end(visit, entry);
}

void register_guest(Visit& visit, const Entry& entry) {
  const bool planned = entry.type == EventType::visit_planned;
  const bool known = visit.party > 0 && !visit.guest.empty();
  visit.guest = GuestId(find_text(entry.data, "guest"));
  visit.category = find_text(entry.data, "category");
  if (planned) {
    visit.invited = true;
    visit.expected = time_of(entry, "from");
    visit.expected_until = time_of(entry, "until");
    if (known && visit.state != VisitState::planned) return;  // here already: the plan only says that they were expected
    visit.state = VisitState::planned;
    visit.presence = Presence::outside;
  } else {
    visit.state = VisitState::registered;
    visit.presence = Presence::at_post;
    visit.sop = find_text(entry.data, "sop");
    visit.out_of_hours = !find_text(entry.data, "out_of_hours").empty();
    visit.in_debt = find_flag(entry.data, "quick");
    visit.extended = find_flag(entry.data, "extended");
    set_word(visit.attention, entry, "attention");
    if (auto portrait = find_text(entry.data, "portrait"); !portrait.empty()) visit.portrait = std::move(portrait);
  }
  visit.party = std::max<int>(1, static_cast<int>(find_integer(entry.data, "party")));
  visit.where = {{outside_area, visit.party}};
  visit.arrived = entry.at.utc;
  visit.presence_at = entry.at.utc;
}

void ask(Visit& visit, const Entry& entry) {
  visit.approval = Approval::sent;
  visit.approval_version = find_integer(entry.data, "version");
  visit.asked = entry.at.utc;
  visit.escalation = 0;
  visit.hold_until.reset();
  visit.second_aide.clear();
  if (visit.state == VisitState::registered || visit.state == VisitState::arrived) visit.state = VisitState::waiting;
}

void decide(Visit& visit, const Entry& entry) {
  const std::string decision = find_text(entry.data, "decision");
  const Now& now = entry.at;
  visit.approval_version = find_integer(entry.data, "version");
  visit.decided = now.utc;
  visit.hold_until.reset();
  visit.verbal = find_flag(entry.data, "verbal") ? Verbal::unconfirmed : Verbal::none;
  visit.hours_permit = visit.hours_permit || find_flag(entry.data, "hours_permit");
  visit.members_permit = find_flag(entry.data, "all_members") ? entry.actor : "";
  visit.next_plan = VisitId(find_text(entry.data, "next"));
  const auto until = now.utc + std::chrono::minutes(find_integer(entry.data, "minutes"));
  // The answer may come, and change, until the guest is on the way in.
  const bool waits = visit.state == VisitState::arrived || visit.state == VisitState::registered ||
                     visit.state == VisitState::waiting || visit.state == VisitState::called ||
                     visit.state == VisitState::declined || visit.state == VisitState::referred ||
                     visit.state == VisitState::rescheduled;
  const auto become = [&](Approval approval, VisitState state) {
    visit.approval = approval;
    if (waits) visit.state = state;
  };
  if (decision == "accept_now") become(Approval::accepted, VisitState::called);
  if (decision == "accept_later") become(Approval::accepted_later, VisitState::waiting);
  if (decision == "hold") become(Approval::held, VisitState::waiting);
  if (decision == "refer") become(Approval::referred, VisitState::referred);
  if (decision == "reschedule") become(Approval::rescheduled, VisitState::rescheduled);
  if (decision == "ask") become(Approval::asked_back, VisitState::waiting);
  if (decision == "decline") become(Approval::declined, VisitState::declined);
  if (decision == "accept_later" || decision == "hold") visit.hold_until = until;
}

void screen(Visit& visit, const Entry& entry) {
  if (entry.type == EventType::screening_passage) {
    if (visit.screening == Screening::pending || visit.screening == Screening::rewalk)
      visit.screening = Screening::passed_through;
    return;
  }
  if (entry.type == EventType::screening_alarm) {
    visit.screening = Screening::alarm;
    visit.metal_found = entry.at.utc;
    visit.alarm_deviation = false;
    return;
  }
  set_word(visit.screening, entry, "result");
  visit.metal_found.reset();
  if (visit.screening == Screening::alarm) visit.metal_found = entry.at.utc;
  if (visit.screening == Screening::rewalk) ++visit.rewalks;
  if (visit.screening == Screening::pending) visit.rewalks = 0;
  if (is_cleared(visit.screening)) visit.screened = entry.at.utc;
}

// The compensating entry carries what stood before.
void undo(Visit& visit, const Entry& entry) {
  if (PLANTED(undo_undoes_nothing)) return;
  set_word(visit.state, entry, "state");
  set_word(visit.screening, entry, "screening");
  set_word(visit.approval, entry, "approval");
  set_word(visit.presence, entry, "presence");
  if (const auto version = find_integer(entry.data, "version")) {  // of a decision
    visit.approval_version = version;
    visit.next_plan = {};
    visit.members_permit.clear();
  }
  if (const auto where = find_text(entry.data, "where"); !where.empty()) visit.where = parse_whereabouts(where);
  if (!is_end(visit.state) && find_flag(entry.data, "reopened")) visit.closed.reset();
  if (!is_cleared(visit.screening)) visit.screened.reset();
}

void apply_visit(SiteEdit& edit, const Entry& entry) {
  const bool makes = entry.type == EventType::visit_registered || entry.type == EventType::visit_planned;
  Visit* known = edit.find_visit(entry.visit);
  if (!known && makes) known = &edit.add_visit(entry.visit);
  if (!known) return;
  Visit& visit = *known;
  switch (entry.type) {
    case EventType::visit_planned:
    case EventType::visit_registered:
      register_guest(visit, entry);
      break;
    case EventType::visit_completed:
      visit.in_debt = false;
      break;
    case EventType::visit_moved:
      move_to(visit, find_word<VisitState>(find_text(entry.data, "to")).value_or(visit.state), entry);
      break;
    case EventType::visit_closed:
      visit.state = find_word<VisitState>(find_text(entry.data, "outcome")).value_or(VisitState::departed);
      end(visit, entry);
      break;
    case EventType::approval_asked:
    case EventType::approval_answered:
      ask(visit, entry);
      break;
    case EventType::approval_received:
      if (is_open(visit.approval)) set_word(visit.approval, entry, "receipt");
      break;
    case EventType::approval_escalated:
      visit.escalation = static_cast<int>(find_integer(entry.data, "level"));
      if (auto second = find_text(entry.data, "to"); !second.empty()) visit.second_aide = std::move(second);
      break;
    case EventType::approval_decided:
      decide(visit, entry);
      break;
    case EventType::approval_withdrawn:
      visit.approval = Approval::withdrawn;
      visit.approval_version = find_integer(entry.data, "version");
      break;
    case EventType::verbal_reviewed:
      visit.verbal = find_flag(entry.data, "confirmed") ? Verbal::confirmed : Verbal::disputed;
      break;
    case EventType::limit_permitted:
      visit.members_permit = entry.actor;
      break;
    case EventType::portrait_set:
      visit.portrait = find_text(entry.data, "portrait");
      break;
    case EventType::step_attested:
      visit.attested.push_back(find_text(entry.data, "step"));
      break;
    case EventType::deviation_noted:
      if (find_text(entry.data, "kind") == "alarm_without_action") visit.alarm_deviation = true;
      break;
    case EventType::undone:
      undo(visit, entry);
      break;
    case EventType::attention_decided:
      set_word(visit.attention, entry, "attention");
      break;
    case EventType::screening_passage:
    case EventType::screening_alarm:
    case EventType::screening_recorded:
      screen(visit, entry);
      break;
    case EventType::escort_moved:
      set_word(visit.escort, entry, "to");
      if (auto by = find_text(entry.data, "by"); !by.empty()) visit.escorted_by = std::move(by);
      if (visit.escort == EscortState::started && may_move(visit.state, VisitState::escorted))
        visit.state = VisitState::escorted;
      break;
    case EventType::passback_forgiven:
      visit.passback_free = true;
      break;
    case EventType::passback_exempted:
      visit.passback_exempt = true;
      break;
    case EventType::picture_kept:
    case EventType::clip_kept:
      if (find_text(entry.data, "role") == "waiting_room") visit.waiting_still = find_text(entry.data, "hash");
      break;
    default:
      return;
  }
  visit.last_entry = entry.number;
}

// ---- Passages

int members_in(const Visit& visit, Presence presence) {
  int number = 0;
  for (const auto& [area, count] : visit.where)
    if (presence_in(area) == presence) number += count;
  return number;
}

void walk(Visit& visit, const AreaId& from, const AreaId& to, const Entry& entry) {
  if (PLANTED(exit_not_counted) && to == outside_area) return;
  if (PLANTED(party_counted_once)) visit.where = {{from, 1}, {outside_area, visit.party - 1}};
  move_one(visit.where, from, to);
  visit.presence = presence_in(to);
  visit.presence_at = entry.at.utc;
  visit.passback_free = false;
  visit.last_entry = entry.number;
  if (visit.presence == Presence::unknown) return;
  if (visit.presence == Presence::inside) {
    if (!visit.entered) visit.entered = entry.at.utc;
    if (visit.state != VisitState::unaccounted) visit.state = VisitState::in_meeting;
    return;
  }
  // Back in the waiting room or outside after the meeting: when the last of the party is, the meeting is over.
  if (members_in(visit, Presence::inside) == 0 && visit.state == VisitState::in_meeting) {
    visit.state = VisitState::finished;
    visit.finished = entry.at.utc;
  }
  if (members_in(visit, Presence::outside) == visit.party) visit.screening = Screening::pending;  // screened anew
}

void use(Badge& badge, const AreaId& from, const AreaId& to, const Entry& entry) {
  if (badge.state == BadgeState::issued) badge.state = BadgeState::active;
  if (from == outside_area && !PLANTED(one_time_not_consumed)) ++badge.uses;
  badge.passed = entry.at.utc;
  badge.passed_into = to;
  badge.last_entry = entry.number;
  if (badge.kind == BadgeKind::staff) badge.area = to;
  badge.passback_free = false;
}

void pass(SiteEdit& edit, const BadgeId& id, const AccessPointConfig& point, bool seen, const Entry& entry) {
  Badge* badge = edit.find_badge(id);
  if (!badge) return;
  Visit* visit = edit.find_visit(badge->visit);
  if (visit && !visit->closed) walk(*visit, point.from, seen ? point.to : unknown_area, entry);
  use(*badge, point.from, point.to, entry);
  if (!seen && badge->kind == BadgeKind::staff) badge->area = unknown_area;
}

void apply_access(SiteEdit& edit, const Entry& entry, const SiteConfig& config) {
  if (entry.type == EventType::access_granted) {
    edit.open(
        {entry.number, AccessPointId(entry.point), entry.visit, entry.badge, BadgeId(find_text(entry.data, "partner"))});
    const AccessPointConfig* ordered =
        PLANTED(consumed_on_grant) ? find_point(config, AccessPointId(entry.point)) : nullptr;
    if (ordered) pass(edit, entry.badge, *ordered, true, entry);
    return;
  }
  if (!entry.ref) return;
  const OpenIntent* intent = edit.find_intent(*entry.ref);
  const BadgeId partner = intent ? intent->partner : BadgeId();
  edit.close(*entry.ref);
  const AccessPointConfig* point = find_point(config, AccessPointId(entry.point));
  if (!point || entry.badge.empty() || entry.type == EventType::access_not_taken) return;
  // What nobody saw may have happened: the badge counts as used, its guest may be on either side.
  const bool seen = entry.type == EventType::access_taken || PLANTED(unknown_counts_as_taken);
  pass(edit, entry.badge, *point, seen, entry);
  if (!partner.empty() && !PLANTED(partner_not_moved)) pass(edit, partner, *point, seen, entry);
}

// ---- Badges and deposited items

void end_badge(Badge& badge, BadgeState state, const Entry& entry) {
  badge.state = state;
  badge.ended = entry.at.utc;
}

// The visit's list of what has to be brought back.
void note_out(SiteEdit& edit, const VisitId& id, const BadgeId& badge, bool out) {
  Visit* visit = edit.find_visit(id);
  if (!visit) return;
  auto& list = visit->badges_out;
  const auto place = std::lower_bound(list.begin(), list.end(), badge);
  const bool known = place != list.end() && *place == badge;
  if (out && !known) list.insert(place, badge);
  if (!out && known) list.erase(place);
}

void restock(Badge& card) {
  card.state = PLANTED(card_not_restocked) ? BadgeState::returned : BadgeState::in_stock;
  card.visit = {};
  card.ended.reset();
  card.valid_until = UtcTime::max();
  card.uses = 0;
}

void issue(SiteEdit& edit, const Entry& entry) {
  Badge* known = edit.find_badge(entry.badge);
  Badge& badge = known ? *known : edit.add_badge(entry.badge);
  set_word(badge.kind, entry, "kind");
  badge.token = hash_from_hex(find_text(entry.data, "token"));
  badge.issued = entry.at.utc;
  badge.valid_until = time_of(entry, "valid_until");
  badge.last_entry = entry.number;
  if (entry.type == EventType::badge_stocked) {
    badge.kind = BadgeKind::card;
    restock(badge);
    return;
  }
  badge.state = BadgeState::issued;
  badge.print = find_text(entry.data, "printer").empty() ? PrintState::none : PrintState::ordered;
  badge.visit = entry.visit;
  badge.host = find_text(entry.data, "host");
  badge.duress = find_flag(entry.data, "duress");
  badge.uses_allowed = static_cast<int>(find_integer(entry.data, "uses"));
  badge.uses = 0;
  if (Visit* visit = edit.find_visit(entry.visit)) {
    visit->badge = entry.badge;
    visit->last_entry = entry.number;
  }
  note_out(edit, entry.visit, entry.badge, true);
}

void change_badge(SiteEdit& edit, Badge* badge, const Entry& entry) {
  badge->last_entry = entry.number;
  if (entry.type == EventType::badge_revoked) return end_badge(*badge, BadgeState::revoked, entry);
  if (entry.type == EventType::badge_returned) {
    if (badge->kind != BadgeKind::card) return end_badge(*badge, BadgeState::returned, entry);
    if (Visit* visit = edit.find_visit(badge->visit); visit && visit->badge == badge->id) visit->badge = {};
    return restock(*badge);
  }
  if (entry.type == EventType::passback_forgiven) {
    badge->passback_free = true;
    // Nobody comes out with a badge that has ended: whoever forgives it has seen its holder out.
    if (badge->ended) badge->area = outside_area;
    return;
  }
  const auto to = find_word<BadgeState>(find_text(entry.data, "to"));
  if (!to) return;
  if (*to == BadgeState::in_stock) {
    restock(*badge);
  } else if (*to == BadgeState::suspended || *to == BadgeState::active) {
    badge->state = *to;
  } else {
    end_badge(*badge, *to, entry);
  }
}

// The printer's word counts only as long as no person has spoken.
void apply_print(SiteEdit& edit, const Entry& entry) {
  Badge* badge = edit.find_badge(entry.badge);
  if (!badge) return;
  badge->last_entry = entry.number;
  if (entry.type == EventType::badge_print_ordered) badge->print = PrintState::ordered;
  if (entry.type == EventType::badge_print_ended && badge->print == PrintState::ordered)
    set_word(badge->print, entry, "outcome");
  if (entry.type == EventType::badge_printed)
    badge->print = find_flag(entry.data, "printed") ? PrintState::confirmed : PrintState::none;
}

void apply_badge(SiteEdit& edit, const Entry& entry) {
  if (entry.type == EventType::badge_issued || entry.type == EventType::badge_stocked) return issue(edit, entry);
  Badge* badge = edit.find_badge(entry.badge);
  if (!badge) return;
  const VisitId visit = badge->visit;
  change_badge(edit, badge, entry);
  note_out(edit, visit, badge->id, is_outstanding(*badge));
}

void apply_deposit(SiteEdit& edit, const Entry& entry) {
  const std::string id = find_text(entry.data, "deposit");
  Deposit* known = edit.find_deposit(id);
  Deposit& deposit = known ? *known : edit.add_deposit(id);
  if (!known) deposit.visit = entry.visit;
  set_word(deposit.state, entry, "to");
  deposit.last_entry = entry.number;
  Visit* visit = edit.find_visit(deposit.visit);
  if (!visit) return;
  if (!known) ++visit->deposits_open;
  if (deposit.state == DepositState::returned) --visit->deposits_open;
  visit->last_entry = entry.number;
}

// ---- Alarms

void apply_alarm(SiteEdit& edit, const Entry& entry) {
  if (entry.type == EventType::alarm_raised) {
    // With a reference: again, before anybody acknowledged; the same alarm.
    Alarm& alarm = edit.alarm(entry.ref.value_or(entry.number));
    alarm.active = true;
    alarm.cleared.reset();
    if (!entry.ref) {
      alarm.kind = find_text(entry.data, "kind");
      alarm.priority = find_word<AlarmPriority>(find_text(entry.data, "priority")).value_or(AlarmPriority::medium);
      alarm.silent = find_flag(entry.data, "silent");
      alarm.subject = entry.point;
      alarm.raised = entry.at.utc;
    }
    Visit* visit = alarm.kind == "overstay" ? edit.find_visit(entry.visit) : nullptr;
    if (visit) visit->overstay_told = true;
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

// ---- The site as a whole

void apply_shift(Shift& shift, const Entry& entry) {
  if (entry.type == EventType::shift_started) {
    if (shift.number == 0) shift.number = entry.number;
    shift.guards.insert(entry.actor);
  } else if (entry.type == EventType::shift_handed_over) {
    shift.handed_to = find_text(entry.data, "to");
    shift.handed_by = entry.actor;
  } else if (entry.type == EventType::shift_accepted) {
    shift.number = entry.number;
    shift.guards.erase(find_text(entry.data, "from"));
    shift.guards.insert(entry.actor);
    shift.handed_to.clear();
    shift.handed_by.clear();
  } else {
    shift.attended = find_flag(entry.data, "attended");
  }
}

void apply_facts(SiteFacts& facts, const Entry& entry) {
  switch (entry.type) {
    case EventType::mode_changed: {
      const PortalId portal(entry.point);
      const auto mode = find_word<PortalMode>(find_text(entry.data, "mode")).value_or(PortalMode::locked);
      facts.modes[portal] = {mode, entry.number, entry.at.utc, find_text(entry.data, "by") == "schedule"};
      return;
    }
    case EventType::lockdown_started: {
      ActiveLockdown lockdown{find_text(entry.data, "plan"), entry.number, std::nullopt};
      if (find_integer(entry.data, "until") > 0) lockdown.until = time_of(entry, "until");
      facts.lockdowns.insert_or_assign(lockdown.plan, lockdown);
      return;
    }
    case EventType::lockdown_ended:
      facts.lockdowns.erase(find_text(entry.data, "plan"));
      return;
    case EventType::muster_started:
      facts.muster = Muster{entry.number, {}};
      return;
    case EventType::muster_marked:
      if (facts.muster) facts.muster->safe.insert(entry.visit);
      return;
    case EventType::muster_ended:
      facts.muster.reset();
      return;
    case EventType::leader_changed:
      facts.leader = find_text(entry.data, "state");
      return;
    case EventType::duty_changed:
      facts.duty = {find_text(entry.data, "first"), find_text(entry.data, "second"), ""};
      return;
    case EventType::duty_offered:
      facts.duty.offered_to = find_text(entry.data, "to");
      return;
    case EventType::user_added:
      if (find_text(entry.data, "role") == "admin") facts.admins[find_text(entry.data, "user")] = {entry.actor, entry.at.utc};
      return;
    case EventType::user_password_set:
      if (const auto known = facts.admins.find(find_text(entry.data, "user")); known != facts.admins.end())
        known->second = {entry.actor, entry.at.utc};
      return;
    case EventType::passback_reset:
      facts.passback_reset = entry.at.utc;
      return;
    case EventType::day_closed:
      facts.day_closed = entry.at.utc;
      return;
    default:
      apply_shift(facts.shift, entry);
      return;
  }
}

}  // namespace

void apply(SiteEdit& edit, const Entry& entry, const SiteConfig& config) {
  edit.next_number = entry.number + 1;
  switch (entry.type) {
    case EventType::access_granted:
    case EventType::access_taken:
    case EventType::access_not_taken:
    case EventType::access_unknown:
      apply_access(edit, entry, config);
      return;
    case EventType::badge_stocked:
    case EventType::badge_issued:
    case EventType::badge_changed:
    case EventType::badge_returned:
    case EventType::badge_revoked:
      apply_badge(edit, entry);
      return;
    case EventType::badge_print_ordered:
    case EventType::badge_print_ended:
    case EventType::badge_printed:
      apply_print(edit, entry);
      return;
    case EventType::deposit_moved:
      apply_deposit(edit, entry);
      return;
    case EventType::alarm_raised:
    case EventType::alarm_cleared:
    case EventType::alarm_acknowledged:
      apply_alarm(edit, entry);
      return;
    case EventType::mode_changed:
    case EventType::lockdown_started:
    case EventType::lockdown_ended:
    case EventType::muster_started:
    case EventType::muster_marked:
    case EventType::muster_ended:
    case EventType::leader_changed:
    case EventType::duty_changed:
    case EventType::duty_offered:
    case EventType::user_added:
    case EventType::user_password_set:
    case EventType::passback_reset:
    case EventType::day_closed:
    case EventType::shift_started:
    case EventType::shift_handed_over:
    case EventType::shift_accepted:
    case EventType::post_changed:
      apply_facts(edit.change_facts(), entry);
      return;
    case EventType::passback_forgiven:
      if (entry.visit.empty()) {
        apply_badge(edit, entry);
        return;
      }
      [[fallthrough]];
    default:
      if (!entry.visit.empty()) apply_visit(edit, entry);
      return;
  }
}

}  // namespace gapura
