// SPDX-License-Identifier: Apache-2.0
// Whole visits through the real core: plan, merge, approval, screening, deposits, escort, undo, shift, close of day.
#include "support/memory_site.h"

using namespace gapura;
using namespace gapura::tests;
using namespace std::chrono_literals;
using enum EventType;

namespace {

GuestForm form(const std::string& name, const std::string& phone = "", const std::string& category = "general") {
  return {name, phone, "", "uji", "pimpinan", category, "", 1};
}

VisitId plan(SiteHarness& site, const GuestForm& guest) {
  const UtcTime now = site.clock.now_.utc;
  return VisitId(site.must(PlanVisit{guest, now - 1h, now + 3h}, "aide").id);
}

}  // namespace

TEST_CASE("a plan and an arrival of the same person are one visit, in either order") {
  SiteHarness site;
  SECTION("planned first, by number") {
    const VisitId planned = plan(site, form("Tamu Contoh 01", "0800-000-001", "special"));
    CHECK(site.visit(planned).state == VisitState::planned);
    CHECK(site.register_guest("tamu contoh 01", "0800-000-001") == planned);
    CHECK(site.visit(planned).state == VisitState::registered);
    CHECK(site.visit(planned).invited);
  }
  SECTION("planned first, by name alone") {
    const VisitId planned = plan(site, form("Tamu Contoh 01"));
    RegisterVisit come{form("Tamu Contoh 01", "0800-000-001")};
    CHECK(problem(site.ask(come)) == "same_person");  // the post says that it is the one
    come.person = planned.str();
    CHECK(VisitId(site.must(come).id) == planned);
  }
  SECTION("arrived first") {
    const VisitId arrived = site.register_guest("Tamu Contoh 01", "0800-000-001");
    CHECK(plan(site, form("Tamu Contoh 01", "+62 800 000001")) == arrived);
    CHECK(site.visit(arrived).state == VisitState::registered);
    CHECK(site.visit(arrived).invited);
  }
  SECTION("planned twice") {
    const VisitId first = plan(site, form("Tamu Contoh 01", "0800-000-001"));
    CHECK(plan(site, form("Tamu Contoh 01", "0800-000-001")) == first);
  }
  CHECK(open_visits(site) == 1);
}

TEST_CASE("two walk-ins of one name and no number are two people; a second open visit of one person is refused") {
  SiteHarness site;
  CHECK(site.register_guest("Tamu Contoh 01") != site.register_guest("Tamu Contoh 01"));
  site.register_guest("Tamu Contoh 02", "0800-000-002");
  CHECK(problem(site.ask(RegisterVisit{{"Tamu Contoh 02", "0800-000-002", "", "uji", "uji", "general"}})) == "conflict");
}

TEST_CASE("a plan whose day is over becomes no_show, and its guest may come another day") {
  SiteHarness site;
  const VisitId planned = plan(site, form("Tamu Contoh 01", "0800-000-001"));
  site.pass(8h);
  CHECK(site.visit(planned).state == VisitState::no_show);
  CHECK(site.register_guest("Tamu Contoh 01", "0800-000-001") != planned);
}

TEST_CASE("an unanswered question escalates three times and is never answered by a timer") {
  SiteHarness site;
  const VisitId visit = site.register_guest();
  site.must(AskAide{visit});
  site.must(ReceiveQuestion{visit, false}, "aide");
  site.must(ReceiveQuestion{visit, true}, "aide");
  site.must(ReceiveQuestion{visit, true}, "aide");
  CHECK(site.count(approval_received) == 2);
  for (const auto& [wait, level] :
       std::vector<std::pair<Millis, int>>{{119s, 0}, {1s, 1}, {180s, 2}, {300s, 3}, {20h, 3}}) {
    site.pass(wait);
    CHECK(site.visit(visit).escalation == level);
  }
  CHECK(site.visit(visit).approval == Approval::seen);
  CHECK(site.count(approval_escalated) == 3);
  CHECK(site.count(approval_decided) == 0);
  CHECK(find_text(site.last(alarm_raised).data, "kind") == "unaccounted");  // the day has ended meanwhile
}

TEST_CASE("an answer clears decision_overdue; a hold is asked again in time") {
  SiteHarness site;
  const VisitId visit = site.register_guest();
  site.must(AskAide{visit});
  site.pass(121s);
  CHECK(site.core->gate().state().alarms.size() == 1);
  site.must(DecideVisit{visit, AideDecision::hold, 10, "", site.visit(visit).approval_version, false}, "aide");
  CHECK(find_text(site.last(alarm_cleared).data, "kind") == "decision_overdue");
  site.pass(10min);
  CHECK(site.visit(visit).approval == Approval::sent);
  CHECK(site.last(approval_asked).actor == "system");
}

TEST_CASE("the aide may ask back, refer and reschedule; the first answer wins") {
  SiteHarness site;
  const VisitId visit = site.register_guest();
  site.must(AskAide{visit});
  const auto version = [&] { return site.visit(visit).approval_version; };
  site.must(DecideVisit{visit, AideDecision::ask, 0, "Dari mana?", version(), false}, "aide");
  CHECK(site.visit(visit).approval == Approval::asked_back);
  site.must(AnswerAide{visit, "Dari kantor contoh"});
  CHECK(is_open(site.visit(visit).approval));
  const auto seen = version();
  site.must(DecideVisit{visit, AideDecision::refer, 0, "bagian umum", seen, false}, "aide");
  CHECK(site.visit(visit).state == VisitState::referred);
  CHECK(problem(site.ask(DecideVisit{visit, AideDecision::accept_now, 0, "", seen, false}, "aide")) == "conflict");
  CHECK(problem(site.ask(DecideVisit{visit, AideDecision::reschedule, 0, "", version(), false}, "aide")) == "bad_input");
  DecideVisit later{visit, AideDecision::reschedule, 0, "", version(), false, site.clock.now_.utc + 24h};
  site.must(later, "aide");
  CHECK(site.visit(visit).state == VisitState::rescheduled);
  const VisitId next = site.last(visit_planned).visit;  // and is expected then
  CHECK(site.visit(next).state == VisitState::planned);
  CHECK(site.visit(next).guest == site.visit(visit).guest);
  site.must(CloseVisit{visit, VisitState::departed, ""});
  site.pass(24h + 5min);
  RegisterVisit again{form("Tamu Contoh 01")};
  again.person = next.str();
  CHECK(VisitId(site.must(again).id) == next);
  CHECK(site.visit(next).invited);
}

TEST_CASE("a question that the post took back can no longer be answered, and can be asked again") {
  SiteHarness site;
  const VisitId visit = site.register_guest();
  site.must(AskAide{visit});
  site.must(WithdrawQuestion{visit, "tamu salah alamat"});
  const auto version = site.visit(visit).approval_version;
  CHECK(problem(site.ask(DecideVisit{visit, AideDecision::accept_now, 0, "", version, false}, "aide")) == "conflict");
  site.must(AskAide{visit});
  CHECK(is_open(site.visit(visit).approval));
}

TEST_CASE("a verbal decision stands until the aide disputes it; both are kept") {
  SiteHarness site;
  const VisitId visit = site.register_guest();
  site.must(AskAide{visit});
  site.must(
      DecideVisit{visit, AideDecision::accept_now, 0, "ajudan lewat telepon", site.visit(visit).approval_version, true});
  const Reply badge = site.must(IssueBadge{visit, "", 0});
  site.must(RecordScreening{visit, Screening::clear, ""});
  CHECK(site.visit(visit).verbal == Verbal::unconfirmed);
  site.must(ReviewVerbal{visit, false, "tidak pernah"}, "aide");
  CHECK(site.visit(visit).verbal == Verbal::disputed);
  site.scan("r-in", {badge.token});
  CHECK(site.denied() == std::vector<std::string>{"not_approved"});
  CHECK(site.count(approval_decided) == 1);
}

TEST_CASE("metal without disposition prompts, then is a deviation; rewalks are bounded") {
  SiteHarness site;
  VisitId visit;
  const auto [badge, token] = site.ready_guest(&visit);
  site.must(RecordScreening{visit, Screening::pending, ""});
  site.level("wtmd1.alarm", Level::on), site.level("wtmd1.alarm", Level::off);
  CHECK(site.visit(visit).screening == Screening::alarm);
  site.pass(60s);
  CHECK(find_text(site.last(alarm_raised).data, "kind") == "screening_undisposed");
  site.pass(120s);
  CHECK(find_text(site.last(deviation_noted).data, "kind") == "alarm_without_action");
  for (int walk = 0; walk < 3; ++walk) {
    site.must(RecordScreening{visit, Screening::rewalk, ""});
    site.level("wtmd1.alarm", Level::on), site.level("wtmd1.alarm", Level::off);
  }
  CHECK(problem(site.ask(RecordScreening{visit, Screening::rewalk, ""})) == "conflict");
  CHECK(problem(site.ask(RecordScreening{visit, Screening::cleared_by_check, ""})) == "bad_input");
  site.must(RecordScreening{visit, Screening::cleared_by_check, "", true});
  CHECK(is_cleared(site.visit(visit).screening));
  CHECK(site.core->gate().state().alarms.empty() == false);  // the cause has ended, but it is not acknowledged
}

TEST_CASE("what is in a locker keeps its guest from leaving") {
  SiteHarness site;
  VisitId visit;
  const auto [badge, token] = site.ready_guest(&visit);
  const std::string item = site.must(DepositItem{visit, "telepon genggam", "A1", "7"}).id;
  site.must(MoveDeposit{item, DepositState::stored, "8"});
  site.walk("r-in", token, "gate1.passage_in");
  site.scan("r-out", {token});
  CHECK(site.denied() == std::vector<std::string>{"sop_step_missing"});
  CHECK(problem(site.ask(CloseVisit{visit, VisitState::departed, ""})) == "conflict");
  site.must(MoveDeposit{item, DepositState::returned, ""});
  site.walk("r-out", token, "gate1.passage_out");
  site.must(ReturnBadge{badge});
  CHECK(site.visit(visit).state == VisitState::departed);
}

TEST_CASE("undo within five minutes adds an entry and takes nothing away") {
  SiteHarness site;
  VisitId visit;
  const auto [badge, token] = site.ready_guest(&visit);
  SECTION("a screening result") {
    const auto entry = site.last(screening_recorded).number;
    site.must(Undo{entry});
    CHECK(site.visit(visit).screening == Screening::pending);
    CHECK(problem(site.ask(Undo{entry})) == "conflict");
  }
  SECTION("a decision") {
    site.must(Undo{site.last(approval_decided).number}, "aide");
    CHECK(is_open(site.visit(visit).approval));
    site.scan("r-in", {token});
    CHECK(site.denied() == std::vector<std::string>{"not_approved"});
  }
  SECTION("a closing") {
    site.walk("r-in", token, "gate1.passage_in");
    site.must(CloseVisit{visit, VisitState::departed, "uji"});
    site.must(Undo{site.last(visit_closed).number});
    CHECK(!site.visit(visit).closed);
    CHECK(site.visit(visit).presence == Presence::waiting_room);
    CHECK(site.core->gate().state().people_in(AreaId("waiting_room")) == 1);
  }
  SECTION("a second closing, long after the first one was taken back") {
    site.must(CloseVisit{visit, VisitState::departed, "uji"});
    site.must(Undo{site.last(visit_closed).number});
    site.pass(1h);
    site.must(CloseVisit{visit, VisitState::departed, "uji"});
    site.must(Undo{site.last(visit_closed).number});
    CHECK(!site.visit(visit).closed);
  }
  SECTION("not after five minutes, and not an issue of a badge") {
    const auto entry = site.last(screening_recorded).number;
    CHECK(problem(site.ask(Undo{site.last(badge_issued).number})) == "conflict");
    site.pass(5min + 1s);
    CHECK(problem(site.ask(Undo{entry})) == "conflict");
  }
}

TEST_CASE("at the close of the day a guest inside is unaccounted for, and only a person says that they left") {
  SiteHarness site;
  VisitId visit;
  const auto [badge, token] = site.ready_guest(&visit);
  site.walk("r-in", token, "gate1.passage_in");
  site.pass(10h);
  CHECK(site.visit(visit).state == VisitState::unaccounted);
  CHECK(!site.visit(visit).closed);
  site.pass(48h);
  CHECK(site.visit(visit).state == VisitState::unaccounted);
  CHECK(problem(site.ask(CloseVisit{visit, VisitState::departed, ""})) == "conflict");
  site.must(CloseVisit{visit, VisitState::departed, "dilihat petugas keluar lewat pintu samping"});
  CHECK(site.visit(visit).state == VisitState::departed);
  CHECK(site.last(visit_closed).actor == "u-guard");
}

TEST_CASE("a card of the stock is bound, opens, comes back, and opens nothing in stock") {
  SiteHarness site;
  const auto cards = site.must(StockCards{2}, "admin").tokens;
  REQUIRE(cards.size() == 2);
  site.scan("r-in", {cards[0].second});
  CHECK(site.denied() == std::vector<std::string>{"not_active_yet"});
  CHECK(find_text(site.last(alarm_raised).data, "kind") == "unbound_badge_at_door");
  const VisitId visit = site.register_guest();
  site.accept(visit);
  site.must(RecordScreening{visit, Screening::clear, ""});
  IssueBadge bind{visit, "", 0};
  bind.card = BadgeId(cards[0].first);
  site.must(bind);
  site.walk("r-in", cards[0].second, "gate1.passage_in");
  site.walk("r-out", cards[0].second, "gate1.passage_out");
  site.must(ReturnBadge{BadgeId(cards[0].first)});
  CHECK(site.visit(visit).state == VisitState::departed);
  CHECK(site.core->gate().state().find_badge(BadgeId(cards[0].first))->state == BadgeState::in_stock);
}

TEST_CASE("a lost card is refused at once, found is quarantined, and only then back in stock") {
  SiteHarness site;
  VisitId visit;
  const auto [badge, token] = site.ready_guest(&visit);
  site.must(ChangeBadge{badge, BadgeState::lost, "jatuh di dalam"});
  site.scan("r-in", {token});
  CHECK(site.denied() == std::vector<std::string>{"lost"});
  CHECK(find_text(site.last(alarm_raised).data, "kind") == "revoked_or_lost_used");
  CHECK(problem(site.ask(ChangeBadge{badge, BadgeState::active, "uji"})) == "conflict");
  site.must(ChangeBadge{badge, BadgeState::quarantine, "ditemukan"});
  CHECK(problem(site.ask(ChangeBadge{badge, BadgeState::in_stock, "uji"})) == "conflict");  // paper has no stock
  site.must(ChangeBadge{badge, BadgeState::destroyed, "dimusnahkan"}, "admin");
}

TEST_CASE("a party of four with one badge goes in and out one by one, and the counts reconcile") {
  SiteHarness site;
  RegisterVisit leader{form("Ketua Rombongan Contoh", "0800-000-014")};
  leader.party = 4;
  const VisitId visit(site.must(leader).id);
  site.accept(visit);
  site.must(RecordScreening{visit, Screening::clear, ""});
  const Reply badge = site.must(IssueBadge{visit, "", 0});
  for (int i = 0; i < 4; ++i) site.walk("r-in", badge.token, "gate1.passage_in");
  CHECK(to_text(site.visit(visit).where) == "waiting_room=4");
  for (int i = 0; i < 3; ++i) site.walk("r-out", badge.token, "gate1.passage_out");
  site.must(ReturnBadge{BadgeId(badge.id)});
  CHECK(!site.visit(visit).closed);  // one is still in there
  const auto answer = site.ask(CloseVisit{visit, VisitState::departed, ""});
  REQUIRE(!answer);
  CHECK(answer.error().message.find("1 of 4") != std::string::npos);
}

TEST_CASE("the only guard who escorts leaves the post empty, and the record says so") {
  SiteHarness site;
  site.must(StartShift{});
  VisitId visit;
  const auto badge = site.ready_guest(&visit);
  site.must(MoveEscort{visit, EscortState::started, ""});
  CHECK(!site.facts().shift.attended);
  CHECK(site.visit(visit).state == VisitState::escorted);
  site.must(MoveEscort{visit, EscortState::handed_over, ""});
  site.must(MoveEscort{visit, EscortState::returned, ""});
  CHECK(site.facts().shift.attended);
}

TEST_CASE("attention list: a possible match is asked once and remembered; a blocked person gets no badge") {
  SiteHarness site;
  site.must(ListAttention{"Orang Contoh", "", "uji", true}, "admin");
  const VisitId visit = site.register_guest("orang contoh", "0800-000-009");
  CHECK(site.visit(visit).attention == Attention::possible);
  CHECK(find_text(site.last(alarm_raised).data, "kind") == "attention_list");
  site.must(DecideAttention{visit, true, "dikenali dari foto"});
  CHECK(site.visit(visit).attention == Attention::blocked);
  CHECK(problem(site.ask(IssueBadge{visit, "", 0})) == "conflict");
  site.must(CloseVisit{visit, VisitState::turned_away, "daftar perhatian"});
  const VisitId again = site.register_guest("orang contoh", "0800-000-009");
  CHECK(site.visit(again).attention == Attention::blocked);
}

TEST_CASE("who needs more time at a door gets it from the device and to pass") {
  SiteConfig config = demo_site();
  config.portals[0].extended_pulse = 5s;
  SiteHarness site(config);
  RegisterVisit guest{form("Tamu Contoh 01")};
  guest.extended = true;
  const VisitId visit(site.must(guest).id);
  site.accept(visit);
  site.must(RecordScreening{visit, Screening::clear, ""});
  const Reply badge = site.must(IssueBadge{visit, "", 0});
  site.scan("r-in", {badge.token});
  CHECK(site.orders.pulses.back().length == 5s);
  site.pulse_done();
  site.pass(config.portals[0].passage_limit + 3s);
  site.blip("gate1.passage_in");
  CHECK(site.count(access_taken) == 1);
  const auto [other, token] = site.ready_guest();
  site.scan("r-in", {token});
  CHECK(site.orders.pulses.back().length == 1s);
}

TEST_CASE("an invited guest is seen to arrive before the form is filled, and is still one visit") {
  SiteHarness site;
  const VisitId planned = plan(site, form("Tamu Contoh 01", "0800-000-001"));
  site.must(MoveVisit{planned, VisitState::arrived, ""});
  CHECK(site.visit(planned).presence == Presence::at_post);
  CHECK(site.register_guest("Tamu Contoh 01", "0800-000-001") == planned);
  CHECK(site.visit(planned).state == VisitState::registered);
}

TEST_CASE("an unscreened guest inside is a deviation") {
  SiteConfig config = demo_site();
  config.points[2].needs_screening = false;
  SiteHarness site(config);
  VisitId visit;
  const auto [badge, token] = site.ready_guest(&visit);
  site.must(RecordScreening{visit, Screening::pending, ""});
  site.walk("r-door", token, "door1.passage");
  CHECK(find_text(site.last(deviation_noted).data, "kind") == "not_screened");
}

TEST_CASE("every transition of a visit names the procedure's version and the step it was at") {
  SiteConfig config = demo_site();
  Sop sop;
  sop.id = "SOP-CONTOH#1", sop.categories = {"general"};
  sop.steps = {{"guest_book", "", "guard", "process", Evidence::system, "visit.registered", {}, {}, "", {}},
               {"request", "", "guard", "process", Evidence::system, "approval.asked", {}, {}, "", {}},
               {"decision", "", "aide", "decision", Evidence::system, "approval.decided", {}, {}, "", {}}};
  config.sops = {sop};
  SiteHarness site(config);
  const VisitId visit = site.register_guest();
  site.accept(visit);
  CHECK(find_text(site.last(visit_registered).data, "sop") == "SOP-CONTOH#1");
  CHECK(find_text(site.last(approval_asked).data, "at_step") == "request");
  CHECK(find_text(site.last(approval_decided).data, "at_step") == "decision");
  CHECK(find_text(site.last(approval_decided).data, "sop") == "SOP-CONTOH#1");
}

TEST_CASE("a reschedule that is taken back, or decided otherwise, takes its invitation along") {
  SiteHarness site;
  const VisitId visit = site.register_guest();
  site.must(AskAide{visit});
  const auto reschedule = [&](Millis in) {
    DecideVisit later{visit, AideDecision::reschedule, 0, "", site.visit(visit).approval_version,
                      false, site.clock.now_.utc + in};
    return site.ask(later, "aide");
  };
  REQUIRE(reschedule(24h));
  const VisitId first = site.last(visit_planned).visit;
  CHECK(site.visit(visit).next_plan == first);
  SECTION("by undo") {
    site.open();
    site.must(Undo{site.last(approval_decided).number}, "aide");
    CHECK(is_open(site.visit(visit).approval));
    CHECK(site.visit(visit).next_plan.empty());
    CHECK(site.visit(first).state == VisitState::cancelled);
    CHECK(find_text(site.last(visit_moved).data, "why") == "undone");
    site.must(DecideVisit{visit, AideDecision::accept_now, 0, "", site.visit(visit).approval_version, false}, "aide");
  }
  SECTION("by another decision") {
    REQUIRE(reschedule(48h));
    const VisitId second = site.last(visit_planned).visit;
    CHECK(site.visit(first).state == VisitState::cancelled);
    CHECK(site.visit(second).state == VisitState::planned);
    CHECK(problem(site.ask(Undo{site.last(approval_decided).number}, "aide")) ==
          "conflict");  // to an invitation that is gone
    site.must(DecideVisit{visit, AideDecision::accept_now, 0, "", site.visit(visit).approval_version, false}, "aide");
    CHECK(site.visit(second).state == VisitState::cancelled);
  }
  CHECK(open_visits(site) == 1);
}

TEST_CASE("the aides' roster says whom a question is put to, and whom without an answer") {
  SiteHarness site;
  const auto as = [&](const std::string& user, Command command) {
    Result<Reply> answer = fail(ErrorKind::bug, "never answered");
    site.core->handle(
        CommandInput{std::move(command), Actor{UserId(user), Role::aide}, [&](Result<Reply> r) { answer = std::move(r); }});
    return answer;
  };
  const auto aide = [&](const char* name) { return site.must(AddUser{name, Role::aide, "hash"}, "admin").id; };
  const std::string budi = aide("budi"), citra = aide("citra"), dewi = aide("dewi");
  const VisitId visit = site.register_guest();
  const auto duty = [&] { return site.facts().duty.first + "/" + site.facts().duty.second; };

  SECTION("without a roster all are asked, and there is no second") {
    site.must(AskAide{visit});
    CHECK(find_text(site.last(approval_asked).data, "to").empty());
    REQUIRE(as(citra, ReceiveQuestion{visit, true}));
    CHECK(site.visit(visit).approval == Approval::seen);
    site.pass(301s);
    CHECK(find_flag(site.last(approval_escalated).data, "no_second"));
  }
  SECTION("on duty, second, and the hand-over") {
    REQUIRE(as(budi, TakeDuty{}));
    CHECK(problem(as(citra, TakeDuty{})) == "conflict");  // the place is taken
    const DecideVisit early{visit, AideDecision::accept_now, 0, "", 1, false};
    CHECK(problem(as(dewi, early)) == "not_on_duty");
    REQUIRE(as(citra, TakeDuty{true}));
    CHECK(duty() == budi + "/" + citra);
    site.must(AskAide{visit});
    CHECK(find_text(site.last(approval_asked).data, "to") == budi);
    REQUIRE(as(citra, ReceiveQuestion{visit, true}));
    CHECK(site.visit(visit).approval == Approval::sent);  // another aide's phone: not a receipt of the one who was asked
    REQUIRE(as(budi, ReceiveQuestion{visit, false}));
    CHECK(site.visit(visit).approval == Approval::delivered);
    site.pass(121s);
    CHECK(site.visit(visit).second_aide.empty());
    site.pass(180s);
    CHECK(find_text(site.last(approval_escalated).data, "to") == citra);
    CHECK(site.visit(visit).second_aide == citra);
    site.open();
    REQUIRE(as(citra, ReceiveQuestion{visit, true}));
    CHECK(site.visit(visit).approval == Approval::seen);
    CHECK(problem(as(citra, OfferDuty{UserId(dewi)})) == "conflict");
    REQUIRE(as(budi, OfferDuty{UserId(citra)}));
    CHECK(find_integer(site.last(duty_offered).data, "open_questions") == 1);
    CHECK(problem(as(dewi, AcceptDuty{})) == "conflict");
    REQUIRE(as(citra, AcceptDuty{}));
    CHECK(duty() == citra + "/");
    const auto decide = [&](const std::string& who) {
      return as(who, DecideVisit{visit, AideDecision::accept_now, 0, "", site.visit(visit).approval_version, false});
    };
    CHECK(problem(decide(dewi)) == "not_on_duty");
    CHECK(problem(decide(budi)) == "not_on_duty");  // handed over
    CHECK(problem(as(dewi, ExemptPassback{visit, "uji"})) == "not_on_duty");
    CHECK(site.visit(visit).approval == Approval::seen);
    REQUIRE(decide(citra));
    const auto decision = site.last(approval_decided).number;
    CHECK(problem(as(dewi, Undo{decision})) == "not_on_duty");
    REQUIRE(as(citra, Undo{decision}));
    site.must(DecideVisit{visit, AideDecision::accept_now, 0, "budi, telepon", site.visit(visit).approval_version,
                          true});  // a guard
    CHECK(problem(as(dewi, ReviewVerbal{visit, true, ""})) == "not_on_duty");
    REQUIRE(as(citra, ReviewVerbal{visit, true, ""}));
  }
  SECTION("without a second on the roster another aide is found") {
    REQUIRE(as(citra, TakeDuty{}));
    site.must(AskAide{visit});
    site.pass(301s);
    CHECK(site.visit(visit).second_aide == budi);
  }
  SECTION("whose account ends is on no roster") {
    REQUIRE(as(budi, TakeDuty{}));
    REQUIRE(as(citra, TakeDuty{true}));
    site.must(DisableUser{UserId(budi)}, "admin");
    CHECK(duty() == citra + "/");
    site.must(DisableUser{UserId(dewi)}, "admin");
    CHECK(site.count(duty_changed) == 3);
  }
  SECTION("the second stands in for who leaves; an admin appoints over both") {
    REQUIRE(as(budi, TakeDuty{}));
    REQUIRE(as(citra, TakeDuty{true}));
    REQUIRE(as(budi, LeaveDuty{}));
    CHECK(duty() == citra + "/");
    CHECK(problem(as(budi, LeaveDuty{})) == "conflict");
    site.must(TakeDuty{false, UserId(dewi)}, "admin");
    CHECK(duty() == dewi + "/");
    CHECK(find_text(site.last(duty_changed).data, "why") == "appointed");
    CHECK(problem(site.ask(TakeDuty{false, UserId("u-nobody")}, "admin")) == "bad_input");
  }
}
