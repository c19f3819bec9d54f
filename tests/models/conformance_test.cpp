// SPDX-License-Identifier: Apache-2.0
#include "models/sop/conformance.h"

#include <catch2/catch.hpp>
#include <functional>

using namespace gapura;
using namespace std::chrono_literals;

namespace {

constexpr UtcTime morning{Millis(1'800'000'000'000)};  // 15 January 2027, 08:00 UTC
constexpr std::chrono::minutes local_offset{7 * 60};
const BadgeId badge("b-1");

SopStep make_step(const char* id, const char* executor, const char* event, std::optional<Millis> limit = std::nullopt) {
  SopStep step;
  step.id = id;
  step.executor = executor;
  step.event = event;
  step.evidence = *event ? Evidence::system : Evidence::attested;
  step.time_limit = limit;
  return step;
}

Sop make_procedure() {
  Sop sop;
  sop.steps = {make_step("greet", "guard", ""),
               make_step("register", "guard", "visit.registered"),
               make_step("identity", "guard", "", 2min),
               make_step("badge", "guard", "badge.issued"),
               make_step("screening", "guard", "checkpoint.disposed", 3min),
               make_step("question", "guard", "approval.asked"),
               make_step("decision", "aide", "approval.decided", 10min),
               make_step("call", "guard", "visit.called"),
               make_step("meeting", "guest", "access.taken"),
               make_step("finish", "guest", "visit.finished"),
               make_step("deposit_return", "guard", "deposit.returned"),
               make_step("badge_return", "guard", "badge.returned"),
               make_step("exit", "guard", "visit.departed")};
  sop.steps[0].evidence = Evidence::unobservable;
  sop.steps[5].inputs = {"purpose", "portrait"};
  sop.steps[6].branches = {{"accept_now", "call"}, {"decline", "deposit_return"}};
  sop.rules = {{.type = "precedence", .before = "screening", .after = "question"},
               {.type = "response", .to = "badge", .expect = "badge_return"},
               {.type = "limit", .measure = "members_inside", .unless = "aide_permission", .max = 2},
               {.type = "limit", .measure = "minutes_inside", .max = 45}};
  return sop;
}

// A visit, entry by entry; each comes a minute after the one before.
class Played {
 public:
  explicit Played(Sop sop = make_procedure()) : sop_(std::move(sop)), checker_(sop_) {
    visit_.portrait = "picture";
    visit_.where = {{outside_area, 1}};
    then("guard", [](Visit&) {});
  }
  Played& after(Millis time) {
    now_ += time - 1min;
    return *this;
  }
  Played& then(const char* role, const std::function<void(Visit&)>& change, bool corrects = false, bool returns = false) {
    now_ += 1min;
    change(visit_);
    checker_.add(visit_, {++entry_, {now_, {}, ClockQuality::ok, local_offset}, role, corrects, returns});
    return *this;
  }
  Played& identify() {
    return then("guard", [](Visit& v) { v.attested.emplace_back("identity"); });
  }
  Played& give_badge() {
    return then("guard", [](Visit& v) { v.badges_out = {badge}; });
  }
  Played& screen() {
    return then("guard", [](Visit& v) { v.screening = Screening::clear; });
  }
  Played& ask() {
    return then("guard", [](Visit& v) { v.approval = Approval::sent, v.state = VisitState::waiting; });
  }
  Played& accept(const char* role = "aide") {
    return then(role, [](Visit& v) { v.approval = Approval::accepted, v.state = VisitState::called; });
  }
  Played& decline() {
    return then("aide", [](Visit& v) { v.approval = Approval::declined, v.state = VisitState::declined; });
  }
  Played& go_in(int people = 1) {
    return then("", [&](Visit& v) {
      v.where = {{AreaId("residence"), people}};
      v.state = VisitState::in_meeting;
      if (!v.entered) v.entered = now_;
    });
  }
  Played& come_out() {
    return then("", [&](Visit& v) {
      v.where = {{waiting_room_area, 1}};
      v.state = VisitState::finished;
      v.finished = now_;
    });
  }
  Played& take_deposit() {
    return then("guard", [](Visit& v) { v.deposits_open = 1; });
  }
  Played& give_deposit_back() {
    return then("guard", [](Visit& v) { v.deposits_open = 0; });
  }
  Played& take_badge() {
    return then(
        "guard", [](Visit& v) { v.badges_out.clear(); }, false, true);
  }
  Played& lose_badge() {
    return then("guard", [](Visit& v) { v.badges_out.clear(); });
  }
  Played& end() {
    return then("guard", [&](Visit& v) { v.state = VisitState::departed, v.closed = now_; });
  }
  Played& up_to_the_meeting() { return identify().give_badge().screen().ask().accept().go_in(); }

  // "kind step #rule @entry", in order.
  std::vector<std::string> found(Millis later = 0min) const {
    std::vector<std::string> texts;
    for (const auto& one : checker_.find(now_ + later)) {
      std::string text = word(one.kind);
      if (!one.step.empty()) text += " " + one.step;
      if (one.rule) text += " #" + std::to_string(*one.rule);
      texts.push_back(text + " @" + std::to_string(one.entry));
    }
    return texts;
  }

 private:
  const Sop sop_;
  ConformanceChecker checker_;
  Visit visit_;
  UtcTime now_ = morning;
  std::uint64_t entry_ = 0;
};

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a visit that follows its procedure has no deviation, at its end and at no time before") {
  Played visit;
  CHECK(visit.found() == Texts{});
  visit.up_to_the_meeting();
  CHECK(visit.found() == Texts{});
  visit.come_out().take_badge().end();
  CHECK(visit.found() == Texts{});
  CHECK(visit.found(72h) == Texts{});
}

TEST_CASE("a guest who is declined has followed the procedure by its branch") {
  CHECK(Played().identify().give_badge().screen().ask().decline().take_badge().end().found() == Texts{});
}

TEST_CASE("a step that was left out is skipped once the visit has ended") {
  Played visit;
  visit.identify().give_badge().ask().accept().go_in().come_out().take_badge();
  CHECK(visit.found() == Texts{"late screening @7"});  // by the guest's coming out: until then it could be made up for
  visit.end();
  CHECK(visit.found() == Texts{"step_skipped screening @9"});
}

TEST_CASE("a guest who leaves before the decision has skipped nothing of the rest") {
  CHECK(Played().identify().give_badge().screen().ask().take_badge().end().found() == Texts{});
}

TEST_CASE("a thing that was kept is a step skipped; one that was never left is none") {
  Played visit;
  visit.take_deposit().up_to_the_meeting().come_out().take_badge();
  SECTION("kept") { CHECK(visit.end().found() == Texts{"step_skipped deposit_return @11"}); }
  SECTION("given back") { CHECK(visit.give_deposit_back().end().found() == Texts{}); }
  SECTION("given back, and another kept") {
    CHECK(visit.give_deposit_back().take_deposit().end().found() == Texts{"step_skipped deposit_return @13"});
  }
}

TEST_CASE("an order that a precedence forbids is found when the earlier step is made up for") {
  Played visit;
  visit.identify().give_badge().ask();
  CHECK(visit.found() == Texts{});
  visit.screen();
  CHECK(visit.found() == Texts{"wrong_order screening #0 @5"});
}

TEST_CASE("a step is late from the moment its limit has passed, and by the entry that ends it") {
  Played visit;
  visit.identify().give_badge();
  CHECK(visit.found(3min) == Texts{});
  CHECK(visit.found(3min + 1ms) == Texts{"late screening @0"});
  visit.after(4min).screen();
  CHECK(visit.found() == Texts{"late screening @4"});
}

TEST_CASE("a question that is held is not late, and its clock begins again when it is asked again") {
  Played visit;
  visit.identify().give_badge().screen().ask().after(9min).then("aide", [](Visit& v) { v.approval = Approval::held; });
  CHECK(visit.found(60min) == Texts{});
  visit.after(60min).then("", [](Visit& v) { v.approval = Approval::sent; });
  CHECK(visit.found(10min) == Texts{});
  CHECK(visit.after(11min).accept().found() == Texts{"late decision @8"});
}

TEST_CASE("another role than the step's executor is found, but for the aide's answer that is taken down") {
  Played visit;
  visit.identify().give_badge().screen().ask();
  SECTION("an admin") { CHECK(visit.accept("admin").found() == Texts{"wrong_executor decision @6"}); }
  SECTION("a guard, as the aide's") {
    visit.then("guard", [](Visit& v) {
      v.approval = Approval::accepted, v.verbal = Verbal::unconfirmed, v.state = VisitState::called;
    });
    CHECK(visit.found() == Texts{});
  }
  SECTION("an aide's call, which is not the guard's act but follows") { CHECK(visit.accept().found() == Texts{}); }
  SECTION("the gateway, which has no role") { CHECK(visit.accept("").found() == Texts{}); }
}

TEST_CASE("an input that the record can show is missed when it is not there") {
  Played visit;
  visit.then("guard", [](Visit& v) { v.portrait.clear(); }).identify().give_badge().screen().ask();
  CHECK(visit.found() == Texts{"input_missing question @6"});
}

TEST_CASE("more of a party inside than permitted, and for longer") {
  Played visit;
  visit.then("guard", [](Visit& v) { v.party = 4; }).up_to_the_meeting();
  SECTION("people") {
    visit.go_in(2);
    CHECK(visit.found() == Texts{});
    visit.go_in(3).go_in(3);
    CHECK(visit.found() == Texts{"limit_exceeded #2 @10"});
  }
  SECTION("people, with the aide's permission") {
    visit.then("aide", [](Visit& v) { v.members_permit = "u-aide"; }).go_in(4);
    CHECK(visit.found() == Texts{});
  }
  SECTION("minutes") {
    CHECK(visit.found(45min) == Texts{});
    CHECK(visit.found(46min) == Texts{"limit_exceeded #3 @0"});
    CHECK(visit.after(46min).come_out().found() == Texts{"limit_exceeded #3 @9"});
  }
}

TEST_CASE("inside without the aide's acceptance, or outside the hours, is found at the passage") {
  Played visit;
  visit.identify().give_badge().screen().ask();
  SECTION("not accepted") { CHECK(visit.go_in().found() == Texts{"without_approval @6"}); }
  SECTION("accepted for later") {
    visit.then("aide", [](Visit& v) { v.approval = Approval::accepted_later, v.hold_until = morning + 1h; });
    CHECK(visit.go_in().found() == Texts{"without_approval @7"});
  }
  SECTION("out of hours") {
    visit.accept().then("guard", [](Visit& v) { v.out_of_hours = true; });
    SECTION("without a permit") { CHECK(visit.go_in().found() == Texts{"out_of_hours @8"}); }
    SECTION("with one") {
      CHECK(visit.then("aide", [](Visit& v) { v.hours_permit = true; }).go_in().found() == Texts{});
    }
  }
}

TEST_CASE("a badge that did not come back is found at the end, whatever became of it") {
  Played visit;
  visit.up_to_the_meeting().come_out();
  SECTION("still out") { CHECK(visit.end().found() == Texts{"badge_not_returned @9"}); }
  SECTION("back, and another handed out") {
    CHECK(visit.take_badge().give_badge().end().found() == Texts{"badge_not_returned @11"});
  }
  SECTION("lost") { CHECK(visit.lose_badge().end().found() == Texts{"badge_not_returned @10"}); }
  SECTION("the end is taken back, and the badge comes") {
    visit.end().then(
        "guard", [](Visit& v) { v.closed.reset(), v.state = VisitState::finished; }, true);
    CHECK(visit.found() == Texts{});
    CHECK(visit.take_badge().end().found() == Texts{});
  }
  SECTION("back, and the end is taken back") {
    visit.take_badge().end().then(
        "guard", [](Visit& v) { v.closed.reset(), v.state = VisitState::finished; }, true);
    CHECK(visit.end().found() == Texts{});
  }
}

TEST_CASE("the same day ends at the site's midnight") {
  Played visit;  // 08:00 UTC is 15:00 in Jakarta
  visit.up_to_the_meeting().come_out();
  CHECK(visit.found(8h) == Texts{});
  CHECK(visit.found(9h) == Texts{"late badge_return #1 @0"});
  CHECK(visit.after(9h).take_badge().found() == Texts{"late badge_return #1 @9"});
}

TEST_CASE("what was taken back was not done") {
  Played visit;
  visit.identify()
      .then(
          "guard", [](Visit& v) { v.attested.clear(); }, true)
      .give_badge()
      .screen()
      .ask()
      .accept();
  visit.go_in().come_out().take_badge().end();
  CHECK(visit.found() == Texts{"step_skipped identity @11"});
}

TEST_CASE("an alarm of the detector that was not handled is a deviation of the visit") {
  CHECK(Played().then("", [](Visit& v) { v.alarm_deviation = true; }).found() == Texts{"alarm_without_action @2"});
}

TEST_CASE("a deviation that lets a person be where they may not, or keeps what opens doors, is a violation") {
  CHECK(severity_of(Deviation::late) == DeviationSeverity::info);
  CHECK(severity_of(Deviation::step_skipped) == DeviationSeverity::note);
  CHECK(severity_of(Deviation::without_approval) == DeviationSeverity::violation);
  CHECK(severity_of(Deviation::badge_not_returned) == DeviationSeverity::violation);
}
