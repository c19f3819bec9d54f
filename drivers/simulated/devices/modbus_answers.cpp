// SPDX-License-Identifier: Apache-2.0
// How the simulated boards parse requests and respond, correctly or not.
#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "simulated/devices/modbus_device.h"

namespace gapura::simulated {
namespace {

using Kind = Misbehaviour::Kind;

constexpr std::pair<const char*, Kind> names[] = {{"none", Kind::none},
                                                  {"late", Kind::late},
                                                  {"silent", Kind::silent},
                                                  {"wrong_unit", Kind::wrong_unit},
                                                  {"wrong_function", Kind::wrong_function},
                                                  {"duplicate", Kind::duplicate},
                                                  {"short_reply", Kind::short_reply},
                                                  {"bad_crc", Kind::bad_crc},
                                                  {"exception", Kind::exception},
                                                  {"busy", Kind::busy},
                                                  {"slow_start", Kind::slow_start},
                                                  {"one_answer", Kind::one_answer},
                                                  {"fixed_transaction", Kind::fixed_transaction},
                                                  {"disconnect", Kind::disconnect},
                                                  {"refuse_connections", Kind::refuse_connections},
                                                  {"cable_cut", Kind::cable_cut},
                                                  {"watchdog_off", Kind::watchdog_off},
                                                  {"output_holds", Kind::output_holds},
                                                  {"restore_state", Kind::restore_state},
                                                  {"stuck_contact", Kind::stuck_contact},
                                                  {"stuck_relay", Kind::stuck_relay},
                                                  {"dead_relay", Kind::dead_relay},
                                                  {"no_passage", Kind::no_passage},
                                                  {"tailgate", Kind::tailgate},
                                                  {"stuck_alarm", Kind::stuck_alarm},
                                                  {"stuck_passage", Kind::stuck_passage},
                                                  {"contradictory", Kind::contradictory}};

constexpr int pulse_unit_ms = 100, pulse_most = 0x7FFF;  // Waveshare V2: flash-on

bool spoils_answers(Kind kind) { return kind >= Kind::late && kind <= Kind::disconnect; }

std::vector<std::uint8_t> exception(std::uint8_t function, int code) {
  return {static_cast<std::uint8_t>(function | 0x80), static_cast<std::uint8_t>(code)};
}

int word(const std::vector<std::uint8_t>& pdu, std::size_t at) { return pdu[at] << 8 | pdu[at + 1]; }

std::uint8_t neighbour_function(std::uint8_t function) {
  return function == 5 ? 6 : static_cast<std::uint8_t>(function % 2 == 1 ? function + 1 : function - 1);
}

}  // namespace

Result<Misbehaviour> misbehaviour_from_text(const std::string& text) {
  std::istringstream words(text);
  std::string name, more;
  words >> name;
  const auto found = std::ranges::find(names, name, [](const auto& pair) { return std::string_view(pair.first); });
  if (found == std::end(names)) {
    std::string known;
    for (const auto& [each, kind] : names) known += known.empty() ? each : fmt::format(", {}", each);
    return fail(ErrorKind::bad_input, fmt::format("no misbehaviour \"{}\"; known are: {}", name, known));
  }
  Misbehaviour result;
  result.kind = found->second;
  result.value = result.kind == Kind::late ? 1000 : result.kind == Kind::slow_start ? 400 : 2;
  while (words >> more) {
    if (more == "writes")
      result.writes_only = true;
    else if (more == "once")
      result.times = 1;
    else if (!more.empty() && more.size() <= 6 && more.find_first_not_of("0123456789") == std::string::npos)
      result.value = std::stoi(more);
    else
      return fail(ErrorKind::bad_input, fmt::format("\"{}\" after {}: expected a number, writes or once", more, name));
  }
  return result;
}

Misbehaviour SimulatedBus::take_misbehaviour(Unit& unit, bool write) {
  const Misbehaviour now = unit.misbehaviour;
  if (!spoils_answers(now.kind) || (now.writes_only && !write)) return {};
  if (now.times > 0 && --unit.misbehaviour.times == 0) unit.misbehaviour = {};
  return now;
}

bool SimulatedBus::is_cut() const {
  return std::ranges::any_of(units_, [](const auto& one) { return one.second.misbehaviour.kind == Kind::cable_cut; });
}

ModbusEndpoint::Reply SimulatedBus::answer(int number, const Bytes& asked, Millis connected) {
  MutexLock lock(mutex_);
  const auto found = units_.find(number);
  if (found == units_.end()) return {};  // no unit has this number: no response, as on a serial line behind a gateway
  Unit& unit = found->second;
  if (!unit.powered || is_cut()) return {};
  ++unit.requests;
  const bool writes = asked[0] == 5 || asked[0] == 6;
  const Misbehaviour wrong = take_misbehaviour(unit, writes);
  if (wrong.kind == Kind::silent) return {};
  if (wrong.kind == Kind::slow_start && connected < Millis(wrong.value)) return {};
  const bool is_busy = wrong.kind == Kind::busy && unit.requests % 3 == 0;
  Bytes pdu = is_busy                         ? exception(asked[0], 6)
              : wrong.kind == Kind::exception ? exception(asked[0], wrong.value)
                                              : execute(number, unit, asked);

  if (const auto fresh = std::exchange(fresh_writes_, {}); hook_ && !fresh.empty()) {
    const auto hook = hook_;
    lock.unlock();  // the hook may call this object
    for (const CoilChange& change : fresh) hook(change);
  }
  const bool rtu = rtu_;
  ModbusEndpoint::Reply reply;
  reply.unit = wrong.kind == Kind::wrong_unit ? number + 1 : number;
  if (wrong.kind == Kind::wrong_function) pdu[0] = neighbour_function(pdu[0]);
  reply.cut_short = wrong.kind == Kind::short_reply && rtu;
  if (wrong.kind == Kind::short_reply && !rtu) pdu.pop_back();
  reply.pdu = std::move(pdu);
  reply.twice = wrong.kind == Kind::duplicate;
  reply.bad_crc = wrong.kind == Kind::bad_crc;
  reply.hang_up = wrong.kind == Kind::disconnect;
  reply.then_hang_up = wrong.kind == Kind::one_answer;
  reply.transaction_0 = wrong.kind == Kind::fixed_transaction;
  if (wrong.kind == Kind::late) reply.delay = Millis(wrong.value);
  return reply;
}

// The caller holds the mutex, here and below.
SimulatedBus::Bytes SimulatedBus::execute(int number, Unit& unit, const Bytes& pdu) {
  if (pdu.size() != 5) return exception(pdu[0], 3);
  if (unit.board->watchdog >= 0 && !unit.board->wago_watchdog) feed_watchdog(number, unit);
  switch (pdu[0]) {
    case 1:
    case 2:
      return read_bits(unit, pdu);
    case 3:
    case 4:
      return read_registers(unit, pdu);
    case 5:
      return write_coil(number, unit, pdu);
    case 6:
      return write_word(number, unit, pdu);
    default:
      return exception(pdu[0], 1);
  }
}

std::optional<bool> SimulatedBus::bit_of(const Unit& unit, int function, int address) {
  const BoardFamily& board = *unit.board;
  const auto within = [address](int first, int count) { return first >= 0 && address >= first && address < first + count; };
  if (function == 2 && within(board.discrete, board.inputs)) return unit.inputs[address - board.discrete];
  if (function != 1) return std::nullopt;
  if (within(board.input_coils, board.inputs)) return unit.inputs[address - board.input_coils];
  const int coils = board.coils_read >= 0 ? board.coils_read : board.coils;
  if (within(coils, board.outputs)) return unit.coils[address - coils];
  return std::nullopt;
}

SimulatedBus::Bytes SimulatedBus::read_bits(const Unit& unit, const Bytes& pdu) {
  const int start = word(pdu, 1), count = word(pdu, 3);
  if (count < 1 || count > 2000) return exception(pdu[0], 3);
  Bytes reply{pdu[0], static_cast<std::uint8_t>((count + 7) / 8)};
  reply.resize(2 + static_cast<std::size_t>(count + 7) / 8);
  for (int i = 0; i < count; ++i) {
    const auto bit = bit_of(unit, pdu[0], start + i);
    if (!bit) return exception(pdu[0], 2);
    auto& byte = reply[2 + static_cast<std::size_t>(i) / 8];
    byte = static_cast<std::uint8_t>(byte | (*bit ? 1 << (i % 8) : 0));
  }
  return reply;
}

std::optional<int> SimulatedBus::word_of(const Unit& unit, int function, int address) {
  const BoardFamily& board = *unit.board;
  if (board.output_words >= 0 && function == 3 && address >= board.output_words &&
      address < board.output_words + board.outputs)
    return unit.coils[address - board.output_words] ? 1 : 0;
  if (board.counters >= 0 && address >= board.counters && address < board.counters + board.inputs)
    return unit.counts[address - board.counters];
  if (board.watchdog >= 0 && address == board.watchdog) return unit.watchdog_time;
  if (board.wago_watchdog && address == board.watchdog + 3) return unit.watchdog_word;
  if (board.wago_watchdog && address == board.watchdog + 6) return unit.watchdog_status;
  const auto found = unit.registers.find(address);
  return found == unit.registers.end() ? std::nullopt : std::optional<int>(found->second);
}

SimulatedBus::Bytes SimulatedBus::read_registers(const Unit& unit, const Bytes& pdu) {
  const int start = word(pdu, 1), count = word(pdu, 3);
  if (count < 1 || count > 125) return exception(pdu[0], 3);
  Bytes reply{pdu[0], static_cast<std::uint8_t>(count * 2)};
  for (int address = start; address < start + count; ++address) {
    const auto value = word_of(unit, pdu[0], address);
    if (!value) return exception(pdu[0], 2);
    reply.push_back(static_cast<std::uint8_t>(*value >> 8));
    reply.push_back(static_cast<std::uint8_t>(*value));
  }
  return reply;
}

void SimulatedBus::switch_by_write(int number, Unit& unit, int output, bool on, int pulse_ms) {
  const auto before = trace_.size();
  switch_coil(number, unit, output, on, pulse_ms, "write");
  if (trace_.size() > before) fresh_writes_.push_back(trace_.back());
}

SimulatedBus::Bytes SimulatedBus::write_coil(int number, Unit& unit, const Bytes& pdu) {
  const BoardFamily& board = *unit.board;
  const int address = word(pdu, 1), value = word(pdu, 3);
  const bool timed = board.pulses >= 0 && address >= board.pulses && address < board.pulses + board.outputs;
  const int coil = address - (timed ? board.pulses : board.coils);
  if (unit.kind == Wired::detector || board.coils < 0 || coil < 0 || coil >= board.outputs) return exception(5, 2);
  if (timed && (value < 1 || value > pulse_most)) return exception(5, 3);
  if (!timed && value != 0xFF00 && value != 0 && value != 0x5500) return exception(5, 3);
  const bool on = timed || value == 0xFF00 || (value == 0x5500 && !unit.coils[coil]);
  if (board.wago_watchdog && unit.watchdog_status == 2) return pdu;  // accepted, but its outputs stay at their safe value
  switch_by_write(number, unit, coil, on, timed ? value * pulse_unit_ms : 0);
  return pdu;
}

// The eletechsup boards' commands: 0x0100 on, 0x0200 off, 0x0300 toggle, 0x0500 a second, 0x06nn nn seconds.
bool SimulatedBus::command_output(int number, Unit& unit, int output, int command) {
  const int high = command >> 8, low = command & 0xFF;
  if ((low != 0 && high != 6) || high < 1 || high > 6 || high == 4 || (high == 6 && low == 0)) return false;
  const bool on = high == 1 || high >= 5 || (high == 3 && !unit.coils[output]);
  switch_by_write(number, unit, output, on, high == 5 ? 1000 : high == 6 ? low * 1000 : 0);
  return true;
}

SimulatedBus::Bytes SimulatedBus::write_word(int number, Unit& unit, const Bytes& pdu) {
  const BoardFamily& board = *unit.board;
  const int address = word(pdu, 1), value = word(pdu, 3);
  if (board.output_words >= 0 && address >= board.output_words && address < board.output_words + board.outputs)
    return command_output(number, unit, address - board.output_words, value) ? pdu : exception(6, 3);
  if (board.watchdog >= 0 && address >= board.watchdog && address <= board.watchdog + (board.wago_watchdog ? 9 : 0))
    return write_watchdog(number, unit, pdu);
  const auto found = unit.registers.find(address);
  if (found == unit.registers.end()) return exception(6, 2);
  found->second = value;
  return pdu;
}

// 0 time, 3 trigger, 6 status (0 off, 1 runs, 2 tripped), 7 restart, 8 stop.
SimulatedBus::Bytes SimulatedBus::write_watchdog(int number, Unit& unit, const Bytes& pdu) {
  const int place = word(pdu, 1) - unit.board->watchdog, value = word(pdu, 3);
  const bool dead = unit.misbehaviour.kind == Kind::watchdog_off;
  if (place == 0) {
    if (unit.watchdog_status == 1) return exception(6, 4);
    if (!dead) unit.watchdog_time = value;
  } else if (place == 3) {
    if (value != std::exchange(unit.watchdog_word, value) && unit.watchdog_time > 0 && unit.watchdog_status != 2)
      unit.watchdog_status = 1, feed_watchdog(number, unit);
  } else if (place == 7 && value == 1) {
    if (unit.watchdog_status == 2) unit.watchdog_status = 1, feed_watchdog(number, unit);
  } else if (place == 8 && (value == 0xAA55 || value == 0x55AA)) {
    unit.watchdog_status = 0;
    ++unit.watchdog_feeds;
  } else {
    return exception(6, 2);
  }
  return pdu;
}

void SimulatedBus::feed_watchdog(int number, Unit& unit) {
  const auto feed = ++unit.watchdog_feeds;
  if (unit.watchdog_time > 0)
    endpoint_->after(Millis(unit.watchdog_time * 100), [=, this] { trip_watchdog(number, feed); });
}

void SimulatedBus::trip_watchdog(int number, std::uint64_t feed) {
  const MutexLock lock(mutex_);
  Unit& unit = units_.at(number);
  if (unit.watchdog_feeds != feed || !unit.powered) return;
  unit.watchdog_status = 2;
  if (unit.misbehaviour.kind == Kind::output_holds) return;
  for (int coil = 0; coil < points; ++coil)
    if (unit.coils[coil]) switch_coil(number, unit, coil, false, 0, "watchdog_off");
}

}  // namespace gapura::simulated
