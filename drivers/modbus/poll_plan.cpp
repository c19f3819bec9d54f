// SPDX-License-Identifier: Apache-2.0
#include "drivers/modbus/poll_plan.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace gapura::drivers {
namespace modbus {
namespace {

struct Place {
  bool counts;
  std::uint8_t function;
  int address;
  std::size_t signal;
  bool on_when_set;
  std::optional<int> bit;
};

}  // namespace

std::uint8_t read_function(ControllerProfile::Space space) {
  switch (space) {
    case ControllerProfile::Space::coil:
      return 1;
    case ControllerProfile::Space::discrete_input:
      return 2;
    case ControllerProfile::Space::holding_register:
      return 3;
    case ControllerProfile::Space::input_register:
      return 4;
  }
  return 2;
}

std::vector<PollRange> plan_polls(const ControllerProfile& profile) {
  std::vector<Place> places;
  std::size_t signal = 0;
  for (const auto& input : profile.inputs) {
    if (input.counter)
      places.push_back({true, read_function(input.counter->space), input.counter->address, signal, true, {}});
    places.push_back({false, read_function(input.space), input.address, signal++, input.on_when_set, input.bit});
  }
  for (const auto& output : profile.outputs) {
    const auto point = output.read_point();
    places.push_back({false, read_function(point.space), point.address, signal++, true, {}});
  }
  std::ranges::sort(places, {}, [](const Place& place) {
    return std::tuple(!place.counts, place.function, place.address, place.signal);
  });

  // Only adjacent addresses are joined: many boards answer a read that touches a missing address with an exception.
  std::vector<PollRange> ranges;
  for (const Place& place : places) {
    const int limit = place.function <= 2 ? 256 : 64;
    const bool joins =
        !ranges.empty() && ranges.back().function == place.function && ranges.back().counts.empty() != place.counts &&
        place.address <= ranges.back().start + ranges.back().count && place.address - ranges.back().start < limit;
    if (!joins) ranges.push_back({place.function, place.address, 0, {}, {}});
    PollRange& range = ranges.back();
    range.count = place.address - range.start + 1;
    const int offset = place.address - range.start;
    if (place.counts)
      range.counts.push_back({offset, place.signal});
    else
      range.bits.push_back({offset, place.signal, place.on_when_set, place.bit});
  }
  return ranges;
}

std::array<std::uint8_t, 5> request(std::uint8_t function, int address, int value) {
  const auto byte = [](int number) { return static_cast<std::uint8_t>(number & 0xFF); };
  return {function, byte(address >> 8), byte(address), byte(value >> 8), byte(value)};
}

int word_at(const std::uint8_t* data, int offset) { return data[1 + 2 * offset] << 8 | data[2 + 2 * offset]; }

bool is_set(const PollRange& range, const PollRange::Bit& bit, const std::uint8_t* data) {
  if (range.function <= 2) return (data[1 + bit.offset / 8] >> (bit.offset % 8) & 1) != 0;
  const int word = word_at(data, bit.offset);
  return bit.bit ? (word >> *bit.bit & 1) != 0 : word != 0;
}

}  // namespace modbus

std::optional<LineTime> compute_line_time(const BusSettings& bus) {
  if (bus.kind == BusSettings::Kind::tcp || bus.baud <= 0) return std::nullopt;
  const int bits = 1 + 8 + (bus.parity == 'N' ? 0 : 1) + bus.stop_bits;
  constexpr double processing_ms = 5;
  const auto question_ms = [&](int answer_bytes) {
    const double gaps_ms = 2 * std::max(1.75, 3500.0 * 11 / bus.baud);
    return (8 + 5 + answer_bytes) * 1000.0 * bits / bus.baud + gaps_ms +
           processing_ms;  // request 8; unit, function, …, CRC 5
  };
  double round_ms = 0, longest_ms = 0;
  for (const auto& controller : bus.controllers)
    for (const auto& range : modbus::plan_polls(controller.profile)) {
      const double took = question_ms(range.function <= 2 ? (range.count + 7) / 8 : range.count * 2);
      round_ms += took;
      longest_ms = std::max(longest_ms, took);
    }
  return LineTime{Millis(std::lround(round_ms)), Millis(std::lround(longest_ms))};
}

bool holds_without_gateway(const ControllerProfile& profile, const ControllerProfile::Output& output) {
  return !output.pulse_address && !profile.watchdog && profile.on_comms_loss != ControllerProfile::Loss::off;
}

}  // namespace gapura::drivers
