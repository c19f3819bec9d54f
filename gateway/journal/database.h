// SPDX-License-Identifier: Apache-2.0
// SQLite as this project uses it: one read-write connection in the process (the core's), and any number of read-only ones.
// The only file that opens a database; gateway/journal/README.md explains how it is created and opened.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace gapura::gateway {

class Vault;

// File control by which a VFS other than the machine's own is asked to make its folder's entries durable.
inline constexpr int sync_folder_control = 0x47415055;

// A prepared statement, used by one thread. bind() counts from 1, column getters from 0.
class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  Statement& bind(int index, std::int64_t value);
  Statement& bind(int index, std::string_view text);  // copied
  Statement& bind_blob(int index, std::string_view bytes);
  Statement& bind_null(int index);
  // Returns true when there is a row, false at the end. After false or an error the statement is reset and may be bound
  // again.
  Result<bool> step();
  Status run();  // steps to the end
  void reset();

  std::int64_t integer(int column) const;
  std::string text(int column) const;
  std::string blob(int column) const;
  bool is_null(int column) const;

 private:
  friend class Database;
  Statement(sqlite3* db, sqlite3_stmt* handle, std::chrono::steady_clock::time_point* started)
      : db_(db), handle_(handle), started_(started) {}
  sqlite3* db_;
  sqlite3_stmt* handle_;
  std::chrono::steady_clock::time_point* started_;  // the connection's
};

// Not thread-safe: one thread at a time per connection. Outlives its statements.
class Database {
 public:
  // Creates the file when it is absent, brings the schema up to date and seals rows that are not sealed yet. `vfs` names an
  // SQLite VFS, empty for the default. Personal data is read as stored: sealed. Errors also: not_found and conflict, where
  // the master key of the personal data is missing or another one (gateway/vault).
  static Result<Database> open_writer(const std::string& path, const std::string& vfs = "");
  // Opens with SQLITE_OPEN_READONLY; a query longer than two seconds is interrupted, unless a `vfs` is named. A SELECT
  // reads personal data revealed.
  static Result<Database> open_reader(const std::string& path, const std::string& vfs = "");
  // For a copy without a writer, and for reading much of a live file in small statements: a reader without the time limit.
  // A copy without a WAL is read even where its folder is not writable. Without keys: personal data stays sealed.
  static Result<Database> open_archive(const std::string& path);
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  Result<Statement> prepare(std::string_view sql) const;
  // The same, prepared at its first use and kept with the connection, for repeated statements. Bind all values again, run
  // it to its end or reset it, and do not use two of the same text at once.
  Result<Statement*> prepared(std::string_view sql) const;
  void reset_prepared() const;  // ends reads that are still open
  // Writer: copies the WAL into the database file once it has this many pages. SQLite's automatic checkpoint would not
  // report a disk error there; here it is returned. Pages that a reader still needs are left to the next call.
  Status copy_wal(int pages) const;
  // Writer, after a commit that destroyed data: copies all of the WAL into the database file and truncates it, so that no
  // earlier page is left in it. Errors: unavailable (a reader still uses an older state: try again), storage. `wait`: for
  // readers.
  Status truncate_wal(std::chrono::milliseconds wait = std::chrono::seconds(1)) const;
  // Copies the whole file as of one instant into a new one at `path`, by SQLite's backup. In one step, because a copy in
  // several steps restarts at each commit and would never end. The writer is not blocked; its WAL grows meanwhile.
  Status copy_to(const std::string& path) const;
  Status execute(std::string_view sql) const;  // several statements, no results
  sqlite3* handle() const { return db_; }
  Vault& vault() const { return *vault_; }  // not of an archive

 private:
  explicit Database(sqlite3* db);
  sqlite3* db_;
  std::unique_ptr<std::chrono::steady_clock::time_point> started_;  // of the running statement: a reader's time limit
  mutable std::map<std::string, Statement, std::less<>> prepared_;
  std::unique_ptr<int> wal_pages_ = std::make_unique<int>(0);  // after the last commit
  std::unique_ptr<Vault> vault_;
};

// Makes the next reads of this database and its WAL come from the device: after a failed write the kernel's page cache may
// show data that the device never got. Call only while this process has no connection to it, because SQLite's locks would
// be lost.
void forget_cached_pages(const std::string& path);

}  // namespace gapura::gateway
