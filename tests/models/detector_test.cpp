// SPDX-License-Identifier: Apache-2.0
#include "models/access/detector.h"

#include <catch2/catch.hpp>

using namespace gapura;
using namespace std::chrono_literals;

namespace {

BootTime after(Millis time) { return BootTime(Millis(1'000'000)) + time; }

DetectorConfig wired() {
  DetectorConfig config;
  config.alarm = "w.alarm", config.passage = "w.beam", config.fault = "w.fault";
  config.ready = "w.ready", config.alarm_inverse = "w.alarm_inverse";
  return config;
}

// All lines as they rest in a lane that works.
Detector resting() {
  Detector detector(wired());
  for (const auto& [signal, level] : std::map<std::string, Level>{{"w.alarm", Level::off},
                                                                  {"w.beam", Level::off},
                                                                  {"w.fault", Level::off},
                                                                  {"w.ready", Level::on},
                                                                  {"w.alarm_inverse", Level::on}})
    CHECK(detector.level(signal, level, after(0ms)).empty());
  return detector;
}

std::vector<DetectorFact> facts(const std::vector<DetectorNews>& news) {
  std::vector<DetectorFact> found;
  for (const auto& one : news) found.push_back(one.fact);
  return found;
}

using Facts = std::vector<DetectorFact>;

}  // namespace

TEST_CASE("the detector tells a passage and an alarm, and takes no level for one that it did not see rise") {
  DetectorConfig config;
  config.alarm = "w.alarm", config.passage = "w.beam";
  Detector detector(config);
  CHECK(detector.level("w.alarm", Level::off, after(0ms)).empty());
  CHECK(detector.level("w.beam", Level::off, after(0ms)).empty());
  CHECK(facts(detector.level("w.beam", Level::on, after(1s))) == Facts{DetectorFact::passage});
  CHECK(detector.level("w.beam", Level::on, after(2s)).empty());
  CHECK(facts(detector.level("w.alarm", Level::on, after(2s))) == Facts{DetectorFact::alarm});
  CHECK(detector.level("w.beam", Level::unknown, after(3s)).empty());
  CHECK(detector.level("w.beam", Level::on, after(4s)).empty());
}

TEST_CASE("lines that cannot be true make the lane manual by name, once, and it comes back when they can") {
  struct Row {
    const char *signal, *why;
    Level bad, good;
    Millis after;
  };
  const auto row = GENERATE(Row{"w.fault", "contradictory", Level::on, Level::off, 1s},  // while it says that it is ready
                            Row{"w.ready", "not_ready", Level::off, Level::on, 1s},
                            Row{"w.alarm_inverse", "contradictory", Level::off, Level::on, 1s},
                            Row{"w.beam", "stuck_passage", Level::on, Level::off, 600s});
  Detector detector = resting();
  detector.level(row.signal, row.bad, after(10s));
  REQUIRE(detector.next_deadline());
  CHECK(*detector.next_deadline() == after(10s + row.after));
  CHECK(detector.tick(after(10s + row.after - 1ms)).empty());
  const auto news = detector.tick(after(10s + row.after));
  REQUIRE(news.size() == 1);
  CHECK(news[0].fact == DetectorFact::manual);
  CHECK(news[0].why == row.why);
  CHECK(detector.tick(after(20min)).empty());
  CHECK_FALSE(detector.next_deadline());
  CHECK(facts(detector.level(row.signal, row.good, after(21min))) == Facts{DetectorFact::automatic});
  CHECK_FALSE(detector.manual());
}

TEST_CASE("a fault that comes with not ready is the fault line's, and an alarm for ten minutes is stuck") {
  Detector detector = resting();
  detector.level("w.fault", Level::on, after(1s));
  detector.level("w.ready", Level::off, after(1s));
  CHECK(detector.tick(after(2s)).at(0).why == "fault_line");
  Detector stuck = resting();
  stuck.level("w.alarm", Level::on, after(1s));
  stuck.level("w.alarm_inverse", Level::off, after(1s));
  CHECK(stuck.tick(after(600s)).empty());
  CHECK(stuck.tick(after(601s)).at(0).why == "stuck_alarm");
  DetectorConfig hasty;
  hasty.alarm = "w.alarm", hasty.stuck = Millis(3'000);  // as the site says it
  Detector soon(hasty);
  soon.level("w.alarm", Level::on, after(1s));
  CHECK(soon.tick(after(3999ms)).empty());
  CHECK(soon.tick(after(4s)).at(0).why == "stuck_alarm");
}

TEST_CASE("the two contacts of one relay may move one after the other, and a short fault is none") {
  Detector detector = resting();
  CHECK(facts(detector.level("w.alarm", Level::on, after(1s))) == Facts{DetectorFact::alarm});
  CHECK(detector.level("w.alarm_inverse", Level::off, after(1s + 200ms)).empty());
  CHECK(detector.level("w.fault", Level::on, after(5s)).empty());
  CHECK(detector.level("w.fault", Level::off, after(5s + 900ms)).empty());
  CHECK(detector.tick(after(60s)).empty());
}

TEST_CASE("in a manual lane metal is still reported, and a walk is not") {
  Detector detector = resting();
  detector.level("w.ready", Level::off, after(1s));
  REQUIRE(detector.tick(after(2s)).size() == 1);
  CHECK(detector.level("w.beam", Level::on, after(3s)).empty());
  CHECK(facts(detector.level("w.alarm", Level::on, after(3s))) == Facts{DetectorFact::alarm});
}

TEST_CASE("a board that does not answer leaves the lane as it is: that is the board's own alarm") {
  Detector detector = resting();
  for (const char* signal : {"w.alarm", "w.beam", "w.fault", "w.ready", "w.alarm_inverse"})
    CHECK(detector.level(signal, Level::unknown, after(1s)).empty());
  CHECK(detector.tick(after(20min)).empty());
}
