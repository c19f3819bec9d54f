// SPDX-License-Identifier: Apache-2.0
#include "drivers/modbus/connection.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <modbus.h>
#include <netdb.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace gapura::drivers::modbus {
namespace {

constexpr std::size_t header_size = 7;  // MBAP: transaction, protocol, length, unit

// libmodbus waits with select() and does not check FD_SETSIZE: one descriptor too high would abort the whole process.
bool descriptors_are_low() {
  const int probe = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
  if (probe >= 0) ::close(probe);
  return probe >= 0 && probe < FD_SETSIZE - 1;
}

// modbus_new_tcp() takes IPv4 literals only.
std::string resolve(const std::string& host, std::string& error) {
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int code = getaddrinfo(host.c_str(), nullptr, &hints, &found); code != 0) {
    error = fmt::format("the name {} has no address ({}); check the name or write the address", host, gai_strerror(code));
    return {};
  }
  char text[NI_MAXHOST] = {};
  getnameinfo(found->ai_addr, found->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST);
  freeaddrinfo(found);
  return text;
}

std::string connect_error(int code, const std::string& host, int port) {
  switch (code) {
    case ECONNREFUSED:
      return fmt::format("{}:{} refused the connection; is the device set to Modbus TCP on this port?", host, port);
    case EINPROGRESS:  // how libmodbus reports that the response timeout passed while connecting
    case ETIMEDOUT:
      return fmt::format("{}:{} does not answer; check power, network cable and address", host, port);
    case EHOSTUNREACH:
    case ENETUNREACH:
      return fmt::format("no route to {}:{}; check the network cable and the address", host, port);
    default:
      return fmt::format("cannot connect to {}:{}: {}", host, port, std::generic_category().message(code));
  }
}

// What a reply to this request must look like beyond unit and function; empty when it fits.
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

}  // namespace

void Connection::Free::operator()(modbus_t* context) const {
  modbus_close(context);
  modbus_free(context);
}

Connection::Connection(std::string host, int port, Millis response_timeout)
    : host_(std::move(host)), port_(port), response_timeout_(response_timeout) {}

Connection::~Connection() = default;

void Connection::close() { context_.reset(); }

std::string Connection::open() {
  close();
  std::string error;
  const std::string address = resolve(host_, error);
  if (!error.empty()) return error;
  if (!descriptors_are_low()) return "too many open files for libmodbus (1,024); raise no limits, look for a leak";
  std::unique_ptr<modbus_t, Free> context(modbus_new_tcp(address.c_str(), port_));
  if (!context) return fmt::format("cannot use the address {}:{}", host_, port_);
  const auto millis = response_timeout_.count();
  modbus_set_response_timeout(context.get(), static_cast<std::uint32_t>(millis / 1000),
                              static_cast<std::uint32_t>(millis % 1000 * 1000));
  modbus_set_byte_timeout(context.get(), 0, 0);  // the response timeout then bounds the whole answer, not each byte
  if (modbus_connect(context.get()) != 0) return connect_error(errno, host_, port_);
  context_ = std::move(context);
  return {};
}

Answer Connection::broken(Answer::Kind kind, std::string detail) {
  close();
  Answer answer;
  answer.kind = kind;
  answer.detail = std::move(detail);
  return answer;
}

// The request is framed here and not by libmodbus: its own calls do not compare the answer's unit, and its raw requests
// all carry transaction 0, so that a repeated answer could pass for a new one. Connecting, waiting and taking answers
// apart stay libmodbus's.
Answer Connection::ask(int unit, std::span<const std::uint8_t> pdu) {
  if (!is_open()) return broken(Answer::Kind::not_sent, "not connected");
  const int socket = modbus_get_socket(context_.get());
  std::uint8_t stray = 0;
  if (const auto pending = recv(socket, &stray, 1, MSG_PEEK | MSG_DONTWAIT); pending == 0) {
    Answer answer = broken(Answer::Kind::not_sent, "the device closed the connection");
    answer.peer_closed = true;
    return answer;
  } else if (pending > 0) {
    return broken(Answer::Kind::not_sent, "an answer came that nobody asked for");
  }
  std::array<std::uint8_t, 260> frame{};
  ++transaction_;
  const auto length = pdu.size() + 1;
  frame[0] = static_cast<std::uint8_t>(transaction_ >> 8);
  frame[1] = static_cast<std::uint8_t>(transaction_);
  frame[4] = static_cast<std::uint8_t>(length >> 8);
  frame[5] = static_cast<std::uint8_t>(length);
  frame[6] = static_cast<std::uint8_t>(unit);
  std::ranges::copy(pdu, frame.begin() + header_size);
  const auto size = static_cast<ssize_t>(header_size + pdu.size());
  const auto sent = send(socket, frame.data(), static_cast<std::size_t>(size), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent < 0)
    return broken(Answer::Kind::not_sent, fmt::format("cannot send: {}", std::generic_category().message(errno)));
  if (sent < size) return broken(Answer::Kind::closed, "only a part of the request could be sent");
  return receive(unit, pdu);
}

Answer Connection::receive(int unit, std::span<const std::uint8_t> pdu) {
  const int received = modbus_receive_confirmation(context_.get(), buffer_);
  if (received < 0) {
    if (errno == ETIMEDOUT || errno == EINPROGRESS)
      return broken(Answer::Kind::silent, fmt::format("no answer within {} ms", response_timeout_.count()));
    if (errno == EMBBADDATA || errno == EMBMDATA) return broken(Answer::Kind::wrong, "the answer has an impossible length");
    return broken(Answer::Kind::closed, "the device closed the connection instead of answering");
  }
  const std::span<const std::uint8_t> frame(buffer_, static_cast<std::size_t>(received));
  if (frame.size() < header_size + 2) return broken(Answer::Kind::wrong, "the answer is too short");
  if ((frame[0] << 8 | frame[1]) != transaction_ || frame[2] != 0 || frame[3] != 0)
    return broken(Answer::Kind::wrong, "the answer belongs to an earlier question");
  if (frame[6] != static_cast<std::uint8_t>(unit))
    return broken(Answer::Kind::wrong,
                  fmt::format("unit {} answered when unit {} was asked; check the unit numbers", frame[6], unit));
  const auto reply = frame.subspan(header_size);
  const std::size_t announced = std::size_t{256} * frame[4] + frame[5];
  if (announced != reply.size() + 1) return broken(Answer::Kind::wrong, "the answer's length is not what it announces");
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
