// SPDX-License-Identifier: Apache-2.0
// Alarms, and what the journal says about them as a whole: how many, which chatter, which stand too long, what to mend.
#include <array>

#include "gateway/web/queries/columns.h"
#include "gateway/web/queries/queries.h"

namespace gapura::gateway {
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

answer::Alarm Queries::alarm_from(const Statement& row) {
  Columns columns(row);
  answer::Alarm alarm;
  alarm.number = columns.number();
  alarm.kind = columns.text();
  alarm.priority = columns.word(AlarmPriority::medium);
  alarm.subject = columns.text();
  alarm.silent = columns.flag();
  alarm.active = columns.flag();
  alarm.raised = columns.instant();
  alarm.cleared = columns.time();
  alarm.acknowledged_by = columns.text_or_none();
  alarm.handling = columns.text_or_none();
  if (alarm.acknowledged_by) alarm.acknowledged_by = actor_name(*alarm.acknowledged_by);
  // A call for help says who called, or where from in their own words.
  if (alarm.kind == word(AlarmKind::panic)) {
    const auto words = note_of(alarm.number);
    alarm.subject = words ? *words : actor_name(alarm.subject);
  }
  return alarm;
}

std::vector<answer::Alarm> Queries::alarms_of(Statement& rows) {
  std::vector<answer::Alarm> all;
  while (next(rows)) all.push_back(alarm_from(rows));
  return all;
}

answer::StandingAlarms Queries::alarms() {
  const std::int64_t silent_too = view_.sees_silent;
  answer::StandingAlarms standing;
  auto& all = prepared("SELECT count(*) FROM alarm WHERE (active = 1 OR acknowledged_by IS NULL) AND " UNLESS_SILENT);
  if (next(all.bind(1, silent_too))) standing.total = all.integer(0);
  all.reset();
  standing.alarms = alarms_of(
      prepared(ALARM_COLUMNS "WHERE (active = 1 OR acknowledged_by IS NULL) AND " UNLESS_SILENT
                             "ORDER BY active DESC, CASE priority WHEN 'critical' THEN 0 WHEN 'high' THEN 1 ELSE 2 END, "
                             "raised_utc DESC LIMIT 500")
          .bind(1, silent_too));
  return standing;
}

std::optional<answer::Alarm> Queries::alarm(std::int64_t number) {
  auto& row = prepared(ALARM_COLUMNS "WHERE " UNLESS_SILENT "AND number = ?2");
  row.bind(1, std::int64_t{view_.sees_silent}).bind(2, number);
  return first(row, [this](const Statement& it) { return alarm_from(it); });
}

Statement& Queries::raised_since(const char* sql, UtcTime since) {
  return prepared(sql).bind(1, ms(since)).bind(2, std::int64_t{view_.sees_silent});
}

answer::AlarmRate Queries::alarm_rate(UtcTime now) {
  auto& row = raised_since(RAISED
                           "SELECT count(*), coalesce(max(together), 0) FROM (SELECT count(*) OVER (ORDER BY utc RANGE "
                           "BETWEEN 600000 PRECEDING AND CURRENT ROW) AS together FROM seen)",
                           now - day);
  answer::AlarmRate rate;
  if (next(row)) {
    rate.day = row.integer(0);
    rate.per_10_minutes = static_cast<double>(rate.day) / windows_a_day;
    rate.worst_10_minutes = row.integer(1);
  }
  row.reset();
  return rate;
}

std::vector<answer::Chatter> Queries::chattering(UtcTime now) {
  auto& row = raised_since(RAISED
                           "SELECT kind, subject, count(*), max(utc) FROM (SELECT kind, subject, utc, lag(utc, 2) OVER "
                           "(PARTITION BY kind, subject ORDER BY number) AS third FROM seen) "
                           "WHERE utc - third <= 60000 GROUP BY kind, subject ORDER BY 3 DESC, kind, subject LIMIT 100",
                           now - month);
  std::vector<answer::Chatter> all;
  while (next(row)) {
    Columns columns(row);
    answer::Chatter& one = all.emplace_back();
    one.kind = columns.text();
    one.subject = columns.text_or_none();
    one.times = columns.number();
    one.last = columns.instant();
  }
  return all;
}

std::vector<answer::Fix> Queries::to_mend(UtcTime now) {
  auto& row =
      raised_since(RAISED
                   "SELECT subject, kind, count(*) AS times, sum(count(*)) OVER (PARTITION BY subject) AS all_of_it "
                   "FROM seen WHERE subject IS NOT NULL GROUP BY subject, kind "
                   "ORDER BY all_of_it DESC, subject, times DESC, kind LIMIT 200",
                   now - month);
  std::vector<answer::Fix> all;
  while (next(row)) {
    const std::string subject = row.text(0);
    if (all.empty() || all.back().subject != subject) all.push_back({subject, row.integer(3), {}});
    all.back().kinds.push_back({row.text(1), row.integer(2)});
  }
  return all;
}

answer::AlarmReport Queries::alarm_report(UtcTime now) {
  answer::AlarmReport report{alarm_rate(now), chattering(now), {}, to_mend(now)};
  auto& stale = prepared(ALARM_COLUMNS "WHERE active = 1 AND raised_utc < ?2 AND " UNLESS_SILENT "ORDER BY raised_utc");
  report.stale = alarms_of(stale.bind(1, std::int64_t{view_.sees_silent}).bind(2, ms(now - day)));
  return report;
}

}  // namespace gapura::gateway
