// SPDX-License-Identifier: Apache-2.0
#include "gateway/vault/vault.h"

#include <sodium.h>
#include <sqlite3.h>

#include "gateway/vault/personal_data.h"

namespace gapura::gateway {
namespace {

constexpr std::string_view prefix = "s1:";
constexpr int base64_form = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
constexpr std::size_t wrapped_bytes = Secret::size + seal_overhead;

std::string about_text(std::string_view place, std::string_view row) {
  return std::string("gapura.s1") + '\0' + std::string(place) + '\0' + std::string(row);
}
std::string about_key(std::string_view owner) { return std::string("gapura.person_key") + '\0' + std::string(owner); }

std::string encoded(const std::string& bytes) {
  std::string text(sodium_base64_ENCODED_LEN(bytes.size(), base64_form), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                    base64_form);
  text.pop_back();  // the terminating zero
  return text;
}

std::string decoded(std::string_view text) {
  std::string bytes(text.size(), '\0');
  std::size_t size = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(), text.size(), nullptr,
                        &size, nullptr, base64_form) != 0)
    return {};
  bytes.resize(size);
  return bytes;
}

// What does not count when two people type the same name or number.
std::string folded(std::string_view kind, std::string_view text) {
  std::string out;
  if (kind == "phone") {
    for (const char c : text)
      if (c >= '0' && c <= '9') out += c;
    if (out.size() > 9 && out.starts_with("62")) out.replace(0, 2, "0");
    return out.empty() ? std::string(text) : out;
  }
  for (const char c : text) {
    if (c == ' ' && (out.empty() || out.back() == ' ')) continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
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

Vault::~Vault() {
  for (sqlite3_stmt* one : queries_) sqlite3_finalize(one);
}

Error Vault::error() const {
  const int code = sqlite3_errcode(db_) & 0xff;
  return {code == SQLITE_ERROR || code == SQLITE_MISUSE ? ErrorKind::bug : ErrorKind::storage,
          std::string("keys of people: ") + sqlite3_errmsg(db_)};
}

Result<sqlite3_stmt*> Vault::query(Query which) {
  static constexpr std::array<const char*, query_count> texts{
      "SELECT wrapped FROM main.person_key WHERE owner = ?1",
      "INSERT INTO main.person_key (owner, wrapped) VALUES (?1, ?2) ON CONFLICT (owner) DO UPDATE SET wrapped = "
      "excluded.wrapped",
      "UPDATE main.person_key SET wrapped = zeroblob(72) WHERE owner = ?1",
      "SELECT e.utc, v.guest FROM main.entry e LEFT JOIN main.visit v ON v.id = e.visit WHERE e.number = ?1",
      "UPDATE main.guest SET phone_index = NULL, name_index = NULL WHERE id = ?1",
      "UPDATE main.attention SET phone_index = NULL, name_index = NULL WHERE id = ?1"};
  sqlite3_stmt*& statement = queries_[which];
  if (!statement && sqlite3_prepare_v3(db_, texts[which], -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK)
    return tl::unexpected(error());
  return statement;
}

Result<std::string> Vault::find_wrapped(std::string_view owner) {
  auto found = query(wrapped_of);
  if (!found) return tl::unexpected(found.error());
  sqlite3_bind_text(*found, 1, owner.data(), static_cast<int>(owner.size()), SQLITE_STATIC);
  const int code = sqlite3_step(*found);
  std::string wrapped;
  if (code == SQLITE_ROW)
    wrapped.assign(static_cast<const char*>(sqlite3_column_blob(*found, 0)),
                   static_cast<std::size_t>(sqlite3_column_bytes(*found, 0)));
  if (code != SQLITE_ROW && code != SQLITE_DONE) {
    auto failed = error();
    sqlite3_reset(*found);
    return tl::unexpected(std::move(failed));
  }
  sqlite3_reset(*found);
  const bool destroyed = wrapped.find_first_not_of('\0') == std::string::npos;
  return destroyed ? std::string() : wrapped;
}

Status Vault::write(Query which, std::string_view first, std::string_view second) {
  auto found = query(which);
  if (!found) return tl::unexpected(found.error());
  sqlite3_bind_text(*found, 1, first.data(), static_cast<int>(first.size()), SQLITE_STATIC);
  if (!second.empty()) sqlite3_bind_blob(*found, 2, second.data(), static_cast<int>(second.size()), SQLITE_STATIC);
  const int code = sqlite3_step(*found);
  Status done;
  if (code != SQLITE_DONE) done = tl::unexpected(error());
  sqlite3_reset(*found);
  sqlite3_clear_bindings(*found);
  return done;
}

Result<std::optional<Secret>> Vault::find_key(std::string_view owner) {
  if (!master_) return tl::unexpected(master_.error());
  auto wrapped = find_wrapped(owner);
  if (!wrapped) return tl::unexpected(wrapped.error());
  if (wrapped->empty()) return std::optional<Secret>();
  if (owner == last_owner_ && *wrapped == last_wrapped_) return std::optional(last_key_);
  auto bytes = open_bytes(derive(master_->secret, KeyUse::wrap), about_key(owner), *wrapped);
  const auto key = bytes ? Secret::from(*bytes) : std::nullopt;
  if (bytes) sodium_memzero(bytes->data(), bytes->size());
  if (!key)
    return fail(ErrorKind::storage, "the key of " + std::string(owner) + " does not open with " + master_->path +
                                        ": it is another key, or the database is damaged. Restore a backup.");
  last_owner_ = owner, last_wrapped_ = *wrapped, last_key_ = *key;
  return key;
}

Result<Secret> Vault::find_or_make_key(std::string_view owner) {
  if (owner.empty() || owner.find_first_of("\n\"'") != std::string_view::npos)
    return fail(ErrorKind::bug, "personal data of nobody");
  auto known = find_key(owner);
  if (!known) return tl::unexpected(known.error());
  if (*known) return **known;
  const Secret made = Secret::random();
  const std::string wrapped = seal_bytes(derive(master_->secret, KeyUse::wrap), about_key(owner), made.view());
  if (auto kept = write(keep_key, owner, wrapped); !kept) return tl::unexpected(kept.error());
  return made;
}

Status Vault::destroy_key(std::string_view owner) {
  last_owner_.clear(), last_wrapped_.clear(), last_key_ = Secret();
  for (const Query which : {overwrite_key, forget_guest, forget_attention})
    if (auto done = write(which, owner, {}); !done) return done;
  return {};
}

Result<std::string> Vault::seal_text(std::string_view owner, std::string_view place, std::string_view row,
                                     std::string_view text) {
  if (text.empty()) return std::string();
  const auto key = find_or_make_key(owner);
  if (!key) return tl::unexpected(key.error());
  return std::string(prefix) + std::string(owner) + ':' +
         encoded(seal_bytes(derive(*key, KeyUse::text), about_text(place, row), text));
}

Result<std::string> Vault::reveal_text(std::string_view place, std::string_view row, std::string_view text) {
  const std::string_view owner = owner_in(text);
  if (owner.empty()) return std::string(text);
  const auto key = find_key(owner);
  if (!key) return tl::unexpected(key.error());
  if (!*key) return std::string();
  auto plain = open_bytes(derive(**key, KeyUse::text), about_text(place, row), decoded(text.substr(text.rfind(':') + 1)));
  return plain ? std::move(*plain) : std::string(unreadable_text);
}

Result<std::string> Vault::index_of(std::string_view kind, std::string_view text) const {
  if (!master_) return tl::unexpected(master_.error());
  if (text.empty()) return std::string();
  return blind_index(derive(master_->secret, KeyUse::index), kind, folded(kind, text));
}

Result<std::string> Vault::owner_of(std::int64_t entry) {
  auto found = query(entry_owner);
  if (!found) return tl::unexpected(found.error());
  sqlite3_bind_int64(*found, 1, entry);
  std::string owner;
  const int code = sqlite3_step(*found);
  if (code == SQLITE_ROW && sqlite3_column_type(*found, 1) != SQLITE_NULL) {
    owner = reinterpret_cast<const char*>(sqlite3_column_text(*found, 1));
  } else if (code == SQLITE_ROW) {
    owner = day_owner(UtcTime(Millis(sqlite3_column_int64(*found, 0))));
  }
  sqlite3_reset(*found);
  return owner.empty() ? day_owner(UtcTime{}) : owner;
}

}  // namespace gapura::gateway
