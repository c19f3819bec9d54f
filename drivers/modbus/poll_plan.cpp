// SPDX-License-Identifier: Apache-2.0
#include "drivers/modbus/poll_plan.h"

#include <algorithm>
#include <tuple>

namespace gapura::drivers::modbus {
namespace {

struct Point {
  std::uint8_t function;
  int address;
  std::size_t signal;
  bool on_when_set;
};

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

}  // namespace

std::vector<PollRange> plan_polls(const ControllerProfile& profile) {
  std::vector<Point> points;
  for (const auto& input : profile.inputs)
    points.push_back({read_function(input.space), input.address, points.size(), input.on_when_set});
  for (const auto& output : profile.outputs) points.push_back({1, output.address, points.size(), true});
  std::ranges::sort(points, {}, [](const Point& point) { return std::tuple(point.function, point.address, point.signal); });

  // Only true neighbours are joined: many boards answer a read that touches a missing address with an exception.
  std::vector<PollRange> ranges;
  for (const Point& point : points) {
    const int limit = point.function <= 2 ? 256 : 64;
    const bool joins = !ranges.empty() && ranges.back().function == point.function &&
                       point.address <= ranges.back().start + ranges.back().count &&
                       point.address - ranges.back().start < limit;
    if (!joins) ranges.push_back({point.function, point.address, 0, {}});
    PollRange& range = ranges.back();
    range.count = point.address - range.start + 1;
    range.bits.push_back({point.address - range.start, point.signal, point.on_when_set});
  }
  return ranges;
}

std::array<std::uint8_t, 5> request(std::uint8_t function, int address, int value) {
  const auto byte = [](int number) { return static_cast<std::uint8_t>(number & 0xFF); };
  return {function, byte(address >> 8), byte(address), byte(value >> 8), byte(value)};
}

bool bit_at(const PollRange& range, int offset, const std::uint8_t* data) {
  if (range.function <= 2) return (data[1 + offset / 8] >> (offset % 8) & 1) != 0;
  return data[1 + 2 * offset] != 0 || data[2 + 2 * offset] != 0;
}

}  // namespace gapura::drivers::modbus
