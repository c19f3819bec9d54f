// SPDX-License-Identifier: Apache-2.0
// Looks for Modbus boards on one line and finds the profiles that fit each.
#pragma once

#include <string>
#include <vector>

#include "drivers/door_controller.h"
#include "gateway/cli/terminal.h"

namespace gapura::gateway {

struct ProbeRequest {
  std::string host, serial;  // one of the two
  int port = 0;              // 0: 502, or 4196 with rtu
  bool rtu = false;          // RTU frames over TCP
  int baud = 9600;
  std::string parity = "none";
  int stop_bits = 1;
  int first = 1, last = 16;  // units
  int timeout_ms = 200;      // for each unit that does not respond
  int settle_ms = 0;         // pause between connecting and the first request
  std::string controllers;   // folder of the profiles; empty: the usual one
};

struct FoundUnit {
  int unit = 0;
  std::vector<std::string> profiles;  // that fit, the best first; empty: none
  std::string title;                  // of the best
  bool asks_watchdog_register = false;
};

struct FoundLine {
  std::vector<FoundUnit> units;
  bool one_answer = false;  // the other side closes the connection after each answer
  std::string last_word;    // why the last silent unit did not respond
};

// Only reads. Errors: unavailable (the line cannot be opened, with a sentence).
Result<FoundLine> probe_units(const drivers::BusSettings& line, int first, int last,
                              const std::vector<drivers::ControllerProfile>& profiles);
// Writes TOML to `out`; returns 1 when no board responded.
int probe_devices(const Terminal& terminal, const ProbeRequest& request);

}  // namespace gapura::gateway
