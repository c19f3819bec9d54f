// SPDX-License-Identifier: Apache-2.0
#include "drivers/printer/escpos.h"

#include <algorithm>

namespace gapura::drivers::escpos {
namespace {

constexpr int band_rows = 128;  // the buffer of the smallest printers; a longer band is printed in jerks or not at all

void add_number(std::string& bytes, int number) {
  bytes += static_cast<char>(number & 0xff);
  bytes += static_cast<char>(number >> 8 & 0xff);
}

}  // namespace

std::string picture(const Raster& raster, bool cut) {
  std::string bytes = "\x1b@";
  for (int row = 0; row < raster.height; row += band_rows) {
    const int rows = std::min(band_rows, raster.height - row);
    bytes += std::string("\x1dv0\0", 4);
    add_number(bytes, raster.stride());
    add_number(bytes, rows);
    const auto begin = raster.bits.begin() + static_cast<std::ptrdiff_t>(row) * raster.stride();
    bytes.append(begin, begin + static_cast<std::ptrdiff_t>(rows) * raster.stride());
  }
  bytes +=
      "\x1b"
      "d\x03";  // out of the printer, past its tear bar
  if (cut) bytes += std::string("\x1dV\x42\0", 4);
  return bytes;
}

std::string ask_now(int n) { return std::string("\x10\x04") + static_cast<char>(n); }

bool says_paper_out_in_turn(std::uint8_t byte) { return (byte & 0x0c) != 0; }

namespace {

std::pair<PrinterFault, const char*> what_is_wrong(const PrinterState& state, bool cutter) {
  using enum PrinterFault;
  if (state.cover_open) return {cover_open, "its cover is open: close it"};
  if (state.paper == Paper::out) return {paper_out, "it is out of paper: put in a new roll"};
  if (cutter) return {cutter_stuck, "its cutter is stuck: switch it off, clear the paper, switch it on"};
  if (state.error) return {says_offline, "it says that it is offline: press its feed button, or switch it off and on"};
  if (state.paper == Paper::near_end) return {paper_low, "its paper is nearly at the end: have a new roll ready"};
  return {none, state.paper == Paper::ok ? "ready" : "ready; it does not say whether it has paper"};
}

}  // namespace

PrinterState read_state(const Answers& answers) {
  PrinterState state;
  state.reachable = true;
  if (!answers.printer) {
    state.fault = PrinterFault::none;
    state.text = "it answers no question: whether it has paper cannot be known";
    return state;
  }
  const bool offline = (*answers.printer & 0x08) != 0;
  if (answers.offline) {
    state.cover_open = (*answers.offline & 0x04) != 0;
    if ((*answers.offline & 0x20) != 0) state.paper = Paper::out;
    state.error = (*answers.offline & 0x40) != 0;
  }
  if (answers.paper) {
    const bool near_end = (*answers.paper & 0x0c) != 0;
    state.paper = (*answers.paper & 0x60) != 0 || state.paper == Paper::out ? Paper::out
                  : near_end                                                ? Paper::near_end
                                                                            : Paper::ok;
  }
  const bool cutter = answers.error && (*answers.error & 0x08) != 0;
  if (answers.error && (*answers.error & 0x68) != 0) state.error = true;
  if (!state.cover_open && state.paper != Paper::out && !cutter && offline) state.error = true;
  const auto [fault, sentence] = what_is_wrong(state, cutter);
  state.fault = fault;
  state.text = sentence;
  return state;
}

}  // namespace gapura::drivers::escpos
