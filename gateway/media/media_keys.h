// SPDX-License-Identifier: Apache-2.0
// The picture store's queries to the database: keys, and the owners of files.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "drivers/mutex.h"
#include "gateway/journal/database.h"
#include "gateway/media/picture_store.h"
#include "gateway/vault/vault.h"

namespace gapura::gateway {

inline bool is_day(std::string_view owner) { return owner.starts_with("day:"); }

// Thread-safe: one call at a time, on a reader of its own that is opened when first needed.
class MediaKeys {
 public:
  MediaKeys(std::string database, KeyMaker make) : database_(std::move(database)), make_(std::move(make)) {}
  Result<std::optional<Secret>> find(const std::string& owner);  // none: there is no key, or it is destroyed
  Result<Secret> find_or_make(const std::string& owner);         // through the core
  Result<std::string> first_text(std::string_view sql, std::string_view value);
  // Maps a file's hash to its guest, or to the day where two guests share the file. Files of unknown people are not in it.
  Result<std::map<std::string, std::string>> owners();

 private:
  Result<Database*> reader() REQUIRES(mutex_);

  const std::string database_;
  const KeyMaker make_;
  Mutex mutex_;
  std::optional<Database> reader_ GUARDED_BY(mutex_);
};

}  // namespace gapura::gateway
