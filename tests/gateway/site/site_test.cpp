// SPDX-License-Identifier: Apache-2.0
#include <sqlite3.h>

#include "gateway/registry/registry.h"
#include "support/sqlite_site.h"

using namespace gapura;
using namespace gapura::tests;
using enum EventType;

TEST_CASE("a visitor's whole day: registered, accepted, badge, detector, gate, meeting, exit, badge back") {
  SiteHarness site;
  const VisitId visit = site.register_guest();
  const auto shown = [&] { return site.core->gate().state().find_visit(visit); };
  CHECK(shown()->presence == Presence::at_post);
  site.must(AskAide{visit});
  CHECK(shown()->state == VisitState::waiting);
  REQUIRE(site.orders.taken.size() == 1);
  CHECK(site.orders.taken[0].second == "waiting_room");
  site.must(DecideVisit{visit, AideDecision::accept_now, 0, "", 1, false}, "aide");
  CHECK(shown()->state == VisitState::called);
  const Reply badge = site.must(IssueBadge{visit, "", 0});
  CHECK(std::holds_alternative<TokenBytes>(parse_token(badge.token)));

  site.blip("wtmd1.passage");
  CHECK(shown()->screening == Screening::passed_through);
  site.must(RecordScreening{visit, Screening::clear, ""});  // the guard's word
  CHECK(shown()->screening == Screening::clear);

  site.scan("r-in", {badge.token});
  REQUIRE(site.orders.pulses.size() == 1);
  CHECK(site.orders.pulses[0].signal == "gate1.release_in");
  CHECK(shown()->presence == Presence::at_post);  // granted is not passed
  site.pulse_done();
  site.pass(Millis(700));
  site.blip("gate1.passage_in");
  CHECK(shown()->presence == Presence::waiting_room);
  CHECK(site.last(access_taken).ref == site.orders.pulses[0].intent);

  site.scan("r-door", {badge.token});
  site.pulse_done();
  site.level("door1.contact", Level::on);
  site.blip("door1.passage");
  site.level("door1.contact", Level::off);
  CHECK(shown()->state == VisitState::in_meeting);
  CHECK(shown()->presence == Presence::inside);

  site.scan("r-out", {badge.token});
  site.pulse_done();
  site.blip("gate1.passage_out");
  CHECK(shown()->presence == Presence::outside);
  site.must(ReturnBadge{BadgeId(badge.id)});
  CHECK(shown()->state == VisitState::departed);
  CHECK(shown()->closed);
  CHECK(find_text(site.last(visit_closed).data, "outcome") == "departed");
  CHECK(site.count(alarm_raised) == 0);
}

TEST_CASE("the granting entry is on disk before the pulse leaves") {
  SiteHarness site;
  const auto [badge, token] = site.ready_guest();
  bool seen = false;
  site.orders.on_pulse = [&](std::uint64_t intent) {
    const auto entries = site.journal();  // another connection sees committed entries only
    seen = entries.size() == intent + 1 && entries.back().type == access_granted;
  };
  site.scan("r-in", {token});
  CHECK(seen);
}

TEST_CASE("a revoked badge is refused at its next scan, and that is an alarm") {
  SiteHarness site;
  const auto [badge, token] = site.ready_guest();
  site.must(RevokeBadge{badge, "hilang"}, "admin");
  site.scan("r-in", {token});
  CHECK(site.orders.pulses.empty());
  CHECK(reasons(site.last(access_denied)) == std::vector<std::string>{"revoked"});
  CHECK(find_text(site.last(alarm_raised).data, "kind") == "revoked_or_lost_used");
  site.scan("r-in", {token});
  CHECK(site.count(access_denied) == 2);
  CHECK(site.count(alarm_raised) == 1);
  site.must(AcknowledgeAlarm{site.last(alarm_raised).number, AlarmHandling::handled});
  CHECK(site.core->gate().state().alarms.empty());
}

TEST_CASE("every attempt is recorded, and only badges get as far as a look-up") {
  SiteHarness site;
  const std::string unknown = make_token({1, 2, 3});
  site.scan("r-in", {unknown});
  CHECK(reasons(site.last(access_denied)) == std::vector<std::string>{"unknown_badge"});
  for (const std::string& payload :
       {std::string("'; DROP TABLE badge; --"), std::string("<img src=x onerror=alert(1)>"),
        std::string("\x1b[2J\0\x07", 6), std::string(2900, 'A'), std::string("https://contoh.example")}) {
    site.scan("r-in", {payload});
    const Entry denied = site.last(access_denied);
    CHECK(reasons(denied).front() == "malformed_payload");
    CHECK(site.note(denied.number) == escape_payload(payload));
    CHECK(find_text(denied.data, "payload").empty());  // may be a person's vCard: not in the leaf
  }
  CHECK(site.orders.pulses.empty());
}

TEST_CASE(
    "a scan that its scanner spoiled is recorded with the fault and opens nothing, even where a good badge stands in it") {
  SiteHarness site;
  const auto [badge, token] = site.ready_guest();
  for (const ScanFault fault :
       {ScanFault::control_character, ScanFault::too_long, ScanFault::incomplete, ScanFault::noise, ScanFault::lost_events,
        ScanFault::unknown_key, ScanFault::prefix_missing, ScanFault::suffix_missing}) {
    const auto before = site.count(access_denied);
    site.core->handle(BadgeRead{ReaderId("r-in"), {token}, site.clock.now_.boot, nullptr, fault});
    CHECK(site.count(access_denied) == before + 1);
    const Entry denied = site.last(access_denied);
    CHECK(reasons(denied).front() == "malformed_payload");
    CHECK(find_text(denied.data, "reject") == word(fault));
    CHECK(denied.badge.empty());
  }
  CHECK(site.orders.pulses.empty());
  site.scan("r-in", {token});
  CHECK(site.orders.pulses.size() == 1);
}

TEST_CASE("two badges in one view open nothing; a poster beside a badge does not matter") {
  SiteHarness site;
  const auto [badge, token] = site.ready_guest();
  site.scan("r-in", {token, make_token({9})});
  CHECK(reasons(site.last(access_denied)) == std::vector<std::string>{"ambiguous_scan"});
  site.scan("r-in", {"https://poster.example", "WIFI:S:tamu;;"});
  CHECK(reasons(site.last(access_denied)) == std::vector<std::string>{"ambiguous_scan"});
  CHECK(site.orders.pulses.empty());
  site.scan("r-in", {"https://poster.example", token});
  CHECK(site.orders.pulses.size() == 1);
}

TEST_CASE("a second scan while a release is under way opens nothing more") {
  SiteHarness site;
  const auto [badge, token] = site.ready_guest();
  const auto [other, other_token] = site.ready_guest();
  site.scan("r-in", {token});
  site.scan("r-in", {token});
  CHECK(reasons(site.last(access_denied)) == std::vector<std::string>{"duplicate_scan"});
  site.scan("r-in", {other_token});
  CHECK(reasons(site.last(access_denied)) == std::vector<std::string>{"interlock_busy"});
  CHECK(site.orders.pulses.size() == 1);
}

TEST_CASE("a controller that does not answer is not released") {
  SiteHarness site;
  const auto [badge, token] = site.ready_guest();
  site.level("gate1.release_in", Level::unknown);
  site.scan("r-in", {token});
  CHECK(reasons(site.last(access_denied)) == std::vector<std::string>{"portal_fault"});
  const auto by_hand = site.ask(ReleasePortal{AccessPointId("gate.in"), "tamu terjepit"});
  REQUIRE(!by_hand);
  CHECK(by_hand.error().kind == ErrorKind::unavailable);
}

TEST_CASE("what became of the pulse becomes the outcome") {
  SiteHarness site;
  const auto [badge, token] = site.ready_guest();
  site.scan("r-in", {token});
  SECTION("refused") {
    site.pulse_done(PulseOutcome::refused);
    CHECK(find_text(site.last(access_not_taken).data, "why") == "unlock_refused");
  }
  SECTION("expired") {
    site.pulse_done(PulseOutcome::expired);
    CHECK(find_text(site.last(access_not_taken).data, "why") == "unlock_expired");
  }
  SECTION("unconfirmed") {
    site.pulse_done(PulseOutcome::unconfirmed);
    site.pass(Millis(10'000));
    CHECK(find_text(site.last(access_unknown).data, "why") == "unlock_unconfirmed");
  }
  SECTION("no passage") {
    site.pulse_done();
    site.pass(Millis(6'000));
    CHECK(find_text(site.last(access_not_taken).data, "why") == "no_passage");
  }
  CHECK(site.core->gate().state().open_intents.empty());
  CHECK(site.count(access_taken) + site.count(access_not_taken) + site.count(access_unknown) == 1);
  // The badge is as good as before: nothing was consumed by a grant alone.
  site.scan("r-in", {token});
  CHECK(site.orders.pulses.size() == 2);
}

TEST_CASE("killed between commit and pulse: closed as unknown at the next start, never replayed") {
  SiteHarness site;
  const auto [badge, token] = site.ready_guest();
  site.scan("r-in", {token});
  const auto intent = site.orders.pulses.back().intent;
  site.orders.pulses.clear();
  site.open();
  const Entry outcome = site.last(access_unknown);
  CHECK(outcome.ref == intent);
  CHECK(find_text(outcome.data, "why") == "unlock_not_delivered");
  CHECK(site.orders.pulses.empty());
  CHECK(site.core->gate().state().open_intents.empty());
  site.open();
  CHECK(site.count(access_unknown) == 1);
}

TEST_CASE("everything a restart needs is in the tables: the state is the same before and after") {
  SiteHarness site;
  VisitId visit;
  const auto [badge, token] = site.ready_guest(&visit);
  site.scan("r-in", {token});
  site.pulse_done();
  site.blip("gate1.passage_in");
  site.core->handle(DeviceHealth{DeviceHealth::Kind::controller, "gate1", false, "uji", site.clock.now_.boot});
  const Visit before = *site.core->gate().state().find_visit(visit);
  const Badge badge_before = *site.core->gate().state().find_badge(badge);
  const auto next = site.core->gate().state().next_number;
  site.open();
  CHECK(*site.core->gate().state().find_visit(visit) == before);
  CHECK(*site.core->gate().state().find_badge(badge) == badge_before);
  CHECK(site.core->gate().state().next_number > next);
}

TEST_CASE("folding the journal rebuilds the state") {
  SiteHarness site;
  VisitId visit;
  const auto [badge, token] = site.ready_guest(&visit);
  site.scan("r-in", {token});
  site.pulse_done();
  site.blip("gate1.passage_in");
  const auto [second, second_token] = site.ready_guest();
  site.must(RevokeBadge{second, "uji"}, "admin");
  site.scan("r-in", {second_token});
  site.scan("r-door", {token});

  SiteState folded;
  for (const auto& entry : site.journal()) {
    SiteEdit edit(folded);
    apply(edit, entry, site.core->gate().config());
    edit.merge_into(folded, entry.at.utc);
  }
  const SiteState& live = site.core->gate().state();
  CHECK(folded.visits == live.visits);
  CHECK(folded.badges == live.badges);
  CHECK(folded.badge_by_token == live.badge_by_token);
  CHECK(folded.open_intents == live.open_intents);
  CHECK(folded.alarms == live.alarms);
  CHECK(folded.next_number == live.next_number);
  auto loaded = load_state(*Database::open_reader(site.folder.path() + "/gapura.db"));
  REQUIRE(loaded);
  CHECK(loaded->visits == live.visits);
  CHECK(loaded->badges == live.badges);
  CHECK(loaded->alarms == live.alarms);
}

TEST_CASE("a full disk ends granting, is recorded in the reserve's space, and stays so") {
  SiteHarness site;
  const auto [badge, token] = site.ready_guest();
  const auto pages = [&](const std::string& count) {
    sqlite3_exec(site.writer, ("PRAGMA max_page_count = " + count).c_str(), nullptr, nullptr, nullptr);
  };
  site.on_reserve = [&] { pages("1000000"); };
  pages("1");  // no page more than there are now
  int scans = 0;
  while (site.core->gate().granting() && ++scans < 10'000) site.scan("r-in", {std::string(2900, 'x')});
  REQUIRE(!site.core->gate().granting());
  CHECK(site.count(granting_stopped) == 1);
  site.scan("r-in", {token});
  CHECK(site.orders.pulses.empty());
  CHECK(reasons(site.last(access_denied)) == std::vector<std::string>{"journal_unavailable"});
  CHECK(!site.core->view()->granting);
  REQUIRE(site.core->view()->why_not.size() == 1);
  // The command to resume must itself be recorded; then it orders the restart, which reads the file again.
  sqlite3_exec(site.writer, "PRAGMA query_only = ON", nullptr, nullptr, nullptr);
  CHECK(site.ask(ResumeGranting{"uji"}).error().kind == ErrorKind::storage);
  CHECK(site.orders.restarts == 0);
  sqlite3_exec(site.writer, "PRAGMA query_only = OFF", nullptr, nullptr, nullptr);
  CHECK_FALSE(site.ask(ResumeGranting{""}));
  CHECK(site.must(ResumeGranting{"ruang disk dikosongkan"}).entry > 0);
  CHECK(site.last(granting_resumed).actor == "u-guard");
  CHECK(site.note(site.last(granting_resumed).number) == "ruang disk dikosongkan");
  CHECK(site.orders.restarts == 1);
  CHECK_FALSE(site.core->gate().granting());  // not before the file was read
  site.open();
  CHECK(site.ask(ResumeGranting{"sekali lagi"}).error().kind == ErrorKind::conflict);
  site.scan("r-in", {token});
  CHECK(site.orders.pulses.size() == 1);
}

TEST_CASE("a grant that cannot be committed sends no pulse") {
  SiteHarness site;
  const auto [badge, token] = site.ready_guest();
  sqlite3_exec(site.writer, "PRAGMA query_only = ON", nullptr, nullptr, nullptr);  // every write fails from here
  site.scan("r-in", {token});
  CHECK(site.orders.pulses.empty());
  CHECK(site.core->gate().state().open_intents.empty());
}

TEST_CASE("the first decision wins, and the later one is refused") {
  SiteHarness site;
  const VisitId visit = site.register_guest();
  site.must(AskAide{visit});
  site.must(DecideVisit{visit, AideDecision::decline, 0, "jadwal penuh", 1, false}, "aide");
  const auto late = site.ask(DecideVisit{visit, AideDecision::accept_now, 0, "", 1, false}, "aide");
  REQUIRE(!late);
  CHECK(late.error().kind == ErrorKind::conflict);
  CHECK(!site.ask(IssueBadge{visit, "", 0}));
}

TEST_CASE("one person has one open visit, and one visit one badge") {
  SiteHarness site;
  const VisitId visit = site.register_guest("Tamu Contoh 02", "0800-000-002");
  const auto twice = site.ask(RegisterVisit{"Tamu Contoh 02", "0800-000-002", "", "uji", "pimpinan", "general", ""});
  REQUIRE(!twice);
  CHECK(twice.error().kind == ErrorKind::conflict);
  const Reply first = site.must(IssueBadge{visit, "", 0});
  CHECK(!site.ask(IssueBadge{visit, "", 0}));
  const Reply second = site.must(IssueBadge{visit, "cetakan rusak", 0});
  site.scan("r-in", {first.token});
  CHECK(reasons(site.last(access_denied)).front() == "revoked");
  CHECK(first.token != second.token);
}

TEST_CASE("a returning guest keeps one identity over visits") {
  SiteHarness site;
  const VisitId first = site.register_guest("Tamu Contoh 03", "0800-000-003");
  const GuestId guest = site.core->gate().state().find_visit(first)->guest;
  site.must(CloseVisit{first, VisitState::left_early, ""});
  const VisitId again = site.register_guest("Tamu Contoh 03", "0800-000-003");
  CHECK(site.core->gate().state().find_visit(again)->guest == guest);
}

TEST_CASE("a visit cannot close over an outstanding badge without a word") {
  SiteHarness site;
  VisitId visit;
  const auto [badge, token] = site.ready_guest(&visit);
  CHECK(!site.ask(CloseVisit{visit, VisitState::departed, ""}));
  site.must(CloseVisit{visit, VisitState::departed, "kartu dibawa pulang"});
  site.scan("r-in", {token});
  CHECK(reasons(site.last(access_denied)).front() == "revoked");
}

TEST_CASE("no personal word reaches a leaf") {
  SiteHarness site;
  const VisitId visit = VisitId(site.must(RegisterVisit{"Namaku Rahasia", "0800-777", "Lembaga Rahasia",
                                                        "Keperluan Rahasia", "Tujuan Rahasia", "special", ""})
                                    .id);
  site.must(AskAide{visit});
  site.must(DecideVisit{visit, AideDecision::decline, 0, "Alasan Rahasia", 1, false}, "aide");
  auto reader = Database::open_reader(site.folder.path() + "/gapura.db");
  auto row = reader->prepare(
      "SELECT count(*) FROM entry WHERE instr(CAST(leaf AS TEXT), 'Rahasia') OR instr(CAST(leaf AS TEXT), '0800')");
  REQUIRE(row);
  REQUIRE(*row->step());
  CHECK(row->integer(0) == 0);
}

TEST_CASE("several guests at the detector: the guard says whose passage it was") {
  SiteHarness site;
  const VisitId first = site.register_guest(), second = site.register_guest();
  site.must(IssueBadge{first, "", 0});
  site.must(IssueBadge{second, "", 0});
  site.blip("wtmd1.passage");
  site.pass(Millis(2000));
  CHECK(site.last(screening_passage).visit.empty());
  CHECK(site.core->gate().state().find_visit(first)->screening == Screening::pending);
  site.must(RecordScreening{first, Screening::clear, ""});
  site.blip("wtmd1.alarm");
  CHECK(site.core->gate().state().find_visit(second)->screening == Screening::alarm);
}

TEST_CASE("a device that is down is an alarm; one that is still coming up after a start is not yet") {
  SiteHarness site;
  const auto health = [&](const std::string& id, bool online) {
    site.core->handle(DeviceHealth{DeviceHealth::Kind::camera, id, online, "uji", site.clock.now_.boot});
  };
  health("cam-a", false);
  health("cam-b", false);
  CHECK(site.count(device_offline) == 2);
  CHECK(site.count(alarm_raised) == 0);
  health("cam-a", true);
  site.pass(Millis(10'000));
  REQUIRE(site.count(alarm_raised) == 1);
  CHECK(site.last(alarm_raised).point == "cam-b");
  health("cam-a", false);
  site.pass(Millis(2000));
  CHECK(site.count(alarm_raised) == 2);
  health("cam-a", true);
  CHECK(site.last(alarm_cleared).point == "cam-a");
}

TEST_CASE("a line that is opened again within two seconds is in the record, and no alarm") {
  SiteHarness site;
  site.pass(Millis(10'000));
  const auto health = [&](bool online) {
    site.core->handle(DeviceHealth{DeviceHealth::Kind::controller, "gate1", online, "uji", site.clock.now_.boot});
  };
  health(true);
  health(false);
  site.pass(Millis(1900));
  health(true);
  site.pass(Millis(10'000));
  CHECK(site.count(device_offline) == 1);
  CHECK(site.count(alarm_raised) == 0);
}

TEST_CASE("a badge scanned after its visit is over stays over: no late picture or passage brings the visit back") {
  SiteHarness site;
  VisitId visit;
  const auto [badge, token] = site.ready_guest(&visit);
  site.must(ReturnBadge{badge});
  site.must(CloseVisit{visit, VisitState::departed, ""});
  site.scan("r-in", {token});
  const Entry denied = site.last(access_denied);
  CHECK(reasons(denied).front() == "used_up");
  site.core->handle(PictureKept{denied.number, denied.visit, denied.badge, std::string(64, 'a'), "cam", "scan", 10});
  auto reader = Database::open_reader(site.folder.path() + "/gapura.db");
  auto row = reader->prepare("SELECT state, closed_utc IS NOT NULL FROM visit WHERE id = ?1");
  REQUIRE(*row->bind(1, visit.str()).step());
  CHECK(row->text(0) == "departed");
  CHECK(row->integer(1) == 1);
}

TEST_CASE("a visit closed while its guest walks through stays closed") {
  SiteHarness site;
  VisitId visit;
  const auto [badge, token] = site.ready_guest(&visit);
  site.scan("r-in", {token});
  site.pulse_done();
  site.must(CloseVisit{visit, VisitState::left_early, "uji"});
  site.blip("gate1.passage_in");
  CHECK(site.count(access_taken) == 1);
  CHECK(site.core->gate().state().find_visit(visit)->closed);
  CHECK(site.core->gate().state().find_visit(visit)->presence == Presence::outside);
  site.pass(std::chrono::minutes(6));  // its closing can no longer be undone: forgotten
  site.must(RecordScreening{site.register_guest("Tamu Contoh 09"), Screening::clear, ""});
  CHECK(!site.core->gate().state().find_visit(visit));
}

TEST_CASE("a guest who has to walk again keeps others from being taken for him") {
  SiteHarness site;
  const VisitId first = site.register_guest(), second = site.register_guest();
  site.must(IssueBadge{first, "", 0});
  site.blip("wtmd1.alarm");
  CHECK(site.core->gate().state().find_visit(first)->screening == Screening::alarm);
  site.must(IssueBadge{second, "", 0});
  site.blip("wtmd1.passage");
  CHECK(site.last(screening_passage).visit.empty());
  CHECK(site.core->gate().state().find_visit(second)->screening == Screening::pending);
  CHECK(site.core->gate().state().find_visit(first)->screening == Screening::alarm);
}

TEST_CASE("who went out is screened again") {
  SiteHarness site;
  const auto [badge, token] = site.ready_guest();
  site.scan("r-in", {token}), site.pulse_done(), site.blip("gate1.passage_in");
  site.scan("r-out", {token}), site.pulse_done(), site.blip("gate1.passage_out");
  site.scan("r-in", {token});
  CHECK(reasons(site.last(access_denied)) == std::vector<std::string>{"screening_missing"});
}

TEST_CASE("the order's deadline counts from the scan, not from when it was handled") {
  SiteHarness site;
  const auto [badge, token] = site.ready_guest();
  const auto captured = site.clock.now_.boot;
  site.clock.pass(Millis(15'000));
  site.core->handle(BadgeRead{ReaderId("r-in"), {token}, captured, nullptr});
  REQUIRE(site.orders.pulses.size() == 1);
  CHECK(site.orders.pulses[0].deadline == captured + Millis(1500));
}

TEST_CASE("a flapping device is one alarm") {
  SiteHarness site;
  site.pass(Millis(10'000));
  for (int round = 0; round < 20; ++round) {
    site.core->handle(DeviceHealth{DeviceHealth::Kind::camera, "cam", true, "uji", site.clock.now_.boot});
    site.core->handle(DeviceHealth{DeviceHealth::Kind::camera, "cam", false, "uji", site.clock.now_.boot});
    site.pass(Millis(100));
  }
  REQUIRE(site.core->gate().state().alarms.size() == 1);
  CHECK(site.core->gate().state().alarms.begin()->second.active);
}

TEST_CASE("the aide's mistake is mended: declined, then accepted, is called") {
  SiteHarness site;
  const VisitId visit = site.register_guest();
  site.must(AskAide{visit});
  site.must(DecideVisit{visit, AideDecision::decline, 0, "uji", 1, false}, "aide");
  site.must(DecideVisit{visit, AideDecision::accept_now, 0, "", 2, false}, "aide");
  CHECK(site.core->gate().state().find_visit(visit)->state == VisitState::called);
}

TEST_CASE("the fact that meets the full disk is still recorded, and grants nothing") {
  SiteHarness site;
  const auto [badge, token] = site.ready_guest();
  site.scan("r-in", {token});
  site.pulse_done();
  const auto limit = [&](const char* pragma) { sqlite3_exec(site.writer, pragma, nullptr, nullptr, nullptr); };
  site.on_reserve = [&] { limit("PRAGMA query_only = OFF"); };
  limit("PRAGMA query_only = ON");
  site.blip("gate1.passage_in");
  CHECK(site.count(granting_stopped) == 1);
  CHECK(site.count(access_taken) == 1);
  CHECK(site.core->gate().state().open_intents.empty());

  SiteHarness other;
  const auto [second, second_token] = other.ready_guest();
  other.on_reserve = [&] { sqlite3_exec(other.writer, "PRAGMA query_only = OFF", nullptr, nullptr, nullptr); };
  sqlite3_exec(other.writer, "PRAGMA query_only = ON", nullptr, nullptr, nullptr);
  other.scan("r-in", {second_token});
  CHECK(other.orders.pulses.empty());
  CHECK(reasons(other.last(access_denied)) == std::vector<std::string>{"journal_unavailable"});
}

TEST_CASE("a badge ends with its day") {
  SiteHarness site;
  const auto [badge, token] = site.ready_guest();
  site.pass(std::chrono::hours(24));
  site.scan("r-in", {token});
  CHECK(reasons(site.last(access_denied)) == std::vector<std::string>{"expired"});
}

TEST_CASE("numbers are gap-free and nothing can change or delete an entry") {
  SiteHarness site;
  site.ready_guest();
  const auto entries = site.journal();
  for (std::size_t i = 0; i < entries.size(); ++i) REQUIRE(entries[i].number == i);
  CHECK(sqlite3_exec(site.writer, "DELETE FROM entry WHERE number = 1", nullptr, nullptr, nullptr) != SQLITE_OK);
  CHECK(sqlite3_exec(site.writer, "UPDATE entry SET actor = 'x'", nullptr, nullptr, nullptr) != SQLITE_OK);
}

TEST_CASE("the same seed writes the same journal") {
  const auto day = [] {
    SiteHarness site(demo_site(), 42);
    const auto [badge, token] = site.ready_guest();
    site.scan("r-in", {token});
    site.pulse_done();
    site.blip("gate1.passage_in");
    std::string bytes;
    auto reader = Database::open_reader(site.folder.path() + "/gapura.db");
    auto rows = reader->prepare("SELECT leaf FROM entry ORDER BY number");
    while (*rows->step()) bytes += rows->blob(0);
    return bytes;
  };
  CHECK(day() == day());
}

TEST_CASE("accounts: the first admin once, disabling ends sessions") {
  SiteHarness site;
  const Reply admin = site.must(AddUser{"admin contoh", Role::admin, "hash", true}, "admin");
  CHECK(!site.ask(AddUser{"lain", Role::admin, "hash", true}, "admin"));
  CHECK(!site.ask(AddUser{"ADMIN contoh", Role::guard, "hash", false}, "admin"));
  const auto until = site.clock.now_.utc + std::chrono::hours(12);
  site.must(OpenSession{UserId(admin.id), "abc", until, until, false, ""}, "admin");
  const auto last = site.ask(DisableUser{UserId(admin.id)}, "admin");
  REQUIRE(!last);
  CHECK(last.error().kind == ErrorKind::conflict);
  site.must(AddUser{"program contoh", Role::admin, "*", false}, "admin");
  CHECK(!site.ask(DisableUser{UserId(admin.id)}, "admin"));  // a program's token is no admin who could sign in
  site.must(AddUser{"admin kedua", Role::admin, "hash", false}, "admin");
  site.must(DisableUser{UserId(admin.id)}, "admin");
  auto reader = Database::open_reader(site.folder.path() + "/gapura.db");
  auto row = reader->prepare("SELECT count(*) FROM session");
  REQUIRE(*row->step());
  CHECK(row->integer(0) == 0);
}

TEST_CASE("a camera's new view is accepted by name and with a reason, while it shows something") {
  SiteHarness site;
  const auto accept = [](const char* camera, const char* reason) { return AcceptView{CameraId(camera), reason}; };
  const auto tell = [&](bool online, const char* fault) {
    site.core->handle(DeviceHealth{DeviceHealth::Kind::camera, "cam", online, "uji", site.clock.now_.boot, fault});
  };
  CHECK(site.ask(accept("cam", "uji")).error().kind == ErrorKind::not_found);
  tell(true, "");
  tell(true, "moved");
  const Entry moved = site.last(device_online);
  CHECK(find_text(moved.data, "fault") == "moved");
  CHECK(moved.actor == "device");
  CHECK(site.ask(accept("cam", "")).error().kind == ErrorKind::bad_input);
  site.must(accept("cam", "uji"));
  const Entry accepted = site.last(device_online);
  CHECK(accepted.point == "cam");
  CHECK(find_text(accepted.data, "view") == "accepted");
  CHECK(accepted.actor != "device");
  tell(false, "black");
  CHECK(site.ask(accept("cam", "uji")).error().kind == ErrorKind::conflict);
}
