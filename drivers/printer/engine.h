// SPDX-License-Identifier: Apache-2.0
// What a printer of one kind does; the thread around it is printer.cpp's. Only drivers/printer includes this.
#pragma once

#include <memory>

#include "drivers/printer.h"

namespace gapura::drivers {

struct Printed {
  PrintOutcome outcome = PrintOutcome::refused;
  std::string detail;
};

// One thread at a time. Every call ends by its deadline.
class PrintEngine {
 public:
  virtual ~PrintEngine() = default;
  virtual PrinterState look(BootTime deadline) = 0;
  virtual Printed print(const PrintJob& job, BootTime deadline) = 0;
};

std::unique_ptr<PrintEngine> make_escpos(const PrinterSettings& settings);
std::unique_ptr<PrintEngine> make_cups(const PrinterSettings& settings);
std::unique_ptr<PrintEngine> make_pdf(const PrinterSettings& settings);

}  // namespace gapura::drivers
