// SPDX-License-Identifier: Apache-2.0
// From a scanner's characters to whole scans. Used by serial and by HID scanners alike.
#pragma once

#include <optional>
#include <string>

#include "drivers/scanner.h"
#include "models/device_event.h"

namespace gapura::drivers {

struct Scan {
  std::string payload;  // at most FrameRules::longest bytes, prefix and suffix taken off
  ScanFault fault = ScanFault::none;
};

// Any characters in any order give scans of bounded size; each attempt gives exactly one, with its fault where it has one.
// Terminators alone (somebody presses Enter) are no attempt. Not thread-safe; knows no clock.
class ScanFramer {
 public:
  explicit ScanFramer(FrameRules rules) : rules_(std::move(rules)) {}
  // A character; the scan that it ended, or that became too long by it.
  std::optional<Scan> put(char c);
  // Nothing came for rules().gap: what stands there is over.
  std::optional<Scan> silence();
  // What stands there, and what still comes of it, cannot be trusted.
  void spoil(ScanFault fault);
  // Silence would end something.
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
