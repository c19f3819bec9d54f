// SPDX-License-Identifier: Apache-2.0
// An opened scanner. Only the scanners' own code includes this.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "drivers/serial_scanner/framer.h"

namespace gapura::drivers {

class ScanSource {
 public:
  virtual ~ScanSource() = default;
  virtual int fd() const = 0;
  // Reads everything available and passes each complete scan to `done`. An error: the device is gone, with the reason.
  virtual Status read(ScanFramer& framer, const std::function<void(Scan)>& done) = 0;
  // The device's own name, for the health report.
  virtual std::string name() const = 0;
};

Result<std::unique_ptr<ScanSource>> open_serial_scanner(const ScannerSettings& settings);
Result<std::unique_ptr<ScanSource>> open_hid_scanner(const ScannerSettings& settings);

}  // namespace gapura::drivers
