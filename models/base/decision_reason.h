// SPDX-License-Identifier: Apache-2.0
// Why a badge is denied. The order of the enumeration is the order of precedence, everywhere.
#pragma once

#include "models/base/words.h"

namespace gapura {

// In descending precedence: the guard's screen shows the first one largest. Stored, sent and shown as these words.
GAPURA_ENUM(DenialReason, malformed_payload, unknown_badge, bad_signature, revoked, lost, blocked_person, suspended,
            not_active_yet, expired, used_up, not_here, not_now, holiday, rest_hours, already_inside, not_inside, timed_apb,
            area_full, interlock_busy, chamber_timeout, second_person_missing, escort_missing, escort_limit,
            screening_missing, screening_alarm, screening_stale, not_approved, declined, sop_step_missing, lockdown,
            portal_unknown, portal_fault, clock_untrusted, journal_unavailable, rate_limited, duplicate_scan,
            ambiguous_scan);

}  // namespace gapura
