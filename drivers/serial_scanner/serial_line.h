// SPDX-License-Identifier: Apache-2.0
// A serial line as raw bytes, and the lines that this machine has.
#pragma once

#include <string>
#include <vector>

#include "drivers/scanner.h"

namespace gapura::drivers {

// Opened raw, non-blocking, for this process alone (TIOCEXCL), hardware flow control off; the caller closes it with
// close_serial(). Errors: not_found, not_permitted, conflict (another program holds it), bad_input (baud), unavailable;
// each with what to do.
Result<int> open_serial(const std::string& path, int baud, Parity parity);
void close_serial(int fd);
bool is_baud(int baud);

struct SerialPort {
  std::string path;         // /dev/ttyACM0
  std::string stable_path;  // /dev/serial/by-id/…; empty where udev made none
  std::optional<UsbId> usb;
  std::string product;  // as the device calls itself; may be empty
};
// The machine's USB serial ports, by path. `root` is "" but in tests.
std::vector<SerialPort> find_serial_ports(const std::string& root = "");

// "0c2e:0b61"; nothing for anything else.
std::optional<UsbId> parse_usb_id(const std::string& text);
std::string to_text(UsbId id);

}  // namespace gapura::drivers
