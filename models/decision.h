// SPDX-License-Identifier: Apache-2.0
// decide(): may this badge pass this point now? A pure function; every failed reason is given, most important first.
#pragma once

#include <string>
#include <vector>

#include "models/credential.h"
#include "models/decision_reason.h"
#include "models/schedule.h"
#include "models/site.h"
#include "models/sop.h"
#include "models/visit.h"

namespace gapura {

// Everything the decision looks at. Pointers are null where there is no such thing; none is kept.
struct DecisionInput {
  const AccessPointConfig* point = nullptr;  // null: the reader belongs to no access point
  bool malformed = false;                    // the payload is no badge at all
  bool ambiguous = false;                    // two different codes in one view
  const Badge* badge = nullptr;
  const Visit* visit = nullptr;  // the badge's; null for staff
  const Sop* sop = nullptr;      // that the visit is pinned to
  const Area* from = nullptr;    // the point's areas
  const Area* to = nullptr;
  HoursVerdict hours;  // of the visit's category, now; not looked at for staff

  bool portal_ready = true;     // its controller answers and its release can be read back
  bool portal_busy = false;     // a release for somebody else is under way
  bool interlock_busy = false;  // another portal of its interlock is open, released, or nobody knows
  bool chamber_over = false;    // `to` is an airlock where somebody stands longer than the longest stay
  PortalMode mode = PortalMode::locked;
  const LockdownPlan* lockdown = nullptr;  // the highest in rank that covers one of the point's areas
  bool same_badge_pending = false;         // a release for this badge is under way, here or at another lane
  bool passback_free = false;              // forgiven, or forgotten by the daily reset
  int people_there = 0;                    // in `to`, releases under way included; whoever asks is not among them
  int people_here = 0;                     // in `from`, whoever asks included
  bool second_person = false;              // another valid badge was presented here within the window
  bool escort_ahead = false;               // a host went first and the group's gap is not broken
  int escort_followers = 0;                // of that group, so far
  int members_entering = 0;               // of this visit: other badges' releases under way from the front into inner areas
  std::optional<Millis> screening_valid;  // none: for as long as the guest stays

  bool clock_suspect = false;
  bool rate_limited = false;  // too many useless codes at this reader lately
  bool journal_ready = true;  // nothing is granted that cannot be remembered
  UtcTime now;                // trusted time
};

struct Decision {
  std::vector<DenialReason> reasons;   // empty: granted
  std::vector<std::string> sop_steps;  // of sop_step_missing: which; "deposit_return" at the exit
  // What was wrong but does not deny: soft anti-passback ("already_inside", "not_inside").
  std::vector<DenialReason> tolerated;
  bool over_limit = false;  // more of the party than the SOP's limit, as the aide permitted
  bool granted() const { return reasons.empty(); }
};

Decision decide(const DecisionInput& input);
// The rule that speaks when nothing stands against the badge itself: may two badges count as each other's second person?
bool lacks_only_second_person(const Decision& decision);

}  // namespace gapura
