// SPDX-License-Identifier: Apache-2.0
// Selects what is to be erased, and erases it: the only code that knows where all personal data is. Leaves of the journal
// are never changed; they hold ids and salted commitments, and the salts are erased.
#pragma once

#include "gateway/contract/personal_data.h"
#include "gateway/journal/database.h"

namespace gapura::gateway {

// Returns the class's oldest items from before `before`, at most `limit` visits, notes or files; empty when nothing is
// left. Never of open visits, of visits under a legal hold or with an open case of their guest, or that are `in_use` (still
// in the core's memory). `after`: of notes and files, only those of later entries. For the class visit also data of people
// without a visit: codes that are not badges.
Result<ErasureBatch> plan_due(const Database& db, RetentionClass what, UtcTime before, std::int64_t after, int limit,
                              const InUse& in_use);
// Returns everything of one person, visit by visit; last, the person. What came since the decision prevents the erasure
// here too: a new visit, a legal hold, another case.
Result<ErasureBatch> plan_person(const Database& db, const std::string& guest, int limit, const InUse& in_use);
// Returns a sentence when a person may not be erased now, empty when they may. `but_case`: the case that asks for it.
Result<std::string> why_not_erase(const Database& db, const std::string& guest, const std::string& but_case,
                                  const InUse& in_use);

// Thread: core only, inside the caller's transaction. Files that are not referred to any more are added to doomed_file.
Status erase(const Database& db, const ErasureBatch& batch, UtcTime now);

// A class in the daily list.
struct DueCount {
  std::int64_t due = 0, held = 0;
  std::int64_t oldest_utc = 0;  // of what is due; 0: none
};
Result<DueCount> count_due(const Database& db, RetentionClass what, UtcTime before);

inline constexpr const char* erased_name = "–";  // one character: a word that is not sealed is refused (gateway/vault)

}  // namespace gapura::gateway
