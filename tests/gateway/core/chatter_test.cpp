// SPDX-License-Identifier: Apache-2.0
// Devices that chatter, and the causes that they report: how often these are entered and raised as alarms.
#include "support/memory_site.h"

using namespace gapura;
using namespace gapura::tests;
using namespace std::chrono_literals;
using enum EventType;

namespace {

struct Chatter : SiteHarness {
  explicit Chatter(SiteConfig config = demo_site()) : SiteHarness(std::move(config)) {}
  void health(bool online, const std::string& detail = "uji", const std::string& fault = "",
              const std::string& id = "gate1") {
    core->handle(DeviceHealth{DeviceHealth::Kind::controller, id, online, detail, clock.now_.boot, fault});
    core->tick();
  }
  // A board that is busy at every third answer: fifteen times a second, for so long.
  void chatter(Millis length) {
    for (Millis passed{0}; passed < length; passed += 66ms) {
      health(false, "exception 6 (busy)");
      pass(33ms);
      health(true, "answers");
      pass(33ms);
    }
  }
  // Time passes in the steps in which the core would wake.
  void rest(Millis length) {
    for (Millis passed{0}; passed < length; passed += 1s) pass(1s);
  }
  std::vector<Entry> about(const std::string& point) const {
    auto entries = journal();
    std::erase_if(entries, [&](const Entry& entry) { return entry.point != point; });
    return entries;
  }
  std::size_t words() const { return count(device_online) + count(device_offline); }
  const Alarm* alarm(const std::string& kind, const std::string& subject) const {
    for (const auto& [number, alarm] : core->gate().state().alarms)
      if (alarm.active && word(alarm.kind) == kind && alarm.subject == subject) return &alarm;
    return nullptr;
  }
};

}  // namespace

TEST_CASE("a device that chatters is one alarm, a number, and one entry a minute until it is calm", "[chatter]") {
  Chatter site;
  site.rest(10s);
  site.health(true);
  site.rest(60s);
  const std::size_t before = site.journal().size();

  site.chatter(30s);
  CHECK(site.words() <= 7);
  CHECK(site.journal().size() - before <= 9);
  CHECK(site.last(device_offline).data.back() == Fields::value_type{"outages", std::int64_t{3}});
  REQUIRE(site.alarm("device_offline", "gate1"));
  const std::uint64_t number = site.alarm("device_offline", "gate1")->number;
  const std::size_t raised = site.count(alarm_raised);
  CHECK(raised <= 2);

  const std::size_t words = site.words();
  site.chatter(150s);
  CHECK(site.words() - words >= 2);
  CHECK(site.words() - words <= 3);
  CHECK(find_integer(site.about("gate1").back().data, "outages") > 800);
  CHECK(site.count(alarm_raised) == raised);
  REQUIRE(site.alarm("device_offline", "gate1"));
  CHECK(site.alarm("device_offline", "gate1")->number == number);

  // It is well again, which counts after a minute without an outage.
  site.health(true);
  const std::size_t chattered = site.words();
  site.rest(59s);
  CHECK(site.alarm("device_offline", "gate1"));
  site.rest(62s);
  CHECK_FALSE(site.alarm("device_offline", "gate1"));
  CHECK(site.words() <= chattered + 2);
  CHECK(site.last(alarm_cleared).point == "gate1");

  // After it is calm, the next outage is entered immediately, and so is its end.
  const std::size_t calm = site.words();
  site.health(false);
  site.rest(3s);
  CHECK(site.words() == calm + 1);
  CHECK(site.alarm("device_offline", "gate1"));
  site.health(true);
  CHECK(site.words() == calm + 2);
  CHECK_FALSE(site.alarm("device_offline", "gate1"));
}

TEST_CASE("a device that chatters and then stays away is said to be away", "[chatter]") {
  Chatter site;
  site.rest(10s);
  site.health(true);
  site.chatter(70s);
  site.health(false, "no answer within 300 ms");
  site.rest(180s);
  CHECK(site.alarm("device_offline", "gate1"));
  CHECK(site.last(device_offline).number > site.last(device_online).number);
  CHECK(find_text(site.last(device_offline).data, "detail") == "no answer within 300 ms");
  const std::size_t words = site.words();
  site.rest(600s);
  CHECK(site.words() == words);
}

TEST_CASE("one device that chatters damps no other, and nothing that a door says", "[chatter]") {
  Chatter site;
  site.rest(10s);
  site.health(true);
  site.health(true, "answers", "", "door1");
  for (int n = 0; n < 40; ++n) {
    site.level("door1.contact", Level::unknown);
    site.health(false, "exception 6 (busy)", "", "door1");
    site.pass(33ms);
    site.level("door1.contact", Level::off);
    site.health(true, "answers", "", "door1");
    site.pass(33ms);
  }
  CHECK(site.count(door_state_unknown) == 3);  // its board's entry says the rest
  site.level("door1.contact", Level::on);
  CHECK(site.last(alarm_raised).point == "door");
  CHECK(find_text(site.last(alarm_raised).data, "kind") == "forced_open");
  site.level("door1.contact", Level::off);
  CHECK_FALSE(site.alarm("forced_open", "door"));
  CHECK(site.last(alarm_cleared).point == "door");

  const std::size_t words = site.words();
  site.health(false, "no answer within 300 ms");
  CHECK(site.words() == words + 1);
  CHECK(site.last(device_offline).point == "gate1");

  const auto [badge, token] = site.ready_guest();
  site.scan("r-in", {token});
  CHECK(site.count(access_granted) == 1);
}

TEST_CASE("a detector whose fault line chatters is one alarm and one entry a minute", "[chatter]") {
  SiteConfig config = demo_site();
  config.detectors.front().fault = "wtmd1.fault";
  Chatter site(config);
  site.level("wtmd1.fault", Level::off);
  site.rest(10s);
  const std::size_t before = site.journal().size();
  for (int n = 0; n < 40; ++n) {
    site.level("wtmd1.fault", Level::on);
    site.pass(1100ms);
    site.level("wtmd1.fault", Level::off);
    site.pass(400ms);
  }
  CHECK(site.count(device_offline) >= 3);
  CHECK(site.journal().size() - before <= 14);  // the first report of a device is no outage
  REQUIRE(site.alarm("fault", "wtmd"));
  site.rest(121s);
  CHECK_FALSE(site.alarm("fault", "wtmd"));
  CHECK(site.last(device_online).number > site.last(device_offline).number);
}

TEST_CASE("the newest cause is in the journal, and one that changes all the time once a minute", "[chatter]") {
  Chatter site;
  site.rest(10s);
  site.health(false, "Connection refused", "no_connection", "cam-a");
  site.rest(600s);
  site.health(false, "cam-a: the camera refuses this user name or password", "refused_login", "cam-a");
  CHECK(site.count(device_offline) == 2);
  CHECK(find_text(site.last(device_offline).data, "fault") == "refused_login");
  CHECK(site.count(alarm_raised) == 1);

  for (int n = 0; n < 300; ++n) {
    site.health(false, n % 2 == 0 ? "no route to it" : "Connection refused", "no_connection", "cam-a");
    site.rest(1s);
  }
  CHECK(site.count(device_offline) <= 2 + 6);
  CHECK(site.count(device_offline) >= 2 + 4);
  site.health(false, "the stream has no video", "no_connection", "cam-a");
  site.rest(61s);
  CHECK(find_text(site.last(device_offline).data, "detail") == "the stream has no video");
  CHECK(site.count(alarm_raised) == 1);
}
