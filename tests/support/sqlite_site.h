// SPDX-License-Identifier: Apache-2.0
// The harness over the product's own store: a real SQLite file.
#pragma once

#include "gateway/journal/leaf_reader.h"
#include "gateway/store/site_store.h"
#include "support/site_harness.h"
#include "support/temporary_folder.h"

namespace gapura::tests {

class SqliteFile {
 public:
  // `vfs`: of SQLite; empty: the machine's files.
  explicit SqliteFile(std::string vfs = "") : vfs_(std::move(vfs)) {}

  std::unique_ptr<SiteStore> open_store() {
    auto database = Database::open_writer(folder.path() + "/gapura.db", vfs_);
    REQUIRE(database);
    writer = database->handle();
    auto store = open_site_store({.database = std::move(*database), .boot_id = "boot0001"});
    if (!store) FAIL(store.error().message);
    return std::move(*store);
  }
  // By another connection.
  std::vector<Entry> journal() const {
    auto reader = Database::open_reader(folder.path() + "/gapura.db");
    REQUIRE(reader);
    auto rows = reader->prepare("SELECT leaf FROM entry ORDER BY number");
    REQUIRE(rows);
    std::vector<Entry> entries;
    while (*rows->step()) {
      auto entry = read_leaf(rows->blob(0));
      if (!entry) FAIL(entry.error().message << ": " << rows->blob(0));
      entries.push_back(std::move(*entry));
    }
    return entries;
  }
  std::string note(std::uint64_t entry) const {
    auto reader = Database::open_reader(folder.path() + "/gapura.db");
    auto row = reader->prepare("SELECT text FROM note WHERE entry = ?1");
    return *row->bind(1, static_cast<std::int64_t>(entry)).step() ? row->text(0) : "";
  }

  TemporaryFolder folder;
  sqlite3* writer = nullptr;

 private:
  const std::string vfs_;
};

using SiteHarness = Harness<SqliteFile>;

}  // namespace gapura::tests
