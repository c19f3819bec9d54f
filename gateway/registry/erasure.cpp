// SPDX-License-Identifier: Apache-2.0
#include "gateway/registry/erasure.h"

#include <algorithm>

#include "gateway/registry/personal_sql.h"
#include "gateway/vault/vault.h"

namespace gapura::gateway {
namespace {

#define APPROVAL_TYPES \
  "'approval_asked','approval_decided','approval_answered','approval_withdrawn','verbal_reviewed','limit_permitted'"

// Adds everything that belongs to a visit to `batch`.
Status add_visit(const Database& db, const std::string& visit, ErasureBatch& batch) {
  batch.visits.push_back(visit);
  Status done =
      each_row(db,
               "SELECT n.entry FROM entry e JOIN note n ON n.entry = e.number WHERE e.visit = ?1 "
               "UNION SELECT n.entry FROM badge b JOIN entry e ON e.badge = b.id JOIN note n ON n.entry = e.number "
               "WHERE b.visit = ?1 AND b.kind = 'paper' "
               "UNION SELECT n.entry FROM legal_hold h JOIN note n ON n.entry IN (h.entry, h.released_entry) "
               "WHERE h.visit = ?1",
               {visit}, {}, [&](const Statement& row) { batch.notes.push_back(row.integer(0)); });
  if (done)
    done = each_row(db,
                    "SELECT p.entry, p.camera, p.hash FROM entry e JOIN picture p ON p.entry = e.number WHERE e.visit = ?1",
                    {visit}, {}, [&](const Statement& row) {
                      batch.pictures.push_back({row.integer(0), row.text(1), row.text(2)});
                    });
  if (done)
    done =
        each_row(db, "SELECT c.entry, c.camera, c.hash FROM entry e JOIN clip c ON c.entry = e.number WHERE e.visit = ?1",
                 {visit}, {}, [&](const Statement& row) {
                   batch.clips.push_back({row.integer(0), row.text(1), row.text(2)});
                 });
  if (done)
    done = each_row(
        db,
        "SELECT json_extract(CAST(leaf AS TEXT), CASE type WHEN 'picture_kept' THEN '$.d.hash' ELSE '$.d.portrait' "
        "END) FROM entry WHERE visit = ?1 AND type IN ('visit_registered','portrait_set','picture_kept')",
        {visit}, {}, [&](const Statement& row) {
          if (!row.is_null(0)) batch.other_files.push_back(row.text(0));
        });
  if (done)
    done = each_row(db, "SELECT count(*) FROM deposit WHERE visit = ?1", {visit}, {},
                    [&](const Statement& row) { batch.deposits += row.integer(0); });
  return done;
}

Status add_guest(const Database& db, const std::string& guest, ErasureBatch& batch) {
  batch.guests.push_back(guest);
  return each_row(
      db,
      "SELECT n.entry FROM subject_case c JOIN note n ON n.entry IN (c.entry, c.closed_entry) "
      "WHERE c.guest = ?1 AND c.state <> 'open' UNION "
      "SELECT n.entry FROM legal_hold h JOIN note n ON n.entry IN (h.entry, h.released_entry) WHERE h.guest = ?1",
      {guest}, {}, [&](const Statement& row) { batch.notes.push_back(row.integer(0)); });
}

Result<ErasureBatch> plan_visits(const Database& db, UtcTime before, int limit, const InUse& in_use) {
  ErasureBatch batch;
  std::vector<std::pair<std::string, std::string>> due;  // visit, guest
  Status done = each_row(db,
                         "SELECT v.id, v.guest FROM visit v WHERE v.closed_utc IS NOT NULL AND v.erased_utc IS NULL AND "
                         "v.closed_utc < ?1 AND " NOT_HELD("v.id", "v.guest") " ORDER BY v.closed_utc",
                         {}, {millis(before)}, [&](const Statement& row) {
                           if (due.size() < static_cast<std::size_t>(limit) && !in_use(row.text(0)))
                             due.emplace_back(row.text(0), row.text(1));
                           return due.size() < static_cast<std::size_t>(limit);
                         });
  for (const auto& [visit, guest] : due)
    if (done) done = add_visit(db, visit, batch);
  // A guest is erased with the last visit.
  std::vector<std::string> guests;
  for (const auto& [visit, guest] : due)
    if (std::find(guests.begin(), guests.end(), guest) == guests.end()) guests.push_back(guest);
  for (const auto& guest : guests) {
    const auto mine = std::count_if(due.begin(), due.end(), [&](const auto& one) { return one.second == guest; });
    std::int64_t left = 0;
    if (done)
      done = each_row(db, "SELECT count(*) FROM visit WHERE guest = ?1 AND erased_utc IS NULL", {guest}, {},
                      [&](const Statement& row) { left = row.integer(0); });
    if (done && left == mine) done = add_guest(db, guest, batch);
  }
  if (!done) return tl::unexpected(done.error());
  return batch;
}

// Selects notes by the types of their entries, starting from the notes' table, where erased ones are missing.
Status add_notes(const Database& db, const char* types, const char* and_where, UtcTime before, std::int64_t after,
                 int limit, ErasureBatch& batch) {
  return each_row(
      db,
      std::string("SELECT n.entry FROM note n CROSS JOIN entry e ON e.number = n.entry LEFT JOIN visit v ON v.id = "
                  "e.visit WHERE n.entry > ?3 AND n.entry <= (" LAST_BEFORE ") AND e.type IN (") +
          types + ") AND " CLOSED_OR_NONE " AND " NOT_HELD("v.id", "v.guest") + and_where + " ORDER BY n.entry LIMIT ?2",
      {}, {millis(before), limit, after}, [&](const Statement& row) { batch.notes.push_back(row.integer(0)); });
}

Status add_files(const Database& db, const char* table, const char* and_where, UtcTime before, std::int64_t after,
                 int limit, std::vector<FileMention>& files) {
  return each_row(db,
                  std::string("SELECT p.entry, p.camera, p.hash FROM ") + table +
                      " p JOIN entry e ON e.number = p.entry LEFT JOIN visit v ON v.id = e.visit WHERE p.entry > ?3 AND "
                      "p.entry <= (" LAST_BEFORE ") AND " CLOSED_OR_NONE " AND " NOT_HELD("v.id", "v.guest") +
                      and_where + " ORDER BY p.entry LIMIT ?2",
                  {}, {millis(before), limit, after}, [&](const Statement& row) {
                    files.push_back({row.integer(0), row.text(1), row.text(2)});
                  });
}

Status add_columns(const Database& db, const char* condition, UtcTime before, int limit, const InUse& in_use,
                   ErasureBatch& batch) {
  return each_row(db,
                  std::string("SELECT v.id FROM visit v WHERE v.closed_utc IS NOT NULL AND ") + condition +
                      " AND v.closed_utc < ?1 AND " NOT_HELD("v.id", "v.guest") " ORDER BY v.closed_utc",
                  {}, {millis(before)}, [&](const Statement& row) {
                    if (!in_use(row.text(0))) batch.visits.push_back(row.text(0));
                    return batch.visits.size() < static_cast<std::size_t>(limit);
                  });
}

Status blank_visits(const Database& db, const ErasureBatch& batch, UtcTime now) {
  const char* sql = nullptr;
  switch (batch.what) {
    case RetentionClass::visit:
      sql =
          "UPDATE visit SET purpose = '', whom = '', members = '', vehicle = '', identity_type = '', identity_last4 = '', "
          "form_salt = zeroblob(16), approval_reason = '', portrait = '', waiting_still = '', erased_utc = ?2 WHERE id = "
          "?1";
      break;
    case RetentionClass::portrait:
      sql = "UPDATE visit SET portrait = '', waiting_still = '' WHERE id = ?1 AND ?2";
      break;
    case RetentionClass::nik:
      sql = "UPDATE visit SET identity_type = '', identity_last4 = '' WHERE id = ?1 AND ?2";
      break;
    default:
      return {};
  }
  for (const auto& visit : batch.visits) {
    if (batch.what == RetentionClass::portrait)
      if (auto done =
              run_sql(db,
                      "INSERT OR IGNORE INTO doomed_file SELECT portrait, 0 FROM visit WHERE id = ?1 AND portrait <> '' "
                      "UNION SELECT waiting_still, 0 FROM visit WHERE id = ?1 AND waiting_still <> ''",
                      {visit});
          !done)
        return done;
    TRY(run_sql(db, sql, {visit}, {millis(now)}));
    if (batch.what != RetentionClass::visit) continue;
    for (const char* also : {"UPDATE badge SET reason = '' WHERE visit = ?1",
                             "UPDATE deposit SET what = '', tag = '', locker = '' WHERE visit = ?1"})
      TRY(run_sql(db, also, {visit}));
  }
  return {};
}

// Without the key any remains of the person in a page or a file are unreadable.
Status blank_guests(const Database& db, const std::vector<std::string>& guests, UtcTime now) {
  for (const auto& guest : guests) {
    if (auto done =
            run_sql(db, "UPDATE guest SET full_name = ?2, phone = '', institution = '', erased_utc = ?3 WHERE id = ?1",
                    {guest, erased_name}, {millis(now)});
        !done)
      return done;
    TRY(run_sql(db, "DELETE FROM attention_answer WHERE guest = ?1", {guest}));
    TRY(db.vault().destroy_key(guest));
  }
  return {};
}

Status remove_mentions(const Database& db, const char* sql, const std::vector<FileMention>& files, bool clip) {
  for (const auto& file : files) {
    TRY(run_sql(db, sql, {file.camera}, {file.entry}));
    TRY(run_sql(db, "INSERT OR IGNORE INTO doomed_file VALUES (?1, ?2)", {file.hash}, {clip}));
  }
  return {};
}

// Keeps what another person's row still refers to.
Status keep_referenced(const Database& db) {
  return run_sql(db,
                 "DELETE FROM doomed_file WHERE CASE clip WHEN 1 THEN EXISTS (SELECT 1 FROM clip c WHERE c.hash = "
                 "doomed_file.hash) ELSE EXISTS (SELECT 1 FROM picture p WHERE p.hash = doomed_file.hash) OR "
                 "EXISTS (SELECT 1 FROM visit v WHERE v.portrait = doomed_file.hash AND v.portrait <> '') OR "
                 "EXISTS (SELECT 1 FROM visit w WHERE w.waiting_still = doomed_file.hash AND w.waiting_still <> '') END",
                 {});
}

}  // namespace

Result<ErasureBatch> plan_due(const Database& db, RetentionClass what, UtcTime before, std::int64_t after, int limit,
                              const InUse& in_use) {
  ErasureBatch batch;
  Status done;
  switch (what) {
    case RetentionClass::visit: {
      auto visits = plan_visits(db, before, limit, in_use);
      if (!visits || !visits->empty()) return visits;
      done = add_notes(db, STRANGER_TYPES, " AND e.visit IS NULL", before, after, limit, batch);
      break;
    }
    case RetentionClass::portrait:
      done = add_columns(db, WITH_PICTURE, before, limit, in_use, batch);
      if (done && batch.visits.empty()) done = add_files(db, "picture", "", before, after, limit, batch.pictures);
      break;
    case RetentionClass::nik:
      done = add_columns(db, WITH_IDENTITY, before, limit, in_use, batch);
      break;
    case RetentionClass::clip:
      done = add_files(db, "clip", NO_INCIDENT, before, after, limit, batch.clips);
      break;
    case RetentionClass::approval:
      done = add_notes(db, APPROVAL_TYPES, "", before, after, limit, batch);
      break;
    case RetentionClass::deviation:
      done = add_notes(db, "'deviation_noted'", "", before, after, limit, batch);
      if (done && batch.notes.empty()) done = add_files(db, "clip", INCIDENT, before, -1, limit, batch.clips);
      break;
    case RetentionClass::audit:
      break;
  }
  batch.what = what;
  if (!done) return tl::unexpected(done.error());
  return batch;
}

Result<ErasureBatch> plan_person(const Database& db, const std::string& guest, int limit, const InUse& in_use) {
  ErasureBatch batch;
  std::vector<std::string> visits;
  Status done = each_row(db,
                         "SELECT v.id FROM visit v WHERE v.guest = ?1 AND v.closed_utc IS NOT NULL AND v.erased_utc IS "
                         "NULL AND " NOT_HELD("v.id", "v.guest") " ORDER BY v.arrived_utc",
                         {guest}, {}, [&](const Statement& row) {
                           if (!in_use(row.text(0))) visits.push_back(row.text(0));
                           return visits.size() < static_cast<std::size_t>(limit);
                         });
  for (const auto& visit : visits)
    if (done) done = add_visit(db, visit, batch);
  // The person is erased with the last visit, unless something came in between: a new visit or a hold.
  std::int64_t left = -1;
  if (done)
    done = each_row(db,
                    "SELECT (SELECT count(*) FROM visit v WHERE v.guest = g.id AND v.erased_utc IS NULL) FROM guest g "
                    "WHERE g.id = ?1 AND g.erased_utc IS NULL AND " NOT_HELD("''", "g.id"),
                    {guest}, {}, [&](const Statement& row) { left = row.integer(0); });
  if (done && left == static_cast<std::int64_t>(visits.size())) done = add_guest(db, guest, batch);
  if (!done) return tl::unexpected(done.error());
  return batch;
}

Result<std::string> why_not_erase(const Database& db, const std::string& guest, const std::string& but_case,
                                  const InUse& in_use) {
  std::string why;
  Status done = each_row(db, "SELECT id, closed_utc IS NULL FROM visit WHERE guest = ?1 AND erased_utc IS NULL", {guest},
                         {}, [&](const Statement& row) {
                           if (row.integer(1) != 0)
                             why = "a visit of this person is still open or planned";
                           else if (why.empty() && in_use(row.text(0)))
                             why = "the last visit ended less than five minutes ago, or its badge is still out";
                         });
  if (done)
    done = each_row(db,
                    "SELECT count(*) FROM legal_hold h WHERE h.released_utc IS NULL AND (h.guest = ?1 OR h.visit IN "
                    "(SELECT id FROM visit WHERE guest = ?1))",
                    {guest}, {}, [&](const Statement& row) {
                      if (row.integer(0) > 0) why = "a legal hold keeps this person's data";
                    });
  if (done)
    done = each_row(db, "SELECT count(*) FROM subject_case WHERE guest = ?1 AND state = 'open' AND id <> ?2",
                    {guest, but_case}, {}, [&](const Statement& row) {
                      if (row.integer(0) > 0) why = "another case of this person is still open; close it first";
                    });
  if (!done) return tl::unexpected(done.error());
  return why;
}

Status erase(const Database& db, const ErasureBatch& batch, UtcTime now) {
  Status done = db.execute("PRAGMA secure_delete = ON");
  if (done) done = blank_visits(db, batch, now);
  if (done) done = blank_guests(db, batch.guests, now);
  for (const auto note : batch.notes) {
    if (done && batch.what == RetentionClass::approval)
      done = run_sql(db, "UPDATE visit SET approval_reason = '' WHERE id = (SELECT visit FROM entry WHERE number = ?1)", {},
                     {note});
    if (done) done = run_sql(db, "DELETE FROM note WHERE entry = ?1", {}, {note});
  }
  if (done) done = remove_mentions(db, "DELETE FROM picture WHERE camera = ?1 AND entry = ?2", batch.pictures, false);
  if (done) done = remove_mentions(db, "DELETE FROM clip WHERE camera = ?1 AND entry = ?2", batch.clips, true);
  for (const auto& hash : batch.other_files)
    if (done) done = run_sql(db, "INSERT OR IGNORE INTO doomed_file VALUES (?1, 0)", {hash});
  if (done) done = keep_referenced(db);
  return done;
}

Result<DueCount> count_due(const Database& db, RetentionClass what, UtcTime before) {
  const std::string held = std::string("sum(CASE WHEN ") + NOT_HELD("v.id", "v.guest") + " THEN 1 ELSE 0 END)";
  const auto visits = [&](const char* condition) {
    return "SELECT count(*), " + held + ", min(v.closed_utc) FROM visit v WHERE v.closed_utc IS NOT NULL AND " + condition +
           " AND v.closed_utc < ?1";
  };
  const auto files = [&](const char* table, const char* and_where) {
    return "SELECT count(*), " + held + ", min(e.utc) FROM " + table +
           " p JOIN entry e ON e.number = p.entry LEFT JOIN visit v ON v.id = e.visit WHERE p.entry <= (" LAST_BEFORE
           ") AND " CLOSED_OR_NONE +
           and_where;
  };
  const auto notes = [&](const std::string& types) {
    return "SELECT count(*), " + held +
           ", min(e.utc) FROM note p CROSS JOIN entry e ON e.number = p.entry LEFT JOIN visit v ON v.id = e.visit WHERE "
           "p.entry <= (" LAST_BEFORE ") AND e.type IN (" +
           types + ") AND " CLOSED_OR_NONE;
  };
  std::vector<std::string> questions;
  switch (what) {
    case RetentionClass::visit:
      questions = {visits("v.erased_utc IS NULL"), notes(STRANGER_TYPES) + " AND e.visit IS NULL"};
      break;
    case RetentionClass::portrait:
      questions = {visits(WITH_PICTURE), files("picture", "")};
      break;
    case RetentionClass::nik:
      questions = {visits(WITH_IDENTITY)};
      break;
    case RetentionClass::clip:
      questions = {files("clip", NO_INCIDENT)};
      break;
    case RetentionClass::approval:
      questions = {notes(APPROVAL_TYPES)};
      break;
    case RetentionClass::deviation:
      questions = {notes("'deviation_noted'"), files("clip", INCIDENT)};
      break;
    case RetentionClass::audit:
      break;
  }
  DueCount count;
  for (const auto& sql : questions) {
    TRY(each_row(db, sql, {}, {millis(before)}, [&](const Statement& row) {
      count.due += row.integer(1);
      count.held += row.integer(0) - row.integer(1);
      const auto oldest = row.integer(2);
      if (oldest > 0 && (count.oldest_utc == 0 || oldest < count.oldest_utc)) count.oldest_utc = oldest;
    }));
  }
  return count;
}

}  // namespace gapura::gateway
