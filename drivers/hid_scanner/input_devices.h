// SPDX-License-Identifier: Apache-2.0
// Lists the machine's keyboards, including scanners.
#pragma once

#include <string>
#include <vector>

#include "drivers/scanner.h"

namespace gapura::drivers {

struct InputDevice {
  std::string path;         // /dev/input/event5
  std::string stable_path;  // /dev/input/by-id/…-event-kbd; empty where udev made none
  UsbId usb;
  std::string name;
  bool types = false;                 // has letters and Enter: a keyboard or a scanner
  bool looks_like_a_scanner = false;  // by its name, the only difference between a scanner and a keyboard
  bool readable = true;               // by this process; if false, only name and number are known
};
// Returns all of them, by path. Opens each for a moment and grabs none. `root` is "" except in tests.
std::vector<InputDevice> find_input_devices(const std::string& root = "");

}  // namespace gapura::drivers
