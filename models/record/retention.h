// SPDX-License-Identifier: Apache-2.0
// How long a class of personal data is kept, and what is done at the end of that period (UU 27/2022; the archive schedule,
// JRA).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/base/words.h"

namespace gapura {

// visit: who came, to whom, why · portrait: pictures of people · nik: what was noted of the identity card · clip: video ·
// approval, deviation: people's words about decisions and deviations · audit: the journal, which holds only ids.
GAPURA_ENUM(RetentionClass, visit, portrait, nik, clip, approval, deviation, audit);

GAPURA_ENUM(RetentionAction, destroy, anonymise, permanent);

struct RetentionRule {
  RetentionClass what = RetentionClass::visit;
  std::string jra;  // code of the archive schedule, as written on the certificate
  int days = 365;   // after the end of the visit, or after the instant of a picture that belongs to no visit
  RetentionAction action = RetentionAction::anonymise;
  bool operator==(const RetentionRule&) const = default;
};

// One rule per class. P8: portrait 30 days, clip 7, identity 1, visit anonymised after a year, the journal kept for ever.
std::vector<RetentionRule> default_retention();
// Whether a class allows the action: a visit's times and counts are always kept, and a journal entry is never deleted.
bool is_possible(RetentionClass what, RetentionAction action);
// Whether `to` keeps less than `from`; such a change needs two persons.
bool keeps_less(const RetentionRule& from, const RetentionRule& to);

}  // namespace gapura
