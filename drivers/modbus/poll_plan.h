// SPDX-License-Identifier: Apache-2.0
// Which reads cover all inputs and outputs of one controller: neighbours in one address space share a read.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "drivers/door_controller.h"

namespace gapura::drivers::modbus {

// One read request; `signals` are numbered inputs first, then outputs, as in the profile.
struct PollRange {
  struct Bit {
    int offset = 0;
    std::size_t signal = 0;
    bool on_when_set = true;
  };
  std::uint8_t function = 0;
  int start = 0;
  int count = 0;
  std::vector<Bit> bits;
};

std::vector<PollRange> plan_polls(const ControllerProfile& profile);

// The request PDU of function, address and count or value.
std::array<std::uint8_t, 5> request(std::uint8_t function, int address, int value);

// The bit (or register that is not zero) `offset` places after a range's start, in the data of its answer.
bool bit_at(const PollRange& range, int offset, const std::uint8_t* data);

}  // namespace gapura::drivers::modbus
