// SPDX-License-Identifier: Apache-2.0
// Pictures and clips as files named by their SHA-256: media/<first two>/<hash>.jpg or .mp4 below the data folder.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "models/result.h"

namespace gapura::gateway {

enum class Media { picture, clip };

// Thread-safe. A file is written to a temporary file, fsynced, renamed, and its folder fsynced: it is whole or absent.
class PictureStore {
 public:
  static Result<PictureStore> open(const std::string& data_folder);
  // Returns the hash in hexadecimal. Keeping the same bytes twice is no error. Refuses what is not a JPEG.
  Result<std::string> keep(std::string_view jpeg) const;
  Result<std::string> keep_clip(std::string_view mp4) const;  // the same for an MP4
  Result<std::string> load(const std::string& hash, Media media = Media::picture) const;
  // Empty when `hash` is not 64 hexadecimal digits.
  std::string path(const std::string& hash, Media media = Media::picture) const;

 private:
  // The one place where their bytes go to the disk: encryption for each person belongs in here.
  Result<std::string> keep_bytes(std::string_view bytes, Media media) const;
  explicit PictureStore(std::string folder) : folder_(std::move(folder)) {}
  std::string folder_;
};

}  // namespace gapura::gateway
