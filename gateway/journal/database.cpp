// SPDX-License-Identifier: Apache-2.0
#include "gateway/journal/database.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <utility>

#include "gateway/journal/schema.h"
#include "gateway/journal/sealing.h"
#include "gateway/vault/vault.h"

namespace gapura::gateway {
namespace {

constexpr int writer_wait = 1000;  // ms

// Returns the first word of a statement. Its whole text is only for the daemon's log, because messages reach people and
// programs.
std::string_view verb_of(std::string_view sql) {
  sql.remove_prefix(std::min(sql.find_first_not_of(" \n"), sql.size()));
  return sql.substr(0, sql.find_first_of(" \n;("));
}

// The only function that maps SQLite's errors to ours.
Error sqlite_error(sqlite3* db, int code, std::string_view doing) {
  const int primary = code & 0xff;
  const auto kind = primary == SQLITE_CONSTRAINT                            ? ErrorKind::conflict
                    : primary == SQLITE_BUSY || primary == SQLITE_INTERRUPT ? ErrorKind::unavailable
                    : primary == SQLITE_MISUSE || primary == SQLITE_RANGE   ? ErrorKind::bug
                    : primary == SQLITE_ERROR                               ? ErrorKind::bug
                                                                            : ErrorKind::storage;
  std::string message = std::string(doing) + ": " + sqlite3_errstr(code);
  if (db) message += std::string(" (") + sqlite3_errmsg(db) + ")";
  return {kind, message};
}

Error statement_error(sqlite3* db, int code, std::string_view sql) {
  Error error = sqlite_error(db, code, verb_of(sql));
  if (error.kind == ErrorKind::bug) spdlog::error("{}: {}", error.message, sql);
  return error;
}

Status check(sqlite3* db, int code, std::string_view doing) {
  if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return {};
  return tl::unexpected(sqlite_error(db, code, doing));
}

std::string folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

// Otherwise a power cut after the file was created could remove its directory entry.
Status sync_folder(const std::string& path) {
  const int fd = ::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return fail(ErrorKind::storage, "cannot open the folder of " + path + " to sync it");
  const int outcome = ::fsync(fd);
  ::close(fd);
  if (outcome != 0) return fail(ErrorKind::storage, "cannot sync the folder of " + path);
  return {};
}

constexpr std::string_view every_connection = R"(
  PRAGMA foreign_keys = ON;
  PRAGMA recursive_triggers = ON;  -- so that INSERT OR REPLACE is refused like the DELETE that it is
  PRAGMA trusted_schema = OFF;
  PRAGMA cell_size_check = ON;
  PRAGMA temp_store = MEMORY;
  PRAGMA secure_delete = ON;  -- what is deleted is written over
)";

Status defend(sqlite3* db) {
  sqlite3_extended_result_codes(db, 1);
  TRY(check(db, sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr), "defensive mode"));
  return check(db, sqlite3_exec(db, std::string(every_connection).c_str(), nullptr, nullptr, nullptr), "pragmas");
}

Result<std::int64_t> schema_version(const Database& db) {
  auto statement = TRY(db.prepare("PRAGMA user_version"));
  TRY(statement.step());
  return statement.integer(0);
}

// Runs one migration in one transaction. References are checked at its end, so that a referenced table may be rebuilt in
// it.
Status take_step(const Database& db, std::string_view sql, std::int64_t version) {
  TRY(db.execute("BEGIN IMMEDIATE;\n" + std::string(sql) + "\nPRAGMA user_version = " + std::to_string(version)));
  auto broken = TRY(db.prepare("PRAGMA foreign_key_check"));
  const auto found = TRY(broken.step());
  if (found)
    return fail(ErrorKind::storage, "the database is damaged: a row of " + broken.text(0) + " refers to nothing in " +
                                        broken.text(2) + ". Restore a backup.");
  return db.execute("COMMIT");
}

Status migrate(const Database& db) {
  auto version = TRY(schema_version(db));
  const auto newest = static_cast<std::int64_t>(migrations.size());
  if (version > newest)
    return fail(ErrorKind::conflict, "this data folder was written by a newer Gapura (schema " + std::to_string(version) +
                                         "); this one knows " + std::to_string(newest) + ". Install the newer version.");
  if (version == newest) return {};
  TRY(db.execute("PRAGMA foreign_keys = OFF"));
  for (auto step = version; step < newest; ++step)
    if (auto done = take_step(db, migrations[static_cast<std::size_t>(step)], step + 1); !done) {
      (void)db.execute("ROLLBACK");
      return done;
    }
  return db.execute("PRAGMA foreign_keys = ON");
}

constexpr std::chrono::seconds reader_limit{2};

// Time limit of a reader's statement: set when it starts, checked by the progress handler.
int stop_when_late(void* started) {
  const auto since = std::chrono::steady_clock::now() - *static_cast<std::chrono::steady_clock::time_point*>(started);
  return since > reader_limit ? 1 : 0;
}

}  // namespace

void forget_cached_pages(const std::string& path) {
  for (const char* end : {"", "-wal"}) {
    const int fd = ::open((path + end).c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) continue;
    ::posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    ::close(fd);
  }
}

Statement::Statement(Statement&& other) noexcept
    : db_(other.db_), handle_(std::exchange(other.handle_, nullptr)), started_(other.started_) {}
Statement::~Statement() { sqlite3_finalize(handle_); }

Statement& Statement::bind(int index, std::int64_t value) {
  sqlite3_bind_int64(handle_, index, value);
  return *this;
}
Statement& Statement::bind(int index, std::string_view text) {
  sqlite3_bind_text(handle_, index, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
  return *this;
}
Statement& Statement::bind_blob(int index, std::string_view bytes) {
  sqlite3_bind_blob(handle_, index, bytes.data(), static_cast<int>(bytes.size()), SQLITE_TRANSIENT);
  return *this;
}
Statement& Statement::bind_null(int index) {
  sqlite3_bind_null(handle_, index);
  return *this;
}

Result<bool> Statement::step() {
  if (!sqlite3_stmt_busy(handle_)) *started_ = std::chrono::steady_clock::now();
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    sqlite3_reset(handle_);
    return false;
  }
  auto error = statement_error(db_, code, sqlite3_sql(handle_));
  sqlite3_reset(handle_);
  return tl::unexpected(std::move(error));
}

Status Statement::run() {
  for (;;) {
    auto row = TRY(step());
    if (!row) return {};
  }
}

void Statement::reset() { sqlite3_reset(handle_); }

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_, column); }
std::string Statement::text(int column) const { return blob(column); }
std::string Statement::blob(int column) const {
  const void* bytes = sqlite3_column_blob(handle_, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_, column));
  return bytes ? std::string(static_cast<const char*>(bytes), size) : std::string();
}
bool Statement::is_null(int column) const { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }

Database::Database(sqlite3* db) : db_(db), started_(std::make_unique<std::chrono::steady_clock::time_point>()) {}
Database::Database(Database&& other) noexcept
    : db_(std::exchange(other.db_, nullptr)),
      started_(std::move(other.started_)),
      prepared_(std::move(other.prepared_)),
      wal_pages_(std::move(other.wal_pages_)),
      vault_(std::move(other.vault_)) {}
Database& Database::operator=(Database&& other) noexcept {
  std::swap(db_, other.db_);
  std::swap(started_, other.started_);
  std::swap(prepared_, other.prepared_);
  std::swap(wal_pages_, other.wal_pages_);
  std::swap(vault_, other.vault_);
  return *this;
}
Database::~Database() {
  prepared_.clear();
  vault_.reset();
  sqlite3_close_v2(db_);
}

Result<Database> Database::open_writer(const std::string& path, const std::string& vfs) {
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, vfs.empty() ? nullptr : vfs.c_str());
  Database db(handle);
  TRY(check(handle, code, "open " + path));
  TRY(defend(handle));
  sqlite3_busy_timeout(handle,
                       writer_wait);  // waits for another write lock, which should not exist, before it is an error
  // Creation: EXTRA until the WAL mode is in the file, or a power cut can roll the whole file back to empty
  // (gateway/journal/README.md).
  TRY(db.execute("PRAGMA synchronous = EXTRA; PRAGMA journal_mode = WAL;"));
  TRY(migrate(db));
  // Replaces the automatic checkpoint: see checkpoint().
  sqlite3_wal_hook(
      handle, [](void* pages, sqlite3*, const char*, int now) { return *static_cast<int*>(pages) = now, SQLITE_OK; },
      db.wal_pages_.get());
  TRY(db.execute("PRAGMA synchronous = FULL;"));
  auto master = vfs.empty() ? master_key_of(db, folder_of(path)) : simulated_master_key();
  if (!master) return tl::unexpected(master.error());
  TRY(remember_master_key(db, *master));
  db.vault_ = std::make_unique<Vault>(handle, std::move(master));
  TRY(db.vault_->add_functions());
  TRY(seal_old_rows(db));
  TRY(rebuild_indexes(db));
  TRY(vfs.empty() ? sync_folder(path)
                  : check(handle, sqlite3_file_control(handle, nullptr, sync_folder_control, nullptr),
                          "sync the folder of " + path));
  return db;
}

Result<Database> Database::open_reader(const std::string& path, const std::string& vfs) {
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, vfs.empty() ? nullptr : vfs.c_str());
  Database db(handle);
  TRY(check(handle, code, "open " + path));
  TRY(defend(handle));
  sqlite3_busy_timeout(handle, 200);
  db.vault_ = std::make_unique<Vault>(handle, vfs.empty() ? load_master_key(folder_of(path)) : simulated_master_key());
  TRY(db.vault_->add_functions());
  TRY(db.vault_->add_views());
  // A simulated disk has simulated time: a simulated day must not depend on how busy this machine is.
  if (vfs.empty()) sqlite3_progress_handler(handle, 10'000, stop_when_late, db.started_.get());
  return db;
}

Result<Database> Database::open_archive(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return fail(ErrorKind::not_found, "there is no file " + path);
  const bool has_log = std::filesystem::exists(path + "-wal", error);
  const bool immutable = !has_log && ::access(folder_of(path).c_str(), W_OK) != 0;
  std::string uri = "file:";
  for (const char c : path) uri += c == '?' ? "%3f" : c == '#' ? "%23" : c == '%' ? "%25" : std::string(1, c);
  if (immutable) uri += "?immutable=1";
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_URI;
  const int code = sqlite3_open_v2(uri.c_str(), &handle, flags, nullptr);
  Database db(handle);
  TRY(check(handle, code, "open " + path));
  TRY(defend(handle));
  sqlite3_busy_timeout(handle, 2000);
  return db;
}

Result<Statement> Database::prepare(std::string_view sql) const {
  sqlite3_stmt* handle = nullptr;
  const int code =
      sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  if (code != SQLITE_OK) return tl::unexpected(statement_error(db_, code, sql));
  return Statement(db_, handle, started_.get());
}

Result<Statement*> Database::prepared(std::string_view sql) const {
  const auto known = prepared_.find(sql);
  if (known != prepared_.end()) return &known->second;
  auto made = TRY(prepare(sql));
  return &prepared_.emplace(sql, std::move(made)).first->second;
}

void Database::reset_prepared() const {
  for (auto& [sql, statement] : prepared_) statement.reset();
}

Status Database::copy_wal(int pages) const {
  if (*wal_pages_ < pages) return {};
  const int code = sqlite3_wal_checkpoint_v2(db_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  return code == SQLITE_BUSY ? Status{} : check(db_, code, "checkpoint");
}

Status Database::truncate_wal(std::chrono::milliseconds wait) const {
  sqlite3_busy_timeout(db_, static_cast<int>(wait.count()));
  const int code = sqlite3_wal_checkpoint_v2(db_, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  Status done = check(db_, code, "empty the log");
  sqlite3_busy_timeout(db_, writer_wait);
  return done;
}

Status Database::copy_to(const std::string& path) const {
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  const Database copy(handle);
  TRY(check(handle, code, "make " + path));
  sqlite3_backup* backup = sqlite3_backup_init(handle, "main", db_, "main");
  if (!backup) return check(handle, sqlite3_extended_errcode(handle), "copy into " + path);
  code = sqlite3_backup_step(backup, -1);
  const int finished = sqlite3_backup_finish(backup);
  if (code != SQLITE_DONE) return check(handle, code == SQLITE_OK ? SQLITE_BUSY : code, "copy into " + path);
  TRY(check(handle, finished, "copy into " + path));
  // One file, without a WAL.
  return copy.execute("PRAGMA journal_mode = DELETE");
}

Status Database::execute(std::string_view sql) const {
  return check(db_, sqlite3_exec(db_, std::string(sql).c_str(), nullptr, nullptr, nullptr), verb_of(sql));
}

}  // namespace gapura::gateway
