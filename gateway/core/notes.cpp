// SPDX-License-Identifier: Apache-2.0
#include "gateway/core/notes.h"

#include "gateway/journal/database.h"
#include "models/sha256.h"

namespace gapura::gateway {

std::string commitment(std::string_view domain, std::string_view salt, std::initializer_list<std::string_view> parts) {
  std::string text(domain);
  text += '\0';
  text += salt;
  for (const auto part : parts) {
    text += part;
    text += '\0';
  }
  const Hash hash = sha256(text);
  return to_hex(as_bytes(hash));
}

void add_note(Change& change, std::size_t index, const std::string& text, std::string salt) {
  if (text.empty()) return;
  append_particulars(change.entries[index], NoteAdded{.note = commitment("gapura.note.v1", salt, {text})});
  change.rows.emplace_back([index, text, salt = std::move(salt)](const Database& db, std::uint64_t first) {
    return write_note(db, first + index, salt, text);
  });
}

Status write_note(const Database& db, std::uint64_t entry, const std::string& salt, const std::string& text) {
  auto row = db.prepared(
      "INSERT INTO note (entry, salt, text) SELECT ?1, seal_salt(owner, ?2), seal(owner, 'note.text', ?1, ?3) "
      "FROM (SELECT owner_of(?1) AS owner)");
  if (!row) return tl::unexpected(row.error());
  return (*row)->bind(1, static_cast<std::int64_t>(entry)).bind_blob(2, salt).bind(3, text).run();
}

}  // namespace gapura::gateway
