// SPDX-License-Identifier: Apache-2.0
// Serial lines (over pseudo terminals, with real termios) and RTU over TCP: frames without a number, and what follows from
// that.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

#include "drivers/modbus/connection.h"
#include "drivers/modbus/poll_plan.h"
#include "support.h"

using namespace gapura;
using drivers::modbus::Answer;
using drivers::modbus::Connection;
using drivers::modbus::request;
using gapura::test::boot_now;
using gapura::test::LineSite;
using Kind = gapura::simulated::Misbehaviour::Kind;
using Wire = gapura::simulated::LinePlan::Wire;

namespace {

// Empty when it opens.
std::string refusal_of(Connection& connection) {
  const Status opened = connection.open();
  return opened ? "" : opened.error().message;
}

Wire any_rtu() { return GENERATE(Wire::rtu, Wire::rtu_over_tcp); }

// A line with two doors and one connection to it.
struct Line {
  simulated::SimulatedBus device;
  Connection connection;
  explicit Line(Wire wire, Millis timeout = Millis(400))
      : device(test::plan_for(wire)), connection(test::bus_on(device, wire, timeout)) {
    device.add_door(1);
    device.add_door(2);
  }
  Answer read(int unit = 1) {
    if (!connection.is_open()) REQUIRE(connection.open().has_value());
    return connection.ask(unit, request(2, 0, 4));
  }
};

}  // namespace

TEST_CASE("a door works alike over Modbus TCP, a serial line and RTU over TCP") {
  LineSite site(GENERATE(Wire::tcp, Wire::rtu, Wire::rtu_over_tcp));
  REQUIRE(site.start());
  const PulseReport report = site.pulse("door.lock", Millis(300));
  INFO(report.detail);
  CHECK(report.outcome == PulseOutcome::acknowledged);
  CHECK(report.readback == Level::on);
  REQUIRE(site.device.person_passes(2, Direction::entry, test::patience));
  CHECK(site.sink.wait_level("door.contact", Level::on));
  CHECK(site.sink.wait_level("door.passage", Level::on));
  CHECK(site.sink.wait_level("door.contact", Level::off));
  CHECK(site.pulse("gate.release_out", Millis(200)).outcome == PulseOutcome::acknowledged);
  CHECK(site.device.trace().front().pulse_ms == 300);
}

TEST_CASE("every malformed response on an RTU line is detected, and none is accepted") {
  struct Row {
    Kind kind;
    Answer::Kind seen;
    bool open;
  };
  const Wire wire = any_rtu();
  const auto row =
      GENERATE(Row{Kind::none, Answer::Kind::ok, true}, Row{Kind::exception, Answer::Kind::exception, true},
               Row{Kind::silent, Answer::Kind::silent, false}, Row{Kind::late, Answer::Kind::silent, false},
               Row{Kind::wrong_unit, Answer::Kind::wrong, false}, Row{Kind::wrong_function, Answer::Kind::wrong, false},
               Row{Kind::short_reply, Answer::Kind::silent, false}, Row{Kind::bad_crc, Answer::Kind::wrong, false});
  Line line(wire);
  line.device.misbehave(1, {row.kind, row.kind == Kind::late ? 800 : 2});
  const Answer answer = line.read();
  INFO(answer.detail);
  CHECK(answer.kind == row.seen);
  CHECK(line.connection.is_open() == row.open);
}

TEST_CASE("a late answer is never the answer to the next question of its kind") {
  const Wire wire = any_rtu();
  const int late_ms = GENERATE(600, 800, 1000, 1300, 1700);  // before, during and after the next question
  Line line(wire);
  line.device.set_input(1, 0, false);
  line.device.misbehave(1, {Kind::late, late_ms, false, 1});
  REQUIRE_FALSE(line.read().ok());
  line.device.set_input(1, 0, true);  // from now on every true answer says so
  int answered = 0;
  for (int attempt = 0; attempt < 10; ++attempt) {
    const Answer answer = line.read();
    if (!answer.ok()) continue;
    ++answered;
    CHECK((answer.data[1] & 1) == 1);
  }
  CHECK(answered >= 4);  // while it is late the board hears nothing: up to five questions
}

TEST_CASE("an order whose deadline passes while late answers are sorted out is not written") {
  Line line(any_rtu());
  line.device.misbehave(1, {Kind::silent, 0, true, 1});
  if (!line.connection.is_open()) REQUIRE(line.connection.open().has_value());
  REQUIRE_FALSE(line.connection.ask(1, request(5, 0, 0xFF00)).ok());  // its answer may still come
  REQUIRE(line.connection.open().has_value());
  const auto before = line.device.requests(1);
  const Answer late = line.connection.ask(1, request(5, 0, 0xFF00), boot_now());
  CHECK(late.kind == Answer::Kind::not_sent);
  CHECK(line.device.requests(1) == before + 1);  // the question that sorts
  CHECK(line.device.trace().empty());
  CHECK(line.connection.ask(1, request(5, 0, 0xFF00), boot_now() + Millis(60'000)).ok());
  CHECK(line.device.trace().size() == 1);
}

TEST_CASE("a late answer of one board does not disturb the answers of its neighbour") {
  // Later than one question's time, sooner than two: the board is on one line with its neighbour.
  Line line(any_rtu(), Millis(2000));
  line.device.misbehave(1, {Kind::late, 3000});
  for (int round = 0; round < 3; ++round) {
    CHECK_FALSE(line.read(1).ok());
    const Answer neighbour = line.read(2);
    INFO(round << " " << neighbour.detail);
    CHECK(neighbour.ok());
  }
}

TEST_CASE("a repeated answer on an RTU line is found before the next question is sent") {
  Line line(any_rtu());
  line.device.misbehave(1, {Kind::duplicate, 0, false, 1});
  CHECK(line.read().ok());
  const Answer next = line.connection.ask(1, request(2, 0, 4));
  CHECK(next.ok());
  line.device.set_input(1, 0, true);
  CHECK((line.read().data[1] & 1) == 1);
}

TEST_CASE("a write whose answer was spoilt on an RTU line is settled by its read-back and sent once") {
  const Wire wire = any_rtu();
  const auto kind = GENERATE(Kind::late, Kind::wrong_unit, Kind::wrong_function, Kind::short_reply, Kind::bad_crc);
  LineSite site(wire);
  site.response_timeout = Millis(1500);
  REQUIRE(site.start());
  site.device.misbehave(2, {kind, 2200, true, 1});
  const PulseReport report = site.pulse("door.lock", Millis(5000));
  INFO(report.detail);
  CHECK(report.outcome == PulseOutcome::acknowledged);
  CHECK(report.readback == Level::on);
  CHECK(site.device.trace().size() == 1);
}

TEST_CASE("an order without a response on an RTU line expires or is unconfirmed, and never comes later") {
  LineSite site(any_rtu());
  REQUIRE(site.start());
  site.device.misbehave(2, {Kind::cable_cut});
  REQUIRE(site.sink.wait_online("door", false));
  CHECK(site.pulse("door.lock", Millis(500), Millis(700)).outcome == PulseOutcome::expired);
  site.device.misbehave(2, {});
  REQUIRE(site.sink.wait_online("door", true));
  CHECK(site.device.trace().empty());
}

TEST_CASE("a cable that is cut during a pulse leaves the relay to the board, which ends it in time") {
  LineSite site(GENERATE(Wire::tcp, Wire::rtu));
  REQUIRE(site.start());
  REQUIRE(site.pulse("door.lock", Millis(600)).outcome == PulseOutcome::acknowledged);
  site.device.misbehave(1, {Kind::cable_cut});
  CHECK(site.sink.wait_level("door.lock", Level::unknown));
  CHECK(site.device.wait_for_coil(2, 0, false, test::patience));
  site.device.misbehave(1, {});
  CHECK(site.sink.wait_level("door.lock", Level::off));
}

TEST_CASE("a serial adapter that is pulled out and plugged in again is found again by its link") {
  LineSite site(Wire::rtu);
  REQUIRE(site.start());
  site.device.set_input(2, 0, true);
  REQUIRE(site.sink.wait_level("door.contact", Level::on));
  site.device.misbehave(1, {Kind::refuse_connections});
  CHECK(site.sink.wait_level("door.contact", Level::unknown));
  REQUIRE(site.sink.wait_for([&] {
    return std::ranges::any_of(site.sink.health_, [](const DeviceHealth& report) {
      return report.detail.find("is the adapter plugged in?") != std::string::npos;
    });
  }));
  site.device.misbehave(1, {});
  CHECK(site.sink.wait_level("door.contact", Level::on));
  CHECK(site.pulse("door.lock", Millis(200)).outcome == PulseOutcome::acknowledged);
  CHECK(site.bus->stats().reconnects >= 1);
}

TEST_CASE("a serial port belongs to one program") {
  Line line(Wire::rtu);
  REQUIRE(line.read().ok());
  Connection second(test::bus_on(line.device, Wire::rtu, Millis(100)));
  CHECK_THAT(refusal_of(second), Catch::Contains("is used by another program"));
  CHECK(line.read().ok());
}

TEST_CASE("what is no serial port is said in words") {
  drivers::BusSettings settings;
  settings.kind = drivers::BusSettings::Kind::rtu;
  settings.device = "/nonexistent/ttyUSB0";
  Connection missing(settings);
  CHECK_THAT(refusal_of(missing), Catch::Contains("is not there; is the adapter plugged in?"));
  settings.device = "/dev/null";
  Connection other(settings);
  CHECK_THAT(refusal_of(other), Catch::Contains("is no serial port"));
}

TEST_CASE("the time of a slow line is reckoned from its speed") {
  drivers::BusSettings bus;
  bus.kind = drivers::BusSettings::Kind::rtu;
  bus.controllers = {{ControllerId("door"), 1, test::shipped("door")}};
  const auto slow = drivers::compute_line_time(bus);
  REQUIRE(slow);
  CHECK(slow->question >= Millis(22));  // arithmetic: about 25 ms for a request at 9600 baud
  CHECK(slow->question <= Millis(32));
  CHECK(slow->round >= 2 * slow->question - Millis(2));  // coils and inputs
  bus.baud = 115200;
  CHECK(drivers::compute_line_time(bus)->round < Millis(25));
  bus.kind = drivers::BusSettings::Kind::tcp;
  CHECK_FALSE(drivers::compute_line_time(bus));
}

TEST_CASE("at 9600 baud an order goes before the rest of the round") {
  LineSite site(Wire::rtu, 9600);
  const auto asked = [&] { return site.device.requests(1) + site.device.requests(2) + site.device.requests(3); };
  std::atomic<std::uint64_t> at_switch{0};
  site.device.on_coil([&](const simulated::CoilChange& change) {
    if (change.on) at_switch = asked();
  });
  REQUIRE(site.start());
  REQUIRE(test::wait_until([&] { return site.bus->stats().polls > 20; }));
  for (int i = 0; i < 10; ++i) {
    const auto before = asked();
    REQUIRE(site.pulse("door.lock", Millis(100)).outcome == PulseOutcome::acknowledged);
    // The question under way, which this thread may have seen or not, and the write; not the five others of a round.
    CHECK(at_switch - before <= 3);
  }
  CHECK(site.bus->stats().poll_ms_p50 / 2 >= 15);  // a question of 9600 baud, or this was no slow line
}
