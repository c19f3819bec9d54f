// SPDX-License-Identifier: Apache-2.0
#include "gateway/journal/sealing.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sqlite3.h>

#include <cstdlib>
#include <vector>

#include "gateway/vault/personal_data.h"
#include "gateway/vault/vault.h"

namespace gapura::gateway {
namespace {

constexpr int rows_at_once = 2000;
constexpr const char* all_sealed = "all";
constexpr const char* to_scrub = "scrub";

Result<std::string> first_text(const Database& db, const std::string& sql, std::string_view value = {}) {
  auto row = TRY(db.prepare(sql));
  if (!value.empty()) row.bind(1, value);
  auto more = TRY(row.step());
  return more ? row.text(0) : std::string();
}

Result<std::string> fact(const Database& db, const char* key) {
  return first_text(db, "SELECT value FROM meta WHERE key = ?1", key);
}

Status set_fact(const Database& db, const char* key, const std::string& value) {
  auto row = TRY(db.prepare("INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2"));
  return row.bind(1, key).bind(2, value).run();
}

// The form of the blind indexes: raised with every change of models/visit/identity.h that affects comparison.
constexpr const char* index_form = "2";

std::string seal_rows_sql(const PersonalTable& table) {
  std::vector<std::string> values;
  for (const auto& column : table.columns)
    if (!column.empty())
      values.push_back(fmt::format("{0} = CASE {0} WHEN '' THEN '' ELSE seal({1}, '{2}.{0}', {3}, {0}) END", column,
                                   table.owner, table.table, table.key));
  if (!table.salt.empty()) values.push_back(fmt::format("{0} = seal_salt({1}, {0})", table.salt, table.owner));
  if (table.searched)
    values.emplace_back("phone_index = blind_index('phone', phone), name_index = blind_index('name', full_name)");
  return fmt::format("UPDATE {0} SET {1} WHERE {2} > ?1 AND {2} <= ?2", table.table, fmt::join(values, ", "), table.key);
}

// Seals rows from key `from` on. Every row is sealed exactly once: the progress is stored in the same transaction.
Status seal_table(const Database& db, std::size_t index, std::string from) {
  const PersonalTable& table = personal_tables[index];
  const bool numbers = table.key == "entry";
  const auto bind_key = [&](Statement& row, int at, const std::string& value) {
    if (numbers) {
      row.bind(at, value.empty() ? std::int64_t{-1} : std::strtoll(value.c_str(), nullptr, 10));
    } else {
      row.bind(at, std::string_view(value));
    }
  };
  auto next = TRY(db.prepare(fmt::format("SELECT max({0}) FROM (SELECT {0} FROM {1} WHERE {0} > ?1 ORDER BY {0} LIMIT {2})",
                                         table.key, table.table, rows_at_once)));
  auto seal = TRY(db.prepare(seal_rows_sql(table)));
  for (;;) {
    bind_key(next, 1, from);
    auto more = TRY(next.step());
    if (!more || next.is_null(0)) return {};
    const std::string last = next.text(0);
    next.reset();
    TRY(db.execute("BEGIN IMMEDIATE"));
    bind_key(seal, 1, from);
    bind_key(seal, 2, last);
    Status done = seal.run();
    if (done) done = set_fact(db, "sealed", fmt::format("{} {}", index, last));
    if (done) done = db.execute("COMMIT");
    if (!done) {
      (void)db.execute("ROLLBACK");
      return done;
    }
    if (done = db.copy_wal(1000); !done) return done;
    from = last;
  }
}

Result<bool> has_rows(const Database& db) {
  for (const auto& table : personal_tables) {
    auto found = TRY(first_text(db, fmt::format("SELECT 1 FROM {} LIMIT 1", table.table)));
    if (!found.empty()) return true;
  }
  return false;
}

// For a file without people: nothing to seal, and nothing to index again.
Status begin_facts(const Database& db) {
  auto row = TRY(db.prepare("INSERT INTO meta (key, value) VALUES ('sealed', ?1), ('index_form', ?2)"));
  return row.bind(1, std::string_view(all_sealed)).bind(2, std::string_view(index_form)).run();
}

// Sealing leaves old words in the gaps of pages that SQLite has rebuilt; a rewritten file has no gaps.
Status scrub(const Database& db) {
  // Its scratch file is on the disk: in memory it would be as large as the whole record.
  Status done = db.execute("PRAGMA temp_store = FILE; VACUUM; PRAGMA temp_store = MEMORY;");
  if (done) done = db.truncate_wal();
  if (done) return set_fact(db, "sealed", all_sealed);
  const bool no_room = (sqlite3_errcode(db.handle()) & 0xff) == SQLITE_FULL;
  (void)db.execute("PRAGMA temp_store = MEMORY");
  if (!no_room && done.error().kind != ErrorKind::unavailable) return done;  // a disk that fails here is not trusted later
  spdlog::warn("old personal data is sealed but may still stand in free parts of the file ({}); the next start tries again",
               done.error().message);
  return {};
}

// A destroyed person has no index, and gets none. An unreadable row keeps its index.
Status index_rows(const Database& db, const PersonalTable& table) {
  auto rows = TRY(
      db.prepare(fmt::format("SELECT {0}, full_name, phone FROM {1} WHERE coalesce(name_index, phone_index) IS NOT NULL "
                             "AND {0} > ?1 ORDER BY {0} LIMIT 1",
                             table.key, table.table)));
  auto write =
      TRY(db.prepare(fmt::format("UPDATE {} SET phone_index = ?2, name_index = ?3 WHERE {} = ?1", table.table, table.key)));
  const auto bind = [&](int at, const std::string& index) {
    if (index.empty()) {
      write.bind_null(at);
    } else {
      write.bind_blob(at, index);
    }
  };
  const auto place = [&](const char* column) { return fmt::format("{}.{}", table.table, column); };
  for (std::string key;;) {
    const auto more = TRY(rows.bind(1, std::string_view(key)).step());
    if (!more) return {};
    key = rows.text(0);
    const auto name = db.vault().reveal_text(place("full_name"), key, rows.text(1));
    const auto phone = db.vault().reveal_text(place("phone"), key, rows.text(2));
    rows.reset();
    if (!name || !phone || *name == unreadable_text || *phone == unreadable_text) continue;
    const auto name_index = db.vault().index_of("name", *name);
    const auto phone_index = db.vault().index_of("phone", *phone);
    if (!name_index) return tl::unexpected(name_index.error());
    if (!phone_index) return tl::unexpected(phone_index.error());
    write.bind(1, std::string_view(key));
    bind(2, *phone_index);
    bind(3, *name_index);
    TRY(write.run());
  }
}

}  // namespace

Result<MasterKey> master_key_of(const Database& db, const std::string& data_folder) {
  const auto known = TRY(fact(db, "persons_key"));
  auto key = load_master_key(data_folder);
  if (!key && key.error().kind == ErrorKind::not_found) {
    if (known.empty()) return make_master_key(data_folder);
    return fail(
        ErrorKind::not_found,
        fmt::format("the key of the personal data is missing: put {}/keys/persons.key back from a backup (gapura "
                    "restore), or the systemd credential persons.key. No new key is made, for it would open nothing "
                    "of what is there.",
                    data_folder));
  }
  if (!key || known.empty() || known == key->name()) return key;
  return fail(
      ErrorKind::conflict,
      fmt::format("{} is another installation's key ({}, this database needs {}): put the right one back from a backup",
                  key->path, key->name(), known));
}

Status remember_master_key(const Database& db, const MasterKey& key) {
  const auto known = TRY(fact(db, "persons_key"));
  return known.empty() ? set_fact(db, "persons_key", key.name()) : Status{};
}

Status seal_old_rows(const Database& db) {
  auto state = TRY(fact(db, "sealed"));
  if (state == all_sealed) return {};
  if (state.empty()) {
    const auto rows = TRY(has_rows(db));
    if (!rows) return begin_facts(db);
    spdlog::info("personal data of an earlier version is being sealed");
  }
  if (state != to_scrub) {
    const auto blank = state.find(' ');
    const bool begun = blank != std::string::npos;
    const std::size_t first = begun ? static_cast<std::size_t>(std::strtoul(state.c_str(), nullptr, 10)) : 0;
    for (std::size_t i = first; i < personal_tables.size(); ++i)
      TRY(seal_table(db, i, begun && i == first ? state.substr(blank + 1) : ""));
    TRY(set_fact(db, "sealed", to_scrub));
  }
  return scrub(db);
}

Status rebuild_indexes(const Database& db) {
  const auto form = TRY(fact(db, "index_form"));
  if (form == index_form) return {};
  TRY(db.execute("BEGIN IMMEDIATE"));
  Status done;
  for (const auto& table : personal_tables)
    if (table.searched && done) done = index_rows(db, table);
  if (done) done = set_fact(db, "index_form", index_form);
  if (done) done = db.execute("COMMIT");
  if (!done) (void)db.execute("ROLLBACK");
  return done;
}

}  // namespace gapura::gateway
