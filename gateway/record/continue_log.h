// SPDX-License-Identifier: Apache-2.0
// Going on from an older journal, on purpose.
#pragma once

#include <optional>
#include <string>

#include "gateway/record/log_keys.h"
#include "models/result.h"
#include "models/time.h"

namespace gapura::gateway {

// The named officers' act after which a journal may go on that is not the continuation of what was signed: as a new log
// (gapura.<site>/log<n+1>) with a new key, and with an entry that says so. No daemon may run. It takes two admins: the
// first proposes it (a file beside the keys, good for this journal alone) and gets nothing back, the second's call does it.
// `alone`, or where there is no second admin: at once, and the entry says so. Errors: not_found (no such admin), bad_input
// (no reason), conflict (nothing to continue, or proposed by the same), too_new and same_hand (models/second_person.h, by
// what the older file says of the accounts), storage.
struct Continuation {
  std::string officer;  // name of an account; whether it is they is the caller's to check
  std::string reason;   // of the first; the second's may be empty
  bool alone = false;
};
Result<std::optional<Checkpoint>> continue_log(const std::string& data_folder, const std::string& site,
                                               const Continuation& act, const Now& now, const std::string& boot_id);

}  // namespace gapura::gateway
