// SPDX-License-Identifier: Apache-2.0
// Waits for a device to appear. Only the scanners' own code includes this.
#pragma once

#include <string>

#include "models/base/time.h"

namespace gapura::drivers {

// Watches the folders in which the device's name will appear; a new node there, or new rights of one, ends a wait. Where a
// folder cannot be watched a wait takes its whole time.
class HotPlug {
 public:
  explicit HotPlug(const std::string& device);
  ~HotPlug();
  HotPlug(const HotPlug&) = delete;
  HotPlug& operator=(const HotPlug&) = delete;
  // Returns false when `stop` became readable.
  bool wait(int stop, Millis limit);

 private:
  int fd_;
};

}  // namespace gapura::drivers
