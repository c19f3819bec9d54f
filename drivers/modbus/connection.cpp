// SPDX-License-Identifier: Apache-2.0
// One request and its response. How the line is opened: opening.cpp.
#include "drivers/modbus/connection.h"

#include <fmt/format.h>
#include <modbus.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace gapura::drivers::modbus {
namespace {

constexpr std::size_t header_size = 7;  // MBAP: transaction, protocol, length, unit
constexpr int no_accident = 3;          // so many new connections in a row without a response are no accident

// The Modbus serial line's CRC-16: polynomial 0xA001 (reflected), start 0xFFFF.
std::uint16_t crc16(std::span<const std::uint8_t> bytes) {
  unsigned crc = 0xFFFF;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? crc >> 1 ^ 0xA001 : crc >> 1;
  }
  return static_cast<std::uint16_t>(crc);
}

// Silence that ends a frame: 3.5 characters of 11 bits, and never less than 1.75 ms (Modbus over serial line, 2.5.1.1).
std::chrono::microseconds frame_gap(int baud) {
  return std::chrono::microseconds(std::max(1750, 3'500'000 * 11 / std::max(baud, 1200)));
}

BusSettings network(std::string host, int port, Millis response_timeout) {
  BusSettings settings;
  settings.host = std::move(host);
  settings.port = port;
  settings.response_timeout = response_timeout;
  return settings;
}

}  // namespace

std::string misfit(std::span<const std::uint8_t> request, std::span<const std::uint8_t> reply) {
  const auto word = [&](std::size_t at) { return request[at] << 8 | request[at + 1]; };
  switch (request[0]) {
    case MODBUS_FC_READ_COILS:
    case MODBUS_FC_READ_DISCRETE_INPUTS:
    case MODBUS_FC_READ_HOLDING_REGISTERS:
    case MODBUS_FC_READ_INPUT_REGISTERS: {
      const int count = word(3);
      const int bytes = request[0] <= MODBUS_FC_READ_DISCRETE_INPUTS ? (count + 7) / 8 : count * 2;
      if (reply.size() != static_cast<std::size_t>(bytes) + 2 || reply[1] != bytes) return "its length does not fit";
      return {};
    }
    default:
      return std::ranges::equal(request, reply) ? std::string() : "it does not repeat address and value";
  }
}

Connection::Connection(const BusSettings& settings) : settings_(settings) {}
Connection::Connection(std::string host, int port, Millis response_timeout)
    : Connection(network(std::move(host), port, response_timeout)) {}
Connection::~Connection() = default;

void Connection::close() { context_.reset(); }

Answer Connection::broken(Answer::Kind kind, std::string detail) {
  close();
  Answer answer;
  answer.kind = kind;
  answer.detail = std::move(detail);
  return answer;
}

// Before a request is sent the line must be empty; a serial line also silent for the gap between two frames.
std::optional<Answer> Connection::find_stray_bytes() {
  const int line = modbus_get_socket(context_.get());
  int wait_ms = 0;
  if (settings_.kind == BusSettings::Kind::rtu) {
    const auto left = quiet_since_ + frame_gap(settings_.baud) - Steady::now();
    if (left > Steady::duration(0)) wait_ms = static_cast<int>(std::chrono::ceil<Millis>(left).count());
  }
  pollfd state{line, POLLIN, 0};
  if (::poll(&state, 1, wait_ms) <= 0) return std::nullopt;
  std::uint8_t stray = 0;
  const bool is_port = settings_.kind == BusSettings::Kind::rtu;
  const bool gone =
      is_port ? (state.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0 : recv(line, &stray, 1, MSG_PEEK | MSG_DONTWAIT) <= 0;
  if (!gone && is_rtu()) return drain(), std::nullopt;  // late, repeated, or noise: dropped before the next request
  if (!gone) return broken(Answer::Kind::not_sent, "an answer came that nobody asked for");
  Answer answer = broken(Answer::Kind::not_sent, is_port ? "the serial port is gone; was the adapter pulled out?"
                                                         : "the device closed the connection");
  if (!is_port) note_connection_end(answer);
  answer.peer_closed = true;
  return answer;
}

// What the other side of a network does repeatedly is reported with the failure, because it points to a setting.
void Connection::note_connection_end(Answer& answer) {
  hung_up_after_one_ = answers_ == 1 ? hung_up_after_one_ + 1 : 0;
  if (gets_one_answer())
    answer.detail = "the device closes the connection after each answer; one_answer = true in its [[bus]] is for that";
}

void Connection::take_note(Answer& answer) {
  if (settings_.kind == BusSettings::Kind::rtu) return;
  if (answer.ok() || answer.kind == Answer::Kind::exception) {
    unanswered_ = 0;
    if (++answers_ > 1) hung_up_after_one_ = 0;
    return;
  }
  if (answer.kind == Answer::Kind::closed && answers_ > 0) return note_connection_end(answer);
  const bool nothing_came = answer.kind == Answer::Kind::silent || answer.kind == Answer::Kind::closed;
  if (!nothing_came || answers_ > 0) return;
  if (++unanswered_ >= no_accident && settings_.settle == Millis(0)) answer.detail += ", on new connections neither";
}

Answer Connection::ask(int unit, std::span<const std::uint8_t> pdu, std::optional<BootTime> not_after) {
  Answer answer = ask_sorted(unit, pdu, not_after);
  const bool answered = answer.ok() || answer.kind == Answer::Kind::exception;
  if (answered && settings_.one_answer && settings_.kind != BusSettings::Kind::rtu) close();
  return answer;
}

// When the unit has responses outstanding, a request that distinguishes them is sent first.
Answer Connection::ask_sorted(int unit, std::span<const std::uint8_t> pdu, std::optional<BootTime> not_after) {
  if (!is_open()) return broken(Answer::Kind::not_sent, "not connected");
  if (const Pdu first = is_rtu() ? outstanding_.sorting_question(unit, pdu) : Pdu(); !first.empty()) {
    Answer answer = ask_once(unit, first);
    if (!answer.ok() && answer.kind != Answer::Kind::exception) {
      answer.mute = answer.was_sent();
      answer.kind = Answer::Kind::not_sent;
      return answer;
    }
    if (settings_.one_answer)
      if (const auto opened = open(); !opened) return broken(Answer::Kind::not_sent, opened.error().message);
  }
  return ask_once(unit, pdu, not_after);
}

// The request is framed here and not by libmodbus: its own calls do not compare the response's unit, and its raw requests
// all carry transaction 0, so that a repeated response could pass for a new one. Connecting, waiting and parsing responses
// is left to libmodbus.
std::vector<std::uint8_t> Connection::frame_of(int unit, std::span<const std::uint8_t> pdu) {
  std::vector<std::uint8_t> frame;
  const auto put_word = [&](std::size_t word) {
    frame.push_back(static_cast<std::uint8_t>(word >> 8));
    frame.push_back(static_cast<std::uint8_t>(word));
  };
  if (!is_rtu()) {
    put_word(++transaction_);
    put_word(0);
    put_word(pdu.size() + 1);
  }
  frame.push_back(static_cast<std::uint8_t>(unit));
  frame.insert(frame.end(), pdu.begin(), pdu.end());
  if (is_rtu()) {
    const std::uint16_t crc = crc16(frame);
    put_word(static_cast<std::size_t>((crc & 0xFF) << 8 | crc >> 8));  // low byte first
  }
  return frame;
}

Answer Connection::ask_once(int unit, std::span<const std::uint8_t> pdu, std::optional<BootTime> not_after) {
  if (auto strays = find_stray_bytes()) return std::move(*strays);
  if (not_after && boot_now() >= *not_after) {
    Answer answer;
    answer.kind = Answer::Kind::not_sent;
    answer.detail = "the request was too old to be sent";
    return answer;
  }
  const auto frame = frame_of(unit, pdu);
  const int line = modbus_get_socket(context_.get());
  const auto sent = settings_.kind == BusSettings::Kind::rtu
                        ? ::write(line, frame.data(), frame.size())
                        : send(line, frame.data(), frame.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent < 0)
    return broken(Answer::Kind::not_sent, fmt::format("cannot send: {}", std::generic_category().message(errno)));
  if (sent < static_cast<ssize_t>(frame.size()))
    return broken(Answer::Kind::closed, "only a part of the request could be sent");
  Answer answer = is_rtu() ? receive_rtu(unit, pdu) : receive_tcp(unit, pdu);
  take_note(answer);
  if (!is_rtu()) return answer;
  quiet_since_ = Steady::now();
  if (answer.ok() || answer.kind == Answer::Kind::exception)
    outstanding_.settle(unit);
  else
    outstanding_.add(unit, pdu);
  return answer;
}

Answer Connection::receive_failed() {
  switch (errno) {
    case ETIMEDOUT:
    case EINPROGRESS:
      return broken(Answer::Kind::silent, fmt::format("no answer within {} ms", settings_.response_timeout.count()));
    case EMBBADCRC:
      return broken(Answer::Kind::wrong,
                    "the answer is damaged (its check sum is wrong): noise, a loose wire, two devices with "
                    "one number, or another speed");
    case EMBBADDATA:
    case EMBMDATA:
      return broken(Answer::Kind::wrong, "the answer has an impossible length");
    default:
      return broken(Answer::Kind::closed, settings_.kind == BusSettings::Kind::rtu
                                              ? "the serial port went away instead of answering"
                                              : "the device closed the connection instead of answering");
  }
}

Answer Connection::receive_tcp(int unit, std::span<const std::uint8_t> pdu) {
  const int received = modbus_receive_confirmation(context_.get(), buffer_);
  if (received < 0) return receive_failed();
  const std::span<const std::uint8_t> frame(buffer_, static_cast<std::size_t>(received));
  if (frame.size() < header_size + 2) return broken(Answer::Kind::wrong, "the answer is too short");
  if (const int number = frame[0] << 8 | frame[1]; number != transaction_ || frame[2] != 0 || frame[3] != 0) {
    // On a new connection nothing was requested before, so the response cannot be late.
    if (answers_ > 0 || number == transaction_)
      return broken(Answer::Kind::wrong, "the answer belongs to an earlier question");
    return broken(
        Answer::Kind::wrong,
        fmt::format("the answer carries transaction {} instead of the question's {}: this gateway does not repeat "
                    "the number. Set it to pass RTU frames on (\"transparent\"), with kind = \"modbus-rtu-tcp\"",
                    number, transaction_));
  }
  if (frame[6] != static_cast<std::uint8_t>(unit))
    return broken(Answer::Kind::wrong,
                  fmt::format("unit {} answered when unit {} was asked; check the unit numbers", frame[6], unit));
  const auto reply = frame.subspan(header_size);
  const std::size_t announced = std::size_t{256} * frame[4] + frame[5];
  if (announced != reply.size() + 1) return broken(Answer::Kind::wrong, "the answer's length is not what it announces");
  return judge(pdu, reply);
}

// Frames of other units and outstanding responses are skipped: they are not responses to this request. All waiting ends
// with the response timeout.
Answer Connection::receive_rtu(int unit, std::span<const std::uint8_t> pdu) {
  const auto end = Steady::now() + settings_.response_timeout;
  modbus_set_slave(context_.get(), unit);
  int other_unit = -1;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::microseconds>(end - Steady::now()).count();
    if (left > 0)
      modbus_set_response_timeout(context_.get(), static_cast<std::uint32_t>(left / 1'000'000),
                                  static_cast<std::uint32_t>(left % 1'000'000));
    errno = ETIMEDOUT;
    const int received = left > 0 ? modbus_receive_confirmation(context_.get(), buffer_) : -1;
    if (received < 0) {
      const bool in_silence = errno == ETIMEDOUT && other_unit >= 0;
      if (!in_silence) return receive_failed();
      return broken(Answer::Kind::wrong,
                    fmt::format("unit {} answered when unit {} was asked; check the unit numbers", other_unit, unit));
    }
    // For another unit's frame libmodbus returns 0, and it accepts the broadcast number, which no response carries.
    if (received == 0 || buffer_[0] != static_cast<std::uint8_t>(unit)) {
      other_unit = buffer_[0];
      continue;
    }
    const std::span<const std::uint8_t> frame(buffer_, static_cast<std::size_t>(received));
    if (frame.size() < 5) return broken(Answer::Kind::wrong, "the answer is too short");
    const auto reply = frame.subspan(1, frame.size() - 3);
    const bool fits = reply[0] == (pdu[0] | 0x80) || (reply[0] == pdu[0] && misfit(pdu, reply).empty());
    if (!fits && outstanding_.may_be(unit, reply)) continue;
    return judge(pdu, reply);
  }
}

Answer Connection::judge(std::span<const std::uint8_t> pdu, std::span<const std::uint8_t> reply) {
  if (reply[0] == (pdu[0] | 0x80)) {
    Answer answer;
    answer.kind = Answer::Kind::exception;
    answer.code = reply[1];
    answer.detail = exception_text(reply[1]);
    return answer;
  }
  if (reply[0] != pdu[0])
    return broken(Answer::Kind::wrong, fmt::format("the answer is for function {}, asked was {}", reply[0], pdu[0]));
  if (const std::string why = misfit(pdu, reply); !why.empty())
    return broken(Answer::Kind::wrong, "the answer does not fit the question: " + why);
  Answer answer;
  answer.data = reply.subspan(1);
  return answer;
}

std::string exception_text(int code) {
  static constexpr const char* names[] = {"",
                                          "illegal function",
                                          "illegal data address",
                                          "illegal data value",
                                          "device failure",
                                          "acknowledge",
                                          "busy",
                                          "negative acknowledge",
                                          "memory parity error",
                                          "",
                                          "gateway path unavailable",
                                          "gateway target does not answer"};
  const bool known = code > 0 && code < static_cast<int>(std::size(names)) && *names[code] != '\0';
  return known ? fmt::format("exception {} ({})", code, names[code]) : fmt::format("exception {}", code);
}

}  // namespace gapura::drivers::modbus
