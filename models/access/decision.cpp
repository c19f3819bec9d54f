// SPDX-License-Identifier: Apache-2.0
#include "models/access/decision.h"

#include <algorithm>

namespace gapura {
namespace {

using enum DenialReason;

bool holds(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// Conditions that several rules share, for one passage.
struct Passage {
  const DecisionInput& in;
  Decision& out;
  const Visit* visit = in.badge ? in.visit : nullptr;
  bool leaving = in.point && (in.point->direction == Direction::exit || in.point->to == outside_area);
  bool staff = in.badge && in.badge->kind == BadgeKind::staff;
  std::string category = staff ? "staff" : visit ? visit->category : "";

  void deny(DenialReason reason) { out.reasons.push_back(reason); }
  void deny_if(bool failed, DenialReason reason) {
    if (failed) deny(reason);
  }

  // ---- The badge itself

  // Judged by where the people are and not by the visit's presence, which follows the last of the party who moved.
  bool all_are_outside() const {
    return std::ranges::all_of(visit->where, [](const auto& g) { return g.first == outside_area; });
  }

  // A guest who is inside may leave with an expired badge; staff have theirs renewed.
  bool leaves_from_inside() const { return leaving && visit && !all_are_outside(); }

  // The visit ended, or the meeting is over and all are out: a new entry needs a new visit.
  bool visit_is_over() const {
    return visit->closed || is_end(visit->state) || (visit->state == VisitState::finished && all_are_outside());
  }

  bool is_used_up() const {
    const Badge& badge = *in.badge;
    if (badge.state == BadgeState::returned) return true;
    const bool comes_in = in.point && in.point->from == outside_area;  // a use is a way in from outside
    if (comes_in && badge.uses_allowed > 0 && badge.uses >= badge.uses_allowed) return true;
    if (staff || badge.state == BadgeState::in_stock) return false;
    return !visit || visit_is_over();
  }

  void judge_badge() {
    const Badge& badge = *in.badge;
    const BadgeState state = badge.state;
    deny_if(state == BadgeState::revoked || state == BadgeState::destroyed, revoked);
    deny_if(state == BadgeState::lost || state == BadgeState::quarantine, lost);
    deny_if(visit && visit->attention == Attention::blocked, blocked_person);
    deny_if(state == BadgeState::suspended, suspended);
    deny_if(state == BadgeState::in_stock || in.now < badge.issued, not_active_yet);
    deny_if((state == BadgeState::expired || in.now >= badge.valid_until) && !leaves_from_inside(), expired);
    deny_if(is_used_up(), used_up);
  }

  // ---- Where and when

  void judge_place_and_hours() {
    deny_if(in.point && !in.point->categories.empty() && !holds(in.point->categories, category), not_here);
    if (visit && !leaving && !visit->hours_permit && in.hours.reason) deny(*in.hours.reason);
  }

  // ---- Anti-passback: a badge passes from the area it was last seen in, and enters no area twice

  // None: nothing is wrong.
  std::optional<DenialReason> misplaced() const {
    const AreaId &from = in.point->from, &to = in.point->to;
    if (staff) {
      if (in.badge->area == from || in.badge->area == unknown_area) return std::nullopt;
      return in.badge->area == to ? already_inside : not_inside;
    }
    if (count_in(visit->where, from) > 0 || count_in(visit->where, unknown_area) > 0) return std::nullopt;
    return count_in(visit->where, to) > 0 ? already_inside : not_inside;
  }

  bool has_mode(Passback mode) const {
    return (in.to && in.to->passback == mode) || (in.from && in.from->passback == mode);
  }

  bool is_exempt() const {
    if (in.passback_free || in.badge->passback_free) return true;
    if (visit && (visit->passback_free || visit->passback_exempt)) return true;
    return (in.to && holds(in.to->passback_exempt, category)) || (in.from && holds(in.from->passback_exempt, category));
  }

  void judge_passback() {
    if (!in.point || (!staff && !visit) || is_exempt()) return;
    if (has_mode(Passback::hard) || has_mode(Passback::soft)) {
      if (const auto reason = misplaced()) (has_mode(Passback::hard) ? out.reasons : out.tolerated).push_back(*reason);
    }
    const bool timed = in.to && in.to->passback == Passback::timed && in.badge->passed;
    deny_if(timed && in.badge->passed_into == in.to->id && in.now - *in.badge->passed < in.to->passback_time, timed_apb);
  }

  // ---- The place's own limits

  bool area_is_full() const {
    return in.to && in.to->id != outside_area && in.to->limit > 0 && in.people_there >= in.to->limit;
  }

  // In a two-person area no person is alone: neither the first to enter nor the last to leave.
  bool leaves_one_alone() const {
    const bool enters = in.to && in.to->two_person && in.people_there == 0;
    const bool remains = in.from && in.from->two_person && in.people_here == 2;
    return (enters || remains) && !in.second_person;
  }

  void judge_area(bool judged) {
    deny_if(judged && area_is_full(), area_full);
    deny_if(in.portal_busy || in.interlock_busy, interlock_busy);
    deny_if(in.chamber_over, chamber_timeout);
    deny_if(judged && leaves_one_alone(), second_person_missing);
  }

  // ---- The visit's own conditions

  bool party_is_full() {
    if (!in.sop || is_front(in.point->to) || !is_front(in.point->from)) return false;
    int inside = in.members_entering;
    for (const auto& [area, people] : visit->where)
      if (!is_front(area) && area != unknown_area) inside += people;
    const auto is_full = [&](bool permitted) {
      const auto limit = members_inside_limit(*in.sop, permitted);
      return limit && inside >= *limit;
    };
    if (visit->members_permit.empty()) return is_full(false);
    out.over_limit = is_full(false);
    return is_full(true);
  }

  void judge_escort() {
    const EscortRule rule = in.to ? in.to->escort : EscortRule::off;
    const bool attested = visit->escort == EscortState::started || visit->escort == EscortState::at_door ||
                          visit->escort == EscortState::handed_over;
    deny_if((rule == EscortRule::attested && !attested) || (rule == EscortRule::ordered && !in.escort_ahead),
            escort_missing);
    const bool group_is_full =
        rule == EscortRule::ordered && in.to->escort_cap > 0 && in.escort_followers >= in.to->escort_cap;
    deny_if(group_is_full || party_is_full(), escort_limit);
  }

  void judge_screening() {
    switch (visit->screening) {
      case Screening::pending:
      case Screening::passed_through:
      case Screening::rewalk:
        return deny(screening_missing);
      case Screening::alarm:
      case Screening::manual_check:
      case Screening::item_deposited:
      case Screening::refused:
      case Screening::held_and_reported:
        return deny(screening_alarm);
      case Screening::clear:
      case Screening::cleared_by_check:
      case Screening::alternative:
        deny_if(in.screening_valid && visit->screened && *visit->screened + *in.screening_valid < in.now, screening_stale);
    }
  }

  void judge_approval() {
    if (is_accepted(*visit, in.now)) return;
    deny(visit->approval == Approval::declined ? declined : not_approved);
  }

  bool gate_asks(GateNeed need) const {
    if (!in.sop) return false;
    for (const auto& gate : in.sop->gates)
      if (gate.area == in.point->to.str())
        for (const auto& requirement : gate.requires_)
          if (need_of(*in.sop, requirement) == need) return true;
    return false;
  }

  // Acceptance and screening have denial reasons of their own.
  void judge_steps() {
    if (in.sop && (!leaving || in.point->to == outside_area))
      for (const auto& step : missing_for(*in.sop, *visit, in.point->to.str(), in.now))
        if (need_of(*in.sop, step) == GateNeed::step) out.sop_steps.push_back(step);
    if (in.point->to == outside_area && visit->deposits_open > 0 && !holds(out.sop_steps, "deposit_return"))
      out.sop_steps.emplace_back("deposit_return");
    deny_if(!out.sop_steps.empty(), sop_step_missing);
  }

  // A guest on the way out is asked only for the items that belong to the house.
  void judge_visit() {
    if (!visit || !in.point) return;
    if (!leaving) {
      judge_escort();
      if (in.point->needs_screening || gate_asks(GateNeed::screening)) judge_screening();
      if (in.point->needs_decision || gate_asks(GateNeed::acceptance)) judge_approval();
    }
    judge_steps();
  }

  bool is_locked_down() const {
    if (in.mode == PortalMode::blocked || in.mode == PortalMode::locked_down) return true;
    if (!in.lockdown) return false;
    return !holds(in.lockdown->may_pass, category) && !(leaving && holds(in.lockdown->may_pass, "leaving"));
  }
};

}  // namespace

// Rules are in the order of the enumeration, so that the reasons come out sorted; a test checks this. A payload that is not
// a badge fails no further rule of a badge, but faults of the portal are reported as well. bad_signature is for signed
// badges; ours are opaque.
Decision decide(const DecisionInput& in) {
  Decision decision;
  Passage passage{in, decision};
  if (in.malformed && !in.ambiguous) passage.deny(malformed_payload);
  if (!in.badge && !in.malformed && !in.ambiguous) passage.deny(unknown_badge);
  const bool judged = in.badge && !in.malformed && !in.ambiguous;
  if (judged) {
    passage.judge_badge();
    passage.judge_place_and_hours();
    passage.judge_passback();
  }
  passage.judge_area(judged);
  if (judged) passage.judge_visit();
  passage.deny_if(passage.is_locked_down(), lockdown);
  passage.deny_if(!in.point, portal_unknown);
  passage.deny_if(!in.portal_ready, portal_fault);
  passage.deny_if(in.clock_suspect && judged && !passage.leaving, clock_untrusted);
  passage.deny_if(!in.journal_ready, journal_unavailable);
  passage.deny_if(in.rate_limited, rate_limited);
  passage.deny_if(in.same_badge_pending, duplicate_scan);
  passage.deny_if(in.ambiguous, ambiguous_scan);
  return decision;
}

bool lacks_only_second_person(const Decision& decision) {
  return decision.reasons.size() == 1 && decision.reasons.front() == second_person_missing;
}

}  // namespace gapura
