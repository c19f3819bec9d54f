// SPDX-License-Identifier: Apache-2.0
// The connection to a receipt printer: TCP, a USB printer node or a serial line. Only drivers/printer includes this.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "drivers/printer.h"

namespace gapura::drivers {

// Not thread-safe. Every wait ends at its deadline.
class PrinterLine {
 public:
  // Errors: unavailable, timed_out, not_found, not_permitted, conflict; each message says what to check.
  static Result<PrinterLine> open(const PrinterSettings& settings, BootTime deadline);
  PrinterLine(PrinterLine&& other) noexcept;
  PrinterLine& operator=(PrinterLine&&) = delete;
  ~PrinterLine();

  // Returns how many of the bytes were taken by the deadline; fewer than all: the line broke off or stalled.
  std::size_t write(std::string_view bytes, BootTime deadline);
  // Returns the next byte that `fits`, and drops others; none by the deadline, or when the line is closed.
  std::optional<std::uint8_t> read(bool (*fits)(std::uint8_t), BootTime deadline);
  void forget_input();  // drops what was received
  // True when all bytes have left this machine and, over TCP, the other side has confirmed them.
  bool drain(BootTime deadline);

 private:
  enum class Kind { socket, serial, node };
  PrinterLine(int fd, Kind kind) : fd_(fd), kind_(kind) {}
  bool wait(short events, BootTime deadline) const;

  int fd_;
  Kind kind_;
};

}  // namespace gapura::drivers
