// SPDX-License-Identifier: Apache-2.0
// What the vault does when the writer opens a database: its master key, and rows of an earlier schema.
#pragma once

#include "gateway/journal/database.h"
#include "gateway/vault/master_key.h"

namespace gapura::gateway {

// The key that this database was sealed with; made where nothing was sealed before. Never a new key for an old database.
// Errors: not_found (the file is gone), conflict (it is another database's), storage.
Result<MasterKey> master_key_of(const Database& db, const std::string& data_folder);
// The name of its key is written into the database, once.
Status remember_master_key(const Database& db, const MasterKey& key);

// Seals what an earlier version left in the clear, 2,000 rows a transaction; a start that is cut short goes on where it
// was. Then nothing readable is left in the file, its free pages and its log: VACUUM, which needs as much room as the file.
// Where that fails (a full disk), it is tried again at the next start. Errors: storage.
Status seal_old_rows(const Database& db);
// Writes the blind indexes again where an earlier version compared names and numbers otherwise. The file says in which form
// they are, in the transaction that writes them.
Status index_again(const Database& db);

}  // namespace gapura::gateway
