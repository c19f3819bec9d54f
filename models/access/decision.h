// SPDX-License-Identifier: Apache-2.0
// decide(): may this badge pass this access point now? A pure function that returns every failed reason, most important
// first.
#pragma once

#include <string>
#include <vector>

#include "models/base/decision_reason.h"
#include "models/site/schedule.h"
#include "models/site/site.h"
#include "models/sop/sop.h"
#include "models/visit/credential.h"
#include "models/visit/visit.h"

namespace gapura {

// All input of one decision. A pointer is null where the thing does not exist; decide() keeps no pointer.
struct DecisionInput {
  const AccessPointConfig* point = nullptr;  // null: the reader belongs to no access point
  bool malformed = false;                    // the payload is not a badge
  bool ambiguous = false;                    // two different codes in one view
  const Badge* badge = nullptr;
  const Visit* visit = nullptr;  // the badge's; null for staff
  const Sop* sop = nullptr;      // the version that the visit is pinned to
  const Area* from = nullptr;    // the point's areas
  const Area* to = nullptr;
  HoursVerdict hours;  // of the visit's category, now; ignored for staff

  bool portal_ready = true;     // its controller answers and its release can be read back
  bool portal_busy = false;     // a release for another badge is under way
  bool interlock_busy = false;  // another portal of its interlock is open, released, or in an unknown state
  bool chamber_over = false;    // `to` is an airlock in which a person has been longer than the longest stay
  PortalMode mode = PortalMode::locked;
  const LockdownPlan* lockdown = nullptr;  // the highest in rank that covers one of the point's areas
  bool same_badge_pending = false;         // a release for this badge is under way, here or at another lane
  bool passback_free = false;              // forgiven by a person, or cleared by the daily reset
  int people_there = 0;                    // in `to`, releases under way included; the holder of this badge is not counted
  int people_here = 0;                     // in `from`, the holder of this badge included
  bool second_person = false;              // another valid badge was presented here within the window
  bool escort_ahead = false;               // a host went first and the group's gap is not broken
  int escort_followers = 0;                // of that group, so far
  int members_entering = 0;  // of this visit: releases under way for its other badges from the front into inner areas
  std::optional<Millis> screening_valid;  // none: for as long as the guest stays

  bool clock_suspect = false;
  bool rate_limited = false;  // too many useless codes at this reader lately
  bool journal_ready = true;  // the journal can be written; otherwise nothing is granted
  UtcTime now;                // trusted time
};

struct Decision {
  std::vector<DenialReason> reasons;   // empty: granted
  std::vector<std::string> sop_steps;  // which steps, with sop_step_missing; "deposit_return" at the exit
  // Rules that failed without denying: soft anti-passback ("already_inside", "not_inside").
  std::vector<DenialReason> tolerated;
  bool over_limit = false;  // more of the party than the SOP's limit, as the aide permitted
  bool granted() const { return reasons.empty(); }
};

Decision decide(const DecisionInput& input);
// Returns whether second_person_missing is the only reason of the denial, so that two such badges may count as each other's
// second person.
bool lacks_only_second_person(const Decision& decision);

}  // namespace gapura
