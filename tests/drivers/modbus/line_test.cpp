// SPDX-License-Identifier: Apache-2.0
// Levels and health: what is known of a controller, and what is no longer known after a loss.
#include <algorithm>
#include <catch2/catch.hpp>

#include "support.h"

using namespace gapura;
using gapura::test::boot_now;
using gapura::test::RecordingSink;
using gapura::test::Site;
using Kind = gapura::simulated::Misbehaviour::Kind;

TEST_CASE("inputs are reported on change only, once known") {
  Site site;
  REQUIRE(site.start());
  REQUIRE(site.sink.wait_level("door.contact", Level::off));
  site.device.set_input(2, 0, true);
  REQUIRE(site.sink.wait_level("door.contact", Level::on));
  const auto polls = site.bus->stats().polls;
  REQUIRE(test::wait_until([&] { return site.bus->stats().polls >= polls + 10; }));
  CHECK(site.sink.levels_of("door.contact").size() == 2);
  CHECK(site.sink.levels_of("door.rex").size() == 1);
  CHECK(site.sink.health_of("door").size() == 1);
}

TEST_CASE("a person walking through a released turnstile is seen at its passage input") {
  Site site;
  REQUIRE(site.start());
  CHECK_FALSE(site.device.person_passes(1, Direction::entry, Millis(50)));
  REQUIRE(site.pulse("gate.release_in", Millis(500)).outcome == PulseOutcome::acknowledged);
  CHECK_FALSE(site.device.person_passes(1, Direction::exit, Millis(50)));
  REQUIRE(site.device.person_passes(1, Direction::entry, test::patience));
  CHECK(site.sink.wait_level("gate.passage_in", Level::on));
  CHECK(site.sink.wait_level("gate.passage_in", Level::off));
  CHECK_FALSE(site.device.person_passes(1, Direction::entry, Millis(50)));
  CHECK(site.sink.levels_of("gate.passage_out").size() == 1);
}

TEST_CASE("a person walking through a released door opens the contact, crosses the beam, and closes it") {
  Site site;
  REQUIRE(site.start());
  REQUIRE(site.pulse("door.lock", Millis(500)).outcome == PulseOutcome::acknowledged);
  REQUIRE(site.device.person_passes(2, Direction::entry, test::patience));
  CHECK(site.sink.wait_level("door.contact", Level::on));
  CHECK(site.sink.wait_level("door.passage", Level::on));
  CHECK(site.sink.wait_level("door.passage", Level::off));
  CHECK(site.sink.wait_level("door.contact", Level::off));
}

TEST_CASE("an alarm at the metal detector is seen together with its passage") {
  Site site;
  REQUIRE(site.start());
  site.device.detector_passage(3, true);
  CHECK(site.sink.wait_level("wtmd.passage", Level::on));
  CHECK(site.sink.wait_level("wtmd.alarm", Level::on));
  CHECK(site.sink.wait_level("wtmd.alarm", Level::off));
}

TEST_CASE("a coil that another client writes is reported as a level") {
  Site site;
  REQUIRE(site.start());
  site.device.write_coil(2, 0, true);
  CHECK(site.sink.wait_level("door.lock", Level::on));
  CHECK(site.sink.pulses().empty());
}

TEST_CASE("a relay that sticks stays visible as on after its pulse") {
  Site site;
  REQUIRE(site.start());
  site.device.misbehave(2, {Kind::stuck_relay});
  REQUIRE(site.pulse("door.lock", Millis(100)).outcome == PulseOutcome::acknowledged);
  REQUIRE(site.sink.wait_level("door.lock", Level::on));
  CHECK_FALSE(site.sink.wait_level("door.lock", Level::off, Millis(400)));
  site.device.misbehave(2, {});
  CHECK(site.sink.wait_level("door.lock", Level::off));
}

TEST_CASE("when a unit is lost its signals are unknown at once, its neighbours' are not, and all are read again") {
  const auto kind = GENERATE(Kind::silent, Kind::wrong_unit, Kind::wrong_function, Kind::short_reply, Kind::disconnect,
                             Kind::exception, Kind::late);
  Site site;
  REQUIRE(site.start());
  site.device.set_input(2, 0, true);
  REQUIRE(site.sink.wait_level("door.contact", Level::on));
  site.device.misbehave(2, {kind, kind == Kind::late ? 500 : 4});
  CHECK(site.sink.wait_level("door.contact", Level::unknown));
  CHECK(site.sink.wait_level("door.lock", Level::unknown));
  REQUIRE(site.sink.wait_online("door", false));
  CHECK_FALSE(site.sink.health_of("door").back().detail.empty());
  site.device.set_input(1, 0, true);
  CHECK(site.sink.wait_level("gate.passage_in", Level::on));
  for (const LevelReport& report : site.sink.levels_of("gate.fault")) CHECK(report.level != Level::unknown);
  site.device.misbehave(2, {});
  CHECK(site.sink.wait_level("door.contact", Level::on));
  CHECK(site.sink.wait_online("door", true));
}

TEST_CASE("each kind of loss is explained in words") {
  struct Row {
    Kind kind;
    int value;
    const char* words;
  };
  const auto row = GENERATE(
      Row{Kind::silent, 0, "no answer within 300 ms"}, Row{Kind::wrong_unit, 0, "unit 3 answered when unit 2 was asked"},
      Row{Kind::wrong_function, 0, "the answer is for function"}, Row{Kind::exception, 1, "exception 1 (illegal function)"},
      Row{Kind::disconnect, 0, "closed the connection"}, Row{Kind::refuse_connections, 0, "refused the connection"});
  Site site;
  REQUIRE(site.start());
  site.device.misbehave(2, {row.kind, row.value});
  REQUIRE(site.sink.wait_online("door", false));
  const auto said = [&] {
    return std::ranges::any_of(site.sink.health_, [&](const DeviceHealth& report) {
      return report.device == "door" && report.detail.find(row.words) != std::string::npos;
    });
  };
  CHECK(site.sink.wait_for(said));
}

TEST_CASE("a unit number without a board makes only that controller offline") {
  Site site;
  auto settings = site.settings();
  settings.controllers[1].unit = 9;
  auto bus = drivers::ControllerBus::create(settings, site.sink);
  REQUIRE(bus);
  CHECK(site.sink.wait_online("door", false));
  CHECK(site.sink.wait_online("gate", true));
  CHECK(site.sink.wait_online("wtmd", true));
  CHECK(site.sink.levels_of("door.contact").empty());
}

TEST_CASE("after a restart of the controllers everything is unknown, then read again, and orders work") {
  Site site;
  REQUIRE(site.start());
  REQUIRE(site.pulse("door.lock", Millis(20'000)).outcome == PulseOutcome::acknowledged);
  REQUIRE(site.sink.wait_level("door.lock", Level::on));
  site.device.restart();
  CHECK(site.sink.wait_for([&] {
    return std::ranges::any_of(site.sink.levels_, [](const LevelReport& report) {
      return report.signal == "gate.fault" && report.level == Level::unknown;
    });
  }));
  CHECK(site.sink.wait_level("door.lock", Level::off));
  CHECK(site.sink.wait_online("gate", true));
  CHECK(site.pulse("door.lock").outcome == PulseOutcome::acknowledged);
  CHECK(site.bus->stats().reconnects >= 1);
}

TEST_CASE("an order that meets a connection closed while idle is sent over a new one") {
  Site site;
  auto settings = site.settings();
  settings.poll_interval = Millis(1000);
  REQUIRE(site.start(settings));
  site.device.restart();
  const PulseReport report = site.pulse("door.lock", Millis(200));
  CHECK(report.outcome == PulseOutcome::acknowledged);
  CHECK(site.device.trace().front().unit == 2);
}

TEST_CASE("a bus without its endpoint says so once and comes up when the endpoint does") {
  Site site;
  site.device.misbehave(1, {Kind::refuse_connections});
  auto bus = drivers::ControllerBus::create(site.settings(), site.sink);
  REQUIRE(bus);
  REQUIRE(site.sink.wait_online("gate", false));
  REQUIRE(test::wait_until([&] { return (*bus)->stats().errors >= 3; }));
  CHECK(site.sink.health_of("gate").size() == 1);
  CHECK_FALSE((*bus)->stats().online);
  site.device.misbehave(1, {});
  CHECK(site.sink.wait_online("gate", true));
  CHECK((*bus)->stats().online);
}

TEST_CASE("a name that cannot be resolved is a sentence in the health report") {
  RecordingSink sink;
  auto settings = test::settings_for(502);
  settings.host = "no-such-controller.invalid";
  settings.controllers = {{ControllerId("door"), 1, test::shipped("door")}};
  auto bus = drivers::ControllerBus::create(settings, sink);
  REQUIRE(bus);
  REQUIRE(sink.wait_online("door", false));
  CHECK_THAT(sink.health_of("door").back().detail, Catch::Contains("no-such-controller.invalid has no address"));
}

TEST_CASE("a device of another kind is not trusted") {
  Site site;
  auto settings = site.settings();
  settings.controllers[1].profile.identity = {0x8000, 200};
  site.device.set_register(2, 0x8000, 100);
  auto bus = drivers::ControllerBus::create(settings, site.sink);
  REQUIRE(bus);
  REQUIRE(site.sink.wait_online("door", false));
  CHECK_THAT(site.sink.health_of("door").back().detail, Catch::Contains("another kind of device"));
  site.device.set_register(2, 0x8000, 200);
  CHECK(site.sink.wait_online("door", true));
}

TEST_CASE("mistakes in the settings of a bus are refused") {
  RecordingSink sink;
  Site site;
  const auto refused = [&](auto change) {
    auto settings = site.settings();
    change(settings);
    return !drivers::ControllerBus::create(settings, sink);
  };
  CHECK(refused([](auto& settings) { settings.host.clear(); }));
  CHECK(refused([](auto& settings) { settings.port = 0; }));
  CHECK(refused([](auto& settings) { settings.controllers.clear(); }));
  CHECK(refused([](auto& settings) { settings.controllers[1].unit = 1; }));
  CHECK(refused([](auto& settings) { settings.controllers[1].id = settings.controllers[0].id; }));
  CHECK(refused([](auto& settings) { settings.controllers[1].unit = 256; }));
  CHECK(refused([](auto& settings) { settings.poll_interval = Millis(0); }));
}
