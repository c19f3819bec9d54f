// SPDX-License-Identifier: Apache-2.0
// Where two persons must agree, two accounts of one person are not enough.
#pragma once

#include <string>

#include "models/result.h"
#include "models/site_state.h"

namespace gapura {

// An account agrees only when its password is at least this old: the user it was taken from has time to notice.
inline constexpr std::chrono::hours agrees_after{72};

// Whether `user` may agree now, alone (`other` empty) or as the second of two after `other`. Errors: too_new (of either
// account, with the time from which it may), same_hand (one gave the other its password, directly or by way of further
// accounts; or the record names no giver). `offset`: of the site's clock, for the sentence.
Status may_agree(const SiteFacts& facts, const std::string& user, const std::string& other, const Now& now);

}  // namespace gapura
