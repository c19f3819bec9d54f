// SPDX-License-Identifier: Apache-2.0
#include "gateway/record/proof.h"

#include "drivers/base64.h"
#include "gateway/journal/journal.h"

namespace gapura::gateway {
namespace {

Result<StoredNote> one_checkpoint(const Database& db, std::string_view sql, std::int64_t covering) {
  auto row = TRY(db.prepare(sql));
  const auto more = TRY(row.bind(1, covering).step());
  if (!more) return fail(ErrorKind::not_found, "no checkpoint covers this yet; one is signed within a minute");
  return StoredNote{static_cast<std::uint64_t>(row.integer(0)), row.integer(1), row.blob(2)};
}

}  // namespace

Result<StoredNote> find_checkpoint(const Database& db) {
  return one_checkpoint(db, "SELECT size, utc, note FROM checkpoint WHERE number >= ?1 ORDER BY number DESC LIMIT 1", 0);
}

Result<StoredNote> find_checkpoint(const Database& db, std::uint64_t covering) {
  // Of the present log, because the end of an earlier one may have been given up.
  return one_checkpoint(
      db,
      "SELECT size, utc, note FROM checkpoint WHERE origin = (SELECT origin FROM checkpoint ORDER BY number "
      "DESC LIMIT 1) AND size >= ?1 ORDER BY size LIMIT 1",
      static_cast<std::int64_t>(covering));
}

Result<std::string> prove_entry(const Database& db, std::uint64_t number, const std::string& note) {
  const auto checkpoint = TRY(parse_checkpoint_note(note));
  if (number >= checkpoint.size)
    return fail(ErrorKind::bad_input, "entry " + std::to_string(number) + " is not covered by the checkpoint of " +
                                          std::to_string(checkpoint.size) + " entries");
  const auto proof = TRY(prove_inclusion(number, checkpoint.size, stored_nodes(db)));
  std::string text = "c2sp.org/tlog-proof@v1\nindex " + std::to_string(number) + "\n";
  for (const Hash& hash : proof) text += to_base64(hash) + "\n";
  return text + "\n" + note;
}

Result<std::vector<std::string>> prove_growth(const Database& db, std::uint64_t from, std::uint64_t to) {
  const auto proof = TRY(prove_consistency(from, to, stored_nodes(db)));
  std::vector<std::string> lines;
  lines.reserve(proof.size());
  for (const Hash& hash : proof) lines.push_back(to_base64(hash));
  return lines;
}

}  // namespace gapura::gateway
