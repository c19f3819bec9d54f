// SPDX-License-Identifier: Apache-2.0
#include "models/sop/sop.h"

#include <catch2/catch.hpp>
#include <random>
#include <set>

using namespace gapura;

namespace {

constexpr UtcTime noon{Millis(1'800'000'000'000)};

SopStep step(const char* id, Evidence evidence, const char* event = "") {
  SopStep made;
  made.id = id;
  made.evidence = evidence;
  made.event = event;
  return made;
}

// A general guest at a residence: badge before the detector, an aide decides, things and badge back at the end.
Sop procedure() {
  using enum Evidence;
  Sop sop;
  sop.id = "SOP-01/CONTOH/2026#1";
  sop.revision = 1;
  sop.categories = {"general"};
  sop.steps = {step("greet", unobservable),
               step("identity", attested),
               step("register", system, "visit.registered"),
               step("badge", system, "badge.issued"),
               step("screening", system, "checkpoint.disposed"),
               step("decision", system, "approval.decided"),
               step("call", system, "visit.called"),
               step("escort", system, "escort.started"),
               step("enter", system, "access.taken"),
               step("meeting", system, "visit.finished"),
               step("farewell", attested),
               step("deposit_return", system, "deposit.returned"),
               step("badge_return", system, "badge.returned"),
               step("exit", system, "visit.departed")};
  sop.steps[5].branches = {{"accept_now", "call"}, {"decline", "badge_return"}, {"refer", "end"}, {"hold", "waiting"}};
  sop.gates = {{"residence", {"identity", "badge", "screening", "decision:accept"}}, {"garden", {"escort"}}};
  return sop;
}

std::string next(const Sop& sop, const Visit& visit) {
  const SopStep* found = next_step(sop, visit);
  return found ? found->id : "";
}

Visit at_post() {
  Visit visit;
  visit.state = VisitState::registered;
  visit.category = "general";
  return visit;
}

Visit decided(Approval approval, VisitState state) {
  Visit visit = at_post();
  visit.attested = {"identity"};
  visit.badges_out = {BadgeId("badge")};
  visit.screening = Screening::clear;
  visit.approval = approval;
  visit.state = state;
  return visit;
}

}  // namespace

TEST_CASE("a visit is led through its procedure one step at a time") {
  const Sop sop = procedure();
  Visit visit;
  visit.state = VisitState::arrived;
  CHECK(next(sop, visit) == "identity");  // a greeting proves nothing and is never required
  visit.attested.emplace_back("identity");
  CHECK(next(sop, visit) == "register");
  visit.state = VisitState::registered;
  CHECK(next(sop, visit) == "badge");
  visit.badges_out = {BadgeId("badge")};
  CHECK(next(sop, visit) == "screening");
  visit.screening = Screening::alarm;
  CHECK(next(sop, visit) == "screening");
  visit.screening = Screening::cleared_by_check;
  CHECK(next(sop, visit) == "decision");
  visit.approval = Approval::sent;
  CHECK(next(sop, visit) == "decision");
  visit.approval = Approval::accepted;
  CHECK(next(sop, visit) == "call");
  visit.state = VisitState::called;
  CHECK(next(sop, visit) == "escort");
  visit.escort = EscortState::started;
  CHECK(next(sop, visit) == "enter");
  visit.entered = noon;
  visit.state = VisitState::in_meeting;
  CHECK(next(sop, visit) == "meeting");
  visit.finished = noon;
  visit.state = VisitState::finished;
  CHECK(next(sop, visit) == "farewell");
  visit.attested.emplace_back("farewell");
  visit.deposits_open = 1;
  CHECK(next(sop, visit) == "deposit_return");
  visit.deposits_open = 0;
  CHECK(next(sop, visit) == "badge_return");
  visit.badges_out.clear();
  CHECK(next(sop, visit) == "exit");
  visit.state = VisitState::departed;
  visit.closed = noon;
  CHECK(next(sop, visit).empty());
}

TEST_CASE("what comes first in time but later in the procedure is waited for in its place") {
  Visit visit = at_post();
  visit.attested = {"identity"};
  visit.screening = Screening::clear;  // walked through before the badge was given
  CHECK(next(procedure(), visit) == "badge");
}

TEST_CASE("an aide's decision takes its branch") {
  const Sop sop = procedure();
  CHECK(next(sop, decided(Approval::declined, VisitState::declined)) == "badge_return");
  CHECK(next(sop, decided(Approval::referred, VisitState::referred)).empty());         // end
  CHECK(next(sop, decided(Approval::accepted_later, VisitState::waiting)) == "call");  // as accept_now
  CHECK(next(sop, decided(Approval::held, VisitState::waiting)) == "decision");
  CHECK(next(sop, decided(Approval::asked_back, VisitState::waiting)) == "decision");
  CHECK(next(sop, decided(Approval::withdrawn, VisitState::waiting)) == "decision");
  Visit disputed = decided(Approval::accepted, VisitState::called);
  disputed.verbal = Verbal::disputed;
  CHECK(next(sop, disputed) == "decision");
}

TEST_CASE("a branch that leads back or nowhere goes on with the next line, and always comes to an end") {
  Sop sop = procedure();
  sop.steps[5].branches = {{"accept_now", "identity"}};
  CHECK(next(sop, decided(Approval::accepted, VisitState::waiting)) == "call");
  sop.steps[5].branches = {{"accept_now", "badge_return"}};
  CHECK(next(sop, decided(Approval::declined, VisitState::declined)) == "farewell");  // a yes's branch is not a no's
  sop.steps[5].branches = {{"accept_now", "nowhere"}};
  CHECK(next(sop, decided(Approval::accepted, VisitState::waiting)) == "call");
}

TEST_CASE("an attested decision takes the branch of its answer, and a gate wants that answer") {
  Sop sop = procedure();
  SopStep letter = step("letter", Evidence::attested);
  letter.symbol = "decision";
  letter.branches = {{"yes", "register"}, {"no", "end"}, {"later", "identity"}};
  letter.answers = {{"yes", "Ada"}, {"no", "Tidak ada"}, {"later", "Menyusul"}};
  sop.steps.insert(sop.steps.begin() + 2, letter);
  sop.gates = {{"residence", {"letter:yes"}}, {"garden", {"letter"}}};
  Visit visit;
  visit.state = VisitState::arrived;
  visit.attested = {"identity"};
  CHECK(next(sop, visit) == "letter");
  CHECK(missing_for(sop, visit, "residence", noon) == std::vector<std::string>{"letter:yes"});
  visit.attested = {"identity", "letter:no"};
  CHECK(next(sop, visit) == "");  // the end, and not on as after a yes
  CHECK(missing_for(sop, visit, "residence", noon) == std::vector<std::string>{"letter:yes"});
  visit.attested = {"identity", "letter:later"};
  CHECK(next(sop, visit) == "letter");  // leads back: asked again
  visit.attested = {"identity", "letter:yes"};
  CHECK(next(sop, visit) == "register");
  CHECK(missing_for(sop, visit, "residence", noon).empty());
  CHECK(missing_for(sop, visit, "garden", noon) ==
        std::vector<std::string>{"letter"});  // that it was answered opens nothing
  visit.attested = {"letters:yes", "letter"};
  CHECK(missing_for(sop, visit, "residence", noon) == std::vector<std::string>{"letter:yes"});
  CHECK(find_attestation(visit, "letters") == "letters:yes");
}

TEST_CASE("a guest on the way out is not sent back to the desk") {
  Sop sop = procedure();
  sop.steps.insert(sop.steps.begin() + 9, step("seat", Evidence::attested));
  Visit visit = at_post();  // no identity, no badge, nothing screened, not shown to a seat
  visit.state = VisitState::finished;
  CHECK(next(sop, visit) == "farewell");
  visit.state = VisitState::left_early;
  CHECK(next(sop, visit) == "farewell");
  visit.approval = Approval::accepted;  // and left before the call
  CHECK(next(sop, visit) == "farewell");
}

TEST_CASE("a visit that has ended, or not begun, has no next step") {
  const Sop sop = procedure();
  Visit visit = at_post();
  for (const auto state :
       {VisitState::planned, VisitState::departed, VisitState::turned_away, VisitState::no_show, VisitState::cancelled}) {
    visit.state = state;
    INFO(word(state));
    CHECK(next(sop, visit).empty());
  }
}

TEST_CASE("whatever a visit looks like, its next step is one of the procedure and not done") {
  const Sop sop = procedure();
  std::mt19937 random(20260201);
  const auto any_of = [&](auto sample) { return static_cast<decltype(sample)>(random() % words<decltype(sample)>.size()); };
  std::set<std::string> seen;
  for (int i = 0; i < 20'000; ++i) {
    Visit visit;
    visit.state = any_of(VisitState{});
    visit.approval = any_of(Approval{});
    visit.screening = any_of(Screening{});
    visit.escort = any_of(EscortState{});
    visit.verbal = any_of(Verbal{});
    visit.deposits_open = static_cast<int>(random() % 2);
    if (random() % 2) visit.badges_out = {BadgeId("badge")};
    if (random() % 2) visit.entered = noon;
    if (random() % 2) visit.finished = noon;
    if (random() % 2) visit.attested = {"identity", "farewell"};
    const SopStep* found = next_step(sop, visit);
    if (!found) continue;
    REQUIRE(find_step(sop, found->id) == found);
    REQUIRE_FALSE(is_done(*found, visit));
    seen.insert(found->id);
  }
  CHECK(seen.size() == sop.steps.size() - 1);  // every step but the unobservable one is the next one at some point
}

TEST_CASE("every event of a step is true of some visit and false of another") {
  Visit fresh;
  fresh.state = VisitState::arrived;
  fresh.in_debt = true;
  fresh.deposits_open = 1;
  Visit over = fresh;
  over.state = VisitState::finished;
  over.in_debt = false;
  over.portrait = "sha";
  over.badges_out = {BadgeId("badge")};
  over.screening = Screening::clear;
  over.approval = Approval::accepted;
  over.escort = EscortState::returned;
  over.entered = over.finished = noon;
  over.deposits_open = 0;
  for (const auto& event : sop_events()) {
    INFO(event);
    if (event == "visit.departed") over.state = VisitState::departed;
    CHECK_FALSE(is_done(step("step", Evidence::system, event.c_str()), fresh));
    over.badges_out = event == "badge.returned" ? std::vector<BadgeId>{} : std::vector{BadgeId("badge")};
    CHECK(is_done(step("step", Evidence::system, event.c_str()), over));
  }
  CHECK_FALSE(is_done(step("step", Evidence::system, "no.such_event"), over));
  over.closed = noon;
  over.badges_out = {BadgeId("badge")};
  CHECK(is_done(step("step", Evidence::system, "badge.returned"), over));  // with a reason, or it was lost
}

TEST_CASE("a gate names what a visit still misses") {
  const Sop sop = procedure();
  Visit visit = at_post();
  using Names = std::vector<std::string>;
  CHECK(missing_for(sop, visit, "residence", noon) == Names{"identity", "badge", "screening", "decision:accept"});
  visit = decided(Approval::accepted_later, VisitState::waiting);
  visit.hold_until = noon;
  CHECK(missing_for(sop, visit, "residence", noon - Millis(1)) == Names{"decision:accept"});
  CHECK(missing_for(sop, visit, "residence", noon).empty());
  CHECK(missing_for(sop, visit, "garden", noon) == Names{"escort"});
  CHECK(missing_for(sop, visit, "elsewhere", noon).empty());
}

TEST_CASE("a gate that names the decision means a yes, and unknown steps are never done") {
  Sop sop = procedure();
  sop.gates = {{"residence", {"decision", "nothing_of_this_name"}}};
  CHECK(missing_for(sop, decided(Approval::declined, VisitState::declined), "residence", noon) ==
        std::vector<std::string>{"decision", "nothing_of_this_name"});
  CHECK(missing_for(sop, decided(Approval::accepted, VisitState::called), "residence", noon) ==
        std::vector<std::string>{"nothing_of_this_name"});
}

TEST_CASE("the well-known requirements need no step of their name") {
  Sop sop;
  sop.gates = {{"hall", {"screening", "badge", "escort", "identity"}}};
  CHECK(missing_for(sop, at_post(), "hall", noon).size() == 4);
  Visit visit = decided(Approval::none, VisitState::waiting);
  visit.escort = EscortState::at_door;
  CHECK(missing_for(sop, visit, "hall", noon).empty());
}

TEST_CASE("the tightest limit counts") {
  Sop sop;
  CHECK_FALSE(members_inside_limit(sop, false));
  CHECK_FALSE(longest_stay(sop));
  SopRule rule;
  rule.type = "limit";
  rule.measure = "members_inside";
  for (const int most : {5, 3, 4}) rule.max = most, sop.rules.push_back(rule);
  rule.measure = "minutes_inside";
  for (const int most : {60, 45}) rule.max = most, sop.rules.push_back(rule);
  CHECK(members_inside_limit(sop, false) == 3);
  sop.rules[1].unless = "aide_permission";
  CHECK(members_inside_limit(sop, false) == 3);
  CHECK(members_inside_limit(sop, true) == 4);
  CHECK(longest_stay(sop) == std::chrono::minutes(45));
}

TEST_CASE("the version in force is the latest effective one of the category") {
  std::vector<Sop> versions(4, procedure());
  versions[0].id = "first", versions[0].effective = noon - Millis(10);
  versions[1].id = "second", versions[1].effective = noon, versions[1].revision = 2;
  versions[2].id = "same day, older", versions[2].effective = noon;
  versions[3].id = "special", versions[3].effective = noon, versions[3].categories = {"special"};
  const auto in_force = [&](const char* category, UtcTime now) {
    const Sop* found = sop_in_force(versions, category, now);
    return found ? found->id : "";
  };
  CHECK(in_force("general", noon - Millis(11)).empty());
  CHECK(in_force("general", noon - Millis(1)) == "first");
  CHECK(in_force("general", noon) == "second");
  CHECK(in_force("special", noon) == "special");
  CHECK(in_force("delivery", noon).empty());
  CHECK(find_sop(versions, "first") == &versions[0]);
  CHECK(find_sop(versions, "none") == nullptr);
}
