// SPDX-License-Identifier: Apache-2.0
// The badge reader on a picture or a video in a file: what `gapura qr read` prints.
#pragma once

#include <string>
#include <vector>

#include "models/result.h"

namespace gapura::drivers {

struct FileReading {
  std::vector<std::string> texts;  // distinct, as UTF-8, in the order found
  double ms = 0;                   // the search alone, without reading and decoding the file
};

// Errors: not_found (no such file), bad_input (a folder, an empty file, neither a picture nor a video that can be decoded).
Result<FileReading> read_file(const std::string& path);

}  // namespace gapura::drivers
