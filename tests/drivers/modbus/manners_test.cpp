// SPDX-License-Identifier: Apache-2.0
// Boards and gateways that follow the protocol in manners of their own: what the driver says of them, and the setting with
// which it gets along. With the setting no response is awaited for less than two seconds, so that a board that is late on a
// busy machine is not lost.
#include <algorithm>
#include <catch2/catch.hpp>

#include "drivers/modbus/support.h"

using namespace gapura;
using namespace gapura::test;
using Kind = simulated::Misbehaviour::Kind;
using Wire = simulated::LinePlan::Wire;

namespace {

struct Post : LineSite {
  explicit Post(Wire kind) : LineSite(kind) {}
  void everybody(simulated::Misbehaviour how) {
    for (const int unit : {1, 2, 3}) device.misbehave(unit, how);
  }
  drivers::BusSettings line() const {
    auto chosen = bus_on(device, wire, Millis(150));
    chosen.controllers = settings().controllers;
    return chosen;
  }
  void open(drivers::BusSettings chosen) { bus = std::move(*drivers::ControllerBus::create(std::move(chosen), sink)); }
  bool all_online() {
    return sink.wait_online("gate", true) && sink.wait_online("door", true) && sink.wait_online("wtmd", true);
  }
  // Whether a board says this of itself; `said` is a part of its sentence.
  bool says(const std::string& said) {
    return sink.wait_for([&] {
      return std::any_of(sink.health_.begin(), sink.health_.end(),
                         [&](const DeviceHealth& health) { return health.detail.find(said) != std::string::npos; });
    });
  }
  std::size_t losses(const std::string& board) {
    const auto all = sink.health_of(board);
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [](const auto& one) { return !one.online; }));
  }
};

}  // namespace

TEST_CASE("a board that needs a pause after connecting is online with settle_ms, and without it says so") {
  const auto wire = GENERATE(Wire::tcp, Wire::rtu_over_tcp);
  Post post(wire);
  post.everybody({Kind::slow_start, 400});
  auto line = post.line();
  SECTION("without") {
    post.open(line);
    CHECK(post.says("on new connections neither"));
    CHECK_FALSE(post.sink.wait_online("gate", true, Millis(1500)));
  }
  SECTION("with") {
    line.settle = line.response_timeout = Millis(2000);
    post.open(line);
    REQUIRE(post.all_online());
    CHECK(post.pulse("gate.release_in").outcome == PulseOutcome::acknowledged);
    CHECK(post.losses("gate") == 0);
  }
}

TEST_CASE("a gateway that closes the connection after each answer is online with one_answer, and without it says so") {
  const auto wire = GENERATE(Wire::tcp, Wire::rtu_over_tcp);
  Post post(wire);
  post.everybody({Kind::one_answer});
  auto line = post.line();
  SECTION("without") {
    post.open(line);
    CHECK(post.says("closes the connection after each answer; one_answer = true"));
  }
  SECTION("with") {
    line.one_answer = true;
    line.response_timeout = Millis(2000);
    post.open(line);
    REQUIRE(post.all_online());
    CHECK(post.pulse("gate.release_in").outcome == PulseOutcome::acknowledged);
    CHECK(post.pulse("door.lock").outcome == PulseOutcome::acknowledged);
    const auto polls = post.bus->stats().polls;
    REQUIRE(wait_until([&] { return post.bus->stats().polls > polls + 60; }));
    for (const char* board : {"gate", "door", "wtmd"}) CHECK(post.losses(board) == 0);
    CHECK(post.bus->stats().reconnects == 0);  // the gateway's manner, and nothing that went wrong
    // One that is cut off is lost all the same.
    post.device.misbehave(1, {Kind::refuse_connections});
    CHECK(post.sink.wait_online("gate", false));
    CHECK(post.sink.wait_level("gate.passage_in", Level::unknown));
  }
}

TEST_CASE("a gateway that does not repeat the transaction number is refused, with the name of what helps") {
  Post post(Wire::tcp);
  post.everybody({Kind::fixed_transaction});
  post.open(post.line());
  CHECK(post.says("carries transaction 0 instead of the question's"));
  CHECK(post.says("kind = \"modbus-rtu-tcp\""));
  CHECK_FALSE(post.sink.wait_online("gate", true, Millis(500)));
}

TEST_CASE("a board that is busy at every third question says so, and what to set") {
  Post post(Wire::tcp);
  post.open(post.line());
  REQUIRE(post.all_online());
  post.device.misbehave(1, {Kind::busy});
  CHECK(post.says("exception 6 (busy): it cannot keep up; a larger poll_ms"));
}
