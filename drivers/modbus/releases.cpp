// SPDX-License-Identifier: Apache-2.0
// The end of a pulse: outputs that the gateway times itself, and outputs that are on though they should not be.
#include "drivers/modbus/bus.h"

namespace gapura::drivers::modbus {
namespace {

constexpr Millis release_retry{200}, unordered_retry{2000};
// A board may hold its relay a little longer than ordered, and the poll that sees it may be late.
constexpr Millis pulse_grace{1000};
// A pulse of the gateway's earlier run may still be held by a board that times it.
constexpr Millis earlier_run{5000};

}  // namespace

Level Bus::read_back(Unit& unit, std::size_t output, Answer& answer) {
  const auto value = read_value(unit, unit.settings->profile.outputs[output].read_point(), answer);
  return !value ? Level::unknown : *value != 0 ? Level::on : Level::off;
}

// The first time that a controller answers in this run.
void Bus::meet(Unit& unit) {
  unit.met = true;
  for (Release& release : unit.releases)
    release.ordered_until = std::max(release.ordered_until, Steady::now() + earlier_run);
}

// An output that is on without an order or outlasts it is told as such and switched off: a board that restored its outputs
// after a power cut, a stranger on the network, a timer that failed. No single failure keeps a strike energised.
void Bus::look_at_outputs(Unit& unit, const std::vector<Level>& levels) {
  for (std::size_t output = 0; output < unit.releases.size(); ++output) {
    const std::size_t signal = unit.output_signal(output);
    Release& release = unit.releases[output];
    const bool late = levels[signal] == Level::on && Steady::now() > release.ordered_until + pulse_grace;
    const bool news = late && !release.unordered;
    if (news) {
      release.unordered = release.pending = true;
      release.due = Steady::now();
    } else if (levels[signal] == Level::off && release.unordered) {
      release.unordered = release.pending = false;
    }
    set_level(unit, signal, levels[signal], news);
  }
}

// A release is over when its output has been read back off, and not before; every failure is tried again.
void Bus::serve_releases() {
  for (Unit& unit : units_)
    for (std::size_t output = 0; output < unit.releases.size(); ++output)
      if (unit.releases[output].pending && unit.releases[output].due <= Steady::now()) release(unit, output);
}

void Bus::release(Unit& unit, std::size_t output) {
  Release& release = unit.releases[output];
  release.due = Steady::now() + (release.unordered ? unordered_retry : release_retry);
  if (!unit.online) {
    const auto possible = std::max(unit.next_poll, connection_.is_open() ? unit.next_poll : next_connect_);
    if (possible > Steady::now()) release.due = possible;
    if (possible > Steady::now() || !poll(unit, false)) return;
  }
  const auto& point = unit.settings->profile.outputs[output];
  const std::uint8_t function = point.space == ControllerProfile::Space::coil ? 5 : 6;
  Answer answer = ask(unit, request(function, point.address, point.off_value));
  if (answer.ok()) {
    ++unit.epoch;
    const Level readback = read_back(unit, output, answer);
    if (readback == Level::off) release.pending = release.unordered = false;
    if (readback != Level::unknown && unit.online) set_level(unit, unit.output_signal(output), readback);
  }
  if (!answer.ok() && answer.kind != Answer::Kind::exception) failed(unit, answer.detail);
}

}  // namespace gapura::drivers::modbus
