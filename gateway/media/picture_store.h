// SPDX-License-Identifier: Apache-2.0
// Pictures as files named by their SHA-256: media/<first two>/<hash>.jpg below the data folder.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "models/result.h"

namespace gapura::gateway {

// Thread-safe. A picture is written to a temporary file, fsynced, renamed, and its folder fsynced: it is whole or absent.
class PictureStore {
 public:
  static Result<PictureStore> open(const std::string& data_folder);
  // Returns the hash in hexadecimal. Keeping the same bytes twice is no error. Refuses what is not a JPEG.
  Result<std::string> keep(std::string_view jpeg) const;
  Result<std::string> load(const std::string& hash) const;
  std::string path(const std::string& hash) const;  // empty when `hash` is not 64 hexadecimal digits

 private:
  explicit PictureStore(std::string folder) : folder_(std::move(folder)) {}
  std::string folder_;
};

}  // namespace gapura::gateway
