// SPDX-License-Identifier: Apache-2.0
// The core's store on SQLite: the journal, the state tables and the signed record in one file.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "gateway/contract/store.h"
#include "gateway/journal/database.h"
#include "gateway/record/checkpoint_keys.h"

namespace gapura::gateway {

struct StoreParts {
  Database database;  // the writer
  std::string boot_id;
  std::optional<CheckpointKeys> checkpoint_keys = std::nullopt;  // none: no checkpoint is signed
  int wal_pages = 1000;  // of WAL, about 4 MB, before it is copied into the database file
};

// After a run that ended because the disk failed, the whole file is read first. Errors: conflict (this journal does not
// continue from what was signed), storage.
Result<std::unique_ptr<SiteStore>> open_site_store(StoreParts parts);

}  // namespace gapura::gateway
