// SPDX-License-Identifier: Apache-2.0
#include "gateway/vault/vault.h"

#include <sqlite3.h>

#include "drivers/base64.h"
#include "gateway/vault/personal_data.h"
#include "models/base/text.h"
#include "models/visit/identity.h"

namespace gapura::gateway {
namespace {

constexpr std::string_view prefix = "s1:";
static_assert(Secret::size + seal_overhead == 72);  // as the schema checks

std::string about_text(std::string_view place, std::string_view row) {
  return std::string("gapura.s1") + '\0' + std::string(place) + '\0' + std::string(row);
}
std::string about_key(std::string_view owner) { return std::string("gapura.person_key") + '\0' + std::string(owner); }

std::string_view column(sqlite3_stmt* row, int index) {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(row, index));
  return bytes ? std::string_view(bytes, static_cast<std::size_t>(sqlite3_column_bytes(row, index))) : std::string_view();
}

// Returns what is compared. A text that was stored as a number before such texts were refused is found by its digits, as
// before, unless they are an exponent's.
std::string folded(std::string_view kind, std::string_view text) {
  if (kind != "phone") return name_form(text);
  Phone phone = read_phone(text);
  if (phone.fault == PhoneFault::none || phone.fault == PhoneFault::exponent) return std::move(phone.form);
  return digits_of(text);
}

}  // namespace

std::string day_owner(UtcTime at) {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(at));
  std::string text(16, '\0');
  text.resize(
      static_cast<std::size_t>(snprintf(text.data(), text.size(), "day:%04d-%02u-%02u", static_cast<int>(day.year()),
                                        static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()))));
  return text;
}

std::string_view owner_in(std::string_view text) {
  const auto end = text.rfind(':');
  if (!text.starts_with(prefix) || end < prefix.size()) return {};
  return text.substr(prefix.size(), end - prefix.size());
}

Vault::Vault(sqlite3* db, Result<MasterKey> master) : db_(db), master_(std::move(master)) {
  if (!master_) return;
  wrap_ = derive(master_->secret, KeyUse::wrap);
  index_ = derive(master_->secret, KeyUse::index);
}

Vault::~Vault() {
  for (sqlite3_stmt* one : queries_) sqlite3_finalize(one);
}

Error Vault::error() const {
  const int code = sqlite3_errcode(db_) & 0xff;
  const auto kind = code == SQLITE_ERROR || code == SQLITE_MISUSE     ? ErrorKind::bug
                    : code == SQLITE_BUSY || code == SQLITE_INTERRUPT ? ErrorKind::unavailable
                                                                      : ErrorKind::storage;
  return {kind, std::string("keys of people: ") + sqlite3_errmsg(db_)};
}

Result<sqlite3_stmt*> Vault::query(Query which) {
  static constexpr std::array<const char*, query_count> texts{
      "SELECT wrapped, owner FROM main.person_key WHERE number = ?1",
      "SELECT wrapped, number FROM main.person_key WHERE owner = ?1",
      "INSERT INTO main.person_key (owner, wrapped) VALUES (?1, ?2) ON CONFLICT (owner) DO UPDATE SET wrapped = "
      "excluded.wrapped",
      "UPDATE main.person_key SET wrapped = zeroblob(72) WHERE owner = ?1",
      "SELECT e.utc, coalesce(v.guest, CASE WHEN json_valid(CAST(e.leaf AS TEXT)) THEN json_extract(CAST(e.leaf AS TEXT), "
      "'$.d.guest') END) FROM main.entry e LEFT JOIN main.visit v ON v.id = e.visit WHERE e.number = ?1",
      "UPDATE main.guest SET phone_index = NULL, name_index = NULL WHERE id = ?1",
      "UPDATE main.attention SET phone_index = NULL, name_index = NULL WHERE id = ?1"};
  sqlite3_stmt*& statement = queries_[which];
  if (!statement && sqlite3_prepare_v3(db_, texts[which], -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK)
    return tl::unexpected(error());
  return statement;
}

Status Vault::write(Query which, std::string_view first, std::string_view second) {
  auto found = TRY(query(which));
  sqlite3_bind_text(found, 1, first.data(), static_cast<int>(first.size()), SQLITE_STATIC);
  if (!second.empty()) sqlite3_bind_blob(found, 2, second.data(), static_cast<int>(second.size()), SQLITE_STATIC);
  const int code = sqlite3_step(found);
  Status done;
  if (code != SQLITE_DONE) done = tl::unexpected(error());
  sqlite3_reset(found);
  sqlite3_clear_bindings(found);
  return done;
}

// Looks up the same row the short way.
Result<bool> Vault::is_still(const Keys& keys) {
  auto found = TRY(query(by_number));
  sqlite3_bind_int64(found, 1, keys.number);
  const int code = sqlite3_step(found);
  const bool same = code == SQLITE_ROW && column(found, 0) == keys.wrapped && column(found, 1) == keys.owner;
  if (code != SQLITE_ROW && code != SQLITE_DONE) {
    auto failed = error();
    sqlite3_reset(found);
    return tl::unexpected(std::move(failed));
  }
  sqlite3_reset(found);
  return same;
}

Result<const Vault::Keys*> Vault::find(std::string_view owner) {
  if (!master_) return tl::unexpected(master_.error());
  if (owner == last_.owner) {
    const auto same = TRY(is_still(last_));
    if (same) return &last_;
  }
  return unwrap(owner);
}

Result<const Vault::Keys*> Vault::unwrap(std::string_view owner) {
  auto found = TRY(query(by_owner));
  sqlite3_bind_text(found, 1, owner.data(), static_cast<int>(owner.size()), SQLITE_TRANSIENT);
  const int code = sqlite3_step(found);
  if (code != SQLITE_ROW && code != SQLITE_DONE) {
    auto failed = error();
    sqlite3_reset(found);
    return tl::unexpected(std::move(failed));
  }
  const std::string wrapped(code == SQLITE_ROW ? column(found, 0) : std::string_view());
  const std::int64_t number = code == SQLITE_ROW ? sqlite3_column_int64(found, 1) : 0;
  sqlite3_reset(found);
  if (wrapped.find_first_not_of('\0') == std::string::npos) return nullptr;  // destroyed, or never made
  const auto root = open_secret(wrap_, about_key(owner), wrapped);
  if (!root)
    return fail(ErrorKind::storage, "the key of " + std::string(owner) + " does not open with " + master_->path +
                                        ": it is another key, or the database is damaged. Restore a backup.");
  last_ = {std::string(owner), wrapped, number, *root, derive(*root, KeyUse::text), derive(*root, KeyUse::salt)};
  return &last_;
}

Result<const Vault::Keys*> Vault::find_or_make(std::string_view owner) {
  if (owner.empty() || owner.find_first_of("\n\"'") != std::string_view::npos)
    return fail(ErrorKind::bug, "personal data of nobody");
  auto known = find(owner);
  if (!known || *known) return known;
  TRY(write(keep_key, owner, seal_bytes(wrap_, about_key(owner), Secret::random().view())));
  return unwrap(owner);
}

Result<std::optional<Secret>> Vault::find_key(std::string_view owner) {
  const auto keys = TRY(find(owner));
  return keys ? std::optional(keys->root) : std::nullopt;
}

Result<Secret> Vault::find_or_make_key(std::string_view owner) {
  const auto keys = TRY(find_or_make(owner));
  return keys->root;
}

Status Vault::destroy_key(std::string_view owner) {
  last_ = Keys();
  for (const Query which : {overwrite_key, forget_guest, forget_attention}) TRY(write(which, owner, {}));
  return {};
}

Result<std::string> Vault::seal_text(std::string_view owner, std::string_view place, std::string_view row,
                                     std::string_view text) {
  if (text.empty()) return std::string();
  const auto keys = TRY(find_or_make(owner));
  return std::string(prefix) + std::string(owner) + ':' +
         to_base64url(seal_bytes(keys->text, about_text(place, row), text));
}

Result<std::string> Vault::reveal_text(std::string_view place, std::string_view row, std::string_view text) {
  const std::string_view owner = owner_in(text);
  if (owner.empty()) return std::string(text);
  const auto keys = TRY(find(owner));
  if (!keys) return std::string();
  const auto sealed = from_base64url(text.substr(text.rfind(':') + 1)).value_or("");
  auto plain = open_bytes(keys->text, about_text(place, row), sealed);
  return plain ? std::move(*plain) : std::string(unreadable_text);
}

Result<std::string> Vault::seal_salt_of(std::string_view owner, std::string_view salt) {
  const auto keys = TRY(find_or_make(owner));
  if (salt.size() != salt_size) return fail(ErrorKind::bug, "a salt has 16 bytes");
  return seal_salt(keys->salt, salt);
}

Result<std::string> Vault::reveal_salt_of(std::string_view owner, std::string_view salt) {
  const auto keys = TRY(find(owner));
  if (!keys || salt.size() != salt_size) return std::string();
  return open_salt(keys->salt, salt);
}

Result<std::string> Vault::index_of(std::string_view kind, std::string_view text) const {
  if (!master_) return tl::unexpected(master_.error());
  const std::string form = folded(kind, text);
  if (form.empty()) return std::string();
  return blind_index(index_, kind, form);
}

Result<std::string> Vault::owner_of(std::int64_t entry) {
  auto found = TRY(query(entry_owner));
  sqlite3_bind_int64(found, 1, entry);
  std::string owner;
  const int code = sqlite3_step(found);
  if (code == SQLITE_ROW && sqlite3_column_type(found, 1) != SQLITE_NULL) {
    owner = reinterpret_cast<const char*>(sqlite3_column_text(found, 1));
  } else if (code == SQLITE_ROW) {
    owner = day_owner(UtcTime(Millis(sqlite3_column_int64(found, 0))));
  }
  sqlite3_reset(found);
  if (code != SQLITE_ROW && code != SQLITE_DONE) return tl::unexpected(error());
  if (owner.empty()) return fail(ErrorKind::bug, "keys of people: no such entry " + std::to_string(entry));
  return owner;
}

}  // namespace gapura::gateway
