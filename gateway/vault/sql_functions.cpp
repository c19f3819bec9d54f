// SPDX-License-Identifier: Apache-2.0
// The vault's SQL functions.
#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>

#include "gateway/vault/personal_data.h"
#include "gateway/vault/vault.h"

namespace gapura::gateway {
namespace {

using Arguments = sqlite3_value**;

std::string_view text_of(sqlite3_value* value) {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_value_blob(value));
  return bytes ? std::string_view(bytes, static_cast<std::size_t>(sqlite3_value_bytes(value))) : std::string_view();
}
// A row's key may be a number: read as text, before any other call on the value.
std::string_view row_of(sqlite3_value* value) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
  return text ? std::string_view(text, static_cast<std::size_t>(sqlite3_value_bytes(value))) : std::string_view();
}

Vault& vault_of(sqlite3_context* call) { return *static_cast<Vault*>(sqlite3_user_data(call)); }

// A disk error in a function fails the statement, and ends granting like any other.
void give_error(sqlite3_context* call, const Error& error) {
  sqlite3_result_error(call, error.message.c_str(), -1);
  if (error.kind == ErrorKind::storage) sqlite3_result_error_code(call, SQLITE_IOERR);
  if (error.kind == ErrorKind::unavailable) sqlite3_result_error_code(call, SQLITE_BUSY);
}

void give_text(sqlite3_context* call, const Result<std::string>& text) {
  if (!text) return give_error(call, text.error());
  sqlite3_result_text(call, text->data(), static_cast<int>(text->size()), SQLITE_TRANSIENT);
}
void seal(sqlite3_context* call, int, Arguments arguments) {
  give_text(call, vault_of(call).seal_text(text_of(arguments[0]), text_of(arguments[1]), row_of(arguments[2]),
                                           text_of(arguments[3])));
}

void reveal(sqlite3_context* call, int, Arguments arguments) {
  give_text(call, vault_of(call).reveal_text(text_of(arguments[0]), row_of(arguments[1]), text_of(arguments[2])));
}

void give_blob_or_null(sqlite3_context* call, const Result<std::string>& bytes) {
  if (!bytes) return give_error(call, bytes.error());
  if (bytes->empty()) return sqlite3_result_null(call);
  sqlite3_result_blob(call, bytes->data(), static_cast<int>(bytes->size()), SQLITE_TRANSIENT);
}

void seal_salt_for(sqlite3_context* call, int, Arguments arguments) {
  give_blob_or_null(call, vault_of(call).seal_salt_of(text_of(arguments[0]), text_of(arguments[1])));
}

void reveal_salt_for(sqlite3_context* call, int, Arguments arguments) {
  give_blob_or_null(call, vault_of(call).reveal_salt_of(text_of(arguments[0]), text_of(arguments[1])));
}

void index_for(sqlite3_context* call, int, Arguments arguments) {
  give_blob_or_null(call, vault_of(call).index_of(text_of(arguments[0]), text_of(arguments[1])));
}

void owner_of_entry(sqlite3_context* call, int, Arguments arguments) {
  give_text(call, vault_of(call).owner_of(sqlite3_value_int64(arguments[0])));
}

void owner_in_text(sqlite3_context* call, int, Arguments arguments) {
  give_text(call, std::string(owner_in(text_of(arguments[0]))));
}

std::string select_revealed(const PersonalTable& table, std::string_view column) {
  if (column == table.salt) return fmt::format("reveal_salt({}, {}) AS {}", table.salt_owner, column, column);
  const bool personal = std::find(table.columns.begin(), table.columns.end(), column) != table.columns.end();
  if (!personal) return std::string(column);
  return fmt::format("reveal('{}.{}', {}, {}) AS {}", table.table, column, table.key, column, column);
}

}  // namespace

// None is marked harmless, so a view or trigger that was put into the file itself cannot call them (trusted_schema is off).
Status Vault::add_functions() {
  struct Function {
    const char* name;
    void (*run)(sqlite3_context*, int, Arguments);
    int arguments, flags = 0;
  };
  static constexpr Function functions[] = {{"seal", seal, 4},
                                           {"reveal", reveal, 3},
                                           {"seal_salt", seal_salt_for, 2},
                                           {"reveal_salt", reveal_salt_for, 2},
                                           {"blind_index", index_for, 2, SQLITE_DETERMINISTIC},
                                           {"owner_of", owner_of_entry, 1},
                                           {"owner_in", owner_in_text, 1, SQLITE_DETERMINISTIC}};
  for (const auto& [name, run, arguments, flags] : functions)
    if (sqlite3_create_function_v2(db_, name, arguments, SQLITE_UTF8 | flags, this, run, nullptr, nullptr, nullptr) !=
        SQLITE_OK)
      return tl::unexpected(error());
  return {};
}

Status Vault::add_views() {
  for (const auto& table : personal_tables) {
    sqlite3_stmt* columns = nullptr;
    const std::string name(table.table);
    if (sqlite3_prepare_v2(db_, ("PRAGMA main.table_info(" + name + ")").c_str(), -1, &columns, nullptr) != SQLITE_OK)
      return tl::unexpected(error());
    std::string list;
    int code = SQLITE_DONE;
    while ((code = sqlite3_step(columns)) == SQLITE_ROW)
      list += (list.empty() ? "" : ", ") +
              select_revealed(table, reinterpret_cast<const char*>(sqlite3_column_text(columns, 1)));
    sqlite3_finalize(columns);
    if (code != SQLITE_DONE) return tl::unexpected(error());
    if (list.empty()) continue;  // a file from before this table
    const std::string sql = fmt::format("CREATE TEMP VIEW {} AS SELECT {} FROM main.{}", name, list, name);
    if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return tl::unexpected(error());
  }
  return {};
}

}  // namespace gapura::gateway
