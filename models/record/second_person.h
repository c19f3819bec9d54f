// SPDX-License-Identifier: Apache-2.0
// The rule for actions that two persons must agree to: two accounts of one person do not count as two persons.
#pragma once

#include <string>

#include "models/base/result.h"
#include "models/record/site_state.h"

namespace gapura {

// An account may agree only when its password is at least this old, so that a user whose account was taken over has time to
// notice.
inline constexpr std::chrono::hours agrees_after{72};

// Returns whether `user` may agree now, alone (`other` empty) or as the second person after `other`. Errors: too_new
// (either account; with the time from which it may), same_hand (one account gave the other its password, directly or
// through further accounts; or the record does not say who gave it). `offset`: of the site's clock, for the sentence.
Status may_agree(const SiteFacts& facts, const std::string& user, const std::string& other, const Now& now);

}  // namespace gapura
