// SPDX-License-Identifier: Apache-2.0
#include "models/access/portal.h"

#include <catch2/catch.hpp>

#include "models/record/site_event.h"

using namespace gapura;
using Kind = PortalFact::Kind;

namespace {

BootTime at(int ms) { return BootTime(Millis(100'000 + ms)); }

Portal turnstile() {
  PortalConfig config;
  config.kind = PortalKind::turnstile;
  config.entry_release = "g.in", config.exit_release = "g.out";
  config.entry_passage = "g.pin", config.exit_passage = "g.pout";
  Portal portal(config);
  for (const char* signal : {"g.in", "g.out", "g.pin", "g.pout"}) portal.level(signal, Level::off, at(0));
  return portal;
}

Portal door(bool beam) {
  PortalConfig config;
  config.lock = "d.lock", config.contact = "d.contact", config.rex = "d.rex";
  if (beam) config.passage = "d.beam";
  Portal portal(config);
  portal.start(at(-100'000));
  for (const char* signal : {"d.lock", "d.contact", "d.rex", "d.beam"}) portal.level(signal, Level::off, at(0));
  return portal;
}

void release(Portal& portal, Direction direction = Direction::entry) {
  PendingRelease pending;
  pending.intent = 7;
  pending.direction = direction;
  pending.ordered = at(0);
  portal.begin(pending);
}

PulseReport report(PulseOutcome outcome, int ms = 50) { return {7, outcome, Level::on, "", at(ms)}; }

std::vector<Kind> kinds(const PortalFacts& facts) {
  std::vector<Kind> all;
  for (const auto& fact : facts) all.push_back(fact.kind);
  return all;
}

}  // namespace

TEST_CASE("a passage in the released direction makes the grant taken") {
  Portal portal = turnstile();
  release(portal);
  CHECK(portal.pulse_done(report(PulseOutcome::acknowledged)).empty());
  const auto facts = portal.level("g.pin", Level::on, at(900));
  REQUIRE(kinds(facts) == std::vector{Kind::taken});
  CHECK(std::string(facts[0].why) == "passage");
  CHECK(facts[0].release->intent == 7);
  CHECK(facts[0].release->acknowledged_after == Millis(50));
  CHECK(!portal.pending());
}

TEST_CASE("a relay that confirmed the order and reads back off: not taken, and not called open") {
  Portal portal = turnstile();
  release(portal);
  PulseReport unmoved = report(PulseOutcome::acknowledged);
  unmoved.readback = Level::off;
  portal.pulse_done(unmoved);
  const auto facts = portal.tick(*portal.next_deadline());
  REQUIRE(kinds(facts) == std::vector{Kind::not_taken});
  CHECK(std::string(facts[0].why) == "relay_unmoved");

  // A passage counts nevertheless: the read-back was wrong.
  release(portal);
  portal.pulse_done(unmoved);
  CHECK(kinds(portal.level("g.pin", Level::on, at(900))) == std::vector{Kind::taken});
}

TEST_CASE("who passes before the strike can have fallen was on the way already: the release still waits for its own") {
  Portal portal = turnstile();
  release(portal);
  CHECK(portal.level("g.pin", Level::on, at(38)).empty());
  portal.level("g.pin", Level::off, at(60));
  REQUIRE(portal.pending());
  SECTION("and comes before the controller's late answer") {
    CHECK(kinds(portal.level("g.pin", Level::on, at(700))) == std::vector{Kind::taken});
    CHECK(portal.pulse_done(report(PulseOutcome::acknowledged, 900)).empty());
  }
  SECTION("or no one comes") {
    portal.pulse_done(report(PulseOutcome::acknowledged));
    CHECK(kinds(portal.tick(*portal.next_deadline())) == std::vector{Kind::not_taken});
  }
}

TEST_CASE("no passage: not taken, once, at the limit") {
  Portal portal = turnstile();
  release(portal);
  portal.pulse_done(report(PulseOutcome::acknowledged));
  const auto limit = *portal.next_deadline();
  CHECK(limit == at(50) + portal.config().passage_limit);
  CHECK(portal.tick(limit - Millis(1)).empty());
  const auto facts = portal.tick(limit);
  REQUIRE(kinds(facts) == std::vector{Kind::not_taken});
  CHECK(std::string(facts[0].why) == "no_passage");
  CHECK(portal.tick(limit + Millis(1)).empty());
}

TEST_CASE("what the controller could not do is not taken; what it may have done is unknown") {
  Portal portal = turnstile();
  release(portal);
  SECTION("refused") { CHECK(std::string(portal.pulse_done(report(PulseOutcome::refused))[0].why) == "unlock_refused"); }
  SECTION("expired") { CHECK(std::string(portal.pulse_done(report(PulseOutcome::expired))[0].why) == "unlock_expired"); }
  SECTION("unconfirmed, no passage seen") {
    CHECK(portal.pulse_done(report(PulseOutcome::unconfirmed)).empty());
    const auto facts = portal.tick(*portal.next_deadline());
    REQUIRE(kinds(facts) == std::vector{Kind::unknown});
    CHECK(std::string(facts[0].why) == "unlock_unconfirmed");
  }
  SECTION("unconfirmed, but a person passed") {
    portal.pulse_done(report(PulseOutcome::unconfirmed));
    CHECK(kinds(portal.level("g.pin", Level::on, at(500))) == std::vector{Kind::taken});
  }
  SECTION("a controller that never reports ends as unknown, not as a release for ever") {
    CHECK(kinds(portal.tick(*portal.next_deadline())) == std::vector{Kind::unknown});
  }
}

TEST_CASE("a passage without a release, or the other way, is forced") {
  Portal portal = turnstile();
  SECTION("no release") { CHECK(kinds(portal.level("g.pin", Level::on, at(10))) == std::vector{Kind::forced_open}); }
  SECTION("wrong direction") {
    release(portal);
    CHECK(kinds(portal.level("g.pout", Level::on, at(10))) == std::vector{Kind::forced_open});
    CHECK(portal.pending());
  }
}

TEST_CASE("a passage seen only after the line came back is no passage") {
  Portal portal = turnstile();
  release(portal);
  portal.level("g.pin", Level::unknown, at(10));
  CHECK(portal.level("g.pin", Level::on, at(20)).empty());
  CHECK(portal.pending());
}

TEST_CASE("a door without a beam takes its opening for the passage and says so") {
  Portal portal = door(false);
  release(portal);
  const auto facts = portal.level("d.contact", Level::on, at(300));
  REQUIRE(kinds(facts) == std::vector{Kind::taken});
  CHECK(std::string(facts[0].why) == "assumed");
}

TEST_CASE("a door with a beam waits for it") {
  Portal portal = door(true);
  release(portal);
  CHECK(portal.level("d.contact", Level::on, at(300)).empty());
  CHECK(kinds(portal.level("d.beam", Level::on, at(600))) == std::vector{Kind::taken});
}

TEST_CASE("a door opened without a release is forced until it closes") {
  Portal portal = door(true);
  CHECK(kinds(portal.level("d.contact", Level::on, at(10))) == std::vector{Kind::forced_open});
  CHECK(kinds(portal.level("d.contact", Level::off, at(20))) == std::vector{Kind::forced_open_over});
}

TEST_CASE("an exit button is recorded and allows the door to open") {
  Portal portal = door(true);
  CHECK(kinds(portal.level("d.rex", Level::on, at(10))) == std::vector{Kind::exit_requested});
  CHECK(portal.level("d.contact", Level::on, at(1000)).empty());
}

TEST_CASE("a door open for too long is held, and is over when it closes") {
  Portal portal = door(true);
  portal.level("d.rex", Level::on, at(0));
  portal.level("d.contact", Level::on, at(100));
  const auto limit = at(100) + portal.config().held_limit;
  CHECK(portal.tick(limit - Millis(1)).empty());
  CHECK(kinds(portal.tick(limit)) == std::vector{Kind::held_open});
  CHECK(portal.tick(limit + Millis(1000)).empty());
  CHECK(kinds(portal.level("d.contact", Level::off, limit + Millis(2000))) == std::vector{Kind::held_open_over});
}

TEST_CASE("a relay that is on and was not ordered is released by an unknown") {
  Portal portal = door(true);
  CHECK(kinds(portal.level("d.lock", Level::on, at(10))) == std::vector{Kind::released_by_unknown});
  CHECK(kinds(portal.level("d.lock", Level::off, at(500))) == std::vector{Kind::released_by_unknown_over});
  release(portal);
  CHECK(portal.level("d.lock", Level::on, at(20)).empty());
  CHECK(kinds(portal.tick(*portal.next_deadline())) == std::vector{Kind::released_by_unknown});
}

TEST_CASE("a portal whose release cannot be read back is not ready") {
  Portal portal = turnstile();
  CHECK(portal.ready(Direction::entry));
  portal.level("g.in", Level::unknown, at(10));
  CHECK(!portal.ready(Direction::entry));
  CHECK(portal.ready(Direction::exit));
}

TEST_CASE("an output that the driver reports as unordered is an alarm at once, and not where everybody may pass") {
  Portal portal = turnstile();
  const auto facts = portal.level("g.in", Level::on, at(20), true);
  REQUIRE(facts.size() == 1);
  CHECK(facts[0].kind == PortalFact::Kind::released_by_unknown);
  CHECK(portal.level("g.in", Level::on, at(30), true).empty());
  CHECK(portal.level("g.in", Level::off, at(40)).at(0).kind == PortalFact::Kind::released_by_unknown_over);
  portal.set_mode(PortalMode::unlocked, at(50));
  CHECK(portal.level("g.in", Level::on, at(60), true).empty());
}

TEST_CASE("a line lost while a person may have passed: the outcome is unknown, not \"not taken\"") {
  Portal portal = turnstile();
  release(portal);
  portal.pulse_done(report(PulseOutcome::acknowledged));
  portal.level("g.pin", Level::unknown, at(100));
  portal.level("g.pin", Level::off, at(2100));
  const auto facts = portal.tick(*portal.next_deadline());
  REQUIRE(kinds(facts) == std::vector{Kind::unknown});
  CHECK(std::string(facts[0].why) == "passage_unseen");
}

TEST_CASE("a beam that bounces after a passage is not a forced passage") {
  Portal portal = turnstile();
  release(portal);
  portal.pulse_done(report(PulseOutcome::acknowledged));
  portal.level("g.pin", Level::on, at(500));
  portal.level("g.pin", Level::off, at(600));
  CHECK(portal.level("g.pin", Level::on, at(900)).empty());
  portal.level("g.pin", Level::off, at(1000));
  CHECK(kinds(portal.level("g.pin", Level::on, at(9000))) == std::vector{Kind::forced_open});
}

TEST_CASE("an alarm of an earlier run ends with the first level that says so") {
  Portal portal = door(true);
  portal.restore(true, false, false);
  portal.level("d.contact", Level::unknown, at(5));
  CHECK(kinds(portal.level("d.contact", Level::off, at(10))) == std::vector{Kind::forced_open_over});
}

TEST_CASE("a leaf has the keys of the record in their order and ends in one newline") {
  Entry entry;
  entry.type = EventType::access_denied;
  entry.number = 1304566;
  entry.point = "gate-1.in";
  entry.actor = "device";
  entry.at = {UtcTime(Millis(1769822102123)), BootTime(Millis(81233771)), ClockQuality::ok, std::chrono::minutes(420)};
  entry.data = {{"reasons", std::vector<std::string>{"revoked", "expired"}},
                {"codes", std::int64_t{2}},
                {"payload", std::string("a\"\x01\xff")}};
  CHECK(make_leaf(entry, "9f2c11ab") ==
        "{\"v\":1,\"i\":1304566,\"ts\":\"2026-01-31T08:15:02.123+07:00\",\"bt\":81233771,\"boot\":\"9f2c11ab\",\"cq\":"
        "\"ok\",\"typ\":"
        "\"access_denied\",\"pt\":\"gate-1.in\",\"act\":\"device\",\"sub\":null,\"bdg\":null,\"ref\":null,\"d\":{"
        "\"reasons\":[\"revoked\","
        "\"expired\"],\"codes\":2,\"payload\":\"a\\\"\\u0001\xef\xbf\xbd\"}}\n");
}
