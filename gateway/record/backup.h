// SPDX-License-Identifier: Apache-2.0
// Makes one encrypted file of a site, while the gateway runs, and restores a data folder from such a file.
//
// The file: "gapura-backup-1\n", 16 bytes salt, libsodium's secretstream header, then chunks of 64 KiB (and 17 bytes each)
// until the one that is marked final. Key: Argon2id of the passphrase (moderate limits). Inside, for each file: path length
// (4 bytes, big-endian), path, size (8 bytes), bytes.
// Included: keys/persons.key, without which its personal data could not be read (a systemd credential is not).
// Not included: the key that signs checkpoints. A restored record is an older one, which only an admin's act continues.
#pragma once

#include <cstdint>
#include <string>

#include "models/base/result.h"

namespace gapura::gateway {

struct BackupFacts {
  std::uint64_t files = 0, bytes = 0;
  std::uint64_t entries = 0;  // of the journal
};

// Errors: bad_input (not a data folder, or a passphrase of less than 12 bytes), conflict (`file` exists), storage.
Result<BackupFacts> make_backup(const std::string& data_folder, const std::string& file, const std::string& passphrase);

// Restores into `data_folder`, which must be absent or empty; nothing is put there before the whole file was found
// authentic and its journal sound. Errors: bad_input (not a backup, wrong passphrase, changed or incomplete), conflict,
// storage.
Result<BackupFacts> restore_backup(const std::string& file, const std::string& passphrase, const std::string& data_folder);

}  // namespace gapura::gateway
