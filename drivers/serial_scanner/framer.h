// SPDX-License-Identifier: Apache-2.0
// Assembles a scanner's characters into whole scans. Used by serial and HID scanners.
#pragma once

#include <optional>
#include <string>

#include "drivers/scanner.h"
#include "models/base/device_event.h"

namespace gapura::drivers {

struct Scan {
  std::string payload;  // at most FrameRules::longest bytes, without prefix and suffix
  ScanFault fault = ScanFault::none;
};

// Any characters in any order give scans of bounded size; each attempt gives exactly one scan, with a fault where there was
// one. Terminators alone (a person presses Enter) are not an attempt. Not thread-safe; uses no clock.
class ScanFramer {
 public:
  explicit ScanFramer(FrameRules rules) : rules_(std::move(rules)) {}
  // Takes a character; returns the scan that it ended, or that became too long by it.
  std::optional<Scan> put(char c);
  // Call when no character came for rules().gap: ends a scan that has begun.
  std::optional<Scan> silence();
  // Marks the scan that has begun, and its remaining characters, as not to be trusted.
  void spoil(ScanFault fault);
  // Whether silence would end a scan.
  bool waits() const { return !text_.empty() || fault_ != ScanFault::none || muted_ || inside_; }
  const FrameRules& rules() const { return rules_; }

 private:
  bool ends(char c) const;
  std::optional<Scan> finish(ScanFault fault);
  std::optional<Scan> add(char c);

  FrameRules rules_;
  std::string text_;
  ScanFault fault_ = ScanFault::none;
  bool muted_ = false;   // already reported as too long: nothing more until its end
  bool inside_ = false;  // stx_etx: between the two
};

}  // namespace gapura::drivers
