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
  change.entries[index].data.emplace_back("note", commitment("gapura.note.v1", salt, {text}));
  change.rows.emplace_back([index, text, salt = std::move(salt)](const Database& db, std::uint64_t first) -> Status {
    auto row = db.prepared("INSERT INTO note (entry, salt, text) VALUES (?, ?, ?)");
    if (!row) return tl::unexpected(row.error());
    return (*row)->bind(1, static_cast<std::int64_t>(first + index)).bind_blob(2, salt).bind(3, text).run();
  });
}

}  // namespace gapura::gateway
