// SPDX-License-Identifier: Apache-2.0
// The interface of one kind of printer; printer.cpp has the thread that calls it. Only drivers/printer includes this.
#pragma once

#include <memory>

#include "drivers/printer.h"

namespace gapura::drivers {

struct Printed {
  PrintOutcome outcome = PrintOutcome::refused;
  std::string detail;
};

// Used by one thread at a time. Every call returns by its deadline.
class PrintEngine {
 public:
  virtual ~PrintEngine() = default;
  virtual PrinterState read_state(BootTime deadline) = 0;
  virtual Printed print(const PrintJob& job, BootTime deadline) = 0;
};

std::unique_ptr<PrintEngine> make_escpos(const PrinterSettings& settings);
std::unique_ptr<PrintEngine> make_cups(const PrinterSettings& settings);
std::unique_ptr<PrintEngine> make_pdf(const PrinterSettings& settings);

}  // namespace gapura::drivers
