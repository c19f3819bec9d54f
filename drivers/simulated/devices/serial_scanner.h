// SPDX-License-Identifier: Apache-2.0
// A serial code scanner on a pseudo-terminal. The daemon opens the link `path`, like one made by udev.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "drivers/mutex.h"
#include "models/base/result.h"
#include "models/base/time.h"

namespace gapura::simulated {

// Thread-safe.
class SerialScanner {
 public:
  // Starts plugged in. Errors: the machine has no pseudo-terminals, or the link cannot be made.
  static Result<std::unique_ptr<SerialScanner>> create(std::string path);
  ~SerialScanner();
  // Sends the text and a CR. Errors: unplugged, or not read (the line's buffer is full).
  Status scan(std::string_view text);
  Status send(std::string_view bytes);  // sends them as they are: noise, half a scan, other framings
  void unplug();
  Status plug();
  const std::string& path() const { return path_; }

 private:
  explicit SerialScanner(std::string path) : path_(std::move(path)) {}

  const std::string path_;
  Mutex mutex_;
  int fd_ GUARDED_BY(mutex_) = -1;  // the scanner's end; -1: unplugged
};

}  // namespace gapura::simulated
