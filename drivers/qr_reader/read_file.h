// SPDX-License-Identifier: Apache-2.0
// Runs the badge reader on a picture or a video in a file, for `gapura qr read`.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "drivers/qr_reader/qr_reader.h"
#include "models/base/result.h"

namespace gapura::drivers {

struct FileReading {
  std::vector<std::string> texts;  // distinct, as UTF-8, in the order found
  double ms = 0;                   // of the search alone, without reading and decoding the file
  Skipped skipped = Skipped::no;   // why a part of the picture or of a frame was not searched; the first reason
};

// Errors: not_found (no such file), bad_input (a folder, an empty file, neither a picture nor a video that can be decoded).
// `piece` is called before a picture, and before each frame of a video, is decoded and searched. A decoder may need very
// long for a file made to keep it busy, so a caller that reads untrusted files limits the time between two calls.
Result<FileReading> read_file(
    const std::string& path, const std::function<void()>& piece = [] {});

}  // namespace gapura::drivers
