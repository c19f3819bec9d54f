// SPDX-License-Identifier: Apache-2.0
// A metal detector with contradictory lines: entry, alarm, screen, and recovery.
#include "support/memory_site.h"

using namespace gapura;
using namespace gapura::tests;
using namespace std::chrono_literals;
using enum EventType;

namespace {

bool has_fault(const SiteHarness& site) {
  const auto& alarms = site.core->gate().state().alarms;
  return std::any_of(alarms.begin(), alarms.end(), [](const auto& one) {
    return one.second.active && one.second.kind == AlarmKind::fault && one.second.subject == "wtmd";
  });
}

std::string trouble(const SiteHarness& site) { return site.core->gate().view(site.clock.now_).detectors.at(0).trouble; }

}  // namespace

TEST_CASE("an alarm line that is on for ten minutes makes the lane manual, and the line's end makes it automatic again") {
  SiteHarness site;
  site.level("wtmd1.alarm", Level::on);
  site.pass(9min);
  CHECK_FALSE(has_fault(site));
  site.pass(61s);
  CHECK(has_fault(site));
  CHECK(trouble(site) == "stuck_alarm");
  const Entry gone = site.last(device_offline);
  CHECK(gone.point == "wtmd");
  CHECK(find_text(gone.data, "kind") == "detector");
  CHECK(find_text(gone.data, "detail") == "stuck_alarm");

  const VisitId visit = site.register_guest();  // the guard's word is enough, as always
  site.accept(visit);
  site.must(IssueBadge{visit, "", 0});
  site.must(RecordScreening{visit, Screening::clear, ""});
  CHECK(is_cleared(site.visit(visit).screening));

  site.level("wtmd1.alarm", Level::off);
  CHECK_FALSE(has_fault(site));
  CHECK(trouble(site).empty());
  CHECK(site.last(device_online).point == "wtmd");
  CHECK(site.count(device_offline) == 1);
}

TEST_CASE("a detector that missed the test piece stays at fault when a line of it recovers, until it finds the piece") {
  SiteHarness site;
  site.must(TestDetector{DetectorId("wtmd"), false});
  REQUIRE(has_fault(site));
  site.level("wtmd1.passage", Level::on);
  site.pass(601s);
  CHECK(trouble(site) == "stuck_passage");
  site.must(TestDetector{DetectorId("wtmd"), true});
  CHECK(has_fault(site));  // the piece was found, but the line is stuck
  site.must(TestDetector{DetectorId("wtmd"), false});
  site.level("wtmd1.passage", Level::off);
  CHECK(has_fault(site));
  site.must(TestDetector{DetectorId("wtmd"), true});
  CHECK_FALSE(has_fault(site));
}

TEST_CASE("an output that was not ordered is an alarm at once and recorded with its end") {
  SiteHarness site;
  site.pass(1min);
  site.core->handle(LevelReport{"door1.lock", Level::on, site.clock.now_.boot, true});
  CHECK(find_text(site.last(alarm_raised).data, "kind") == "released_by_unknown");
  site.level("door1.lock", Level::off);
  CHECK(find_text(site.last(alarm_cleared).data, "kind") == "released_by_unknown");
}
