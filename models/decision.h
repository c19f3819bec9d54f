// SPDX-License-Identifier: Apache-2.0
// decide(): may this badge pass this point now? A pure function; every failed reason is given, most important first.
#pragma once

#include <vector>

#include "models/credential.h"
#include "models/site.h"
#include "models/visit.h"
#include "models/words.h"

namespace gapura {

// In descending precedence: the guard's screen leads with the first. Stored, sent and shown under these words.
enum class DenialReason {
  malformed_payload,
  unknown_badge,
  bad_signature,
  revoked,
  lost,
  blocked_person,
  suspended,
  not_active_yet,
  expired,
  used_up,
  not_here,
  not_now,
  holiday,
  rest_hours,
  already_inside,
  not_inside,
  timed_apb,
  area_full,
  interlock_busy,
  chamber_timeout,
  second_person_missing,
  escort_missing,
  escort_limit,
  screening_missing,
  screening_alarm,
  screening_stale,
  not_approved,
  declined,
  sop_step_missing,
  lockdown,
  portal_unknown,
  portal_fault,
  clock_untrusted,
  journal_unavailable,
  rate_limited,
  duplicate_scan,
  ambiguous_scan,
};
template <>
inline constexpr auto words<DenialReason> = std::to_array<const char*>({
    "malformed_payload",
    "unknown_badge",
    "bad_signature",
    "revoked",
    "lost",
    "blocked_person",
    "suspended",
    "not_active_yet",
    "expired",
    "used_up",
    "not_here",
    "not_now",
    "holiday",
    "rest_hours",
    "already_inside",
    "not_inside",
    "timed_apb",
    "area_full",
    "interlock_busy",
    "chamber_timeout",
    "second_person_missing",
    "escort_missing",
    "escort_limit",
    "screening_missing",
    "screening_alarm",
    "screening_stale",
    "not_approved",
    "declined",
    "sop_step_missing",
    "lockdown",
    "portal_unknown",
    "portal_fault",
    "clock_untrusted",
    "journal_unavailable",
    "rate_limited",
    "duplicate_scan",
    "ambiguous_scan",
});

// Everything the decision looks at. Pointers are null where there is no such thing; none is kept.
struct DecisionInput {
  const AccessPointConfig* point = nullptr;  // null: the reader belongs to no access point
  bool malformed = false;                    // the payload is no badge at all
  bool ambiguous = false;                    // two different codes in one view
  const Badge* badge = nullptr;
  const Visit* visit = nullptr;     // the badge's
  bool portal_ready = true;         // its controller answers and its release can be read back
  bool portal_busy = false;         // a release for somebody else is under way
  bool same_badge_pending = false;  // a release for this badge is under way
  bool rate_limited = false;        // too many useless codes at this reader lately
  bool journal_ready = true;        // nothing is granted that cannot be remembered
  UtcTime now;                      // trusted time
};

struct Decision {
  std::vector<DenialReason> reasons;  // empty: granted
  bool granted() const { return reasons.empty(); }
};

Decision decide(const DecisionInput& input);

}  // namespace gapura
