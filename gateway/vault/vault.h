// SPDX-License-Identifier: Apache-2.0
// The keys of people over one connection of the database, and the SQL functions that seal and reveal with them:
//   seal(owner, 'table.column', row, text)   "s1:owner:…"; makes the owner's key when there is none (writer). '' stays ''.
//   reveal('table.column', row, text)        the text of a sealed value, or an unsealed text; '' once the key is destroyed
//   seal_salt(owner, salt), reveal_salt(owner, salt)   16 bytes to 16 bytes; NULL once the key is destroyed
//   blind_index('phone'|'name', text)        16 bytes for exact search; NULL for ''
//   owner_of(entry)                          the guest of the entry's visit or of its d.guest, else "day:" and its UTC date
//   owner_in(text)                           the owner of a sealed text; '' where it is not sealed
// A key is looked up at every use and never outlives the database's row: no cache can keep a destroyed one.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "gateway/vault/cipher.h"
#include "gateway/vault/master_key.h"
#include "models/base/result.h"
#include "models/base/time.h"

struct sqlite3;
struct sqlite3_stmt;

namespace gapura::gateway {

inline constexpr std::string_view unreadable_text = "(tak terbaca / unreadable)";  // changed or damaged

std::string day_owner(UtcTime at);                 // "day:2026-01-31": the owner of data of an unknown person
std::string_view owner_in(std::string_view text);  // the owner of a sealed text; empty where it is not sealed

// Used on the connection's thread. Part of a Database.
class Vault {
 public:
  // Without a master key reading a sealed value is an error that says what to do.
  Vault(sqlite3* db, Result<MasterKey> master);
  ~Vault();
  Vault(const Vault&) = delete;
  Vault& operator=(const Vault&) = delete;

  Status add_functions();
  Status add_views();  // reader: TEMP VIEWs over the personal tables, so that a SELECT reads them revealed

  // Returns none when there is no key, or it is destroyed.
  Result<std::optional<Secret>> find_key(std::string_view owner);
  Result<Secret> find_or_make_key(std::string_view owner);  // writer
  // Writer, in the caller's transaction: afterwards nothing of this owner can be revealed or found, in any row or file.
  // Later data gets a new key. After the commit the WAL must be emptied (Database::truncate_wal, which clearing the file
  // after an erasure does), because it still holds the old page.
  Status destroy_key(std::string_view owner);

  Result<std::string> seal_text(std::string_view owner, std::string_view place, std::string_view row,
                                std::string_view text);
  Result<std::string> reveal_text(std::string_view place, std::string_view row, std::string_view text);
  Result<std::string> seal_salt_of(std::string_view owner, std::string_view salt);
  Result<std::string> reveal_salt_of(std::string_view owner, std::string_view salt);  // empty: the key is destroyed
  // The blind index of the form in which names and telephone numbers are compared (models/visit/identity.h).
  Result<std::string> index_of(std::string_view kind, std::string_view text) const;  // empty where the form is empty
  Result<std::string> owner_of(std::int64_t entry);

 private:
  enum Query { by_number, by_owner, keep_key, overwrite_key, entry_owner, forget_guest, forget_attention, query_count };
  // A person's key, and those derived from it.
  struct Keys {
    std::string owner, wrapped;
    std::int64_t number = 0;  // of its row
    Secret root, text, salt;
  };
  Result<sqlite3_stmt*> query(Query which);
  Result<const Keys*> find(std::string_view owner);  // null: none, or destroyed
  Result<const Keys*> find_or_make(std::string_view owner);
  Result<bool> is_still(const Keys& keys);
  Result<const Keys*> unwrap(std::string_view owner);
  Status write(Query which, std::string_view first, std::string_view second);
  Error error() const;

  sqlite3* db_;
  Result<MasterKey> master_;
  Secret wrap_, index_;
  std::array<sqlite3_stmt*, query_count> queries_{};
  Keys last_;  // the last one requested: valid only while the database holds it in the same wrapping
};

}  // namespace gapura::gateway
