// SPDX-License-Identifier: Apache-2.0
// What a board must show before it is armed, and the word that keeps its watchdog from tripping.
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

}  // namespace

std::optional<int> Bus::read_value(Unit& unit, const ControllerProfile::Point& point, Answer& answer) {
  const std::uint8_t function = read_function(point.space);
  answer = ask(unit, request(function, point.address, 1));
  if (!answer.ok()) return std::nullopt;
  return function <= 2 ? answer.data[1] & 1 : word_at(answer.data.data(), 0);
}

// Empty when the controller is what it should be and would let go of its outputs without us.
std::string Bus::commission(Unit& unit, Answer& answer) {
  if (std::string why = wrong_identity(unit, answer); !why.empty()) return why;
  for (const auto& check : unit.settings->profile.checks)
    if (std::string why = failed_check(unit, check, answer); !why.empty()) return why;
  return start_watchdog(unit, answer);
}

// The kind of device, or the very one that was here before: one that came back with another identity is quarantined.
std::string Bus::wrong_identity(Unit& unit, Answer& answer) {
  const auto& identity = unit.settings->profile.identity;
  if (!identity) return {};
  const auto found = read_value(unit, {identity->space, identity->address}, answer);
  if (!found) return answer.detail;
  if (identity->value && *found != *identity->value)
    return fmt::format(
        "not armed: register {} reads {} where profile \"{}\" expects {}: another kind of device has this address",
        identity->address, *found, unit.settings->profile.name, *identity->value);
  if (unit.identity && *found != *unit.identity)
    return fmt::format(
        "quarantined: register {} reads {}, and {} before it was lost: another device has this address. Look at "
        "the board; if it was exchanged on purpose, restart the gateway",
        identity->address, *found, *unit.identity);
  unit.identity = *found;
  return {};
}

std::string Bus::failed_check(Unit& unit, const ControllerProfile::Check& check, Answer& answer) {
  for (int i = 0; i < check.count; ++i) {
    const ControllerProfile::Point point{check.point.space, check.point.address + i};
    const auto found = read_value(unit, point, answer);
    if (!found) return fmt::format("not armed: {} cannot be read ({})", place(point), answer.detail);
    if (*found < check.least || *found > check.most)
      return fmt::format("not armed: {} ({} reads {}, expected {} to {})", check.why, place(point), *found, check.least,
                         check.most);
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

// Its time set and read back, its first word said, and its own word that it runs.
std::string Bus::start_watchdog(Unit& unit, Answer& answer) {
  const auto& watchdog = unit.settings->profile.watchdog;
  if (!watchdog) return {};
  if (!watchdog->time_register) return "not armed: nobody said in which register this board keeps its watchdog's time";
  const ControllerProfile::Point time{Space::holding_register, *watchdog->time_register};
  const int most = watchdog->time_ms / watchdog->time_unit_ms;
  auto set = read_value(unit, time, answer);
  if (!set) return fmt::format("not armed: the watchdog's time ({}) cannot be read: {}", place(time), answer.detail);
  const bool change = watchdog->set && *set != most;
  if (watchdog->stop_register &&
      (change || !runs(unit, answer)))  // one that runs keeps its time, one that tripped stays so
    if (!write_register(unit, *watchdog->stop_register, watchdog->stop_value, answer))
      return "not armed: the watchdog cannot be stopped to be set: " + answer.detail;
  if (change) {
    if (!write_register(unit, time.address, most, answer))
      return fmt::format("not armed: the watchdog's time ({}) cannot be set: {}", place(time), answer.detail);
    set = read_value(unit, time, answer);
  }
  if (!set || *set == 0 || *set > most)
    return fmt::format(
        "not armed: the watchdog is {} ({} reads {}, expected 1 to {}): without it an output stays on when the cable "
        "is cut. Set it on the board",
        set.value_or(0) == 0 ? "off" : "too slow", place(time), set.value_or(0), most);
  if (watchdog->trigger_register && !write_register(unit, *watchdog->trigger_register, ++unit.beat, answer))
    return "not armed: the watchdog does not take our word: " + answer.detail;
  if (!runs(unit, answer))
    return fmt::format("not armed: the watchdog is off: holding register 0x{:04X} does not read {}{}",
                       *watchdog->status_register, *watchdog->running, answer.ok() ? "" : "; " + answer.detail);
  unit.next_beat = Steady::now() + Millis(watchdog->heartbeat_ms);
  return {};
}

// A changing word, and a look at whether it still runs: one that tripped let the outputs fall and is started anew.
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
