// SPDX-License-Identifier: Apache-2.0
// Guests whom a form may be about, with their present visit: the open one, else the next plan.
#pragma once

#include <initializer_list>
#include <string_view>
#include <vector>

#include "gateway/contract/lookup.h"
#include "gateway/journal/database.h"

namespace gapura::gateway {

// ?1 the telephone number, ?2 the name. Ordered: same name, at the post, expected, then the latest.
extern const std::string_view people_by_phone;
extern const std::string_view people_by_name;  // ?1 the name: guests at the post or expected
extern const std::string_view people_by_id;    // ?1 the id of a guest or of a visit

// Uses the writer's connection or a reader's. At most 20 people.
Result<std::vector<KnownPerson>> read_people(const Database& db, std::string_view sql,
                                             std::initializer_list<std::string_view> values);

}  // namespace gapura::gateway
