// SPDX-License-Identifier: Apache-2.0
// Alarms, and what the journal says about them as a whole: how many, which chatter, which stand too long, what to mend.
#include <array>

#include "gateway/web/queries.h"

namespace gapura::gateway {
namespace json = boost::json;
namespace {

#define ALARM_COLUMNS                                                                                           \
  "SELECT number, kind, priority, subject, silent, active, raised_utc, cleared_utc, acknowledged_by, handling " \
  "FROM alarm "
#define UNLESS_SILENT "(silent = 0 OR ?1) "
// Every raise, also of an alarm that stood already. ?1: from when on, ?2: the silent ones too.
#define RAISED                                                                                                   \
  "WITH raised AS (SELECT number, utc, point AS subject, json_extract(CAST(leaf AS TEXT), '$.d.kind') AS kind, " \
  "coalesce(json_extract(CAST(leaf AS TEXT), '$.d.silent'), 0) AS silent FROM entry "                            \
  "WHERE type = 'alarm_raised' AND utc >= ?1), seen AS (SELECT * FROM raised WHERE silent = 0 OR ?2) "

constexpr std::chrono::hours day{24}, month{24 * 30};
constexpr std::int64_t windows_a_day = 144;  // of ten minutes

std::int64_t ms(UtcTime time) { return time.time_since_epoch().count(); }

}  // namespace

json::object Queries::alarm_from(const Statement& row) {
  json::object alarm{{"number", row.integer(0)},       {"kind", row.text(1)},
                     {"priority", row.text(2)},        {"subject", row.text(3)},
                     {"silent", row.integer(4) != 0},  {"active", row.integer(5) != 0},
                     {"raised", time_or_null(row, 6)}, {"cleared", time_or_null(row, 7)},
                     {"acknowledged_by", nullptr},     {"handling", text_or_null(row, 9)}};
  if (!row.is_null(8)) alarm["acknowledged_by"] = actor_name(row.text(8));
  // A call for help says who called, or where from in their own words.
  if (row.text(1) == "panic") {
    const auto words = note_of(row.integer(0));
    alarm["subject"] = words ? *words : actor_name(row.text(3));
  }
  return alarm;
}

json::array Queries::alarms_of(Statement& rows) {
  json::array all;
  while (next(rows)) all.push_back(alarm_from(rows));
  return all;
}

Page Queries::alarms() {
  const std::int64_t silent_too = view_.sees_silent;
  Page page;
  auto& all = prepared("SELECT count(*) FROM alarm WHERE (active = 1 OR acknowledged_by IS NULL) AND " UNLESS_SILENT);
  if (next(all.bind(1, silent_too))) page.total = all.integer(0);
  all.reset();
  page.rows = alarms_of(
      prepared(ALARM_COLUMNS "WHERE (active = 1 OR acknowledged_by IS NULL) AND " UNLESS_SILENT
                             "ORDER BY active DESC, CASE priority WHEN 'critical' THEN 0 WHEN 'high' THEN 1 ELSE 2 END, "
                             "raised_utc DESC LIMIT 500")
          .bind(1, silent_too));
  return page;
}

std::optional<json::object> Queries::alarm(std::int64_t number) {
  auto& row = prepared(ALARM_COLUMNS "WHERE " UNLESS_SILENT "AND number = ?2");
  row.bind(1, std::int64_t{view_.sees_silent}).bind(2, number);
  if (!next(row)) return std::nullopt;
  auto found = alarm_from(row);
  row.reset();
  return found;
}

json::object Queries::alarm_report(UtcTime now) {
  const auto with = [&](Statement& row, UtcTime since) -> Statement& {
    return row.bind(1, ms(since)).bind(2, std::int64_t{view_.sees_silent});
  };
  auto& rate =
      with(prepared(RAISED "SELECT count(*), coalesce(max(together), 0) FROM (SELECT count(*) OVER (ORDER BY utc RANGE "
                           "BETWEEN 600000 PRECEDING AND CURRENT ROW) AS together FROM seen)"),
           now - day);
  json::object rates{{"day", 0}, {"per_10_minutes", 0.0}, {"worst_10_minutes", 0}};
  if (next(rate)) {
    rates["day"] = rate.integer(0);
    rates["per_10_minutes"] = static_cast<double>(rate.integer(0)) / windows_a_day;
    rates["worst_10_minutes"] = rate.integer(1);
  }
  rate.reset();

  json::array chattering;
  auto& chatter =
      with(prepared(RAISED "SELECT kind, subject, count(*), max(utc) FROM (SELECT kind, subject, utc, lag(utc, 2) OVER "
                           "(PARTITION BY kind, subject ORDER BY number) AS third FROM seen) "
                           "WHERE utc - third <= 60000 GROUP BY kind, subject ORDER BY 3 DESC, kind, subject LIMIT 100"),
           now - month);
  while (next(chatter))
    chattering.push_back({{"kind", chatter.text(0)},
                          {"subject", text_or_null(chatter, 1)},
                          {"times", chatter.integer(2)},
                          {"last", time_or_null(chatter, 3)}});

  json::array fix;
  auto& subjects = with(
      prepared(RAISED "SELECT subject, kind, count(*) AS times, sum(count(*)) OVER (PARTITION BY subject) AS all_of_it "
                      "FROM seen WHERE subject IS NOT NULL GROUP BY subject, kind "
                      "ORDER BY all_of_it DESC, subject, times DESC, kind LIMIT 200"),
      now - month);
  while (next(subjects)) {
    const std::string subject = subjects.text(0);
    if (fix.empty() || fix.back().at("subject").as_string() != subject)
      fix.push_back({{"subject", subject}, {"times", subjects.integer(3)}, {"kinds", json::array()}});
    fix.back().at("kinds").as_array().push_back({{"kind", subjects.text(1)}, {"times", subjects.integer(2)}});
  }

  auto& stale = prepared(ALARM_COLUMNS "WHERE active = 1 AND raised_utc < ?2 AND " UNLESS_SILENT "ORDER BY raised_utc");
  stale.bind(1, std::int64_t{view_.sees_silent}).bind(2, ms(now - day));
  return {{"rate", std::move(rates)},
          {"chattering", std::move(chattering)},
          {"stale", alarms_of(stale)},
          {"fix", std::move(fix)}};
}

}  // namespace gapura::gateway
