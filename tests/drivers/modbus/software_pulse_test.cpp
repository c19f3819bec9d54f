// SPDX-License-Identifier: Apache-2.0
// Boards that cannot time a pulse: the gateway switches on, and does not rest before the output is off again.
#include <catch2/catch.hpp>

#include "support.h"

using namespace gapura;
using gapura::test::Site;
using Kind = gapura::simulated::Misbehaviour::Kind;

namespace {

struct PlainDoor : Site {
  drivers::BusSettings plain() const {
    auto all = settings();
    all.controllers = {all.controllers[1]};
    all.controllers[0].profile.outputs[0].pulse_address.reset();
    return all;
  }
  // Waits for the release at start as well, so that the trace holds it and nothing else.
  bool start_plain() {
    return start(plain()) && test::wait_until([this] { return device.trace().size() == 1; });
  }
};

}  // namespace

TEST_CASE("a software pulse switches on, is acknowledged, and switches off after its length") {
  PlainDoor site;
  REQUIRE(site.start_plain());
  const auto before = site.device.trace().size();
  const PulseReport report = site.pulse("door.lock", Millis(300));
  CHECK(report.outcome == PulseOutcome::acknowledged);
  CHECK(report.readback == Level::on);
  REQUIRE(site.sink.wait_level("door.lock", Level::on));
  REQUIRE(site.sink.wait_level("door.lock", Level::off));
  const auto trace = site.device.trace();
  REQUIRE(trace.size() == before + 2);
  CHECK(trace[before].pulse_ms == 0);
  CHECK((trace[before + 1].at - trace[before].at) >= Millis(299));
}

TEST_CASE("a software pulse is over within a tenth of a second of its length", "[.bench]") {
  PlainDoor site;
  REQUIRE(site.start_plain());
  const auto before = site.device.trace().size();
  REQUIRE(site.pulse("door.lock", Millis(300)).outcome == PulseOutcome::acknowledged);
  REQUIRE(test::wait_until([&] { return site.device.trace().size() == before + 2; }));
  const auto trace = site.device.trace();
  CHECK((trace[before + 1].at - trace[before].at) < Millis(400));
}

TEST_CASE("outputs without a timed pulse are released when the driver starts") {
  PlainDoor site;
  site.device.write_coil(2, 0, true);
  REQUIRE(site.start(site.plain()));
  CHECK(site.device.wait_for_coil(2, 0, false, test::patience));
}

TEST_CASE("a release that fails is tried until the output reads back off") {
  PlainDoor site;
  REQUIRE(site.start_plain());
  REQUIRE(site.pulse("door.lock", Millis(200)).outcome == PulseOutcome::acknowledged);
  const auto requests = site.device.requests(2);
  site.device.misbehave(2, {Kind::exception, 6, true});
  CHECK_FALSE(site.device.wait_for_coil(2, 0, false, Millis(700)));
  CHECK(site.device.requests(2) > requests);
  site.device.misbehave(2, {});
  CHECK(site.device.wait_for_coil(2, 0, false, test::patience));
}

TEST_CASE("a release survives the loss of the connection") {
  PlainDoor site;
  REQUIRE(site.start_plain());
  REQUIRE(site.pulse("door.lock", Millis(200)).outcome == PulseOutcome::acknowledged);
  site.device.misbehave(2, {Kind::refuse_connections});
  REQUIRE(site.sink.wait_online("door", false));
  CHECK(site.device.coil(2, 0));
  site.device.misbehave(2, {});
  CHECK(site.device.wait_for_coil(2, 0, false, test::patience));
}

TEST_CASE("a write that was swallowed is released all the same") {
  PlainDoor site;
  REQUIRE(site.start_plain());
  const auto before = site.device.trace().size();
  site.device.misbehave(2, {Kind::late, 600, true, 1});
  const PulseReport report = site.pulse("door.lock", Millis(200));
  INFO(report.detail);
  CHECK(report.outcome == PulseOutcome::acknowledged);
  CHECK(site.device.wait_for_coil(2, 0, false, test::patience));
  CHECK(site.device.trace().size() == before + 2);
}

TEST_CASE("a driver that ends during a software pulse switches the output off first") {
  PlainDoor site;
  REQUIRE(site.start_plain());
  REQUIRE(site.pulse("door.lock", Millis(20'000)).outcome == PulseOutcome::acknowledged);
  site.bus.reset();
  CHECK_FALSE(site.device.coil(2, 0));
}
