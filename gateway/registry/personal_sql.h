// SPDX-License-Identifier: Apache-2.0
// Conditions shared by statements on personal data. For the .cpp files of gateway/registry and gateway/privacy.
#pragma once

#include "gateway/journal/statements.h"

// No legal hold on the visit or its guest, and no open case of the guest.
#define NOT_HELD(visit, guest)                                                                                       \
  "NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.released_utc IS NULL AND (h.visit = " visit " OR h.guest = " guest \
  ")) AND NOT EXISTS (SELECT 1 FROM subject_case k WHERE k.state = 'open' AND k.guest = " guest ")"
// The last entry before the instant ?1.
#define LAST_BEFORE \
  "SELECT coalesce(max(number), -1) FROM (SELECT number FROM entry WHERE utc < ?1 ORDER BY utc DESC LIMIT 1)"
// For entry e and its visit v, if it has one.
#define CLOSED_OR_NONE "(e.visit IS NULL OR v.closed_utc < ?1)"
#define WITH_PICTURE "(v.portrait <> '' OR v.waiting_still <> '')"
#define WITH_IDENTITY "(v.identity_type <> '' OR v.identity_last4 <> '')"
// A clip of an alarm that was not acknowledged as false is kept as long as deviations are.
#define INCIDENT " AND EXISTS " OF_REAL_ALARM
#define NO_INCIDENT " AND NOT EXISTS " OF_REAL_ALARM
#define OF_REAL_ALARM "(SELECT 1 FROM alarm a WHERE a.number = p.entry AND coalesce(a.handling, '') <> 'false_alarm')"
// Words and codes of people who have no visit.
#define STRANGER_TYPES "'access_denied','badge_presented','alarm_raised','duress_signalled'"
