// SPDX-License-Identifier: Apache-2.0
// Ends pulses: outputs that the gateway times itself, and outputs that are on although they should not be.
#include "drivers/modbus/bus.h"

namespace gapura::drivers::modbus {
namespace {

constexpr Millis release_retry{200}, unordered_retry{2000};
// A board may hold its relay a little longer than ordered, and the poll that reads it may be late.
constexpr Millis pulse_grace{1000};
// A board that times its pulses may still hold one of the gateway's previous run.
constexpr Millis earlier_run{5000};

}  // namespace

Level Bus::read_back(Unit& unit, std::size_t output, Answer& answer) {
  const auto value = read_value(unit, unit.settings->profile.outputs[output].read_point(), answer);
  return !value ? Level::unknown : *value != 0 ? Level::on : Level::off;
}

// Called at the first response of a controller in this run.
void Bus::on_first_response(Unit& unit) {
  unit.seen_online = true;
  for (SwitchOff& off : unit.switch_offs) off.ordered_until = std::max(off.ordered_until, Steady::now() + earlier_run);
}

// An output that is on without an order, or for longer than ordered, is reported and switched off: the cause may be a board
// that restored its outputs after a power cut, another client on the network, or a failed timer. No single failure keeps a
// strike energised.
void Bus::check_outputs(Unit& unit, const std::vector<Level>& levels) {
  for (std::size_t output = 0; output < unit.switch_offs.size(); ++output) {
    const std::size_t signal = unit.output_signal(output);
    SwitchOff& off = unit.switch_offs[output];
    const bool late = levels[signal] == Level::on && Steady::now() > off.ordered_until + pulse_grace;
    const bool news = late && !off.unordered;
    if (news) {
      off.unordered = off.pending = true;
      off.due = Steady::now();
    } else if (levels[signal] == Level::off && off.unordered) {
      off.unordered = off.pending = false;
    }
    set_level(unit, signal, levels[signal], news);
  }
}

// A switching off is complete only when its output has been read back as off; every failure is tried again.
void Bus::serve_switch_offs() {
  for (Unit& unit : units_)
    for (std::size_t output = 0; output < unit.switch_offs.size(); ++output)
      if (unit.switch_offs[output].pending && unit.switch_offs[output].due <= Steady::now()) switch_off(unit, output);
}

void Bus::switch_off(Unit& unit, std::size_t output) {
  SwitchOff& off = unit.switch_offs[output];
  off.due = Steady::now() + (off.unordered ? unordered_retry : release_retry);
  if (!unit.online) {
    const auto possible = std::max(unit.next_poll, connection_.is_open() ? unit.next_poll : next_connect_);
    if (possible > Steady::now()) off.due = possible;
    if (possible > Steady::now() || !poll(unit, false)) return;
  }
  const auto& point = unit.settings->profile.outputs[output];
  const std::uint8_t function = point.space == ControllerProfile::Space::coil ? 5 : 6;
  Answer answer = ask(unit, request(function, point.address, point.off_value));
  if (answer.ok()) {
    ++unit.epoch;
    const Level readback = read_back(unit, output, answer);
    if (readback == Level::off) off.pending = off.unordered = false;
    if (readback != Level::unknown && unit.online) set_level(unit, unit.output_signal(output), readback);
  }
  if (!answer.ok() && answer.kind != Answer::Kind::exception) failed(unit, answer.detail);
}

}  // namespace gapura::drivers::modbus
