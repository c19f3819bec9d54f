// SPDX-License-Identifier: Apache-2.0
// The key that wraps every person's key. It is not in the database: <data>/keys/persons.key (0400), or the systemd
// credential of the same name. Whoever has only the database, or a copy of it, has nothing personal.
#pragma once

#include <string>

#include "gateway/vault/cipher.h"
#include "models/result.h"

namespace gapura::gateway {

struct MasterKey {
  Secret secret;
  std::string path;          // where it stands, for messages
  std::string name() const;  // 16 hexadecimal digits that follow from it and say nothing of it: kept in the database
};

// $CREDENTIALS_DIRECTORY/persons.key where that is there, else <data_folder>/keys/persons.key.
// Errors: not_found (there is none), storage (unreadable, or no such key).
Result<MasterKey> load_master_key(const std::string& data_folder);
// Makes the file, durable before this returns. Errors: storage.
Result<MasterKey> make_master_key(const std::string& data_folder);
// For a disk that ends with the process (the simulation's): always the same one.
MasterKey simulated_master_key();

}  // namespace gapura::gateway
