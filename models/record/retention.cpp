// SPDX-License-Identifier: Apache-2.0
#include "models/record/retention.h"

namespace gapura {

std::vector<RetentionRule> default_retention() {
  using enum RetentionClass;
  using enum RetentionAction;
  return {{visit, "", 365, anonymise},  {portrait, "", 30, destroy},   {nik, "", 1, destroy},    {clip, "", 7, destroy},
          {approval, "", 365, destroy}, {deviation, "", 365, destroy}, {audit, "", 1, permanent}};
}

bool is_possible(RetentionClass what, RetentionAction action) {
  if (action == RetentionAction::permanent) return true;
  if (what == RetentionClass::audit) return false;
  return (what == RetentionClass::visit) == (action == RetentionAction::anonymise);
}

bool keeps_less(const RetentionRule& from, const RetentionRule& to) {
  if (to.action == RetentionAction::permanent) return false;
  return from.action == RetentionAction::permanent || to.days < from.days;
}

}  // namespace gapura
