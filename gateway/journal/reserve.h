// SPDX-License-Identifier: Apache-2.0
// A file that holds space, so that the journal can record that the disk is full.
#pragma once

#include <cstdint>
#include <string>

#include "models/base/result.h"

namespace gapura::gateway {

class Reserve {
 public:
  Reserve(const std::string& data_folder, std::uint64_t bytes) : path_(data_folder + "/reserve"), bytes_(bytes) {}
  // Makes the file with its blocks allocated. An error means that there is no space.
  Status fill() const;
  void release() const;
  // Whether fill() would succeed. Leaves no file.
  Status has_room() const;

 private:
  std::string path_;
  std::uint64_t bytes_;
};

}  // namespace gapura::gateway
