// SPDX-License-Identifier: Apache-2.0
#include "gateway/core/notes.h"

#include "gateway/contract/commitment.h"

namespace gapura::gateway {

void add_note(Change& change, std::size_t index, const std::string& text, std::string salt) {
  if (text.empty()) return;
  append_particulars(change.entries[index], NoteAdded{.note = note_commitment(salt, text)});
  change.rows.emplace_back(NoteRow{.entry = index, .salt = std::move(salt), .text = text});
}

}  // namespace gapura::gateway
