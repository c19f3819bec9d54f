// SPDX-License-Identifier: Apache-2.0
#include "simulated/devices/modbus_boards.h"

#include <fmt/format.h>

#include <array>

namespace gapura::simulated {

// Registers: Waveshare 0x1000+n is the mode of channel n, 0x4000 the address, 0x8000 the version (2.00).
Result<const BoardFamily*> find_board(const std::string& name) {
  static const std::array<BoardFamily, 7> families{{
      {"waveshare",
       8,
       8,
       0,
       -1,
       -1,
       0,
       -1,
       -1,
       0x0200,
       -1,
       0,
       false,
       {{0x1000, 0},
        {0x1001, 0},
        {0x1002, 0},
        {0x1003, 0},
        {0x1004, 0},
        {0x1005, 0},
        {0x1006, 0},
        {0x1007, 0},
        {0x4000, 1},
        {0x8000, 200}}},
      // The maker's register of the host watchdog differs by firmware; this address is the simulator's own.
      {"adam-6050", 6, 12, 0x10, -1, -1, -1, 0, -1, -1, 0x0150, 0, false, {}},
      {"adam-6060", 6, 6, 0x10, -1, -1, -1, 0, -1, -1, 0x0150, 0, false, {}},
      {"kmtronic", 8, 0, 0, -1, -1, -1, -1, -1, -1, -1, 0, false, {}},
      {"r4d3b16", 16, 0, -1, -1, 1, -1, -1, -1, -1, -1, 0, false, {}},
      {"ed-588", 8, 8, 0, -1, -1, 0, 0x20, 0, -1, -1, 0, false, {}},
      {"wago", 8, 8, 0, 0x0200, -1, 0, 0, -1, -1, 0x1000, 100, true, {}},
  }};
  std::string known;
  for (const BoardFamily& family : families) {
    if (name == family.name) return &family;
    known += known.empty() ? family.name : fmt::format(", {}", family.name);
  }
  return fail(ErrorKind::bad_input, fmt::format("no board \"{}\"; known are: {}", name, known));
}

}  // namespace gapura::simulated
