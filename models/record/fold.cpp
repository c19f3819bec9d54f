// SPDX-License-Identifier: Apache-2.0
// What each entry changes in the state. An entry is a fact here; whether it was allowed was decided before.
#include <algorithm>

#include "models/record/site_state.h"

namespace gapura {
namespace {

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

void come(Visit& visit, std::int64_t party, const Entry& entry) {
  visit.party = std::max(1, static_cast<int>(party));
  visit.where = {{outside_area, visit.party}};
  visit.arrived = entry.at.utc;
  visit.presence_at = entry.at.utc;
}

void plan(Visit& visit, const Entry& entry) {
  const auto it = particulars_of<VisitPlanned>(entry);
  const bool is_here = visit.party > 0 && !visit.guest.empty() && visit.state != VisitState::planned;
  visit.guest = it.guest;
  visit.category = it.category;
  visit.invited = true;
  visit.expected = it.from;
  visit.expected_until = it.until;
  if (is_here) return;  // the plan only says that the guest is expected
  visit.state = VisitState::planned;
  visit.presence = Presence::outside;
  come(visit, it.party, entry);
}

void register_guest(Visit& visit, const Entry& entry) {
  const auto it = particulars_of<VisitRegistered>(entry);
  visit.guest = it.guest;
  visit.category = it.category;
  visit.state = VisitState::registered;
  visit.presence = Presence::at_post;
  visit.sop = it.sop;
  visit.out_of_hours = it.out_of_hours.is_set();
  visit.in_debt = it.quick;
  visit.extended = it.extended;
  visit.attention = it.attention.value_or(visit.attention);
  if (it.portrait.is_set()) visit.portrait = it.portrait;
  come(visit, it.party, entry);
}

void ask(Visit& visit, const Entry& entry) {
  visit.approval = Approval::sent;
  visit.approval_version = particulars_of<QuestionPut>(entry).version;
  visit.asked = entry.at.utc;
  visit.escalation = 0;
  visit.hold_until.reset();
  visit.second_aide.clear();
  if (visit.state == VisitState::registered || visit.state == VisitState::arrived) visit.state = VisitState::waiting;
}

void decide(Visit& visit, const Entry& entry) {
  const auto it = particulars_of<ApprovalDecided>(entry);
  const Now& now = entry.at;
  visit.approval_version = it.version;
  visit.decided = now.utc;
  visit.hold_until.reset();
  visit.verbal = it.verbal ? Verbal::unconfirmed : Verbal::none;
  visit.hours_permit = visit.hours_permit || it.hours_permit;
  visit.members_permit = it.all_members ? entry.actor : "";
  visit.next_plan = it.next;
  const auto until = now.utc + std::chrono::minutes(it.minutes);
  // The answer may arrive, and change, until the guest is on the way in.
  const bool waits = visit.state == VisitState::arrived || visit.state == VisitState::registered ||
                     visit.state == VisitState::waiting || visit.state == VisitState::called ||
                     visit.state == VisitState::declined || visit.state == VisitState::referred ||
                     visit.state == VisitState::rescheduled;
  const auto become = [&](Approval approval, VisitState state) {
    visit.approval = approval;
    if (waits) visit.state = state;
  };
  if (it.decision == AideDecision::accept_now) become(Approval::accepted, VisitState::called);
  if (it.decision == AideDecision::accept_later) become(Approval::accepted_later, VisitState::waiting);
  if (it.decision == AideDecision::hold) become(Approval::held, VisitState::waiting);
  if (it.decision == AideDecision::refer) become(Approval::referred, VisitState::referred);
  if (it.decision == AideDecision::reschedule) become(Approval::rescheduled, VisitState::rescheduled);
  if (it.decision == AideDecision::ask) become(Approval::asked_back, VisitState::waiting);
  if (it.decision == AideDecision::decline) become(Approval::declined, VisitState::declined);
  if (it.decision == AideDecision::accept_later || it.decision == AideDecision::hold) visit.hold_until = until;
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
  visit.screening = particulars_of<ScreeningRecorded>(entry).result;
  visit.metal_found.reset();
  if (visit.screening == Screening::alarm) visit.metal_found = entry.at.utc;
  if (visit.screening == Screening::rewalk) ++visit.rewalks;
  if (visit.screening == Screening::pending) visit.rewalks = 0;
  if (is_cleared(visit.screening)) visit.screened = entry.at.utc;
}

// The newest answer of a step counts.
void set_attestation(Visit& visit, const std::string& step, const std::string& given) {
  std::erase(visit.attested, find_attestation(visit, step));
  if (!given.empty()) visit.attested.push_back(given);
}

void attest(Visit& visit, const Entry& entry) {
  const auto it = particulars_of<StepAttested>(entry);
  set_attestation(visit, it.step, attestation(it.step, it.answer));
}

// The compensating entry carries the previous values.
void undo(Visit& visit, const Entry& entry) {
  const auto it = particulars_of<Undone>(entry);
  visit.state = it.state.value_or(visit.state);
  visit.screening = it.screening.value_or(visit.screening);
  visit.approval = it.approval.value_or(visit.approval);
  visit.presence = it.presence.value_or(visit.presence);
  if (it.version.is_set()) {  // of a decision
    visit.approval_version = it.version;
    visit.next_plan = {};
    visit.members_permit.clear();
  }
  if (it.step.is_set()) set_attestation(visit, it.step, it.answer.is_set() ? attestation(it.step, it.answer) : "");
  if (it.where.is_set()) visit.where = parse_whereabouts(it.where);
  if (!is_end(visit.state) && it.reopened) visit.closed.reset();
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
      plan(visit, entry);
      break;
    case EventType::visit_registered:
      register_guest(visit, entry);
      break;
    case EventType::visit_completed:
      visit.in_debt = false;
      break;
    case EventType::visit_moved:
      move_to(visit, particulars_of<VisitMoved>(entry).to, entry);
      break;
    case EventType::visit_closed:
      visit.state = particulars_of<VisitClosed>(entry).outcome;
      end(visit, entry);
      break;
    case EventType::approval_asked:
    case EventType::approval_answered:
      ask(visit, entry);
      break;
    case EventType::approval_received:
      if (is_open(visit.approval)) visit.approval = particulars_of<ApprovalReceived>(entry).receipt;
      break;
    case EventType::approval_escalated: {
      const auto it = particulars_of<ApprovalEscalated>(entry);
      visit.escalation = static_cast<int>(it.level);
      if (it.to.is_set()) visit.second_aide = it.to;
      break;
    }
    case EventType::approval_decided:
      decide(visit, entry);
      break;
    case EventType::approval_withdrawn:
      visit.approval = Approval::withdrawn;
      visit.approval_version = particulars_of<ApprovalWithdrawn>(entry).version;
      break;
    case EventType::verbal_reviewed:
      visit.verbal = particulars_of<VerbalReviewed>(entry).confirmed ? Verbal::confirmed : Verbal::disputed;
      break;
    case EventType::limit_permitted:
      visit.members_permit = entry.actor;
      break;
    case EventType::portrait_set:
      visit.portrait = particulars_of<PortraitSet>(entry).portrait;
      break;
    case EventType::step_attested:
      attest(visit, entry);
      break;
    case EventType::deviation_noted:
      if (particulars_of<DeviationNoted>(entry).kind == Deviation::alarm_without_action) visit.alarm_deviation = true;
      break;
    case EventType::undone:
      undo(visit, entry);
      break;
    case EventType::attention_decided:
      visit.attention = particulars_of<AttentionDecided>(entry).attention;
      break;
    case EventType::screening_passage:
    case EventType::screening_alarm:
    case EventType::screening_recorded:
      screen(visit, entry);
      break;
    case EventType::escort_moved: {
      const auto it = particulars_of<EscortMoved>(entry);
      visit.escort = it.to;
      if (it.by.is_set()) visit.escorted_by = it.by;
      if (visit.escort == EscortState::started && may_move(visit.state, VisitState::escorted))
        visit.state = VisitState::escorted;
      break;
    }
    case EventType::passback_forgiven:
      visit.passback_free = true;
      break;
    case EventType::passback_exempted:
      visit.passback_exempt = true;
      break;
    case EventType::picture_kept:
    case EventType::clip_kept: {
      const auto it = particulars_of<EvidenceKept>(entry);
      if (it.role == "waiting_room") visit.waiting_still = it.hash;
      break;
    }
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

void move_member(Visit& visit, const AreaId& from, const AreaId& to, const Entry& entry) {
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
  // Back in the waiting room or outside after the meeting: when the last of the party is there, the meeting is over.
  if (members_in(visit, Presence::inside) == 0 && visit.state == VisitState::in_meeting) {
    visit.state = VisitState::finished;
    visit.finished = entry.at.utc;
  }
  if (members_in(visit, Presence::outside) == visit.party) visit.screening = Screening::pending;  // screening is due again
}

void use(Badge& badge, const AreaId& from, const AreaId& to, const Entry& entry) {
  if (badge.state == BadgeState::issued) badge.state = BadgeState::active;
  if (from == outside_area) ++badge.uses;
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
  if (visit && !visit->closed) move_member(*visit, point.from, seen ? point.to : unknown_area, entry);
  use(*badge, point.from, point.to, entry);
  if (!seen && badge->kind == BadgeKind::staff) badge->area = unknown_area;
}

void apply_access(SiteEdit& edit, const Entry& entry, const SiteConfig& config) {
  if (entry.type == EventType::access_granted) {
    edit.open(
        {entry.number, AccessPointId(entry.point), entry.visit, entry.badge, particulars_of<AccessGranted>(entry).partner});
    return;
  }
  if (!entry.ref) return;
  const OpenIntent* intent = edit.find_intent(*entry.ref);
  const BadgeId partner = intent ? intent->partner : BadgeId();
  edit.close(*entry.ref);
  const AccessPointConfig* point = find_point(config, AccessPointId(entry.point));
  if (!point || entry.badge.empty() || entry.type == EventType::access_not_taken) return;
  // An unobserved passage may have happened: the badge counts as used, and its guest may be on either side.
  const bool seen = entry.type == EventType::access_taken;
  pass(edit, entry.badge, *point, seen, entry);
  if (!partner.empty()) pass(edit, partner, *point, seen, entry);
}

// ---- Badges and deposited items

void end_badge(Badge& badge, BadgeState state, const Entry& entry) {
  badge.state = state;
  badge.ended = entry.at.utc;
}

// Updates the visit's list of badges that have to be returned.
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
  card.state = BadgeState::in_stock;
  card.visit = {};
  card.ended.reset();
  card.valid_until = UtcTime::max();
  card.uses = 0;
}

Badge& find_or_add_badge(SiteEdit& edit, const BadgeId& id) {
  Badge* known = edit.find_badge(id);
  return known ? *known : edit.add_badge(id);
}

void stock(SiteEdit& edit, const Entry& entry) {
  Badge& badge = find_or_add_badge(edit, entry.badge);
  badge.token = particulars_of<BadgeStocked>(entry).token;
  badge.issued = entry.at.utc;
  badge.last_entry = entry.number;
  badge.kind = BadgeKind::card;
  restock(badge);
}

void issue(SiteEdit& edit, const Entry& entry) {
  const auto it = particulars_of<BadgeIssued>(entry);
  Badge& badge = find_or_add_badge(edit, entry.badge);
  badge.kind = it.kind.value_or(badge.kind);
  badge.token = it.token;
  badge.issued = entry.at.utc;
  badge.valid_until = it.valid_until;
  badge.last_entry = entry.number;
  badge.state = BadgeState::issued;
  badge.print = it.printer.is_set() ? PrintState::ordered : PrintState::none;
  badge.visit = entry.visit;
  badge.host = it.host;
  badge.duress = it.duress;
  badge.uses_allowed = static_cast<int>(it.uses);
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
    // No one leaves with a badge that has ended: a person who forgives it has seen its holder outside.
    if (badge->ended) badge->area = outside_area;
    return;
  }
  const BadgeState to = particulars_of<BadgeChanged>(entry).to;
  if (to == BadgeState::in_stock) {
    restock(*badge);
  } else if (to == BadgeState::suspended || to == BadgeState::active) {
    badge->state = to;
  } else {
    end_badge(*badge, to, entry);
  }
}

// The printer's report counts only until a person has confirmed the badge.
void apply_print(SiteEdit& edit, const Entry& entry) {
  Badge* badge = edit.find_badge(entry.badge);
  if (!badge) return;
  badge->last_entry = entry.number;
  if (entry.type == EventType::badge_print_ordered) badge->print = PrintState::ordered;
  if (entry.type == EventType::badge_print_ended && badge->print == PrintState::ordered)
    badge->print = particulars_of<BadgePrintEnded>(entry).outcome;
  if (entry.type == EventType::badge_printed)
    badge->print = particulars_of<BadgePrinted>(entry).printed ? PrintState::confirmed : PrintState::none;
}

void apply_badge(SiteEdit& edit, const Entry& entry) {
  if (entry.type == EventType::badge_stocked) return stock(edit, entry);
  if (entry.type == EventType::badge_issued) return issue(edit, entry);
  Badge* badge = edit.find_badge(entry.badge);
  if (!badge) return;
  const VisitId visit = badge->visit;
  change_badge(edit, badge, entry);
  note_out(edit, visit, badge->id, is_outstanding(*badge));
}

void apply_deposit(SiteEdit& edit, const Entry& entry) {
  const auto it = particulars_of<DepositMoved>(entry);
  Deposit* known = edit.find_deposit(it.deposit);
  Deposit& deposit = known ? *known : edit.add_deposit(it.deposit);
  if (!known) deposit.visit = entry.visit;
  deposit.state = it.to;
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
    // With a reference: the same alarm, raised again before it was acknowledged.
    Alarm& alarm = edit.alarm(entry.ref.value_or(entry.number));
    alarm.active = true;
    alarm.cleared.reset();
    if (!entry.ref) {
      const auto it = particulars_of<AlarmRaised>(entry);
      alarm.kind = it.kind;
      alarm.priority = it.priority;
      alarm.silent = it.silent;
      alarm.subject = entry.point;
      alarm.raised = entry.at.utc;
    }
    Visit* visit = alarm.kind == AlarmKind::overstay ? edit.find_visit(entry.visit) : nullptr;
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
    alarm.handling = word(particulars_of<AlarmAcknowledged>(entry).handling);
  }
}

// ---- The site as a whole

void apply_shift(Shift& shift, const Entry& entry) {
  if (entry.type == EventType::shift_started) {
    if (shift.number == 0) shift.number = entry.number;
    shift.guards.insert(entry.actor);
  } else if (entry.type == EventType::shift_handed_over) {
    shift.handed_to = particulars_of<ShiftHandedOver>(entry).to;
    shift.handed_by = entry.actor;
  } else if (entry.type == EventType::shift_accepted) {
    shift.number = entry.number;
    shift.guards.erase(particulars_of<ShiftAccepted>(entry).from);
    shift.guards.insert(entry.actor);
    shift.handed_to.clear();
    shift.handed_by.clear();
  } else {
    shift.attended = particulars_of<PostChanged>(entry).attended;
  }
}

AideDuty roster_of(const Entry& entry) {
  const auto it = particulars_of<DutyChanged>(entry);
  return {it.first, it.second, ""};
}

void apply_facts(SiteFacts& facts, const Entry& entry) {
  switch (entry.type) {
    case EventType::mode_changed: {
      const auto it = particulars_of<ModeChanged>(entry);
      facts.modes[PortalId(entry.point)] = {it.mode, entry.number, entry.at.utc, it.by.value == "schedule"};
      return;
    }
    case EventType::lockdown_started: {
      const auto it = particulars_of<LockdownStarted>(entry);
      facts.lockdowns.insert_or_assign(it.plan, ActiveLockdown{it.plan, entry.number, it.until});
      return;
    }
    case EventType::lockdown_ended:
      facts.lockdowns.erase(particulars_of<LockdownEnded>(entry).plan);
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
      facts.leader = word(particulars_of<LeaderChanged>(entry).state);
      return;
    case EventType::duty_changed:
      facts.duty = roster_of(entry);
      return;
    case EventType::duty_offered:
      facts.duty.offered_to = particulars_of<DutyOffered>(entry).to;
      return;
    case EventType::user_added: {
      const auto it = particulars_of<UserAdded>(entry);
      if (it.role == Role::admin) facts.admins[it.user.str()] = {entry.actor, entry.at.utc};
      return;
    }
    case EventType::user_password_set:
      if (const auto known = facts.admins.find(particulars_of<UserChanged>(entry).user.str()); known != facts.admins.end())
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
