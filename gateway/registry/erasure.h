// SPDX-License-Identifier: Apache-2.0
// What is to be erased, and erasing it: the one place that knows where personal data lies. Leaves of the journal are never
// touched; they hold ids and salted commitments, and the salts go.
#pragma once

#include "gateway/contract/personal_data.h"
#include "gateway/journal/database.h"

namespace gapura::gateway {

// The class's oldest things from before `before`, at most `limit` visits, notes or files; empty when nothing is left. Never
// of open visits, of those under a legal hold or with an open case of their guest, or that `in_use` (still in the core's
// memory). `after`: of notes and files, only those of later entries. For the class visit also what strangers left: codes
// that are no badge.
Result<ErasureBatch> plan_due(const Database& db, RetentionClass what, UtcTime before, std::int64_t after, int limit,
                              const InUse& in_use);
// Everything of one person, visit by visit; at last the person. What came since it was decided stands against it here too:
// a new visit, a legal hold, another case.
Result<ErasureBatch> plan_person(const Database& db, const std::string& guest, int limit, const InUse& in_use);
// A sentence when a person may not be erased now, empty when they may. `but_case`: the case that asks for it.
Result<std::string> why_not_erase(const Database& db, const std::string& guest, const std::string& but_case,
                                  const InUse& in_use);

// Thread: core only, inside the caller's transaction. Files whose last mention this was come into doomed_file.
Status erase(const Database& db, const ErasureBatch& batch, UtcTime now);

// What the daily list says of a class.
struct DueCount {
  std::int64_t due = 0, held = 0;
  std::int64_t oldest_utc = 0;  // of what is due; 0: nothing
};
Result<DueCount> count_due(const Database& db, RetentionClass what, UtcTime before);

inline constexpr const char* erased_name = "–";  // one sign: a word in the clear is refused (gateway/vault)

}  // namespace gapura::gateway
