// SPDX-License-Identifier: Apache-2.0
// A serial line as raw bytes, and the list of this machine's serial lines.
#pragma once

#include <string>
#include <vector>

#include "drivers/scanner.h"

namespace gapura::drivers {

// Opens it raw, non-blocking, for this process alone (TIOCEXCL), with hardware flow control off; the caller closes it with
// close_serial(). Errors: not_found, not_permitted, conflict (another program holds it), bad_input (baud), unavailable;
// each message says what to do.
Result<int> open_serial(const std::string& path, int baud, Parity parity);
void close_serial(int fd);
bool is_baud(int baud);

struct SerialPort {
  std::string path;         // /dev/ttyACM0
  std::string stable_path;  // /dev/serial/by-id/…; empty where udev made none
  std::optional<UsbId> usb;
  std::string product;  // the device's own name; may be empty
};
// Returns the machine's USB serial ports, by path. `root` is "" except in tests.
std::vector<SerialPort> find_serial_ports(const std::string& root = "");

// Parses "0c2e:0b61"; none for anything else.
std::optional<UsbId> parse_usb_id(const std::string& text);
std::string to_text(UsbId id);

}  // namespace gapura::drivers
