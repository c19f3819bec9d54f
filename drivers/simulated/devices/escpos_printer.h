// SPDX-License-Identifier: Apache-2.0
// A receipt printer on TCP (port 9100): takes ESC/POS, prints dots, answers status requests, and misbehaves on request.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/base/result.h"
#include "models/base/time.h"

namespace gapura::simulated {

// A piece of paper up to its cut, as grey pixels: 0 black, 255 white.
struct Paper {
  int width = 0, height = 0;
  std::vector<std::uint8_t> pixels;
};

std::vector<std::uint8_t> to_png(const Paper& paper);

struct PrinterPlan {
  int port = 0;        // 0: any free one
  int dots = 576;      // across its paper
  std::string folder;  // every piece of paper as print-N.png; empty: none
};

// Thread-safe.
class EscPosPrinter {
 public:
  static Result<std::unique_ptr<EscPosPrinter>> create(const PrinterPlan& plan);
  virtual ~EscPosPrinter() = default;

  virtual int port() const = 0;
  // none · paper_out · near_end · cover_open · offline (refuses connections) · slow (4,096 bytes a second) · prints_nothing
  // (takes and confirms everything, prints no dot) · silent (answers no request) · stalls (takes nothing after the first
  // band) · paper_ends (in the middle of the next job). Errors: bad_input (another name).
  virtual Status misbehave(const std::string& name) = 0;
  virtual std::string misbehaviour() const = 0;
  // Returns the papers printed so far, oldest first.
  virtual std::vector<Paper> papers() const = 0;
  virtual std::size_t connections() const = 0;
  virtual bool listening() const = 0;  // false shortly after `offline` was requested
};

}  // namespace gapura::simulated
