// SPDX-License-Identifier: Apache-2.0
// The vault's work when the writer opens a database: its master key, and rows of an earlier schema.
#pragma once

#include "gateway/journal/database.h"
#include "gateway/vault/master_key.h"

namespace gapura::gateway {

// Returns the key with which this database was sealed; makes one where nothing was sealed before, but never for a database
// that has one. Errors: not_found (the file is missing), conflict (another database's key), storage.
Result<MasterKey> master_key_of(const Database& db, const std::string& data_folder);
// Writes the name of its key into the database, once.
Status remember_master_key(const Database& db, const MasterKey& key);

// Seals data that an earlier version left unsealed, 2,000 rows per transaction; an interrupted start continues where it
// was. Then VACUUM, so that nothing readable is left in the file, its free pages and its WAL; it needs as much room as the
// file. Where it fails (a full disk), it is tried again at the next start. Errors: storage.
Status seal_old_rows(const Database& db);
// Rewrites the blind indexes when an earlier version compared names and numbers differently. The file records the form of
// its indexes, in the transaction that writes them.
Status rebuild_indexes(const Database& db);

}  // namespace gapura::gateway
