// SPDX-License-Identifier: Apache-2.0
// Which reads cover all inputs and outputs of one controller: neighbours in one address space share a read.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "drivers/door_controller.h"

namespace gapura::drivers::modbus {

// One read request; `signals` are numbered inputs first, then outputs, as in the profile.
struct PollRange {
  struct Bit {
    int offset = 0;
    std::size_t signal = 0;
    bool on_when_set = true;
    std::optional<int> bit = {};  // of a register
  };
  // A register that counts the rising edges of an input.
  struct Count {
    int offset = 0;
    std::size_t signal = 0;
  };
  std::uint8_t function = 0;
  int start = 0;
  int count = 0;
  std::vector<Bit> bits;
  std::vector<Count> counts;
};

// Counters are read before the inputs that they count: an edge between the two reads then shows as a level, and is counted
// later.
std::vector<PollRange> plan_polls(const ControllerProfile& profile);

// FC01 to FC04.
std::uint8_t read_function(ControllerProfile::Space space);

// The request PDU of function, address and count or value.
std::array<std::uint8_t, 5> request(std::uint8_t function, int address, int value);

// Whether a point is set, in the data of its range's answer.
bool is_set(const PollRange& range, const PollRange::Bit& bit, const std::uint8_t* data);
// A register's value, in the data of a read's answer.
int word_at(const std::uint8_t* data, int offset);

}  // namespace gapura::drivers::modbus
