// SPDX-License-Identifier: Apache-2.0
// The physical side of the simulated boards; the protocol side is in modbus_answers.cpp.
#include "simulated/devices/modbus_device.h"

#include <fmt/format.h>

#include <stdexcept>

#include "drivers/reader.h"

namespace gapura::simulated {

std::string to_json(const CoilChange& change) {
  return fmt::format(R"({{"boot_ms":{},"unit":{},"coil":{},"on":{},"pulse_ms":{},"what":"{}"}})",
                     change.at.time_since_epoch().count(), change.unit, change.coil, change.on, change.pulse_ms,
                     change.what);
}

SimulatedBus::SimulatedBus(int port, const std::string& trace_file)
    : SimulatedBus(LinePlan{LinePlan::Wire::tcp, port, "", 0}, trace_file) {}

SimulatedBus::SimulatedBus(LinePlan plan, const std::string& trace_file) : rtu_(plan.wire != LinePlan::Wire::tcp) {
  if (!trace_file.empty()) trace_file_.open(trace_file, std::ios::app);
  endpoint_ = std::make_unique<ModbusEndpoint>(
      std::move(plan), [this](int unit, const Bytes& pdu, Millis connected) { return answer(unit, pdu, connected); });
}

void SimulatedBus::add(int number, Wired kind, const std::string& board) {
  const auto family = find_board(board);
  if (!family) throw std::invalid_argument(family.error().message);
  const MutexLock lock(mutex_);
  Unit& unit = units_[number];
  unit.kind = kind;
  unit.board = *family;
  unit.registers = (*family)->registers;
  unit.watchdog_time = (*family)->watchdog_time;
  if (kind == Wired::detector) unit.inputs[3] = true;
}
void SimulatedBus::add_door(int unit, const std::string& board) { add(unit, Wired::door, board); }
void SimulatedBus::add_turnstile(int unit, const std::string& board) { add(unit, Wired::turnstile, board); }
void SimulatedBus::add_detector(int unit, const std::string& board) { add(unit, Wired::detector, board); }

void SimulatedBus::switch_coil(int number, Unit& unit, int coil, bool on, int pulse_ms, const char* what) {
  if (!on && unit.misbehaviour.kind == Misbehaviour::Kind::stuck_relay && unit.powered) {
    unit.overdue[coil] = unit.coils[coil];  // welded: stays closed until it is repaired
    return;
  }
  const bool energised = on && unit.misbehaviour.kind != Misbehaviour::Kind::dead_relay;
  unit.coils[coil] = energised;
  unit.overdue[coil] = false;
  const auto write = ++unit.writes[coil];
  if (on) unit.used[coil] = false;
  trace_.push_back({drivers::boot_now(), number, coil, on, pulse_ms, what});
  if (trace_file_.is_open()) trace_file_ << to_json(trace_.back()) << std::endl;
  if (energised && pulse_ms > 0) endpoint_->after(Millis(pulse_ms), [=, this] { end_pulse(number, coil, write); });
  changed_.notify_all();
}

void SimulatedBus::end_pulse(int number, int coil, std::uint64_t write) {
  const MutexLock lock(mutex_);
  Unit& unit = units_.at(number);
  if (unit.writes[coil] != write) return;
  if (unit.misbehaviour.kind == Misbehaviour::Kind::stuck_relay)
    unit.overdue[coil] = true;
  else
    switch_coil(number, unit, coil, false, 0, "timed_off");
}

void SimulatedBus::misbehave(int unit, Misbehaviour misbehaviour) {
  bool refuse = false;
  {
    const MutexLock lock(mutex_);
    Unit& target = units_.at(unit);
    if (target.kind == Wired::detector && target.misbehaviour.kind >= Misbehaviour::Kind::stuck_alarm)
      target.inputs[0] = target.inputs[1] = target.inputs[2] = false;
    target.misbehaviour = misbehaviour;
    hold_lines(target);
    if (misbehaviour.kind == Misbehaviour::Kind::watchdog_off) target.watchdog_time = target.watchdog_status = 0;
    for (int coil = 0; coil < points; ++coil)
      if (target.overdue[coil] && misbehaviour.kind != Misbehaviour::Kind::stuck_relay)
        switch_coil(unit, target, coil, false, 0, "timed_off");
    for (const auto& [number, other] : units_)
      refuse = refuse || other.misbehaviour.kind == Misbehaviour::Kind::refuse_connections;
  }
  endpoint_->set_open(!refuse);
}

void SimulatedBus::restart() {
  {
    const MutexLock lock(mutex_);
    for (auto& [number, unit] : units_)
      for (int coil = 0; coil < points; ++coil)
        if (unit.coils[coil]) switch_coil(number, unit, coil, false, 0, "power_off");
  }
  endpoint_->hang_up_all();
}

void SimulatedBus::move_input(int unit, int index, bool on, Millis delay) {
  endpoint_->after(delay, [=, this] {
    const MutexLock lock(mutex_);
    Unit& target = units_.at(unit);
    const bool stuck =
        target.misbehaviour.kind == Misbehaviour::Kind::stuck_contact && (target.kind != Wired::door || index == 0);
    if (!stuck) put_input(target, index, on);
    hold_lines(target);
    changed_.notify_all();
  });
}

// A board counts the level that it sees, also of a wire that is stuck.
void SimulatedBus::put_input(Unit& unit, int index, bool on) {
  if (on && !unit.inputs[index]) unit.counts[index] = (unit.counts[index] + 1) & 0xFFFF;
  unit.inputs[index] = on;
}

void SimulatedBus::hold_lines(Unit& unit) {
  using Kind = Misbehaviour::Kind;
  if (unit.kind != Wired::detector) return;
  if (unit.misbehaviour.kind == Kind::stuck_alarm) put_input(unit, 0, true);
  if (unit.misbehaviour.kind == Kind::stuck_passage) put_input(unit, 1, true);
  if (unit.misbehaviour.kind == Kind::contradictory) put_input(unit, 2, true), put_input(unit, 3, true);
}

void SimulatedBus::power_cycle(int number, Millis off) {
  {
    const MutexLock lock(mutex_);
    Unit& unit = units_.at(number);
    for (int coil = 0; coil < points; ++coil) {
      unit.before_cut[coil] = unit.coils[coil];
      unit.powered = false;
      if (unit.coils[coil]) switch_coil(number, unit, coil, false, 0, "power_off");
      unit.counts[coil] = 0;
    }
    unit.watchdog_time = unit.board->watchdog_time;
    unit.watchdog_word = unit.watchdog_status = 0;
    ++unit.watchdog_feeds;
  }
  endpoint_->hang_up_all();
  endpoint_->after(off, [=, this] {
    const MutexLock lock(mutex_);
    Unit& unit = units_.at(number);
    unit.powered = true;
    if (unit.misbehaviour.kind != Misbehaviour::Kind::restore_state) return;
    for (int coil = 0; coil < points; ++coil)
      if (unit.before_cut[coil]) switch_coil(number, unit, coil, true, 0, "restored");
  });
}

void SimulatedBus::blink_input(int unit, int index) {
  const MutexLock lock(mutex_);
  put_input(units_.at(unit), index, true);
  put_input(units_.at(unit), index, false);
}

// The times of an unhurried adult; every input is on for at least 300 ms, as passage sensors hold it.
void SimulatedBus::simulate_passage(int unit, Direction direction, Millis start) {
  Wired kind;
  {
    const MutexLock lock(mutex_);
    kind = units_.at(unit).kind;
  }
  if (kind == Wired::turnstile) {
    const int passage = direction == Direction::entry ? 0 : 1;
    move_input(unit, passage, true, start + Millis(100));
    move_input(unit, passage, false, start + Millis(400));
    return;
  }
  move_input(unit, 0, true, start);  // contact: the door opens
  move_input(unit, 2, true, start + Millis(150));
  move_input(unit, 2, false, start + Millis(450));
  move_input(unit, 0, false, start + Millis(700));
}

bool SimulatedBus::person_passes(int unit, Direction direction, Millis limit) {
  bool tailgate = false;
  {
    MutexLock lock(mutex_);
    Unit& target = units_.at(unit);
    const bool turnstile = target.kind == Wired::turnstile;
    const int coil = turnstile && direction == Direction::exit ? 1 : 0;
    const auto released = [&] { return target.coils[coil] && !(turnstile && target.used[coil]); };
    if (!changed_.wait_for(lock, limit, released)) return false;
    target.used[coil] = true;
    if (target.misbehaviour.kind == Misbehaviour::Kind::no_passage) return true;
    tailgate = target.misbehaviour.kind == Misbehaviour::Kind::tailgate;
  }
  simulate_passage(unit, direction, Millis(0));
  if (tailgate) simulate_passage(unit, direction, Millis(600));
  return true;
}

void SimulatedBus::rex(int unit) {
  move_input(unit, 1, true, Millis(0));
  move_input(unit, 1, false, Millis(400));
  simulate_passage(unit, Direction::exit, Millis(200));
}

void SimulatedBus::detector_passage(int unit, bool alarm) {
  move_input(unit, 1, true, Millis(0));
  move_input(unit, 1, false, Millis(400));
  if (!alarm) return;
  move_input(unit, 0, true, Millis(100));
  move_input(unit, 0, false, Millis(500));
}

void SimulatedBus::set_input(int unit, int index, bool on) {
  const MutexLock lock(mutex_);
  put_input(units_.at(unit), index, on);
  changed_.notify_all();
}

void SimulatedBus::set_register(int unit, int address, int value) {
  const MutexLock lock(mutex_);
  units_.at(unit).registers[address] = value;
}

void SimulatedBus::set_watchdog(int unit, int time) {
  const MutexLock lock(mutex_);
  units_.at(unit).watchdog_time = time;
}

void SimulatedBus::write_coil(int unit, int coil, bool on) {
  const MutexLock lock(mutex_);
  switch_coil(unit, units_.at(unit), coil, on, 0, "write");
}

bool SimulatedBus::coil(int unit, int index) const {
  const MutexLock lock(mutex_);
  return units_.at(unit).coils[index];
}

bool SimulatedBus::input(int unit, int index) const {
  const MutexLock lock(mutex_);
  return units_.at(unit).inputs[index];
}

bool SimulatedBus::wait_for_coil(int unit, int index, bool on, Millis limit) const {
  MutexLock lock(mutex_);
  return changed_.wait_for(lock, limit, [&]() REQUIRES(mutex_) { return units_.at(unit).coils[index] == on; });
}

std::uint64_t SimulatedBus::requests(int unit) const {
  const MutexLock lock(mutex_);
  return units_.at(unit).requests;
}

std::vector<CoilChange> SimulatedBus::trace() const {
  const MutexLock lock(mutex_);
  return trace_;
}

void SimulatedBus::on_coil(std::function<void(const CoilChange&)> hook) {
  const MutexLock lock(mutex_);
  hook_ = std::move(hook);
}

}  // namespace gapura::simulated
