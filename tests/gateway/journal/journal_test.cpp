// SPDX-License-Identifier: Apache-2.0
#include "gateway/journal/journal.h"

#include <sqlite3.h>

#include <catch2/catch.hpp>

#include "gateway/journal/schema.h"
#include "support/sqlite_site.h"

using namespace gapura;
using namespace gapura::gateway;
using namespace gapura::tests;

namespace {

// A file as the first release left it: entries and no tree.
void make_old_file(const std::string& path, int schema, int entries) {
  sqlite3* old = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &old) == SQLITE_OK);
  std::string sql;
  for (int i = 0; i < schema; ++i) sql += migrations[static_cast<std::size_t>(i)];
  sql += "PRAGMA user_version = " + std::to_string(schema) +
         "; WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < " + std::to_string(entries) +
         ") INSERT INTO entry (number, utc, boot, type, actor, leaf) SELECT i, i, i, 'access_denied', 'system', "
         "CAST('leaf ' || i AS BLOB) FROM n;";
  if (entries == 0) sql = sql.substr(0, sql.find("WITH RECURSIVE"));
  REQUIRE(sqlite3_exec(old, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(old);
}

Hash root_of_numbers(int entries) {
  MerkleEdge edge;
  for (int i = 0; i < entries; ++i) edge.append(leaf_hash("leaf " + std::to_string(i)));
  return edge.root();
}

std::string first_text(const Database& db, const char* sql) {
  auto row = db.prepare(sql);
  REQUIRE(row);
  REQUIRE(*row->step());
  return row->text(0);
}

}  // namespace

TEST_CASE("a journal of an earlier schema gets its tree, and a start that was cut short goes on") {
  const int schema = GENERATE(1, 2);
  const int entries = GENERATE(0, 1, 2, 3, 8, 1000, 45'001);
  const TemporaryFolder folder;
  make_old_file(folder / "a.db", schema, entries);
  for (int start = 0; start < 2; ++start) {
    auto db = Database::open_writer(folder / "a.db");
    REQUIRE(db);
    const auto journal = Journal::open(*db);
    REQUIRE(journal);
    CHECK(journal->size() == static_cast<std::uint64_t>(entries));
    CHECK(journal->root() == root_of_numbers(entries));
    CHECK(*root_of(journal->size(), stored_nodes(*db)) == journal->root());
    if (start == 1 || entries < 1000) continue;
    // As if the power had gone between two steps: the last rows of the tree are not there yet.
    REQUIRE(db->execute("DROP TRIGGER tree_is_never_deleted; DELETE FROM tree WHERE number > 500"));
  }
}

TEST_CASE("a tree that knows more entries than the journal has is refused") {
  const TemporaryFolder folder;
  make_old_file(folder / "a.db", 2, 10);
  auto db = Database::open_writer(folder / "a.db");
  REQUIRE(Journal::open(*db));
  REQUIRE(db->execute("DROP TRIGGER entry_is_never_deleted; DELETE FROM entry WHERE number > 7"));
  const auto journal = Journal::open(*db);
  REQUIRE(!journal);
  CHECK(journal.error().kind == ErrorKind::storage);
}

TEST_CASE("entries, nodes and checkpoints can be neither changed nor deleted nor replaced") {
  SiteHarness site;
  site.ready_guest();
  site.core.reset();
  auto db = Database::open_writer(site.folder / "gapura.db");
  REQUIRE(db->execute("INSERT INTO checkpoint VALUES (1, 'o', 1, 0, x'3030')"));
  for (const char* sql : {"UPDATE entry SET actor = 'x'", "DELETE FROM entry WHERE number = 1",
                          "INSERT OR REPLACE INTO entry SELECT * FROM entry WHERE number = 1",
                          "UPDATE tree SET nodes = zeroblob(32)", "DELETE FROM tree WHERE number = 1",
                          "INSERT OR REPLACE INTO tree VALUES (1, zeroblob(32))", "UPDATE checkpoint SET utc = 1",
                          "DELETE FROM checkpoint", "INSERT OR REPLACE INTO checkpoint VALUES (1, 'o', 1, 0, x'3031')"}) {
    const auto done = db->execute(sql);
    INFO(sql);
    REQUIRE(!done);
    CHECK(done.error().kind == ErrorKind::conflict);
  }
}

TEST_CASE("what the core appends is in the tree, over restarts too, and a refused transaction leaves no trace in it") {
  SiteHarness site;
  site.ready_guest();
  site.open();
  site.register_guest("Tamu Contoh 02");
  auto reader = Database::open_reader(site.folder / "gapura.db");
  MerkleEdge edge;
  auto leaves = reader->prepare("SELECT leaf FROM entry ORDER BY number");
  while (*leaves->step()) edge.append(leaf_hash(leaves->blob(0)));
  CHECK(edge.size() > 5);
  CHECK(site.core->journal().size() == edge.size());
  CHECK(site.core->journal().root() == edge.root());
  CHECK(*root_of(edge.size(), stored_nodes(*reader)) == edge.root());
  CHECK(first_text(*reader, "SELECT count(*) FROM tree") == std::to_string(edge.size() / 2));

  // Another connection holds the write lock: nothing is recorded, and the next entry gets the number of this one.
  auto other = Database::open_writer(site.folder / "gapura.db");
  REQUIRE(other->execute("BEGIN IMMEDIATE"));
  CHECK(!site.ask(RegisterVisit{"Tamu Contoh 03", "", "", "uji", "pimpinan", "general", ""}));
  CHECK(site.core->journal().size() == edge.size());
  REQUIRE(other->execute("ROLLBACK"));
  site.register_guest("Tamu Contoh 03");
  CHECK(*root_of(site.core->journal().size(), stored_nodes(*reader)) == site.core->journal().root());
}
