// SPDX-License-Identifier: Apache-2.0
// How long a class of personal data is kept, and what becomes of it then (UU 27/2022; the archive schedule, JRA).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/words.h"

namespace gapura {

// visit: who came, to whom, why · portrait: pictures of people · nik: what was noted of the identity card · clip: video ·
// approval, deviation: people's words about decisions and deviations · audit: the journal, which holds ids alone.
GAPURA_ENUM(RetentionClass, visit, portrait, nik, clip, approval, deviation, audit);

GAPURA_ENUM(RetentionAction, destroy, anonymise, permanent);

struct RetentionRule {
  RetentionClass what = RetentionClass::visit;
  std::string jra;  // code of the archive schedule, as it stands on the certificate
  int days = 365;   // after the end of the visit, or after the moment of a picture that belongs to none
  RetentionAction action = RetentionAction::anonymise;
  bool operator==(const RetentionRule&) const = default;
};

// One of each class. P8: portrait 30 days, clip 7, identity 1, visit anonymised after a year, the journal for ever.
std::vector<RetentionRule> default_retention();
// What may be done with a class: a visit's times and counts stay, and an entry of the journal is never deleted.
bool is_possible(RetentionClass what, RetentionAction action);
// Whether going from `from` to `to` keeps less than before: that takes two persons.
bool keeps_less(const RetentionRule& from, const RetentionRule& to);

}  // namespace gapura
