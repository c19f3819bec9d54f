// SPDX-License-Identifier: Apache-2.0
// One Modbus TCP connection and its strict question-and-answer. Owned and used by one bus thread only.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "models/time.h"

typedef struct _modbus modbus_t;  // NOLINT(bugprone-reserved-identifier): libmodbus's own name

namespace gapura::drivers::modbus {

struct Answer {
  enum class Kind {
    ok,         // the device answered exactly this question
    exception,  // the device answered with the exception `code`
    not_sent,   // the request never left this machine
    silent,     // sent, no whole answer within the timeout
    closed,     // sent, and the device closed the connection instead of answering
    wrong,      // sent, and what came back belongs to another question, unit or function
  };
  Kind kind = Kind::ok;
  int code = 0;
  bool peer_closed = false;            // not_sent because the device had closed the connection since the last answer
  std::string detail;                  // for people; empty when ok
  std::span<const std::uint8_t> data;  // ok: the answer after its function code; valid until the next question

  bool ok() const { return kind == Kind::ok; }
  bool was_sent() const { return kind != Kind::not_sent; }
};

class Connection {
 public:
  Connection(std::string host, int port, Millis response_timeout);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool is_open() const { return context_ != nullptr; }
  // Resolves the name and connects; blocks at most for the name service and one response timeout.
  // Returns what went wrong, in words for people; empty when connected.
  std::string open();
  void close();

  // Sends one request (function code and data) and waits for its answer. After anything but ok and exception the
  // connection is closed, because a late answer would otherwise be taken for the answer to the next question.
  Answer ask(int unit, std::span<const std::uint8_t> pdu);

 private:
  struct Free {
    void operator()(modbus_t* context) const;
  };
  Answer broken(Answer::Kind kind, std::string detail);
  Answer receive(int unit, std::span<const std::uint8_t> pdu);

  const std::string host_;
  const int port_;
  const Millis response_timeout_;
  std::unique_ptr<modbus_t, Free> context_;
  std::uint16_t transaction_ = 0;
  std::uint8_t buffer_[260] = {};
};

// "exception 2 (illegal data address)"
std::string exception_text(int code);

}  // namespace gapura::drivers::modbus
