// SPDX-License-Identifier: Apache-2.0
#include "gateway/registry/people_rows.h"

#include "gateway/journal/statements.h"

namespace gapura::gateway {

// A reader's view has revealed the name already, and reveal() returns unsealed texts as they are.
#define PEOPLE(WHERE)                                                                                              \
  "WITH p AS MATERIALIZED (SELECT g.id, g.full_name, g.phone_index, g.name_index, g.made_utc, g.restricted_utc, "  \
  "coalesce((SELECT v.id FROM visit v WHERE v.guest = g.id AND v.closed_utc IS NULL AND v.state <> 'planned'), "   \
  "(SELECT v.id FROM visit v WHERE v.guest = g.id AND v.closed_utc IS NULL AND v.state = 'planned' ORDER BY "      \
  "v.expected_utc LIMIT 1)) AS open FROM guest g WHERE " WHERE                                                     \
  ") "                                                                                                             \
  "SELECT p.id, CASE WHEN p.restricted_utc IS NOT NULL AND p.open IS NULL THEN '' ELSE reveal('guest.full_name', " \
  "p.id, p.full_name) END, p.phone_index IS NOT NULL, "
#define WITH_VISIT " AS same, p.open, v.state AS state FROM p LEFT JOIN visit v ON v.id = p.open "

const std::string_view people_by_phone =
    PEOPLE("g.phone_index = blind_index('phone', ?1)") "coalesce(p.name_index = blind_index('name', ?2), 0)" WITH_VISIT
                                                       "ORDER BY same DESC, p.open IS NULL, state = 'planned', p.made_utc "
                                                       "DESC LIMIT 20";

const std::string_view people_by_name =
    PEOPLE("g.name_index = blind_index('name', ?1)") "1" WITH_VISIT "WHERE p.open IS NOT NULL ORDER BY p.made_utc LIMIT 20";

const std::string_view people_by_id =
    PEOPLE("g.id = coalesce((SELECT v.guest FROM visit v WHERE v.id = ?1), ?1)") "1" WITH_VISIT;

Result<std::vector<KnownPerson>> read_people(const Database& db, std::string_view sql,
                                             std::initializer_list<std::string_view> values) {
  std::vector<KnownPerson> people;
  TRY(each_row(db, sql, values, {}, [&](const Statement& row) {
    KnownPerson one{GuestId(row.text(0)), row.text(1), row.integer(2) != 0, row.integer(3) != 0, VisitId(), {}};
    if (!row.is_null(4)) {
      one.visit = VisitId(row.text(4));
      one.state = find_word<VisitState>(row.text(5)).value_or(VisitState::registered);
    }
    people.push_back(std::move(one));
  }));
  return people;
}

}  // namespace gapura::gateway
