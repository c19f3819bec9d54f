// SPDX-License-Identifier: Apache-2.0
// Proofs for verifiers without the journal, and the whole archive as files.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "gateway/journal/database.h"
#include "gateway/record/signed_note.h"

namespace gapura::gateway {

struct StoredNote {
  std::uint64_t size = 0;
  std::int64_t utc = 0;
  std::string note;
};
// Returns the newest checkpoint; with `covering`, the first one that covers so many entries. Errors: not_found, SQLite's.
Result<StoredNote> find_checkpoint(const Database& db);
Result<StoredNote> find_checkpoint(const Database& db, std::uint64_t covering);

// Proves that entry `number` is in the tree of this checkpoint, as c2sp.org/tlog-proof@v1. Errors: bad_input (it is not
// covered).
Result<std::string> prove_entry(const Database& db, std::uint64_t number, const std::string& note);
// Proves that the tree of `from` leaves is a prefix of the tree of `to`; hashes in base64.
Result<std::vector<std::string>> prove_growth(const Database& db, std::uint64_t from, std::uint64_t to);

// The archive in the layout of C2SP tlog-tiles: checkpoint, tile/<L>/<N>, tile/entries/<N>; and `verifier`, the public keys
// in order. Existing full files are kept: the archive grows. `progress` is called with the number of entries so far.
struct ExportedArchive {
  std::uint64_t entries = 0, files = 0;
};
Result<ExportedArchive> export_tiles(const Database& db, const std::string& folder, const std::string& note,
                                     const std::function<void(std::uint64_t entries)>& progress = {});
std::string tile_path(const std::string& level, std::uint64_t index, std::uint64_t width);  // tile/0/x001/234.p/12

}  // namespace gapura::gateway
