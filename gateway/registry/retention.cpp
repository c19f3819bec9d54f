// SPDX-License-Identifier: Apache-2.0
#include "gateway/registry/retention.h"

#include <algorithm>

#include "gateway/registry/personal_sql.h"

namespace gapura::gateway {
namespace {

UtcTime time_at(const Statement& row, int column) { return UtcTime(Millis(row.integer(column))); }
std::string text_at(const Statement& row, int column) { return row.is_null(column) ? std::string() : row.text(column); }
UtcTime days_before(UtcTime now, int days) { return now - std::chrono::hours(24) * days; }

#define RUN_COLUMNS "SELECT id, guest, approved_by, approved_utc, first_entry, finished_utc, last_entry FROM erasure_run "

ErasureRun run_from(const Statement& row) {
  ErasureRun run{row.text(0), text_at(row, 1), row.text(2), time_at(row, 3), static_cast<std::uint64_t>(row.integer(4))};
  if (!row.is_null(5)) run.finished = time_at(row, 5);
  run.last_entry = static_cast<std::uint64_t>(row.integer(6));
  return run;
}

Result<std::optional<ErasureRun>> one_run(const Database& db, const char* sql,
                                          std::initializer_list<std::string_view> texts) {
  std::optional<ErasureRun> found;
  TRY(each_row(db, sql, texts, {}, [&](const Statement& row) { found = run_from(row); }));
  return found;
}

}  // namespace

Result<std::vector<StoredRule>> load_rules(const Database& db) {
  std::vector<StoredRule> rules;
  TRY(each_row(db, "SELECT class, jra, days, action, next_days, next_action, agreed_by FROM retention_rule", {}, {},
               [&](const Statement& row) {
                 const auto what = find_word<RetentionClass>(row.text(0));
                 if (!what) return;
                 StoredRule rule;
                 rule.now = {*what, row.text(1), static_cast<int>(row.integer(2)),
                             find_word<RetentionAction>(row.text(3)).value_or(RetentionAction::permanent)};
                 if (!row.is_null(4)) {
                   rule.next = rule.now;
                   rule.next->days = static_cast<int>(row.integer(4));
                   rule.next->action = find_word<RetentionAction>(row.text(5)).value_or(RetentionAction::permanent);
                 }
                 rule.agreed_by = text_at(row, 6);
                 rules.push_back(std::move(rule));
               }));
  std::sort(rules.begin(), rules.end(), [](const auto& a, const auto& b) { return a.now.what < b.now.what; });
  return rules;
}

Status put_rule(const Database& db, const RetentionRule& rule) {
  return run_sql(db, "INSERT OR REPLACE INTO retention_rule (class, jra, action, days) VALUES (?1,?2,?3,?4)",
                 {word(rule.what), rule.jra, word(rule.action)}, {rule.days});
}

Status propose_rule(const Database& db, const RetentionRule& rule) {
  return run_sql(db, "UPDATE retention_rule SET next_action = ?2, next_days = ?3, agreed_by = NULL WHERE class = ?1",
                 {word(rule.what), word(rule.action)}, {rule.days});
}

Status agree_rule(const Database& db, RetentionClass what, const std::string& user) {
  return run_sql(db, "UPDATE retention_rule SET agreed_by = ?2 WHERE class = ?1", {word(what), user});
}

Status add_run(const Database& db, const ErasureRun& it, const std::vector<RetentionRule>& rules) {
  Status done =
      run_sql(db,
              "INSERT INTO erasure_run (id, guest, approved_by, approved_utc, first_entry) VALUES "
              "(?1, nullif(?2, ''), ?3, ?4, ?5)",
              {it.id, it.guest, it.approved_by}, {millis(it.approved), static_cast<std::int64_t>(it.first_entry)});
  for (const auto& rule : rules) {
    // One person's data are erased whatever their age.
    const UtcTime before = it.guest.empty() ? days_before(it.approved, rule.days) : it.approved;
    if (done)
      done = run_sql(db, "INSERT INTO erasure_class (run, class, jra, days, before_utc) VALUES (?1,?2,?3,?4,?5)",
                     {it.id, word(rule.what), rule.jra}, {rule.days, millis(before)});
  }
  return done;
}

Result<std::optional<ErasureRun>> find_unfinished_run(const Database& db) {
  return one_run(db, RUN_COLUMNS "WHERE finished_utc IS NULL", {});
}

Result<std::optional<ErasureRun>> find_run(const Database& db, const std::string& id) {
  return one_run(db, RUN_COLUMNS "WHERE id = ?1", {id});
}

Result<std::vector<ErasureRun>> load_runs(const Database& db, int limit) {
  std::vector<ErasureRun> runs;
  TRY(each_row(db, RUN_COLUMNS "ORDER BY approved_utc DESC LIMIT ?1", {}, {limit},
               [&](const Statement& row) { runs.push_back(run_from(row)); }));
  return runs;
}

Result<std::vector<RunClass>> load_classes(const Database& db, const std::string& id) {
  std::vector<RunClass> classes;
  TRY(each_row(
      db,
      "SELECT class, jra, days, before_utc, visits, persons, notes, deposits, pictures, clips, done_to, finished FROM "
      "erasure_class "
      "WHERE run = "
      "?1",
      {id}, {}, [&](const Statement& row) {
        const auto what = find_word<RetentionClass>(row.text(0));
        if (!what) return;
        const auto action = *what == RetentionClass::visit ? RetentionAction::anonymise : RetentionAction::destroy;
        classes.push_back({{*what, row.text(1), static_cast<int>(row.integer(2)), action},
                           time_at(row, 3),
                           {row.integer(4), row.integer(5), row.integer(6), row.integer(7), row.integer(8), row.integer(9)},
                           row.integer(10),
                           row.integer(11) != 0});
      }));
  // Whole visits last: what is erased by a shorter period is counted under its own class.
  std::sort(classes.begin(), classes.end(), [](const auto& a, const auto& b) { return a.rule.what > b.rule.what; });
  return classes;
}

Result<ErasureCounts> counts_of_run(const Database& db, const std::string& id) {
  const auto classes = TRY(load_classes(db, id));
  ErasureCounts sum;
  for (const auto& one : classes) {
    sum.visits += one.rule.what == RetentionClass::visit ? one.counts.visits : 0;
    sum.persons += one.counts.persons;
    sum.notes += one.counts.notes;
    sum.deposits += one.counts.deposits;
    sum.pictures += one.counts.pictures;
    sum.clips += one.counts.clips;
  }
  return sum;
}

Result<ErasureBatch> next_batch(const Database& db, const ErasureRun& it, int limit, const InUse& in_use) {
  if (!it.guest.empty()) return plan_person(db, it.guest, limit, in_use);
  const auto classes = TRY(load_classes(db, it.id));
  std::vector<RetentionClass> finished;
  for (const auto& one : classes) {
    if (one.finished) continue;
    auto batch = TRY(plan_due(db, one.rule.what, one.before, one.done_to, limit, in_use));
    batch.finished = finished;
    if (!batch.empty()) return batch;
    finished.push_back(one.rule.what);
  }
  return ErasureBatch{};
}

Status count_batch(const Database& db, const std::string& id, const ErasureBatch& batch) {
  const ErasureCounts counts = batch.counts();
  std::int64_t done_to = -1;
  if (batch.visits.empty()) {
    for (const auto note : batch.notes) done_to = std::max(done_to, note);
    for (const auto& file : batch.pictures) done_to = std::max(done_to, file.entry - 1);  // another camera's may follow
    for (const auto& file : batch.clips) done_to = std::max(done_to, file.entry - 1);
  }
  for (const auto what : batch.finished)
    TRY(run_sql(db, "UPDATE erasure_class SET finished = 1 WHERE run = ?1 AND class = ?2", {id, word(what)}));
  return run_sql(
      db,
      "UPDATE erasure_class SET visits = visits + ?3, persons = persons + ?4, notes = notes + ?5, deposits = deposits "
      "+ ?6, pictures = pictures + ?7, clips = clips + ?8, done_to = max(done_to, ?9) WHERE run = ?1 AND class = ?2",
      {id, word(batch.what)},
      {counts.visits, counts.persons, counts.notes, counts.deposits, counts.pictures, counts.clips, done_to});
}

Status finish_run(const Database& db, const std::string& id, UtcTime now, std::uint64_t entry) {
  return run_sql(db, "UPDATE erasure_run SET finished_utc = ?2, last_entry = ?3 WHERE id = ?1", {id},
                 {millis(now), static_cast<std::int64_t>(entry)});
}

Result<std::vector<DoomedFile>> load_doomed(const Database& db, int limit) {
  std::vector<DoomedFile> files;
  TRY(each_row(db, "SELECT hash, clip FROM doomed_file LIMIT ?1", {}, {limit}, [&](const Statement& row) {
    files.push_back({row.text(0), row.integer(1) != 0});
  }));
  return files;
}

Result<std::vector<KnownBackup>> load_backups(const Database& db, UtcTime until) {
  std::vector<KnownBackup> backups;
  TRY(each_row(db, "SELECT name, utc, entries FROM backup_made WHERE utc <= ?1 ORDER BY utc DESC", {}, {millis(until)},
               [&](const Statement& row) {
                 backups.push_back({row.text(0), time_at(row, 1), row.integer(2)});
               }));
  return backups;
}

Result<DueList> load_due(const Database& db, UtcTime now) {
  DueList list;
  auto rules = TRY(load_rules(db));
  for (auto& rule : rules) {
    DueClass one{rule, days_before(now, rule.now.days), {}};
    if (rule.now.action != RetentionAction::permanent) {
      one.count = TRY(count_due(db, rule.now.what, one.before));
    }
    list.classes.push_back(std::move(one));
  }
  Status done = each_row(db, "SELECT count(*) FROM visit WHERE closed_utc IS NULL", {}, {},
                         [&](const Statement& row) { list.open_visits = row.integer(0); });
  if (done)
    done = each_row(db, "SELECT count(*) FROM visit WHERE erased_utc IS NOT NULL", {}, {},
                    [&](const Statement& row) { list.erased_visits = row.integer(0); });
  if (!done) return tl::unexpected(done.error());
  list.backups = TRY(load_backups(db, now));
  return list;
}

}  // namespace gapura::gateway
