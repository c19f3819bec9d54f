// SPDX-License-Identifier: Apache-2.0
// People as the admin for data subjects sees them: found by number, day or name, with the reasons against erasing them.
// Reading: any connection. Writing: core only, inside the caller's transaction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/contract/personal_data.h"
#include "gateway/journal/database.h"
#include "models/base/time.h"

namespace gapura::gateway {

struct PersonSearch {
  std::string phone;                                   // the whole number
  std::string name;                                    // three letters or more
  std::optional<std::pair<UtcTime, UtcTime>> arrived;  // from, before
};
Result<std::vector<Person>> find_persons(const Database& db, const PersonSearch& search, int limit);
Result<std::optional<Person>> find_person(const Database& db, const std::string& guest);
Status correct_person(const Database& db, const std::string& guest, const PersonFields& fields);
Status restrict_person(const Database& db, const std::string& guest, std::optional<UtcTime> since);

Result<std::vector<LegalHold>> load_holds(const Database& db);  // those in force
Result<std::optional<LegalHold>> find_hold(const Database& db, const std::string& id);

Result<std::vector<SubjectCase>> load_cases(const Database& db, int limit);  // open ones first, the most urgent on top
Result<std::optional<SubjectCase>> find_case(const Database& db, const std::string& id);

// Whether it is an admin's account that a person can sign in to: a program's has no password.
Result<bool> is_admin_person(const Database& db, const std::string& user);
Result<bool> exists(const Database& db, const char* table, const std::string& id);  // table: visit | guest

// "Tamu Contoh 01" → "T*** C***** 0*"; "0812345678" → "*******678".
std::string masked_name(const std::string& name);
std::string masked_phone(const std::string& phone);

}  // namespace gapura::gateway
