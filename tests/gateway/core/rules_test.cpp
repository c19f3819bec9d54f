// SPDX-License-Identifier: Apache-2.0
// The rules of access through the real core: anti-passback, one-time badges, interlock, two-person, escort, occupancy,
// lockdown, modes, panic, roll call, hours, desk readers.
#include "support/memory_site.h"

using namespace gapura;
using namespace gapura::tests;
using namespace std::chrono_literals;
using enum EventType;

namespace {

using Reasons = std::vector<std::string>;

Area& area(SiteConfig& site, const std::string& id) {
  return *std::find_if(site.areas.begin(), site.areas.end(), [&](const Area& a) { return a.id.str() == id; });
}

// The demo site, with a reader for the way out of the inner door.
SiteConfig strict_site() {
  SiteConfig site = demo_site();
  AccessPointConfig out = site.points[2];
  out.id = AccessPointId("door.out"), out.direction = Direction::exit, out.reader = ReaderId("r-door-out");
  std::swap(out.from, out.to);
  out.needs_decision = out.needs_screening = false;
  site.points.push_back(out);
  return site;
}

std::string last_alarm(const SiteHarness& site) { return find_text(site.last(alarm_raised).data, "kind"); }

void enter(SiteHarness& site, const std::string& token) { site.walk("r-in", token, "gate1.passage_in"); }
void into_residence(SiteHarness& site, const std::string& token) { site.walk("r-door", token, "door1.passage"); }

}  // namespace

TEST_CASE("hard anti-passback refuses a badge passed back over the gate, and forgives by name") {
  SiteConfig config = strict_site();
  area(config, "waiting_room").passback = Passback::hard;
  SiteHarness site(config);
  VisitId visit;
  const auto [badge, token] = site.ready_guest(&visit);
  enter(site, token);
  site.scan("r-in", {token});
  CHECK(site.denied() == Reasons{"already_inside"});
  SECTION("a grant without passage consumes nothing") {
    site.scan("r-out", {token});
    site.pulse_done();
    site.pass(10s);
    CHECK(site.count(access_not_taken) == 1);
    site.scan("r-in", {token});
    CHECK(site.denied() == Reasons{"already_inside"});
  }
  SECTION("forgiven once") {
    CHECK(problem(site.ask(ForgivePassback{visit, {}, ""})) == "bad_input");
    site.must(ForgivePassback{visit, {}, "keluar lewat pintu darurat"});
    enter(site, token);
    CHECK(site.count(access_taken) == 2);
    site.scan("r-in", {token});
    CHECK(site.denied() == Reasons{"already_inside"});
  }
  SECTION("exempt for the whole visit") {
    site.must(ExemptPassback{visit, "kursi roda, pintu lain"}, "admin");
    site.scan("r-in", {token});
    CHECK(site.count(access_granted) == 2);
  }
  SECTION("a passage that was not observed is forgiven by itself") {
    site.scan("r-out", {token});
    site.core->handle(
        PulseReport{site.orders.pulses.back().intent, PulseOutcome::unconfirmed, Level::unknown, "", site.clock.now_.boot});
    site.pass(20s);
    CHECK(site.visit(visit).presence == Presence::unknown);
    enter(site, token);
    CHECK(site.visit(visit).presence == Presence::waiting_room);
  }
}

TEST_CASE("soft anti-passback lets pass and writes it down; timed looks at the clock alone") {
  SiteConfig config = strict_site();
  area(config, "waiting_room").passback = GENERATE(Passback::soft, Passback::timed);
  area(config, "waiting_room").passback_time = 60s;
  SiteHarness site(config);
  const auto [badge, token] = site.ready_guest();
  enter(site, token);
  site.scan("r-in", {token});
  if (config.areas[1].passback == Passback::soft) {
    CHECK(site.count(access_granted) == 2);
    for (const auto& [key, value] : site.last(access_granted).data)
      if (key == "tolerated") CHECK(std::get<Reasons>(value) == Reasons{"already_inside"});
  } else {
    CHECK(site.denied() == Reasons{"timed_apb"});
    site.pass(61s);
    site.scan("r-in", {token});
    CHECK(site.count(access_granted) == 2);
  }
}

TEST_CASE("anti-passback forgets at the hour of its daily reset") {
  SiteConfig config = strict_site();
  area(config, "waiting_room").passback = Passback::hard;
  config.rules.passback_reset = Minutes(18 * 60);  // the harness starts at 19:06 local
  SiteHarness site(config);
  VisitId visit;
  const Reply made = site.must(RegisterVisit{{"Tamu Contoh 01", "", "", "uji", "uji", "general"}});
  visit = VisitId(made.id);
  site.accept(visit);
  site.must(RecordScreening{visit, Screening::clear, ""});
  const Reply badge = site.must(IssueBadge{visit, "", 48 * 60});
  enter(site, badge.token);
  site.scan("r-in", {badge.token});
  CHECK(site.denied() == Reasons{"already_inside"});
  site.pass(24h);
  CHECK(site.count(passback_reset) == 1);
  CHECK(site.core->gate().state().people_in(AreaId("waiting_room")) == 1);  // counts are not forgotten
}

TEST_CASE("a one-time badge at several lanes within 10 ms is granted exactly once, 10,000 times") {
  SiteConfig config = demo_site();
  for (int lane = 2; lane <= 4; ++lane) {
    const std::string n = std::to_string(lane);
    PortalConfig gate = config.portals[0];
    gate.id = PortalId("gate" + n);
    gate.entry_release = "gate" + n + ".release_in", gate.exit_release = "gate" + n + ".release_out";
    gate.entry_passage = "gate" + n + ".passage_in", gate.exit_passage = "gate" + n + ".passage_out";
    config.portals.push_back(gate);
    AccessPointConfig in = config.points[0];
    in.id = AccessPointId("gate" + n + ".in"), in.portal = gate.id, in.reader = ReaderId("r-in" + n);
    config.points.push_back(in);
  }
  SiteHarness site(config);
  const std::string lanes[] = {"1", "2", "3", "4"};
  for (const auto& lane : lanes)
    for (const char* signal : {".release_in", ".release_out", ".passage_in", ".passage_out"})
      site.level("gate" + lane + signal, Level::off);
  const VisitId visit = site.register_guest();
  site.accept(visit);
  site.must(RecordScreening{visit, Screening::clear, ""});
  const int rounds = 10'000;
  std::mt19937 random(4);
  int granted = 0, rounds_with_one = 0;
  site.orders.on_pulse = [&](std::uint64_t) { ++granted; };
  for (int round = 0; round < rounds; ++round) {
    IssueBadge once{visit, round ? "babak berikutnya" : "", 0, 1};
    const Reply badge = site.must(once);
    granted = 0;
    std::size_t first_lane = random() % 4;
    for (std::size_t i = 0; i < 4; ++i) {
      const std::size_t lane = (first_lane + i) % 4;
      site.scan(lane == 0 ? "r-in" : "r-in" + lanes[lane], {badge.token});
      site.clock.pass(Millis(static_cast<int>(random() % 4)));
      if (i == 0 && random() % 2 == 0) {  // sometimes the guest is through before the next lane sees the badge
        site.pulse_done();
        site.blip("gate" + lanes[lane] + ".passage_in");
      }
    }
    if (granted == 1) ++rounds_with_one;
    site.pass(20s);
    site.must(ForgivePassback{visit, {}, "uji"});
  }
  CHECK(rounds_with_one == rounds);
}

TEST_CASE("of an interlock's doors at most one is open or released, and unknown counts as open") {
  SiteConfig config = strict_site();
  config.interlocks.push_back({"kunci-ganda", {PortalId("gate"), PortalId("door")}, {}, Millis(0)});
  SiteHarness site(config);
  const auto [badge, token] = site.ready_guest();
  site.scan("r-in", {token});
  const auto [other_badge, other] = site.ready_guest();
  site.scan("r-door", {other});
  CHECK(site.denied() == Reasons{"interlock_busy"});
  CHECK(problem(site.ask(ReleasePortal{AccessPointId("door.in"), "uji"})) == "conflict");
  site.pulse_done();
  site.blip("gate1.passage_in");
  site.level("door1.contact", Level::unknown);
  site.scan("r-in", {other});
  CHECK(site.denied() == Reasons{"interlock_busy"});
  CHECK(site.count(door_state_unknown) == 1);
  site.level("door1.contact", Level::off);
  site.scan("r-in", {other});
  CHECK(site.count(access_granted) == 2);
}

TEST_CASE("two persons open a two-person area together, and leave it together") {
  SiteConfig config = strict_site();
  area(config, "residence").two_person = true;
  SiteHarness site(config);
  VisitId first_visit, second_visit;
  const auto first = site.ready_guest(&first_visit);
  const auto second = site.ready_guest(&second_visit);
  site.scan("r-door", {first.second});
  CHECK(site.denied() == Reasons{"second_person_missing"});
  site.scan("r-door", {first.second});  // the same badge is no second person
  CHECK(site.count(access_granted) == 0);
  site.pass(16s);
  site.scan("r-door", {second.second});  // too late: now this one waits
  CHECK(site.count(access_granted) == 0);
  into_residence(site, first.second);
  CHECK(site.visit(first_visit).presence == Presence::inside);
  CHECK(site.visit(second_visit).presence == Presence::inside);
  CHECK(site.core->gate().state().people_in(AreaId("residence")) == 2);
  site.scan("r-door-out", {first.second});
  CHECK(site.denied() == Reasons{"second_person_missing"});
  site.walk("r-door-out", second.second, "door1.passage");
  CHECK(site.core->gate().state().people_in(AreaId("residence")) == 0);
}

// Seed 51: a guard's release names no person, so the journal still had them in the room that they asked to enter, and took
// them for their own second person.
TEST_CASE("no one counts as their own second person") {
  SiteConfig config = strict_site();
  config.hosts = {{"petugas-1", ""}, {"petugas-2", ""}};
  area(config, "residence").two_person = true;
  for (auto& place : config.areas) place.passback = Passback::off;
  SiteHarness site(config);
  const Reply one = site.must(IssueStaffBadge{"petugas-1"}, "admin");
  const Reply two = site.must(IssueStaffBadge{"petugas-2"}, "admin");
  for (const auto& who : {one, two}) enter(site, who.token);
  site.scan("r-door", {one.token});
  into_residence(site, two.token);
  REQUIRE(site.core->gate().state().people_in(AreaId("residence")) == 2);
  for (int person = 0; person < 2; ++person) {
    site.must(ReleasePortal{AccessPointId("door.out"), "bantuan"});
    site.pulse_done();
    site.pass(300ms);
    site.blip("door1.passage");
  }
  site.walk("r-out", two.token, "gate1.passage_out");
  REQUIRE(site.core->gate().state().people_in(AreaId("residence")) == 1);
  const auto before = site.count(access_granted);
  site.scan("r-door", {one.token});
  CHECK(site.denied() == Reasons{"second_person_missing"});
  CHECK(site.count(access_granted) == before);
}

TEST_CASE("an ordered escort: the host first, visitors within the gap and under the cap, a tail that closes") {
  SiteConfig config = strict_site();
  config.hosts = {{"petugas-1", ""}, {"petugas-2", ""}};
  Area& residence = area(config, "residence");
  residence.escort = EscortRule::ordered, residence.escort_cap = 1, residence.escort_tail = true;
  SiteHarness site(config);
  const Reply head = site.must(IssueStaffBadge{"petugas-1"}, "admin");
  const Reply tail = site.must(IssueStaffBadge{"petugas-2"}, "admin");
  VisitId visit;
  const auto [badge, token] = site.ready_guest(&visit);
  const auto [other_badge, other] = site.ready_guest();
  site.scan("r-door", {token});
  CHECK(site.denied() == Reasons{"escort_missing"});
  CHECK(last_alarm(site) == "visitor_astray");
  into_residence(site, head.token);
  into_residence(site, token);
  CHECK(find_text(site.last(alarm_cleared).data, "kind") == "visitor_astray");
  site.scan("r-door", {other});
  CHECK(site.denied() == Reasons{"escort_limit"});
  SECTION("the tail comes") {
    into_residence(site, tail.token);
    site.pass(60s);
    CHECK(site.count(alarm_raised) == 1);
  }
  SECTION("the tail does not come") {
    site.pass(16s);
    CHECK(site.last(alarm_raised).point == "residence");
    site.scan("r-door", {other});
    CHECK(site.denied() == Reasons{"escort_missing"});
  }
}

TEST_CASE("an area's limit counts who is inside and who has just been let in") {
  SiteConfig config = strict_site();
  area(config, "waiting_room").limit = 1;
  SiteHarness site(config);
  const auto first = site.ready_guest(), second = site.ready_guest();
  enter(site, first.second);
  site.scan("r-in", {second.second});
  CHECK(site.denied() == Reasons{"area_full"});
  site.walk("r-out", first.second, "gate1.passage_out");
  enter(site, second.second);
  CHECK(site.core->gate().state().people_in(AreaId("waiting_room")) == 1);
}

TEST_CASE("the highest lockdown rules an area, lets its own pass, and ends by itself") {
  SiteConfig config = strict_site();
  config.hosts = {{"petugas-1", ""}};
  config.lockdowns = {{"ringan", "", {AreaId("waiting_room")}, 1, {"staff", "leaving"}, 30min},
                      {"total", "", {AreaId("waiting_room"), AreaId("residence")}, 9, {}, Millis(0)}};
  SiteHarness site(config);
  const Reply staff = site.must(IssueStaffBadge{"petugas-1"}, "admin");
  const auto [badge, token] = site.ready_guest();
  site.must(StartLockdown{"ringan", "latihan"});
  site.scan("r-in", {token});
  CHECK(site.denied() == Reasons{"lockdown"});
  enter(site, staff.token);
  CHECK(site.count(access_taken) == 1);
  site.must(StartLockdown{"total", "uji"});
  site.scan("r-out", {staff.token});
  CHECK(site.denied() == Reasons{"lockdown"});
  CHECK(problem(site.ask(ReleasePortal{AccessPointId("gate.in"), "uji"})) == "conflict");
  site.open();  // a lockdown survives a restart
  CHECK(site.facts().lockdowns.size() == 2);
  site.must(EndLockdown{"total", "aman"});
  site.pass(31min);
  CHECK(site.facts().lockdowns.empty());
  CHECK(find_text(site.last(lockdown_ended).data, "why") == "reverted");
  enter(site, token);
  CHECK(site.count(access_taken) == 2);
}

TEST_CASE("a blocked portal refuses; an unlocked door is a pulse renewed under its entry; open to all is no alarm") {
  SiteConfig config = demo_site();
  config.lockdowns = {{"total", "", {AreaId("residence")}, 9, {}, Millis(0)}};
  SiteHarness site(config);
  const auto [badge, token] = site.ready_guest();
  CHECK(problem(site.ask(SetPortalMode{PortalId("gate"), PortalMode::unlocked, "uji"})) == "conflict");
  site.must(SetPortalMode{PortalId("door"), PortalMode::blocked, "perbaikan"}, "admin");
  site.scan("r-door", {token});
  CHECK(site.denied() == Reasons{"lockdown"});
  site.must(SetPortalMode{PortalId("door"), PortalMode::unlocked, "acara"}, "admin");
  const auto allowed_by = site.last(mode_changed).number;
  for (int i = 0; i < 4; ++i) site.pass(600ms);
  REQUIRE(site.orders.pulses.size() >= 3);
  for (const auto& pulse : site.orders.pulses) CHECK(pulse.intent == allowed_by);
  site.level("door1.lock", Level::on);
  site.level("door1.contact", Level::on);
  site.pass(60s);
  CHECK(site.count(alarm_raised) == 0);
  site.must(StartLockdown{"total", "uji"});  // goes before the mode: the last pulse ends and is not renewed
  const auto at_lockdown = site.orders.pulses.size();
  site.pass(5s);
  CHECK(site.orders.pulses.size() == at_lockdown);
  CHECK(site.core->next_deadline() > site.clock.now_.boot);
  site.must(EndLockdown{"total", "selesai"});
  site.pass(1s);
  CHECK(site.orders.pulses.size() > at_lockdown);
  const auto pulses = site.orders.pulses.size();
  site.level("door1.contact", Level::off);
  site.must(SetPortalMode{PortalId("door"), PortalMode::locked, "selesai"}, "admin");
  site.level("door1.lock", Level::off);
  site.pass(60s);
  CHECK(site.orders.pulses.size() == pulses);
  site.level("door1.contact", Level::on);
  CHECK(last_alarm(site) == "forced_open");
}

TEST_CASE("panic never clears by itself and may start a lockdown; duress is silent") {
  SiteConfig config = strict_site();
  config.hosts = {{"petugas-1", ""}};
  config.lockdowns = {{"total", "", {AreaId("residence")}, 9, {}, Millis(0)}};
  config.rules.panic_lockdown = "total";
  config.rules.panic_inputs = {"door1.rex"};
  SiteHarness site(config);
  SECTION("by a button") {
    site.level("door1.rex", Level::on);
    CHECK(last_alarm(site) == "panic");
    CHECK(site.facts().lockdowns.contains("total"));
    site.level("door1.rex", Level::off);
    site.pass(24h);
    const auto alarm = site.last(alarm_raised);
    std::uint64_t panic = 0;
    for (const auto& [number, standing] : site.core->gate().state().alarms)
      if (standing.kind == AlarmKind::panic) panic = number;
    REQUIRE(panic > 0);
    site.must(AcknowledgeAlarm{panic, AlarmHandling::handled});
    CHECK(!site.core->gate().state().alarms.contains(panic));
  }
  SECTION("a loud alarm is not swallowed by a silent one of the same place") {
    site.must(Panic{"pos", true});
    site.must(Panic{"pos", false});
    CHECK(site.core->gate().state().alarms.size() == 2);
    CHECK(site.facts().lockdowns.contains("total"));
  }
  SECTION("by a duress badge: the door opens as usual") {
    IssueStaffBadge duress{"petugas-1", true};
    const Reply badge = site.must(duress, "admin");
    enter(site, badge.token);
    CHECK(site.count(access_taken) == 1);
    CHECK(site.count(duress_signalled) == 1);
    CHECK(site.core->gate().state().alarms.begin()->second.silent);
    CHECK(site.facts().lockdowns.empty());
  }
}

TEST_CASE("who is inside with a staff badge that was revoked counts there until a person has seen them out") {
  SiteConfig config = strict_site();
  config.hosts = {{"petugas-1", ""}};
  SiteHarness site(config);
  const Reply staff = site.must(IssueStaffBadge{"petugas-1"}, "admin");
  enter(site, staff.token);
  const auto inside = [&] { return site.core->gate().state().people_in(AreaId("waiting_room")); };
  REQUIRE(inside() == 1);
  site.must(RevokeBadge{BadgeId(staff.id), "hilang"}, "admin");
  CHECK(inside() == 1);  // a roll call must find them
  site.must(ForgivePassback{{}, BadgeId(staff.id), "diantar keluar"});
  CHECK(inside() == 0);
  site.open();
  CHECK(inside() == 0);
}

TEST_CASE("a roll call takes marks late and twice, and counts who is inside") {
  SiteHarness site;
  VisitId visit;
  const auto [badge, token] = site.ready_guest(&visit);
  enter(site, token);
  site.must(StartMuster{"latihan"});
  CHECK(find_integer(site.last(muster_started).data, "inside") == 1);
  site.must(MarkSafe{visit, site.clock.now_.utc - 30s});
  site.must(MarkSafe{visit});
  CHECK(site.count(muster_marked) == 1);
  CHECK(site.facts().muster->safe.contains(visit));
  site.must(EndMuster{"selesai"});
  CHECK(!site.facts().muster);
}

TEST_CASE("outside hours a guest is registered with the rule, and enters only by the aide's word") {
  SiteConfig config = demo_site();
  std::vector<std::chrono::weekday> days;
  for (unsigned day = 0; day < 7; ++day) days.emplace_back(day);
  config.hours.rules = {{"general", {{days, {false, Minutes(8 * 60)}, {false, Minutes(15 * 60)}}}}};
  SiteHarness site(config);  // it is evening
  const Reply made = site.must(RegisterVisit{{"Tamu Contoh 01", "", "", "uji", "uji", "general"}});
  CHECK(made.out_of_hours == "not_now");
  const VisitId visit(made.id);
  const Reply badge = site.must(IssueBadge{visit, "", 0});
  site.must(RecordScreening{visit, Screening::clear, ""});
  site.scan("r-in", {badge.token});
  CHECK(site.denied() == Reasons{"not_now", "not_approved"});
  site.accept(visit);
  CHECK(site.visit(visit).hours_permit);
  enter(site, badge.token);
  CHECK(site.count(access_taken) == 1);
}

TEST_CASE("on the desk a badge says what it is; in the return box it ends the visit") {
  SiteConfig config = demo_site();
  config.post_readers = {{ReaderId("r-post"), PostReaderKind::post}, {ReaderId("r-box"), PostReaderKind::return_box}};
  SiteHarness site(config);
  VisitId visit;
  const auto [badge, token] = site.ready_guest(&visit);
  site.scan("r-post", {token});
  CHECK(find_text(site.last(badge_presented).data, "is") == "issued");
  CHECK(find_text(site.last(badge_presented).data, "desk") == "post");
  CHECK(site.last(badge_presented).visit == visit);
  site.scan("r-post", {"bukan kartu"});
  CHECK(find_text(site.last(badge_presented).data, "is") == "malformed_payload");
  CHECK(find_text(site.last(badge_presented).data, "reject") == "wrong_prefix");
  enter(site, token);
  site.walk("r-out", token, "gate1.passage_out");
  site.scan("r-box", {token});
  CHECK(find_text(site.last(badge_presented).data, "desk") == "return_box");
  CHECK(site.visit(visit).state == VisitState::departed);
  CHECK(site.count(access_denied) == 0);
}

TEST_CASE("a suspect clock denies entry where hours or validity apply, and lets all out") {
  SiteHarness site;
  const auto [badge, token] = site.ready_guest();
  enter(site, token);
  const auto [other_badge, other] = site.ready_guest();
  site.clock.now_.quality = ClockQuality::suspect;
  site.scan("r-in", {other});
  CHECK(site.denied() == Reasons{"clock_untrusted"});
  site.walk("r-out", token, "gate1.passage_out");
  CHECK(site.count(access_taken) == 2);
}

// ---- Doors that are unlocked by schedule. The harness starts on a Wednesday, 19:06:40 local.

namespace {

SiteConfig evening_door(int from_hour, int to_hour) {
  SiteConfig config = demo_site();
  std::vector<std::chrono::weekday> days;
  for (unsigned day = 0; day < 7; ++day) days.emplace_back(day);
  config.portals[1].unlocked = {{{days, {false, Minutes(from_hour * 60)}, {false, Minutes(to_hour * 60)}}}};
  return config;
}
PortalMode door_mode(const SiteHarness& site) {
  const auto& modes = site.facts().modes;
  const auto found = modes.find(PortalId("door"));
  return found == modes.end() ? PortalMode::locked : found->second.mode;
}

}  // namespace

TEST_CASE("a door stands unlocked by its schedule, each hour with its entry, and is locked again") {
  SiteHarness site(evening_door(20, 21));
  site.pass(1s);
  CHECK(site.count(mode_changed) == 0);
  CHECK(site.core->gate().view(site.clock.now_).portals[1].unlocks);
  site.pass(53min + 18s);  // 19:59:59
  CHECK(door_mode(site) == PortalMode::locked);
  site.pass(1s);
  const Entry opened = site.last(mode_changed);
  CHECK(find_text(opened.data, "mode") == "unlocked");
  CHECK(find_text(opened.data, "by") == "schedule");
  CHECK(find_integer(opened.data, "until") == (site.clock.now_.utc + 1h).time_since_epoch().count());
  CHECK(opened.actor == "system");
  site.pass(600ms), site.pass(600ms);
  REQUIRE(site.orders.pulses.size() >= 2);
  for (const auto& pulse : site.orders.pulses) CHECK(pulse.intent == opened.number);
  CHECK(site.core->gate().view(site.clock.now_).portals[1].unlocked_until == opened.at.utc + 1h);
  site.open();  // survives a restart under the same entry
  CHECK(door_mode(site) == PortalMode::unlocked);
  site.pass(1s);
  CHECK(site.orders.pulses.back().intent == opened.number);
  site.pass(1h);
  CHECK(find_text(site.last(mode_changed).data, "mode") == "locked");
  CHECK(site.count(mode_changed) == 2);
  const auto pulses = site.orders.pulses.size();
  site.pass(1min);
  CHECK(site.orders.pulses.size() == pulses);
  CHECK(site.core->next_deadline() > site.clock.now_.boot);
}

TEST_CASE("what a person says of a door stands until its next window; a blocked door stays blocked") {
  SiteHarness site(evening_door(19, 21));
  site.pass(1s);
  CHECK(door_mode(site) == PortalMode::unlocked);  // the gateway was started within the window
  SECTION("locked by hand") {
    site.must(SetPortalMode{PortalId("door"), PortalMode::locked, "tamu gaduh"});
    site.pass(1h);
    CHECK(door_mode(site) == PortalMode::locked);
    CHECK(site.count(mode_changed) == 2);
    CHECK(site.core->next_deadline() > site.clock.now_.boot);
    site.pass(23h);
    CHECK(door_mode(site) == PortalMode::unlocked);
  }
  SECTION("blocked, and blocked over the next window") {
    site.must(SetPortalMode{PortalId("door"), PortalMode::blocked, "perbaikan"}, "admin");
    site.pass(24h);
    CHECK(door_mode(site) == PortalMode::blocked);
    CHECK(site.count(mode_changed) == 2);
  }
  SECTION("unlocked by hand beyond the window") {
    site.must(SetPortalMode{PortalId("door"), PortalMode::locked, "istirahat"});
    site.must(SetPortalMode{PortalId("door"), PortalMode::unlocked, "acara malam"});
    site.pass(3h);
    CHECK(door_mode(site) == PortalMode::unlocked);
  }
  SECTION("the window ended while the gateway was off") {
    site.clock.pass(3h);
    site.open();
    site.pass(1s);
    CHECK(door_mode(site) == PortalMode::locked);
  }
  SECTION("a clock that is not trusted locks it; trusted again, it opens") {
    site.clock.now_.quality = ClockQuality::suspect;
    site.pass(1s);
    CHECK(door_mode(site) == PortalMode::locked);
    site.clock.now_.quality = ClockQuality::ok;
    site.pass(1s);
    CHECK(door_mode(site) == PortalMode::unlocked);
  }
}

TEST_CASE("over the SOP's limit a party enters only as the aide permitted, and the entry says who did") {
  SiteConfig config = strict_site();
  Sop sop;
  sop.id = "SOP#1", sop.categories = {"general"};
  sop.rules = {{.type = "limit", .measure = "members_inside", .unless = "aide_permission", .max = 1}};
  config.sops = {sop};
  SiteHarness site(config);
  RegisterVisit group{{"Tamu Contoh 01", "", "", "uji", "uji", "general"}};
  group.party = 3;
  const VisitId visit(site.must(group).id);
  CHECK(problem(site.ask(PermitMembers{visit, "sempit"}, "aide")) == "conflict");  // not accepted yet
  site.accept(visit);
  site.must(RecordScreening{visit, Screening::clear, ""});
  const Reply badge = site.must(IssueBadge{visit, "", 0});
  for (int i = 0; i < 3; ++i) enter(site, badge.token);
  into_residence(site, badge.token);
  CHECK(find_text(site.last(access_granted).data, "permitted_by").empty());
  site.scan("r-door", {badge.token});
  CHECK(site.denied() == Reasons{"escort_limit"});
  CHECK(problem(site.ask(PermitMembers{visit, ""}, "aide")) == "bad_input");
  site.must(PermitMembers{visit, "ajudan lewat telepon", true}, "guard");
  CHECK(find_flag(site.last(limit_permitted).data, "verbal"));
  CHECK(problem(site.ask(PermitMembers{visit, "lagi"}, "aide")) == "conflict");
  site.open();  // kept
  into_residence(site, badge.token);
  CHECK(find_text(site.last(access_granted).data, "permitted_by") == "u-guard");
  CHECK(site.core->gate().state().people_in(AreaId("residence")) == 2);
}

TEST_CASE("a door whose SOP requires an answer stays shut after another one, however often it is tapped") {
  SiteConfig config = strict_site();
  Sop sop;
  sop.id = "SOP#1", sop.categories = {"general"};
  SopStep letter;
  letter.id = "letter", letter.symbol = "decision", letter.evidence = Evidence::attested;
  letter.branches = {{"yes", "end"}, {"no", "end"}};
  letter.answers = {{"yes", "Ada"}, {"no", "Tidak ada"}};
  sop.steps = {letter};
  sop.gates = {{"waiting_room", {"letter:yes"}}};
  config.sops = {sop};
  SiteHarness site(config);
  const VisitId visit = site.register_guest();
  site.accept(visit);
  site.must(RecordScreening{visit, Screening::clear, ""});
  const Reply badge = site.must(IssueBadge{visit, "", 0});
  const auto refused_at_the_gate = [&] {
    site.scan("r-in", {badge.token});
    return site.denied() == Reasons{"sop_step_missing"};
  };
  CHECK(problem(site.ask(AttestStep{visit, "letter"})) == "bad_input");
  CHECK(problem(site.ask(AttestStep{visit, "letter", "maybe"})) == "bad_input");
  CHECK(refused_at_the_gate());
  site.must(AttestStep{visit, "letter", "no"});
  CHECK(refused_at_the_gate());
  CHECK(problem(site.ask(AttestStep{visit, "letter", "no"})) == "conflict");
  site.must(AttestStep{visit, "letter", "yes"});
  CHECK(find_text(site.last(step_attested).data, "was") == "no");
  site.must(Undo{site.last(step_attested).number});
  CHECK(site.visit(visit).attested == std::vector<std::string>{"letter:no"});
  CHECK(refused_at_the_gate());
  site.open();  // kept
  CHECK(refused_at_the_gate());
  site.must(AttestStep{visit, "letter", "yes"});
  enter(site, badge.token);
  CHECK(site.visit(visit).presence == Presence::waiting_room);
}

TEST_CASE("the aide may accept a party as a whole, and taking that back takes the permission back") {
  SiteConfig config = strict_site();
  Sop sop;
  sop.id = "SOP#1", sop.categories = {"general"};
  sop.rules = {{.type = "limit", .measure = "members_inside", .unless = "aide_permission", .max = 1}};
  config.sops = {sop};
  SiteHarness site(config);
  const VisitId visit = site.register_guest();
  site.must(AskAide{visit});
  DecideVisit all{visit, AideDecision::accept_now, 0, "", site.visit(visit).approval_version, false};
  all.all_members = true;
  site.must(all, "aide");
  CHECK(site.visit(visit).members_permit == "u-aide");
  site.must(Undo{site.last(approval_decided).number}, "aide");
  CHECK(site.visit(visit).members_permit.empty());
  DecideVisit hold{visit, AideDecision::hold, 5, "", site.visit(visit).approval_version, false};
  hold.all_members = true;
  CHECK(problem(site.ask(hold, "aide")) == "bad_input");
}
