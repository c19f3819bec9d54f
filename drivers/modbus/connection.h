// SPDX-License-Identifier: Apache-2.0
// One Modbus line (TCP, serial RTU, or RTU over TCP) with strictly one request and one response at a time. Owned and used
// by one bus thread only.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "drivers/door_controller.h"
#include "models/base/result.h"

typedef struct _modbus modbus_t;  // NOLINT(bugprone-reserved-identifier): libmodbus's own name

namespace gapura::drivers::modbus {

struct Answer {
  enum class Kind {
    ok,         // the device answered exactly this question
    exception,  // the device answered with the exception `code`
    not_sent,   // the request did not leave this machine
    silent,     // sent, no complete response within the timeout
    closed,     // sent, and the device closed the connection instead of responding
    wrong,      // sent, and the response is damaged or belongs to another request, unit or function
  };
  Kind kind = Kind::ok;
  int code = 0;
  bool peer_closed = false;  // not_sent because the device had closed the connection since the last answer
  bool mute = false;         // not_sent because the unit has responses outstanding and did not answer the sorting request
  std::string detail;        // for people; empty when ok
  std::span<const std::uint8_t> data;  // ok: the response after its function code; valid until the next request

  bool ok() const { return kind == Kind::ok; }
  bool was_sent() const { return kind != Kind::not_sent; }
};

using Pdu = std::vector<std::uint8_t>;  // function code and data

// RTU frames carry no number, so a late or repeated response looks like the response to the next request of its kind.
// Requests without a response are therefore remembered per unit: a response that fits one of them is skipped, and the next
// request of that kind is preceded by a sorting request that none of the outstanding responses fits. A board responds in
// order, so after the sorting request's response nothing is outstanding.
class OutstandingRequests {
 public:
  void add(int unit, std::span<const std::uint8_t> pdu);
  void settle(int unit);
  // Whether a response (function code first) from this unit may be the late response to an earlier request.
  bool may_be(int unit, std::span<const std::uint8_t> reply) const;
  // Returns a read whose response differs from the late ones; empty when the response to `pdu` differs already.
  Pdu sorting_question(int unit, std::span<const std::uint8_t> pdu) const;

 private:
  bool ambiguous(int unit, std::span<const std::uint8_t> pdu) const;
  struct Unanswered {
    int unit;
    Pdu pdu;
  };
  std::vector<Unanswered> outstanding_;
};

class Connection {
 public:
  explicit Connection(const BusSettings& settings);
  Connection(std::string host, int port, Millis response_timeout);  // Modbus TCP
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool is_open() const { return context_ != nullptr; }
  // Resolves the name and connects, or opens the port; blocks at most for the name service, one response timeout and the
  // pause of the settings.
  // Errors: unavailable.
  Status open();
  void close();

  // Sends one request (function code and data) and waits for its response. After any outcome but ok and exception the
  // connection is closed, because a late response would otherwise be taken for the response to the next request; with the
  // setting one_answer it is closed after those, too. A request that would leave this machine after
  // `not_after` is not_sent.
  Answer ask(int unit, std::span<const std::uint8_t> pdu, std::optional<BootTime> not_after = {});
  // Whether the other side closed the connection after one response, twice in a row.
  bool gets_one_answer() const { return hung_up_after_one_ >= 2; }

 private:
  using Steady = std::chrono::steady_clock;
  struct Free {
    void operator()(modbus_t* context) const;
  };
  using Context = std::unique_ptr<modbus_t, Free>;

  bool is_rtu() const { return settings_.kind != BusSettings::Kind::tcp; }
  Result<Context> open_network() const;
  Result<Context> open_serial() const;
  void drain();
  Answer broken(Answer::Kind kind, std::string detail);
  std::optional<Answer> find_stray_bytes();
  Answer ask_once(int unit, std::span<const std::uint8_t> pdu, std::optional<BootTime> not_after = {});
  std::vector<std::uint8_t> frame_of(int unit, std::span<const std::uint8_t> pdu);
  Answer receive_tcp(int unit, std::span<const std::uint8_t> pdu);
  Answer receive_rtu(int unit, std::span<const std::uint8_t> pdu);
  Answer receive_failed();
  Answer judge(std::span<const std::uint8_t> pdu, std::span<const std::uint8_t> reply);
  Answer ask_sorted(int unit, std::span<const std::uint8_t> pdu, std::optional<BootTime> not_after);
  void take_note(Answer& answer);
  void note_connection_end(Answer& answer);

  const BusSettings settings_;
  Context context_;
  // The other side's behaviour, which may point to wrong settings. For networks only.
  int answers_ = 0;            // on this connection
  int hung_up_after_one_ = 0;  // connections in a row that the other side closed after one response
  int unanswered_ = 0;         // new connections in a row whose first request got no response
  std::uint16_t transaction_ = 0;
  OutstandingRequests outstanding_;
  Steady::time_point quiet_since_{};  // RTU: the last byte on the line, as far as we know
  std::uint8_t buffer_[260] = {};
};

// "exception 2 (illegal data address)"
std::string exception_text(int code);
// Compares a response with its request beyond unit and function; returns what does not fit, or empty.
std::string misfit(std::span<const std::uint8_t> request, std::span<const std::uint8_t> reply);

}  // namespace gapura::drivers::modbus
