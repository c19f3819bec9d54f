// SPDX-License-Identifier: Apache-2.0
// ESC/POS: bytes that print a picture, and the meaning of a printer's answers. Pure; source: Epson's ESC/POS command
// reference.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "drivers/printer.h"

namespace gapura::drivers::escpos {

// Returns start, the picture in bands of GS v 0, feed, and a cut where wanted.
std::string picture(const Raster& raster, bool cut);

// DLE EOT n: answered at once, even by an offline printer. n: 1 printer, 2 why offline, 3 error, 4 paper.
std::string ask_now(int n);
// GS r 1: answered in sequence, after everything sent before has been processed.
inline constexpr char ask_in_turn[] = {0x1d, 'r', 1};

// Whether a byte can be the answer to DLE EOT (bits 1 and 4 on, 0 and 7 off) or GS r (bits 4 and 7 off). They exclude each
// other, so a late answer to one is never taken for the other.
inline bool answers_now(std::uint8_t byte) { return (byte & 0x93) == 0x12; }
inline bool answers_in_turn(std::uint8_t byte) { return (byte & 0x90) == 0x00; }

// The four answers; a missing one is none.
struct Answers {
  std::optional<std::uint8_t> printer, offline, error, paper;
};
PrinterState read_state(const Answers& answers);
bool says_paper_out_in_turn(std::uint8_t byte);

}  // namespace gapura::drivers::escpos
