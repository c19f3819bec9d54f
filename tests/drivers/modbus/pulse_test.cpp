// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "support.h"

using namespace gapura;
using gapura::test::Site;

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
