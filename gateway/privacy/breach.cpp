// SPDX-License-Identifier: Apache-2.0
#include "gateway/privacy/breach.h"

#include <algorithm>
#include <map>

#include "gateway/registry/personal_sql.h"

namespace gapura::gateway {
namespace {

constexpr std::int64_t session_ms = 12LL * 3'600'000;

// Returns the kinds of data about a person in entries of this type.
std::vector<const char*> fields_of(const std::string& type) {
  if (type == "visit_registered" || type == "visit_planned" || type == "visit_completed" || type == "data_read")
    return {"name", "phone", "institution", "purpose", "whom", "members", "vehicle", "identity_last4"};
  if (type == "portrait_set" || type == "picture_kept" || type == "clip_kept") return {"picture"};
  if (type.starts_with("approval_") || type == "verbal_reviewed") return {"name", "purpose", "whom", "approval_reason"};
  if (type.starts_with("badge_") || type.starts_with("access_")) return {"name", "whereabouts"};
  if (type == "deposit_moved") return {"name", "deposit"};
  return {"name"};
}

struct Found {
  std::set<std::string> fields, visits;
  std::int64_t first = 0, last = 0;
  bool touched = false;
};

void note(Found& found, const std::string& visit, std::int64_t at, const std::vector<const char*>& fields, bool touched) {
  found.fields.insert(fields.begin(), fields.end());
  if (!visit.empty()) found.visits.insert(visit);
  found.first = found.first == 0 ? at : std::min(found.first, at);
  found.last = std::max(found.last, at);
  found.touched = found.touched || touched;
}

}  // namespace

Result<BreachList> find_breach(const Database& db, const BreachQuestion& asked) {
  const std::int64_t from = asked.from ? millis(*asked.from) : 0, to = asked.to ? millis(*asked.to) : INT64_MAX;
  BreachList list;
  std::map<std::string, Found> people;
  std::int64_t first = 0, last = 0;
  Status done =
      each_row(db,
               "SELECT e.utc, e.type, v.id, v.guest FROM entry e JOIN visit v ON v.id = e.visit WHERE e.utc >= ?3 "
               "AND e.utc <= ?4 AND "
               "(?1 = '' OR e.actor = ?1) AND (?2 = '' OR e.point = ?2 OR EXISTS (SELECT 1 FROM picture p WHERE "
               "p.entry = e.number AND "
               "p.camera = ?2))",
               {asked.account, asked.device}, {from, to}, [&](const Statement& row) {
                 note(people[row.text(3)], row.text(2), row.integer(0), fields_of(row.text(1)), true);
                 ++list.entries;
                 first = first == 0 ? row.integer(0) : std::min(first, row.integer(0));
                 last = std::max(last, row.integer(0));
               });
  // Acts on a person: a copy made, a case, a hold. They refer to no visit.
  if (done && asked.device.empty())
    done =
        each_row(db,
                 "SELECT e.utc, e.type, json_extract(CAST(e.leaf AS TEXT), '$.d.guest') AS guest, "
                 "json_extract(CAST(e.leaf AS TEXT), '$.d.what') FROM entry e WHERE e.type IN ('data_read',"
                 "'case_opened','case_closed','person_corrected','person_restricted','hold_set','hold_released') AND "
                 "e.visit IS NULL AND e.utc >= ?2 AND e.utc <= ?3 AND (?1 = '' OR e.actor = ?1) AND guest IS NOT NULL",
                 {asked.account}, {from, to}, [&](const Statement& row) {
                   const bool whole = !row.is_null(3) && row.text(3) == "export";
                   note(people[row.text(2)], "", row.integer(0), fields_of(whole ? "visit_registered" : row.text(1)), true);
                   ++list.entries;
                   first = first == 0 ? row.integer(0) : std::min(first, row.integer(0));
                   last = std::max(last, row.integer(0));
                 });
  if (done && !asked.account.empty())
    done = each_row(
        db,
        "SELECT DISTINCT max(v.arrived_utc, e.utc), v.id, v.guest FROM entry e JOIN visit v ON v.arrived_utc <= e.utc + "
        "?4 AND coalesce(v.closed_utc, e.utc) >= e.utc WHERE e.type = 'session_opened' AND e.actor = ?1 AND e.utc >= ?2 "
        "AND e.utc <= ?3",
        {asked.account}, {from, to, session_ms}, [&](const Statement& row) {
          note(people[row.text(2)], row.text(1), row.integer(0),
               {"name", "phone", "institution", "purpose", "whom", "picture"}, false);
        });
  for (const auto& [guest, found] : people) {
    if (!done) break;
    BreachPerson one{guest,
                     "",
                     "",
                     found.fields,
                     static_cast<std::int64_t>(found.visits.size()),
                     UtcTime(Millis(found.first)),
                     UtcTime(Millis(found.last)),
                     found.touched};
    done = each_row(db, "SELECT full_name, phone FROM guest WHERE id = ?1", {guest}, {},
                    [&](const Statement& row) { one.name = row.text(0), one.phone = row.text(1); });
    list.people.push_back(std::move(one));
  }
  if (!done) return tl::unexpected(done.error());
  if (last > 0) list.first = UtcTime(Millis(first)), list.last = UtcTime(Millis(last));
  return list;
}

}  // namespace gapura::gateway
