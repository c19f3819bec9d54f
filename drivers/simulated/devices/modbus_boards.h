// SPDX-License-Identifier: Apache-2.0
// Where each family of boards has its points, and what it does besides switching. Written from the makers' tables and not
// from the profiles in config/controllers, so that each checks the other.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "models/base/result.h"

namespace gapura::simulated {

// -1: the board has no such address.
struct BoardFamily {
  const char* name;
  int outputs, inputs;
  int coils;           // FC01 and FC05 of output 0
  int coils_read;      // FC01 of output 0, where it differs
  int output_words;    // FC03 and FC06 of output 0: commands, see r4d3b16
  int discrete;        // FC02 of input 0
  int input_coils;     // FC01 of input 0
  int counters;        // FC04 (and FC03) of input 0's counter
  int pulses;          // FC05 that switches output 0 on for value x 100 ms
  int watchdog;        // holding register of its time; the WAGO's others follow it
  int watchdog_time;   // default, in units of 100 ms
  bool wago_watchdog;  // has to be triggered; other watchdogs are fed by every request
  std::map<int, int> registers;
};

// Errors list the names: waveshare, adam-6050, adam-6060, kmtronic, r4d3b16, ed-588, wago.
Result<const BoardFamily*> find_board(const std::string& name);

}  // namespace gapura::simulated
