// SPDX-License-Identifier: Apache-2.0
// Pictures and clips as files named by the SHA-256 of their content: media/<first two>/<hash>.jpg or .mp4 below the data
// folder. They are sealed under the key of a person or of a day (gateway/vault); docs/record-format.md has the bytes.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "models/base/result.h"
#include "models/base/time.h"
#include "models/visit/visit.h"

namespace gapura::gateway {

enum class Media { picture, clip };
class MediaKeys;

// Has the core make the key of an owner ("g-…", "day:2026-01-31"), and waits for it. Not to be called on the core's thread.
using KeyMaker = std::function<Status(const std::string& owner)>;

// Thread-safe. Each file is written as a temporary file, fsynced, renamed, and its folder fsynced: it is whole or absent.
// Its owner is the guest of the visit that it is evidence of; otherwise, and where two persons share it, the day.
class PictureStore {
 public:
  // Reads gapura.db in that folder from the first picture on.
  static Result<PictureStore> open(const std::string& data_folder, KeyMaker make_key);
  // Returns the hash in hexadecimal. Keeping the same bytes again is no error. Refuses what is not a JPEG. Without an owner
  // it belongs to today.
  Result<std::string> keep(std::string_view jpeg, const std::string& owner = "") const;
  Result<std::string> keep_clip(std::string_view mp4, const std::string& owner = "") const;  // the same for an MP4
  // Returns the content. Errors: not_found (erased, or its owner's key is destroyed), storage.
  Result<std::string> load(const std::string& hash, Media media = Media::picture) const;
  // Changes the owner: the file is sealed again for them. A person's file that another person shares goes to the day.
  Status set_owner(const std::string& hash, const std::string& owner, Media media = Media::picture) const;

  // Returns the person or day under whose key the file is sealed; empty where there is no file, or no key yet.
  std::string sealed_for(const std::string& hash, Media media = Media::picture) const;

  // Returns the guest of a visit; empty where there is no such visit.
  Result<std::string> owner_of(const VisitId& visit) const;
  // Makes today's key; then seals files from before there were keys, and completes changes of owner that were interrupted.
  // Returns how many files were sealed.
  Result<std::size_t> seal_old_files(const std::function<bool()>& stop) const;
  // Empty when `hash` is not 64 hexadecimal digits.
  std::string path(const std::string& hash, Media media = Media::picture) const;

 private:
  PictureStore(std::string folder, std::shared_ptr<MediaKeys> keys) : folder_(std::move(folder)), keys_(std::move(keys)) {}
  Result<std::string> keep_bytes(std::string_view bytes, Media media, const std::string& owner) const;
  // The only function that writes files.
  Status write(const std::string& hash, Media media, const std::string& owner, std::string_view bytes) const;

  std::string folder_;
  std::shared_ptr<MediaKeys> keys_;
};

}  // namespace gapura::gateway
