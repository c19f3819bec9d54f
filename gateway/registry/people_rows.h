// SPDX-License-Identifier: Apache-2.0
// Guests who could be meant by a form, with the visit that they have now: open first, else the next plan.
#pragma once

#include <initializer_list>
#include <string_view>
#include <vector>

#include "gateway/contract/lookup.h"
#include "gateway/journal/database.h"

namespace gapura::gateway {

// ?1 the telephone number, ?2 the name. Who bears the name first, then who is here, then who is expected, then the latest.
extern const std::string_view people_by_phone;
extern const std::string_view people_by_name;  // ?1 the name: who is here or expected
extern const std::string_view people_by_id;    // ?1 the id of a guest or of a visit

// Over the writer's connection or a reader's. At most 20.
Result<std::vector<KnownPerson>> read_people(const Database& db, std::string_view sql,
                                             std::initializer_list<std::string_view> values);

}  // namespace gapura::gateway
