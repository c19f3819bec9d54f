// SPDX-License-Identifier: Apache-2.0
// ESC/POS, the language of receipt printers: the bytes that print a picture or ask for the state, and the meaning of the
// answers. Functions of their arguments only. Source: Epson's ESC/POS command reference.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "drivers/printer.h"

namespace gapura::drivers::escpos {

// Returns the bytes of one job: reset (ESC @), the picture as bands of at most 128 rows (GS v 0), three lines of feed, and
// a partial cut if `cut`.
std::string picture(const Raster& raster, bool cut);

// DLE EOT n, answered at once by one byte, also while the printer prints or is offline. n: 1 whether it is offline, 2 why,
// 3 which error, 4 paper.
std::string ask_now(int n);
// GS r 1, the paper sensors: answered by one byte after everything sent before has been processed, so that the answer shows
// that a job is through.
inline constexpr char ask_in_turn[] = {0x1d, 'r', 1};

// Whether a byte can be the answer to DLE EOT (bits 1 and 4 on, 0 and 7 off) or GS r (bits 4 and 7 off). They exclude each
// other, so a late answer to one is never taken for the other.
inline bool answers_now(std::uint8_t byte) { return (byte & 0x93) == 0x12; }
inline bool answers_in_turn(std::uint8_t byte) { return (byte & 0x90) == 0x00; }

// The answers to DLE EOT 1 to 4; none: no answer.
struct Answers {
  std::optional<std::uint8_t> printer, offline, error, paper;
};
// The printer counts as reachable. Without `printer` the state is ready, and the paper unknown: some printers answer
// nothing.
PrinterState read_state(const Answers& answers);
// Of an answer to GS r 1.
bool says_paper_out_in_turn(std::uint8_t byte);

}  // namespace gapura::drivers::escpos
