// SPDX-License-Identifier: Apache-2.0
// One Modbus line (TCP, serial RTU, or RTU over TCP) and its strict question-and-answer. Owned and used by one bus thread
// only.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "drivers/door_controller.h"
#include "models/result.h"

typedef struct _modbus modbus_t;  // NOLINT(bugprone-reserved-identifier): libmodbus's own name

namespace gapura::drivers::modbus {

struct Answer {
  enum class Kind {
    ok,         // the device answered exactly this question
    exception,  // the device answered with the exception `code`
    not_sent,   // the request never left this machine
    silent,     // sent, no whole answer within the timeout
    closed,     // sent, and the device closed the connection instead of answering
    wrong,      // sent, and what came back belongs to another question, unit or function, or is damaged
  };
  Kind kind = Kind::ok;
  int code = 0;
  bool peer_closed = false;  // not_sent because the device had closed the connection since the last answer
  bool mute = false;         // not_sent because the unit owes answers and did not answer the question that sorts them out
  std::string detail;        // for people; empty when ok
  std::span<const std::uint8_t> data;  // ok: the answer after its function code; valid until the next question

  bool ok() const { return kind == Kind::ok; }
  bool was_sent() const { return kind != Kind::not_sent; }
};

using Pdu = std::vector<std::uint8_t>;  // function code and data

// RTU frames carry no number, so an answer that is late or comes twice looks like the answer to the next question of its
// kind. Questions that were left without an answer are therefore remembered per unit: what fits one of them is passed over,
// and the next question of that kind is preceded by one that none of the owed answers fits. A board answers in order, so
// after that one's answer nothing is owed any more.
class OwedAnswers {
 public:
  void add(int unit, std::span<const std::uint8_t> pdu);
  void settle(int unit);
  // Whether a reply (function code first) from this unit may be the late answer to an earlier question.
  bool may_be(int unit, std::span<const std::uint8_t> reply) const;
  // A read that tells late answers from its own; empty when `pdu` itself does.
  Pdu sorting_question(int unit, std::span<const std::uint8_t> pdu) const;

 private:
  bool ambiguous(int unit, std::span<const std::uint8_t> pdu) const;
  struct Owed {
    int unit;
    Pdu pdu;
  };
  std::vector<Owed> owed_;
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

  // Sends one request (function code and data) and waits for its answer. After anything but ok and exception the
  // connection is closed, because a late answer would otherwise be taken for the answer to the next question; with the
  // setting one_answer after those, too. A request that would leave this machine after `not_after` is not_sent.
  Answer ask(int unit, std::span<const std::uint8_t> pdu, std::optional<BootTime> not_after = {});
  // Whether the other side hung up after one answer, twice in a row.
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
  std::optional<Answer> look_for_strays();
  Answer ask_once(int unit, std::span<const std::uint8_t> pdu, std::optional<BootTime> not_after = {});
  std::vector<std::uint8_t> frame_of(int unit, std::span<const std::uint8_t> pdu);
  Answer receive_tcp(int unit, std::span<const std::uint8_t> pdu);
  Answer receive_rtu(int unit, std::span<const std::uint8_t> pdu);
  Answer receive_failed();
  Answer judge(std::span<const std::uint8_t> pdu, std::span<const std::uint8_t> reply);
  Answer ask_sorted(int unit, std::span<const std::uint8_t> pdu, std::optional<BootTime> not_after);
  void take_note(Answer& answer);
  void take_note_of_end(Answer& answer);

  const BusSettings settings_;
  Context context_;
  // What the other side's manners say about the settings. Of a network only.
  int answers_ = 0;            // on this connection
  int hung_up_after_one_ = 0;  // connections in a row that ended after one answer, by the other side's will
  int unanswered_ = 0;         // new connections in a row whose first question got no answer
  std::uint16_t transaction_ = 0;
  OwedAnswers owed_;
  Steady::time_point quiet_since_{};  // RTU: the last byte on the line, as far as we know
  std::uint8_t buffer_[260] = {};
};

// "exception 2 (illegal data address)"
std::string exception_text(int code);
// What a reply to this request must look like beyond unit and function; empty when it fits.
std::string misfit(std::span<const std::uint8_t> request, std::span<const std::uint8_t> reply);

}  // namespace gapura::drivers::modbus
