// SPDX-License-Identifier: Apache-2.0
#include "gateway/journal/database.h"

#include <sqlite3.h>

#include <catch2/catch.hpp>
#include <thread>

#include "gateway/journal/schema.h"
#include "gateway/registry/registry.h"
#include "support/temporary_folder.h"

using namespace gapura;
using namespace gapura::gateway;

namespace {

// Counts to `count` inside SQLite, row by row, so that the progress handler is asked.
constexpr const char* counting =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) SELECT max(i) FROM n";

}  // namespace

TEST_CASE("the file is born durable, strict and in WAL mode") {
  const tests::TemporaryFolder folder;
  auto writer = Database::open_writer(folder / "a.db");
  REQUIRE(writer);
  const auto ask = [&](const char* pragma) {
    auto row = writer->prepare(pragma);
    REQUIRE(row);
    REQUIRE(*row->step());
    return row->text(0);
  };
  CHECK(ask("PRAGMA journal_mode") == "wal");
  CHECK(ask("PRAGMA synchronous") == "2");
  CHECK(ask("PRAGMA foreign_keys") == "1");
  CHECK(ask("PRAGMA trusted_schema") == "0");
  CHECK(ask("PRAGMA cell_size_check") == "1");
  CHECK(ask("PRAGMA user_version") == std::to_string(migrations.size()));
}

TEST_CASE("a reader cannot write, and sees only what is committed") {
  const tests::TemporaryFolder folder;
  auto writer = Database::open_writer(folder / "a.db");
  auto reader = Database::open_reader(folder / "a.db");
  REQUIRE(reader);
  CHECK(!reader->execute("INSERT INTO meta VALUES ('a', 'b')"));
  REQUIRE(writer->execute("BEGIN; INSERT INTO meta VALUES ('a', 'b')"));
  auto row = reader->prepare("SELECT count(*) FROM meta WHERE key = 'a'");
  REQUIRE(*row->step());
  CHECK(row->integer(0) == 0);
  row->reset();
  REQUIRE(writer->execute("COMMIT"));
  REQUIRE(*row->step());
  CHECK(row->integer(0) == 1);
}

TEST_CASE("a query that never ends is interrupted; an idle or moved connection is not") {
  const tests::TemporaryFolder folder;
  auto writer = Database::open_writer(folder / "a.db");
  auto opened = Database::open_reader(folder / "a.db");
  REQUIRE(opened);
  auto endless = opened->prepare(counting);
  const auto interrupted = endless->bind(1, std::int64_t{1} << 60).step();
  REQUIRE(!interrupted);
  CHECK(interrupted.error().kind == ErrorKind::unavailable);
  // The limit counts from the statement's own start, on whatever thread it runs.
  Database reader = std::move(*opened);
  bool answered = false;
  std::thread([&] {
    auto row = reader.prepare(counting);
    const auto step = row->bind(1, std::int64_t{200'000}).step();
    answered = step && *step && row->integer(0) == 200'000;
  }).join();
  CHECK(answered);
}

TEST_CASE("a file of a newer version is refused with what to do") {
  const tests::TemporaryFolder folder;
  { REQUIRE(Database::open_writer(folder / "a.db")->execute("PRAGMA user_version = 999")); }
  const auto again = Database::open_writer(folder / "a.db");
  REQUIRE(!again);
  CHECK(again.error().message.find("newer Gapura") != std::string::npos);
}

TEST_CASE("a file of the first schema keeps its visits and badges, and a plan is no open visit any more") {
  const tests::TemporaryFolder folder;
  sqlite3* old = nullptr;
  REQUIRE(sqlite3_open((folder / "a.db").c_str(), &old) == SQLITE_OK);
  const std::string first = std::string(migrations[0]) + R"(
    PRAGMA user_version = 1;
    INSERT INTO guest VALUES ('g-1', 'Tamu Contoh 01', '', '', 1000);
    INSERT INTO visit (id, guest, category, purpose, whom, form_salt, state, approval, screening, presence, arrived_utc,
                       last_entry, badge)
      VALUES ('v-1', 'g-1', 'general', 'uji', 'uji', zeroblob(16), 'in_meeting', 'accepted', 'clear', 'inside', 1000, 0, 'b-1');
    INSERT INTO badge (id, token_hash, state, visit, issued_utc, valid_until_utc, last_entry)
      VALUES ('b-1', zeroblob(32), 'active', 'v-1', 1000, 2000, 0);)";
  REQUIRE(sqlite3_exec(old, first.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(old);

  auto writer = Database::open_writer(folder / "a.db");
  REQUIRE(writer);
  const auto state = load_state(*writer);
  REQUIRE(state);
  const Visit* visit = state->find_visit(VisitId("v-1"));
  REQUIRE(visit);
  CHECK(visit->state == VisitState::in_meeting);
  CHECK(to_text(visit->where) == "unknown=1");  // where in the house, the old file did not say
  CHECK(visit->badges_out == std::vector{BadgeId("b-1")});
  CHECK(state->find_badge(BadgeId("b-1"))->kind == BadgeKind::paper);
  const std::string another =
      "INSERT INTO visit (id, guest, category, purpose, whom, form_salt, state, approval, screening, presence, "
      "arrived_utc, "
      "last_entry) VALUES ('v-2', 'g-1', 'general', '', '', zeroblob(16), '";
  const std::string rest = "', 'none', 'pending', 'at_post', 3000, 1)";
  CHECK(!writer->execute(another + "registered" + rest));
  CHECK(writer->execute(another + "planned" + rest));
}
