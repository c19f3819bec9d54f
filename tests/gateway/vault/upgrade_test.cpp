// SPDX-License-Identifier: Apache-2.0
// Files of an earlier version: sealed at the first start, whatever cuts it short, and nothing readable stays behind.
#include <sqlite3.h>

#include <catch2/catch.hpp>

#include "gateway/journal/schema.h"
#include "gateway/journal/sealing.h"
#include "gateway/simulation/disk.h"
#include "gateway/vault/vault.h"
#include "markers.h"
#include "support/temporary_folder.h"

using namespace gapura;
using namespace gapura::gateway;
using namespace gapura::tests;

namespace {

constexpr int guests = 4'500;  // three transactions
constexpr std::size_t old_schema = 6;

// As version 0.1 left it after some weeks: rows came one by one, the log still lies beside the file.
void make_old_file(const std::string& path, const char* vfs, int people) {
  sqlite3* old = nullptr;
  REQUIRE(sqlite3_open_v2(path.c_str(), &old, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs) == SQLITE_OK);
  std::string sql = std::string("PRAGMA synchronous = ") + (vfs ? "EXTRA" : "OFF") + "; PRAGMA journal_mode = WAL; BEGIN;";
  for (std::size_t i = 0; i < old_schema; ++i) sql += migrations[i];
  sql += "PRAGMA user_version = 6; COMMIT;";
  const std::string n =
      "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < " + std::to_string(people) + ") ";
  // Ids in no order, so that pages split as they do in life.
  const std::string id = "printf('%08x', i * 2654435761 & 4294967295)";
  sql += n +
         "INSERT INTO entry (number, utc, boot, type, actor, visit, leaf) SELECT i, 1795000000000, i, 'access_denied', "
         "'u', iif(i % 2, 'v-' || " +
         id + ", NULL), CAST('leaf ' || i AS BLOB) FROM n;";
  sql += n + "INSERT INTO guest SELECT 'g-' || " + id +
         ", 'MARK-NAMA ' || i, iif(i % 3, 'MARK-TELP' || i, ''), "
         "'MARK-INSTANSI', 1 FROM n;";
  sql += n +
         "INSERT INTO visit (id, guest, category, purpose, whom, form_salt, state, approval, screening, presence, "
         "arrived_utc, last_entry, closed_utc) SELECT 'v-' || " +
         id + ", 'g-' || " + id +
         ", 'general', iif(i % 5, 's1:MARK-KEPERLUAN:' || i, ''), 'MARK-SIAPA', CAST(printf('%016d', i) AS BLOB), "
         "'departed', 'none', 'pending', 'outside', i, i, 1 FROM n;";
  sql += "PRAGMA wal_checkpoint;";  // some of it in the file, the rest in the log
  sql += n + "INSERT INTO note SELECT i, CAST(printf('n%015d', i) AS BLOB), 'MARK-CATATAN ' || i FROM n;";
  sql += n +
         "INSERT INTO badge (id, token_hash, state, visit, issued_utc, valid_until_utc, last_entry, reason) SELECT 'b-' "
         "|| i, CAST(printf('%032d', i) AS BLOB), 'revoked', iif(i % 2, 'v-' || " +
         id + ", ''), 1, 1, i, 'MARK-CABUT' FROM n WHERE i % 10 = 0;";
  sql += n + "INSERT INTO deposit SELECT 'd-' || i, 'v-' || " + id +
         ", 'returned', 'L', 'MARK-TITIP', '', i FROM n WHERE i % "
         "10 = 0;";
  sql += "INSERT INTO attention VALUES ('a-1', 'MARK-AWAS', 'MARK-TELP1', 'MARK-MENGAPA', 0, 1);";
  char* error = nullptr;
  if (sqlite3_exec(old, sql.c_str(), nullptr, nullptr, &error) != SQLITE_OK) FAIL(error);
  if (vfs) REQUIRE(sqlite3_file_control(old, nullptr, sync_folder_control, nullptr) == SQLITE_OK);
  int on = 1;
  sqlite3_file_control(old, "main", SQLITE_FCNTL_PERSIST_WAL, &on);  // as after a crash
  sqlite3_db_config(old, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_close(old);
}

std::int64_t count(const Database& db, const std::string& sql) {
  auto row = db.prepare(sql);
  if (!row) FAIL(row.error().message);
  const auto more = row->step();
  if (!more) FAIL(more.error().message);
  return row->integer(0);
}

void check_all_is_there(const Database& reader, int people) {
  const auto all = [&](const std::string& sql) { return count(reader, sql); };
  CHECK(all("SELECT count(*) FROM guest WHERE full_name LIKE 'MARK-NAMA %' AND institution = 'MARK-INSTANSI'") == people);
  CHECK(all("SELECT count(*) FROM guest WHERE phone LIKE 'MARK-TELP%'") == people - (people + 2) / 3);
  CHECK(all("SELECT count(*) FROM visit v JOIN guest g ON g.id = v.guest WHERE v.whom = 'MARK-SIAPA' AND v.form_salt = "
            "CAST(printf('%016d', v.arrived_utc) AS BLOB) AND g.full_name = 'MARK-NAMA ' || v.arrived_utc AND v.purpose = "
            "iif(v.arrived_utc % 5, 's1:MARK-KEPERLUAN:' || v.arrived_utc, '')") == people);
  CHECK(all("SELECT count(*) FROM note WHERE text = 'MARK-CATATAN ' || entry AND salt = CAST(printf('n%015d', entry) AS "
            "BLOB)") == people);
  CHECK(all("SELECT count(*) FROM badge WHERE reason = 'MARK-CABUT'") == (people + 9) / 10);
  CHECK(all("SELECT count(*) FROM deposit WHERE what = 'MARK-TITIP'") == (people + 9) / 10);
  CHECK(all("SELECT count(*) FROM attention WHERE full_name || phone || why = 'MARK-AWASMARK-TELP1MARK-MENGAPA'") == 1);
}

}  // namespace

TEST_CASE("an old file is sealed at the first start, and neither it nor its log nor a free page still says anything") {
  const TemporaryFolder folder;
  make_old_file(folder / "gapura.db", nullptr, guests);
  CHECK(found_below(folder.path(), {"MARK-"}).size() == 2);  // the file or its log, to begin with: both
  {
    auto writer = Database::open_writer(folder / "gapura.db");
    if (!writer) FAIL(writer.error().message);
    for (const auto& found : found_below(folder.path(), {"MARK-"})) FAIL_CHECK("while it is open: " + found);
    CHECK(count(*writer, "SELECT count(*) FROM guest WHERE name_index = blind_index('name', 'mark-nama 7')") == 1);
    // Half of the notes belong to visits, the others to their day.
    CHECK(count(*writer, "SELECT count(*) FROM note WHERE owner_in(text) = 'day:2026-11-18'") == guests / 2);
    CHECK(count(*writer,
                "SELECT count(*) FROM note n JOIN entry e ON e.number = n.entry JOIN visit v ON v.id = e.visit "
                "WHERE owner_in(n.text) = v.guest") == guests / 2);
  }
  for (const auto& found : found_below(folder.path(), {"MARK-"})) FAIL_CHECK(found);
  auto reader = Database::open_reader(folder / "gapura.db");
  check_all_is_there(*reader, guests);
  CHECK(count(*reader, "SELECT count(*) FROM pragma_foreign_key_check") == 0);
  // The second start finds nothing to do.
  const auto written = std::filesystem::last_write_time(folder / "gapura.db");
  { REQUIRE(Database::open_writer(folder / "gapura.db")); }
  CHECK(std::filesystem::last_write_time(folder / "gapura.db") == written);
}

TEST_CASE("a power cut at any moment of the sealing loses nothing and seals nothing twice") {
  const std::string path = "/data/gapura.db";
  constexpr int people = 2'100;  // two transactions
  std::uint64_t step = 0, cuts = 0;
  // Further and further into the upgrade until it ends without a cut.
  for (std::uint64_t after = 1;; after += 1 + after / 6) {
    simulation::Disk disk(after);
    make_old_file(path, disk.vfs().c_str(), people);
    disk.cut_power(after);
    const bool done = Database::open_writer(path, disk.vfs()).has_value();
    if (done && disk.has_power()) break;
    ++cuts;
    disk.restore_power();
    for (int again = 0; again < 3; ++again) {  // and once more, while it goes on
      disk.cut_power(after / 2 + 1 + static_cast<std::uint64_t>(again) * 7);
      if (Database::open_writer(path, disk.vfs()) && disk.has_power()) break;
      disk.restore_power();
    }
    if (disk.has_power()) disk.cut_power(0);
    disk.restore_power();
    auto writer = Database::open_writer(path, disk.vfs());
    if (!writer) FAIL("after " << after << ": " << writer.error().message);
    auto reader = Database::open_reader(path, disk.vfs());
    REQUIRE(reader);
    INFO("cut after " << after);
    check_all_is_there(*reader, people);
    ++step;
  }
  WARN(cuts << " cuts");
  CHECK(step >= 20);
}
