// SPDX-License-Identifier: Apache-2.0
#include "gateway/journal/database.h"

#include <catch2/catch.hpp>
#include <thread>

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
  CHECK(ask("PRAGMA user_version") == "1");
}

TEST_CASE("a reader cannot write, and sees only what is committed") {
  const tests::TemporaryFolder folder;
  auto writer = Database::open_writer(folder / "a.db");
  auto reader = Database::open_reader(folder / "a.db");
  REQUIRE(reader);
  CHECK(!reader->execute("INSERT INTO meta VALUES ('a', 'b')"));
  REQUIRE(writer->execute("BEGIN; INSERT INTO meta VALUES ('a', 'b')"));
  auto row = reader->prepare("SELECT count(*) FROM meta");
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
