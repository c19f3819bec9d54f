// SPDX-License-Identifier: Apache-2.0
#include "drivers/serial_scanner/framer.h"

namespace gapura::drivers {
namespace {

constexpr char stx = 0x02, etx = 0x03;

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

}  // namespace

bool ScanFramer::ends(char c) const {
  const bool enter = c == '\r' || c == '\n';
  switch (rules_.end) {
    case ScanEnd::enter:
      return enter;
    case ScanEnd::tab:
      return c == '\t';
    case ScanEnd::enter_or_tab:
      return enter || c == '\t';
    case ScanEnd::stx_etx:
      return c == etx && inside_;
    case ScanEnd::idle:
      return false;
  }
  return false;
}

std::optional<Scan> ScanFramer::put(char c) {
  if (rules_.end == ScanEnd::stx_etx && c == stx) {
    // The characters before it had no end, or were noise on the line.
    auto before = finish(inside_ ? ScanFault::incomplete : ScanFault::noise);
    inside_ = true;
    return before;
  }
  if (ends(c)) return finish(ScanFault::none);
  const bool between = rules_.end == ScanEnd::stx_etx && !inside_;
  if (between && (c == '\r' || c == '\n')) return std::nullopt;  // many scanners send CR LF after ETX
  return add(c);
}

std::optional<Scan> ScanFramer::add(char c) {
  if (muted_) return std::nullopt;
  if (is_control(c)) spoil(ScanFault::control_character);
  if (text_.size() < rules_.longest) {
    text_ += c;
    return std::nullopt;
  }
  auto scan = finish(ScanFault::too_long);
  muted_ = true;
  return scan;
}

std::optional<Scan> ScanFramer::silence() {
  if (rules_.end == ScanEnd::idle) return finish(ScanFault::none);
  const bool between = rules_.end == ScanEnd::stx_etx && !inside_;
  return finish(between ? ScanFault::noise : ScanFault::incomplete);
}

void ScanFramer::spoil(ScanFault fault) {
  if (fault_ == ScanFault::none && !muted_) fault_ = fault;
}

// The first fault is reported; a scan already reported as too long is not reported again.
std::optional<Scan> ScanFramer::finish(ScanFault fault) {
  Scan scan{std::move(text_), fault_ == ScanFault::none ? fault : fault_};
  const bool nothing = scan.payload.empty() && fault_ == ScanFault::none;
  const bool reported = muted_;
  text_.clear();
  fault_ = ScanFault::none;
  muted_ = inside_ = false;
  if (reported || nothing) return std::nullopt;
  if (scan.fault != ScanFault::none) return scan;
  const std::string& prefix = rules_.prefix;
  const std::string& suffix = rules_.suffix;
  if (scan.payload.compare(0, prefix.size(), prefix) != 0) {
    scan.fault = ScanFault::prefix_missing;
  } else if (scan.payload.size() < prefix.size() + suffix.size() ||
             scan.payload.compare(scan.payload.size() - suffix.size(), suffix.size(), suffix) != 0) {
    scan.fault = ScanFault::suffix_missing;
  } else {
    scan.payload = scan.payload.substr(prefix.size(), scan.payload.size() - prefix.size() - suffix.size());
  }
  return scan;
}

}  // namespace gapura::drivers
