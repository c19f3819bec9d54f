// SPDX-License-Identifier: Apache-2.0
// How the simulated boards understand and answer frames, well or badly.
#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "simulated/modbus_device.h"

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
                                                  {"exception", Kind::exception},
                                                  {"disconnect", Kind::disconnect},
                                                  {"refuse_connections", Kind::refuse_connections},
                                                  {"stuck_contact", Kind::stuck_contact},
                                                  {"stuck_relay", Kind::stuck_relay},
                                                  {"dead_relay", Kind::dead_relay},
                                                  {"no_passage", Kind::no_passage},
                                                  {"tailgate", Kind::tailgate}};

constexpr int pulse_base = 0x0200, pulse_unit_ms = 100, pulse_most = 0x7FFF;  // Waveshare V2: flash-on

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
  result.value = result.kind == Kind::late ? 1000 : 2;
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

// Caller holds the mutex.
Misbehaviour SimulatedBus::take_misbehaviour(Unit& unit, bool write) {
  const Misbehaviour now = unit.misbehaviour;
  if (!spoils_answers(now.kind) || (now.writes_only && !write)) return {};
  if (now.times > 0 && --unit.misbehaviour.times == 0) unit.misbehaviour = {};
  return now;
}

ModbusEndpoint::Reply SimulatedBus::answer(const Bytes& frame) {
  std::unique_lock lock(mutex_);
  const auto found = units_.find(frame[6]);
  if (found == units_.end()) return {};  // nobody has this number: silence, as on a serial line behind a gateway
  Unit& unit = found->second;
  ++unit.requests;
  Bytes pdu(frame.begin() + 7, frame.end());
  const Misbehaviour wrong = take_misbehaviour(unit, pdu[0] == 5);
  if (wrong.kind == Kind::silent) return {};
  pdu = wrong.kind == Kind::exception ? exception(pdu[0], wrong.value) : execute(found->first, unit, pdu);

  if (const auto writes = std::exchange(fresh_writes_, {}); hook_ && !writes.empty()) {
    const auto hook = hook_;
    lock.unlock();  // the hook may ask this object
    for (const CoilChange& change : writes) hook(change);
  }
  if (wrong.kind == Kind::wrong_function) pdu[0] = neighbour_function(pdu[0]);
  if (wrong.kind == Kind::short_reply) pdu.pop_back();
  ModbusEndpoint::Reply reply;
  reply.bytes.assign(frame.begin(), frame.begin() + 7);
  reply.bytes[4] = 0;
  reply.bytes[5] = static_cast<std::uint8_t>(pdu.size() + 1);
  if (wrong.kind == Kind::wrong_unit) ++reply.bytes[6];
  reply.bytes.insert(reply.bytes.end(), pdu.begin(), pdu.end());
  if (wrong.kind == Kind::duplicate) {
    const Bytes once = reply.bytes;
    reply.bytes.insert(reply.bytes.end(), once.begin(), once.end());
  }
  if (wrong.kind == Kind::late) reply.delay = Millis(wrong.value);
  reply.hang_up = wrong.kind == Kind::disconnect;
  return reply;
}

// Caller holds the mutex.
SimulatedBus::Bytes SimulatedBus::execute(int number, Unit& unit, const Bytes& pdu) {
  if (pdu.size() != 5) return exception(pdu[0], 3);
  switch (pdu[0]) {
    case 1:
      return read_bits(unit.coils, pdu);
    case 2:
      return read_bits(unit.inputs, pdu);
    case 3:
    case 4:
      return read_registers(unit, pdu);
    case 5:
      return write_single(number, unit, pdu);
    default:
      return exception(pdu[0], 1);
  }
}

SimulatedBus::Bytes SimulatedBus::read_bits(const bool* bits, const Bytes& pdu) {
  const int start = word(pdu, 1), count = word(pdu, 3);
  if (count < 1) return exception(pdu[0], 3);
  if (start + count > points) return exception(pdu[0], 2);
  std::uint8_t packed = 0;
  for (int i = 0; i < count; ++i) packed = static_cast<std::uint8_t>(packed | (bits[start + i] ? 1 << i : 0));
  return {pdu[0], 1, packed};
}

SimulatedBus::Bytes SimulatedBus::read_registers(const Unit& unit, const Bytes& pdu) {
  const int start = word(pdu, 1), count = word(pdu, 3);
  if (count < 1 || count > 125) return exception(pdu[0], 3);
  Bytes reply{pdu[0], static_cast<std::uint8_t>(count * 2)};
  for (int address = start; address < start + count; ++address) {
    const auto found = unit.registers.find(address);
    if (found == unit.registers.end()) return exception(pdu[0], 2);
    reply.push_back(static_cast<std::uint8_t>(found->second >> 8));
    reply.push_back(static_cast<std::uint8_t>(found->second));
  }
  return reply;
}

SimulatedBus::Bytes SimulatedBus::write_single(int number, Unit& unit, const Bytes& pdu) {
  const int address = word(pdu, 1), value = word(pdu, 3);
  const bool timed = address >= pulse_base && address < pulse_base + points;
  const int coil = timed ? address - pulse_base : address;
  if (unit.kind == Wired::detector || coil >= points) return exception(5, 2);
  if (timed && (value < 1 || value > pulse_most)) return exception(5, 3);
  if (!timed && value != 0xFF00 && value != 0 && value != 0x5500) return exception(5, 3);
  const bool on = timed || value == 0xFF00 || (value == 0x5500 && !unit.coils[coil]);
  switch_coil(number, unit, coil, on, timed ? value * pulse_unit_ms : 0, "write");
  fresh_writes_.push_back(trace_.back());
  return pdu;
}

}  // namespace gapura::simulated
