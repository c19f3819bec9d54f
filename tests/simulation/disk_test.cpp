// SPDX-License-Identifier: Apache-2.0
// The simulated disk must itself be believable: it loses what was not synced, keeps what was, and holds SQLite's log.
#include "gateway/simulation/disk.h"

#include <catch2/catch.hpp>
#include <chrono>

#include "gateway/journal/database.h"

using namespace gapura;
using namespace gapura::gateway;
using namespace gapura::simulation;

namespace {

constexpr const char* path = "/data/gapura.db";

std::int64_t notes(const Database& db) {
  auto count = db.prepare("SELECT count(*) FROM meta WHERE key GLOB 'k[0-9]*'");
  REQUIRE(count);
  REQUIRE(count->step());
  return count->integer(0);
}

Status put(const Database& db, int number) {
  return db.execute("INSERT INTO meta VALUES ('k" + std::to_string(number) + "', 'v')");
}

}  // namespace

// Seed 500078 ended otherwise once, on a machine so busy that a reader's two seconds were over.
TEST_CASE("no clock of this machine ends a reading of the simulated disk") {
  Disk disk(1);
  REQUIRE(Database::open_writer(path, disk.vfs()));
  auto reader = Database::open_reader(path, disk.vfs());
  REQUIRE(reader);
  auto rows = reader->prepare("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n");
  REQUIRE(rows);
  const auto late = std::chrono::steady_clock::now() + std::chrono::milliseconds(2100);
  auto more = rows->step();
  while (more && *more && std::chrono::steady_clock::now() < late) more = rows->step();
  CHECK(more);
}

TEST_CASE("what was committed with FULL survives every power cut, and nothing of what was not is half there") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Disk disk(seed);
    int acknowledged = 0;
    {
      auto db = Database::open_writer(path, disk.vfs());
      REQUIRE(db);
      disk.cut_power(1 + seed % 97);
      while (put(*db, acknowledged)) ++acknowledged;
      CHECK_FALSE(disk.has_power());
    }
    disk.restore_power();
    auto db = Database::open_writer(path, disk.vfs());
    REQUIRE(db);
    const auto there = notes(*db);
    CHECK(there >= acknowledged);
    CHECK(there <= acknowledged + 1);  // the one under way may be there or not
    auto check = db->prepare("PRAGMA integrity_check");
    REQUIRE(check->step());
    CHECK(check->text(0) == "ok");
  }
}

TEST_CASE("with NORMAL some acknowledged rows are lost: the disk is no kinder than a real one") {
  int lost = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    Disk disk(seed);
    int acknowledged = 0;
    {
      auto db = Database::open_writer(path, disk.vfs());
      REQUIRE(db);
      REQUIRE(db->execute("PRAGMA synchronous = NORMAL"));
      disk.cut_power(1 + seed % 97);
      while (put(*db, acknowledged)) ++acknowledged;
    }
    disk.restore_power();
    auto db = Database::open_writer(path, disk.vfs());
    REQUIRE(db);
    if (notes(*db) < acknowledged) ++lost;
  }
  CHECK(lost > 10);
}

TEST_CASE("a cut at any moment of the birth leaves a file that opens") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Disk disk(seed);
    disk.cut_power(1 + seed % 150);
    { const auto db = Database::open_writer(path, disk.vfs()); }
    disk.restore_power();
    CHECK(Database::open_writer(path, disk.vfs()));
  }
}

TEST_CASE("the n-th operation fails once, or from then on") {
  Disk disk(1);
  auto db = Database::open_writer(path, disk.vfs());
  REQUIRE(db);
  disk.fail({DiskOperation::sync, 1, false, false});
  const auto failed = put(*db, 1);
  REQUIRE_FALSE(failed);
  CHECK(failed.error().kind == ErrorKind::storage);
  CHECK(put(*db, 2));
  disk.fail({DiskOperation::write, 1, true, true});
  CHECK(put(*db, 3).error().kind == ErrorKind::storage);
  CHECK(put(*db, 4).error().kind == ErrorKind::storage);
  disk.repair();
  CHECK(put(*db, 5));
}

TEST_CASE("a reader sees what is committed while the writer is open") {
  Disk disk(1);
  auto db = Database::open_writer(path, disk.vfs());
  auto reader = Database::open_reader(path, disk.vfs());
  REQUIRE(reader);
  REQUIRE(put(*db, 1));
  CHECK(notes(*reader) == 1);
  CHECK_FALSE(put(*reader, 2));
}
