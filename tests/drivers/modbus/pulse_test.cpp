// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "support.h"

using namespace gapura;
using gapura::simulated::Misbehaviour;
using gapura::test::boot_now;
using gapura::test::Site;
using Kind = gapura::simulated::Misbehaviour::Kind;

TEST_CASE("a pulse energises the output for its time and is acknowledged with its read-back") {
  Site site;
  REQUIRE(site.start());
  const PulseReport report = site.pulse("door.lock", Millis(300));
  CHECK(report.outcome == PulseOutcome::acknowledged);
  CHECK(report.readback == Level::on);
  CHECK(report.detail.empty());
  REQUIRE(site.sink.wait_level("door.lock", Level::on));
  REQUIRE(site.sink.wait_level("door.lock", Level::off));
  const auto trace = site.device.trace();
  REQUIRE(trace.size() == 2);
  CHECK(trace[0].unit == 2);
  CHECK(trace[0].pulse_ms == 300);
  CHECK(trace[1].what == "timed_off");
  CHECK((trace[1].at - trace[0].at) >= Millis(299));
}

TEST_CASE("each output of a turnstile is pulsed alone, and a length is rounded up to the device's unit") {
  Site site;
  REQUIRE(site.start());
  REQUIRE(site.pulse("gate.release_out", Millis(250)).outcome == PulseOutcome::acknowledged);
  const auto trace = site.device.trace();
  REQUIRE(trace.size() == 1);
  CHECK(trace[0].unit == 1);
  CHECK(trace[0].coil == 1);
  CHECK(trace[0].pulse_ms == 300);
  CHECK_FALSE(site.device.coil(1, 0));
}

TEST_CASE("an order whose deadline has passed is expired and never sent") {
  Site site;
  REQUIRE(site.start());
  CHECK(site.pulse("door.lock", Millis(500), Millis(0)).outcome == PulseOutcome::expired);
  CHECK(site.pulse("door.lock", Millis(500), Millis(-5000)).outcome == PulseOutcome::expired);
  CHECK(site.device.trace().empty());
}

TEST_CASE("an order to a controller that stays silent expires at its deadline and is never sent later") {
  Site site;
  REQUIRE(site.start());
  site.device.misbehave(2, {Kind::silent});
  REQUIRE(site.sink.wait_online("door", false));
  const auto start = boot_now();
  const PulseReport report = site.pulse("door.lock", Millis(500), Millis(700));
  CHECK(report.outcome == PulseOutcome::expired);
  CHECK(report.at - start >= Millis(700));
  CHECK(report.at - start < Millis(5000));
  CHECK_THAT(report.detail, Catch::Contains("offline"));
  site.device.misbehave(2, {});
  REQUIRE(site.sink.wait_online("door", true));
  CHECK(site.device.trace().empty());
}

TEST_CASE("an order to an endpoint that is gone waits for it and is sent when it returns in time") {
  Site site;
  REQUIRE(site.start());
  site.device.misbehave(1, {Kind::refuse_connections});
  REQUIRE(site.sink.wait_online("door", false));
  site.bus->pulse({7, "door.lock", Millis(300), boot_now() + Millis(10'000)});
  site.device.misbehave(1, {});
  CHECK(site.sink.wait_pulse(7).outcome == PulseOutcome::acknowledged);
  CHECK(site.device.trace().front().unit == 2);
}

TEST_CASE("an exception refuses the order, is named, and leaves the controller online") {
  Site site;
  REQUIRE(site.start());
  site.device.misbehave(2, {Kind::exception, 2, true});
  const PulseReport report = site.pulse("door.lock");
  CHECK(report.outcome == PulseOutcome::refused);
  CHECK(report.detail == "exception 2 (illegal data address)");
  CHECK(site.sink.health_of("door").size() == 1);
  CHECK(site.device.trace().empty());
}

TEST_CASE("an exception that leaves the relay's state open is unconfirmed, never refused") {
  Site site;
  REQUIRE(site.start());
  site.device.misbehave(2, {Kind::exception, 11, true});
  CHECK(site.pulse("door.lock").outcome == PulseOutcome::unconfirmed);
}

TEST_CASE("a write that the device swallows is unconfirmed, read back off, and not repeated") {
  Site site;
  REQUIRE(site.start());
  site.device.misbehave(2, {Kind::silent, 0, true});
  const PulseReport report = site.pulse("door.lock");
  CHECK(report.outcome == PulseOutcome::unconfirmed);
  CHECK(report.readback == Level::off);
  CHECK_THAT(report.detail, Catch::Contains("no answer within"));
  site.device.misbehave(2, {});
  REQUIRE(site.sink.wait_online("door", true));
  CHECK(site.device.trace().empty());
}

TEST_CASE("a write without any valid answer is acknowledged when the output then reads back on") {
  const auto kind = GENERATE(Kind::late, Kind::wrong_unit, Kind::wrong_function, Kind::short_reply, Kind::disconnect);
  Site site;
  REQUIRE(site.start());
  site.device.misbehave(2, {kind, 1000, true, 1});
  const PulseReport report = site.pulse("door.lock", Millis(3000));
  INFO(report.detail);
  CHECK(report.outcome == PulseOutcome::acknowledged);
  CHECK(report.readback == Level::on);
  CHECK_THAT(report.detail, Catch::Contains("confirmed by read-back"));
  CHECK(site.device.trace().size() == 1);
}

TEST_CASE("a read-back that was on before the order proves nothing") {
  Site site;
  REQUIRE(site.start());
  REQUIRE(site.pulse("door.lock", Millis(5000)).outcome == PulseOutcome::acknowledged);
  site.device.misbehave(2, {Kind::silent, 0, true, 1});
  const PulseReport report = site.pulse("door.lock", Millis(5000));
  CHECK(report.outcome == PulseOutcome::unconfirmed);
  CHECK(report.readback == Level::on);
}

TEST_CASE("after a late answer the next order gets its own answer") {
  Site site;
  REQUIRE(site.start());
  site.device.misbehave(1, {Kind::late, 400, true, 1});
  site.pulse("gate.release_in", Millis(200));
  for (int i = 0; i < 5; ++i) {
    CHECK(site.pulse("gate.release_out", Millis(100)).detail.empty());
    CHECK(site.pulse("door.lock", Millis(100)).detail.empty());
  }
}

TEST_CASE("answers given twice never pass for the answer to another question") {
  Site site;
  site.device.misbehave(1, {Kind::duplicate});
  site.device.misbehave(2, {Kind::duplicate});
  REQUIRE(site.start());
  for (int i = 0; i < 5; ++i) {
    const PulseReport in = site.pulse("gate.release_in", Millis(100));
    CHECK(in.outcome == PulseOutcome::acknowledged);
    CHECK(in.readback == Level::on);
    REQUIRE(site.device.wait_for_coil(1, 0, false, test::patience));
  }
  CHECK(site.device.trace().size() == 10);
}

TEST_CASE("a relay that confirms but does not switch is detected by its read-back") {
  Site site;
  REQUIRE(site.start());
  site.device.misbehave(2, {Kind::dead_relay});
  const PulseReport report = site.pulse("door.lock");
  CHECK(report.outcome == PulseOutcome::acknowledged);
  CHECK(report.readback == Level::off);
  CHECK_THAT(report.detail, Catch::Contains("reads back off"));
}

TEST_CASE("orders that cannot be right are refused at once") {
  Site site;
  REQUIRE(site.start());
  CHECK(site.pulse("door.window").outcome == PulseOutcome::refused);
  CHECK(site.pulse("door.contact").outcome == PulseOutcome::refused);
  CHECK(site.pulse("door.lock", Millis(0)).outcome == PulseOutcome::refused);
  CHECK(site.pulse("door.lock", Millis(30'001)).outcome == PulseOutcome::refused);
  CHECK(site.device.trace().empty());
}

TEST_CASE("the queue holds 64 orders, refuses more, and every order gets exactly one report") {
  Site site;
  REQUIRE(site.start());
  site.device.misbehave(2, {Kind::silent});
  REQUIRE(site.sink.wait_online("door", false));
  for (std::uint64_t intent = 1; intent <= 100; ++intent)
    site.bus->pulse({intent, "door.lock", Millis(500), boot_now() + Millis(60'000)});
  CHECK(site.sink.pulses().size() == 36);
  const auto start = boot_now();
  site.bus.reset();
  CHECK(boot_now() - start < Millis(30'000));  // the orders had a minute
  std::map<std::uint64_t, int> reports;
  int refused = 0, expired = 0;
  for (const PulseReport& report : site.sink.pulses()) {
    ++reports[report.intent];
    refused += report.outcome == PulseOutcome::refused;
    expired += report.outcome == PulseOutcome::expired;
  }
  CHECK(reports.size() == 100);
  CHECK(site.sink.pulses().size() == 100);
  CHECK(refused == 36);
  CHECK(expired == 64);
  CHECK(site.device.trace().empty());
}

TEST_CASE("orders for a silent controller do not hold up one for its neighbour") {
  Site site;
  site.last_intent = 1000;
  REQUIRE(site.start());
  site.device.misbehave(2, {Kind::silent});
  REQUIRE(site.sink.wait_online("door", false));
  for (std::uint64_t intent = 100; intent < 120; ++intent)
    site.bus->pulse({intent, "door.lock", Millis(500), boot_now() + Millis(5000)});
  CHECK(site.pulse("gate.release_in", Millis(500), Millis(1000)).outcome == PulseOutcome::acknowledged);
}
