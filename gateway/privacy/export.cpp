// SPDX-License-Identifier: Apache-2.0
#include "gateway/privacy/export.h"

#include <boost/json.hpp>

#include "gateway/registry/personal_sql.h"

namespace gapura::gateway {
namespace {

namespace json = boost::json;

std::string column_text(const Statement& row, int column) { return row.is_null(column) ? std::string() : row.text(column); }

Result<std::vector<ExportVisit>> load_visits(const Database& db, const std::string& guest, std::chrono::minutes offset) {
  std::vector<ExportVisit> visits;
  const Status done = each_row(
      db,
      "SELECT id, category, state, approval, party, purpose, whom, members, vehicle, identity_type, identity_last4, "
      "approval_reason, notice, portrait, arrived_utc, entered_utc, closed_utc, erased_utc FROM visit WHERE guest = "
      "?1 ORDER "
      "BY arrived_utc",
      {guest}, {}, [&](const Statement& row) {
        static constexpr const char* names[] = {
            "category", "state",         "approval",       "party",           "purpose", "whom",    "members",
            "vehicle",  "identity_type", "identity_last4", "approval_reason", "notice",  "portrait"};
        static constexpr const char* times[] = {"arrived", "entered", "closed", "erased"};
        ExportVisit visit{row.text(0), {}};
        int column = 1;
        for (const char* name : names) visit.fields.emplace_back(name, column_text(row, column++));
        for (const char* name : times) {
          visit.fields.emplace_back(
              name, row.is_null(column) ? "" : format_rfc3339(UtcTime(Millis(row.integer(column))), offset));
          ++column;
        }
        visits.push_back(std::move(visit));
      });
  const auto add = [&](const Statement& row) {
    for (auto& visit : visits)
      if (visit.id == row.text(0)) visit.fields.emplace_back(row.text(1), row.text(2));
  };
  Status more = done;
  if (more)
    more = each_row(db,
                    "SELECT d.visit, 'deposit', d.what || ' · ' || d.tag || ' · ' || d.locker FROM visit v JOIN deposit d "
                    "ON d.visit = v.id WHERE v.guest = ?1 AND d.what <> '' ORDER BY d.id",
                    {guest}, {}, add);
  if (more)
    more = each_row(db,
                    "SELECT b.visit, 'badge_reason', b.reason FROM visit v JOIN badge b ON b.visit = v.id WHERE v.guest = "
                    "?1 AND b.reason <> '' ORDER BY b.id",
                    {guest}, {}, add);
  if (!more) return tl::unexpected(more.error());
  return visits;
}

// Returns the particulars of a leaf, as text.
std::string data_of(const std::string& leaf) {
  boost::system::error_code code;
  const json::value parsed = json::parse(leaf, code);
  const json::value* data = !code && parsed.is_object() ? parsed.get_object().if_contains("d") : nullptr;
  return data ? json::serialize(*data) : std::string();
}

}  // namespace

std::string ExportFrame::watermark() const {
  return words({"paper.watermark", "requester", "purpose", "case", "by", "made"}, requester, purpose, case_id, by, made);
}

Result<SubjectExport> load_export(const Database& db, const std::string& guest, std::chrono::minutes offset) {
  SubjectExport all;
  const auto person = TRY(find_person(db, guest));
  if (!person) return fail(ErrorKind::not_found, "There is no such person.");
  all.person = *person;
  all.visits = TRY(load_visits(db, guest, offset));
  // Entries of the visits; acts on the person; readings of a day on which one of the visits arrived. Reasons of holds
  // belong to a pending case and are not in the subject's copy.
  TRY(each_row(
      db,
      "WITH mine AS (SELECT id, date(arrived_utc / 1000 + ?2 * 60, 'unixepoch') AS day FROM visit WHERE guest = ?1), "
      "about AS (SELECT e.number FROM mine m JOIN entry e ON e.visit = m.id UNION "
      "SELECT number FROM entry WHERE type IN ('data_read','case_opened','case_closed','person_corrected',"
      "'person_restricted','hold_set','hold_released') AND json_extract(CAST(leaf AS TEXT), '$.d.guest') = ?1 UNION "
      "SELECT number FROM entry WHERE type = 'data_read' AND json_extract(CAST(leaf AS TEXT), '$.d.about') IN (SELECT day "
      "FROM mine)) "
      "SELECT e.number, e.utc, e.type, coalesce(u.name, e.actor), e.point, e.visit, CASE WHEN e.type IN ('hold_set',"
      "'hold_released') THEN '' ELSE n.text END, e.leaf FROM about a JOIN entry e ON e.number = a.number LEFT JOIN note n "
      "ON "
      "n.entry = e.number LEFT JOIN user u ON u.id = e.actor ORDER BY e.number",
      {guest}, {offset.count()}, [&](const Statement& row) {
        all.trail.push_back({row.integer(0), format_rfc3339(UtcTime(Millis(row.integer(1))), offset), row.text(2),
                             row.text(3), column_text(row, 4), column_text(row, 5), column_text(row, 6),
                             data_of(row.blob(7))});
      }));
  return all;
}

json::object to_json(const SubjectExport& all, const ExportFrame& frame) {
  json::array visits, trail;
  for (const auto& visit : all.visits) {
    json::object one{{"id", visit.id}};
    for (const auto& [name, value] : visit.fields) one[name] = value;
    visits.push_back(std::move(one));
  }
  for (const auto& event : all.trail)
    trail.push_back({{"number", event.number},
                     {"time", event.time},
                     {"type", event.type},
                     {"actor", event.actor},
                     {"point", event.point},
                     {"visit", event.visit},
                     {"note", event.note},
                     {"data", event.data}});
  const PersonFields& fields = all.person.fields;
  return {{"watermark", frame.watermark()},
          {"site", frame.site},
          {"made", frame.made},
          {"case", frame.case_id},
          {"requester", frame.requester},
          {"purpose", frame.purpose},
          {"by", frame.by},
          {"person", json::object{{"id", all.person.guest},
                                  {"name", fields.full_name},
                                  {"phone", fields.phone},
                                  {"institution", fields.institution}}},
          {"visits", std::move(visits)},
          {"trail", std::move(trail)}};
}

}  // namespace gapura::gateway
