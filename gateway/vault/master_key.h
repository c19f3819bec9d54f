// SPDX-License-Identifier: Apache-2.0
// The key that wraps every person's key. It is not in the database: <data>/keys/persons.key (0400), or the systemd
// credential of the same name. The database, or a copy of it, reveals nothing personal without it.
#pragma once

#include <string>

#include "gateway/vault/cipher.h"
#include "models/base/result.h"

namespace gapura::gateway {

struct MasterKey {
  Secret secret;
  std::string path;          // for messages
  std::string name() const;  // 16 hexadecimal digits derived from the key, which do not reveal it: kept in the database
};

// Reads $CREDENTIALS_DIRECTORY/persons.key if it exists, else <data_folder>/keys/persons.key. Errors: not_found (neither
// exists), storage (unreadable, or not a key).
Result<MasterKey> load_master_key(const std::string& data_folder);
// Makes the file, durable when this returns. Errors: storage.
Result<MasterKey> make_master_key(const std::string& data_folder);
// For a disk that ends with the process (the simulation's): always the same key.
MasterKey simulated_master_key();

}  // namespace gapura::gateway
