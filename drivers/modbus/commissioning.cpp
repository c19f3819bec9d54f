// SPDX-License-Identifier: Apache-2.0
// Checks a board before it is armed, and feeds its watchdog.
#include <fmt/format.h>

#include "drivers/modbus/bus.h"

namespace gapura::drivers::modbus {
namespace {

using Space = ControllerProfile::Space;

const char* name_of(Space space) {
  switch (space) {
    case Space::coil:
      return "coil";
    case Space::discrete_input:
      return "discrete input";
    case Space::holding_register:
      return "holding register";
    case Space::input_register:
      return "input register";
  }
  return "";
}

std::string place(const ControllerProfile::Point& point) {
  return fmt::format("{} 0x{:04X}", name_of(point.space), point.address);
}

tl::unexpected<Error> not_armed(const std::string& why) { return fail(ErrorKind::conflict, "not armed: " + why); }

}  // namespace

std::optional<int> Bus::read_value(Unit& unit, const ControllerProfile::Point& point, Answer& answer) {
  const std::uint8_t function = read_function(point.space);
  answer = ask(unit, request(function, point.address, 1));
  if (!answer.ok()) return std::nullopt;
  return function <= 2 ? answer.data[1] & 1 : word_at(answer.data.data(), 0);
}

// No error when the controller is the expected one and would switch off its outputs without us.
Status Bus::commission(Unit& unit, Answer& answer) {
  TRY(check_identity(unit, answer));
  for (const auto& check : unit.settings->profile.checks) TRY(check_values(unit, check, answer));
  return start_watchdog(unit, answer);
}

// Checks the kind of device, and that it is the one that was here before: one that came back with another identity is
// quarantined.
Status Bus::check_identity(Unit& unit, Answer& answer) {
  const auto& identity = unit.settings->profile.identity;
  if (!identity) return {};
  const auto found = read_value(unit, {identity->space, identity->address}, answer);
  if (!found) return fail(ErrorKind::unavailable, answer.detail);
  if (identity->value && *found != *identity->value)
    return not_armed(
        fmt::format("register {} reads {} where profile \"{}\" expects {}: another kind of device has this address",
                    identity->address, *found, unit.settings->profile.name, *identity->value));
  if (unit.identity && *found != *unit.identity)
    return fail(
        ErrorKind::conflict,
        fmt::format(
            "quarantined: register {} reads {}, and {} before it was lost: another device has this address. Look at "
            "the board; if it was exchanged on purpose, restart the gateway",
            identity->address, *found, *unit.identity));
  unit.identity = *found;
  return {};
}

Status Bus::check_values(Unit& unit, const ControllerProfile::Check& check, Answer& answer) {
  for (int i = 0; i < check.count; ++i) {
    const ControllerProfile::Point point{check.point.space, check.point.address + i};
    const auto found = read_value(unit, point, answer);
    if (!found) return not_armed(fmt::format("{} cannot be read ({})", place(point), answer.detail));
    if (*found < check.least || *found > check.most)
      return not_armed(
          fmt::format("{} ({} reads {}, expected {} to {})", check.why, place(point), *found, check.least, check.most));
  }
  return {};
}

bool Bus::write_register(Unit& unit, int address, int value, Answer& answer) {
  answer = ask(unit, request(6, address, value));
  return answer.ok();
}

bool Bus::runs(Unit& unit, Answer& answer) {
  const auto& watchdog = unit.settings->profile.watchdog;
  if (!watchdog->status_register) return true;
  return read_value(unit, {Space::holding_register, *watchdog->status_register}, answer) == watchdog->running;
}

// Sets and reads back its time, triggers it once, and checks that it runs.
Status Bus::start_watchdog(Unit& unit, Answer& answer) {
  const auto& watchdog = unit.settings->profile.watchdog;
  if (!watchdog) return {};
  if (!watchdog->time_register) return not_armed("nobody said in which register this board keeps its watchdog's time");
  const ControllerProfile::Point time{Space::holding_register, *watchdog->time_register};
  const int most = watchdog->time_ms / watchdog->time_unit_ms;
  auto set = read_value(unit, time, answer);
  if (!set) return not_armed(fmt::format("the watchdog's time ({}) cannot be read: {}", place(time), answer.detail));
  const bool change = watchdog->set && *set != most;
  if (watchdog->stop_register &&
      (change || !runs(unit, answer)))  // one that runs keeps its time, one that tripped stays tripped
    if (!write_register(unit, *watchdog->stop_register, watchdog->stop_value, answer))
      return not_armed("the watchdog cannot be stopped to be set: " + answer.detail);
  if (change) {
    if (!write_register(unit, time.address, most, answer))
      return not_armed(fmt::format("the watchdog's time ({}) cannot be set: {}", place(time), answer.detail));
    set = read_value(unit, time, answer);
  }
  if (!set || *set == 0 || *set > most)
    return not_armed(
        fmt::format("the watchdog is {} ({} reads {}, expected 1 to {}): without it an output stays on when the cable "
                    "is cut. Set it on the board",
                    set.value_or(0) == 0 ? "off" : "too slow", place(time), set.value_or(0), most));
  if (watchdog->trigger_register && !write_register(unit, *watchdog->trigger_register, ++unit.beat, answer))
    return not_armed("the watchdog does not take our word: " + answer.detail);
  if (!runs(unit, answer))
    return not_armed(fmt::format("the watchdog is off: holding register 0x{:04X} does not read {}{}",
                                 *watchdog->status_register, *watchdog->running, answer.ok() ? "" : "; " + answer.detail));
  unit.next_beat = Steady::now() + Millis(watchdog->heartbeat_ms);
  return {};
}

// Writes a changing value, and checks that it still runs: a watchdog that tripped switched the outputs off and is
// restarted.
void Bus::serve_heartbeats() {
  for (Unit& unit : units_) {
    const auto& watchdog = unit.settings->profile.watchdog;
    if (!watchdog || !watchdog->trigger_register || !unit.online || unit.next_beat > Steady::now()) continue;
    unit.next_beat = Steady::now() + Millis(watchdog->heartbeat_ms);
    Answer answer;
    const bool well = write_register(unit, *watchdog->trigger_register, ++unit.beat, answer) && runs(unit, answer);
    if (!answer.ok())
      failed(unit, "the watchdog does not take our word: " + answer.detail);
    else if (!well)
      failed(unit, "the watchdog tripped: the board let its outputs fall; was the line cut?");
  }
}

}  // namespace gapura::drivers::modbus
