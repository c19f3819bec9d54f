// SPDX-License-Identifier: Apache-2.0
#include "models/decision.h"

namespace gapura {
namespace {

using enum DenialReason;

bool accepted(const Visit& visit, UtcTime now) {
  if (visit.approval == Approval::accepted) return true;
  return visit.approval == Approval::accepted_later && visit.hold_until && *visit.hold_until <= now;
}

// On the way out from inside: a badge whose time is over still lets its guest leave.
bool leaves(const DecisionInput& in) {
  return in.point && in.point->direction == Direction::exit && in.visit &&
         (in.visit->presence == Presence::waiting_room || in.visit->presence == Presence::inside);
}

// The meeting is over and the guest is out: another one is another visit.
bool is_over(const Visit& visit) {
  return visit.closed || (visit.state == VisitState::finished && visit.presence == Presence::outside);
}

void judge_badge(const DecisionInput& in, std::vector<DenialReason>& reasons) {
  if (in.ambiguous) return;  // no badge was chosen, so none is judged
  if (in.malformed) {
    reasons.push_back(malformed_payload);
    return;
  }
  if (!in.badge) {
    reasons.push_back(unknown_badge);
    return;
  }
  if (in.badge->state == BadgeState::revoked) reasons.push_back(revoked);
  if (in.badge->state == BadgeState::lost) reasons.push_back(lost);
  if (in.now < in.badge->issued) reasons.push_back(not_active_yet);
  const bool over = in.badge->state == BadgeState::expired || in.now >= in.badge->valid_until;
  if (over && !leaves(in)) reasons.push_back(expired);
  if (in.badge->state == BadgeState::returned || !in.visit || is_over(*in.visit)) reasons.push_back(used_up);
}

void judge_visit(const DecisionInput& in, std::vector<DenialReason>& reasons) {
  if (!in.visit || !in.point) return;
  if (in.point->needs_screening) {
    if (in.visit->screening == Screening::pending || in.visit->screening == Screening::passed_through)
      reasons.push_back(screening_missing);
    if (in.visit->screening == Screening::alarm || in.visit->screening == Screening::refused)
      reasons.push_back(screening_alarm);
  }
  if (in.point->needs_decision) {
    if (in.visit->approval == Approval::declined) {
      reasons.push_back(declined);
    } else if (!accepted(*in.visit, in.now)) {
      reasons.push_back(not_approved);
    }
  }
}

}  // namespace

// Written in the order of the enumeration, so that the reasons come out sorted; a test holds it so.
Decision decide(const DecisionInput& in) {
  Decision decision;
  auto& reasons = decision.reasons;
  judge_badge(in, reasons);
  if (in.portal_busy) reasons.push_back(interlock_busy);
  judge_visit(in, reasons);
  if (!in.point) reasons.push_back(portal_unknown);
  if (!in.portal_ready) reasons.push_back(portal_fault);
  if (!in.journal_ready) reasons.push_back(journal_unavailable);
  if (in.rate_limited) reasons.push_back(rate_limited);
  if (in.same_badge_pending) reasons.push_back(duplicate_scan);
  if (in.ambiguous) reasons.push_back(ambiguous_scan);
  return decision;
}

}  // namespace gapura
