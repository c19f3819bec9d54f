// SPDX-License-Identifier: Apache-2.0
// A hand-held or built-in code scanner that types (USB HID) or sends (serial line, USB CDC) what it read. The gateway opens
// it for itself: a scan reaches no field on a screen. Scans go through the same badge parser as a camera's codes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "drivers/reader.h"
#include "models/base/ids.h"
#include "models/base/result.h"
#include "models/base/words.h"

namespace gapura::drivers {

// What ends one scan. enter: CR, LF or both. idle: nothing for `gap`.
GAPURA_ENUM(ScanEnd, enter, tab, enter_or_tab, stx_etx, idle);
GAPURA_ENUM(KeyLayout, us, de);
GAPURA_ENUM(Parity, none, even, odd);

struct FrameRules {
  ScanEnd end = ScanEnd::enter_or_tab;
  std::string prefix, suffix;  // which the scanner is configured to add; a scan without them is refused
  Millis gap{200};             // silence that ends a scan, complete (idle) or not
  std::size_t longest = 256;   // bytes; a longer scan is refused, and its rest dropped
};

struct UsbId {
  std::uint16_t vendor = 0, product = 0;
};

struct ScannerSettings {
  enum class Kind { hid, serial };
  ReaderId id;
  Kind kind = Kind::hid;
  // A stable path: /dev/input/by-id/…-event-kbd, /dev/serial/by-id/…. For HID it may be a Unix socket that sends struct
  // input_event (a recorded or simulated scanner). Empty: found by `usb`.
  std::string device;
  std::optional<UsbId> usb;
  FrameRules frame;
  KeyLayout layout = KeyLayout::us;  // hid: the layout that the scanner is configured for
  int baud = 9600;                   // serial: 8 data bits, one stop bit
  Parity parity = Parity::none;
};

struct ScannerStats {
  bool online = false;
  std::uint64_t reads = 0;       // scans reported, the refused ones included
  std::uint64_t refused = 0;     // with a ScanFault
  std::uint64_t reconnects = 0;  // opened again after a loss
  std::string detail;            // the last reason for being offline
};

// Thread-safe. Owns one thread, which opens the device, reads it, and waits for it to come back after a loss.
class Scanner {
 public:
  // Errors: bad_input (a baud rate that no serial line has). A missing device is not an error: the scanner is offline.
  static Result<std::unique_ptr<Scanner>> create(ScannerSettings settings, DeviceSink& sink);
  virtual ~Scanner() = default;  // releases the device

  virtual const ScannerSettings& settings() const = 0;
  virtual ScannerStats stats() const = 0;
};

}  // namespace gapura::drivers
