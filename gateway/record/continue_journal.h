// SPDX-License-Identifier: Apache-2.0
// Continuing from an older journal, on purpose.
#pragma once

#include <optional>
#include <string>

#include "gateway/record/checkpoint_keys.h"
#include "models/base/result.h"
#include "models/base/time.h"

namespace gapura::gateway {

// The act of named admins by which a journal may continue that does not follow from what was signed: as a new log
// (gapura.<site>/log<n+1>) with a new key, and with an entry that says so. No daemon may run. It takes two admins: the
// first proposes it (a file beside the keys, valid for this state of the journal only) and gets nothing back; the second's
// call does it. `alone`, or where there is no second admin: at once, and the entry says so. Errors: not_found (no such
// admin), bad_input (no reason), conflict (nothing to continue, or proposed by the same admin), too_new and same_hand
// (models/record/second_person.h, by the accounts in the older file), storage.
struct Continuation {
  std::string officer;  // name of an admin's account; the caller checks the password
  std::string reason;   // the first admin's; the second's may be empty
  bool alone = false;
};
Result<std::optional<Checkpoint>> continue_journal(const std::string& data_folder, const std::string& site,
                                                   const Continuation& act, const Now& now, const std::string& boot_id);

}  // namespace gapura::gateway
