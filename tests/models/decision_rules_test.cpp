// SPDX-License-Identifier: Apache-2.0
// Each rule of decide() alone, at its limits.
#include <catch2/catch.hpp>

#include "scene.h"

using namespace gapura;
using enum DenialReason;

TEST_CASE("every state of a badge that is not out has its reason") {
  const std::vector<std::pair<BadgeState, std::string>> lines{
      {BadgeState::in_stock, "not_active_yet"}, {BadgeState::issued, ""},          {BadgeState::active, ""},
      {BadgeState::suspended, "suspended"},     {BadgeState::returned, "used_up"}, {BadgeState::expired, "expired"},
      {BadgeState::revoked, "revoked"},         {BadgeState::lost, "lost"},        {BadgeState::quarantine, "lost"},
      {BadgeState::destroyed, "revoked"}};
  REQUIRE(lines.size() == words<BadgeState>.size());
  for (const auto& [state, reason] : lines) {
    Scene scene;
    scene.badge.state = state;
    INFO(word(state));
    CHECK(told(scene) == reason);
  }
}

TEST_CASE("every state of the screening has its reason") {
  for (std::size_t i = 0; i < words<Screening>.size(); ++i) {
    Scene scene;
    scene.visit.screening = static_cast<Screening>(i);
    const bool missing = scene.visit.screening == Screening::pending ||
                         scene.visit.screening == Screening::passed_through || scene.visit.screening == Screening::rewalk;
    INFO(words<Screening>[i]);
    CHECK(told(scene) == (is_cleared(scene.visit.screening) ? "" : missing ? "screening_missing" : "screening_alarm"));
  }
}

TEST_CASE("a cleared screening lasts as long as the post says, to the millisecond") {
  Scene scene;
  scene.visit.screened = noon - 2 * second;
  CHECK(told(scene).empty());
  scene.visit.screened = noon - 2 * second - Millis(1);
  CHECK(told(scene) == "screening_stale");
  scene.input.screening_valid.reset();
  CHECK(told(scene).empty());
}

TEST_CASE("approval: only a yes that stands and has come opens") {
  Scene scene;
  SECTION("no answer, a hold, a question, a withdrawal, a referral") {
    for (const auto approval : {Approval::none, Approval::sent, Approval::delivered, Approval::seen, Approval::held,
                                Approval::referred, Approval::rescheduled, Approval::asked_back, Approval::withdrawn}) {
      scene.visit.approval = approval;
      INFO(word(approval));
      CHECK(told(scene) == "not_approved");
    }
  }
  SECTION("accepted for later") {
    scene.visit.approval = Approval::accepted_later;
    scene.visit.hold_until = noon + Millis(1);
    CHECK(told(scene) == "not_approved");
    scene.visit.hold_until = noon;
    CHECK(told(scene).empty());
  }
  SECTION("taken down by a guard: good until the aide disputes it") {
    scene.visit.verbal = Verbal::unconfirmed;
    CHECK(told(scene).empty());
    scene.visit.verbal = Verbal::disputed;
    CHECK(told(scene) == "not_approved");
  }
  SECTION("a point and a procedure that ask for nothing") {
    scene.point.needs_decision = scene.point.needs_screening = false;
    scene.visit.approval = Approval::declined;
    scene.visit.screening = Screening::alarm;
    CHECK(told(scene).empty());
  }
  SECTION("the procedure's gate asks where the point does not") {
    scene.point.needs_decision = scene.point.needs_screening = false;
    scene.sop.gates = {{"vault", {"screening", "decision:accept"}}};
    scene.visit.approval = Approval::declined;
    scene.visit.screening = Screening::pending;
    CHECK(told(scene) == "screening_missing declined");
  }
}

TEST_CASE("a missing step is named") {
  Scene scene;
  scene.sop.gates = {{"vault", {"identity", "badge", "screening"}}, {"elsewhere", {"escort"}}};
  scene.visit.attested.clear();
  scene.visit.screening = Screening::pending;
  const auto decision = decide(scene.input);
  CHECK(told(decision.reasons) == "screening_missing sop_step_missing");
  CHECK(decision.sop_steps == std::vector<std::string>{"identity", "badge"});
}

TEST_CASE("a guest who leaves is not held by hours, expiry, approval, screening, escort or an untrusted clock") {
  Scene scene;
  scene.leave();
  scene.close(not_now);
  scene.badge.valid_until = noon - Millis(1);
  scene.badge.uses_allowed = scene.badge.uses = 1;
  scene.visit.approval = Approval::declined;
  scene.visit.screening = Screening::alarm;
  scene.visit.attested.clear();
  scene.input.clock_suspect = true;
  scene.input.escort_ahead = false;
  CHECK(told(scene).empty());
  SECTION("but a badge out of its time opens nothing for one who is outside") {
    scene.visit.where = {{outside_area, 1}};
    scene.from.passback = Passback::off;
    CHECK(told(scene) == "expired");
  }
  SECTION("nor does a lost one") {
    scene.badge.state = BadgeState::lost;
    CHECK(told(scene) == "lost");
  }
}

TEST_CASE("the way outside is never full, and a thing in a locker holds its owner back") {
  Scene scene;
  scene.leave();
  scene.point.to = scene.to.id = outside_area;
  scene.to.limit = 1;
  scene.input.people_there = 7;
  CHECK(told(scene).empty());
  scene.visit.deposits_open = 1;
  const auto decision = decide(scene.input);
  CHECK(told(decision.reasons) == "sop_step_missing");
  CHECK(decision.sop_steps == std::vector<std::string>{"deposit_return"});
}

TEST_CASE("a visit that is over opens nothing") {
  Scene scene;
  SECTION("closed") {
    scene.visit.closed = noon;
    CHECK(told(scene) == "used_up");
  }
  SECTION("met, and out again") {
    scene.visit.state = VisitState::finished;
    scene.to.passback = Passback::off;
    scene.visit.where = {{outside_area, 2}};
    CHECK(told(scene) == "used_up");
    scene.visit.presence = Presence::outside;  // of the last one seen; another is still in the waiting room
    scene.visit.where = {{outside_area, 1}, {hall, 1}};
    CHECK(told(scene).empty());
  }
  SECTION("a paper badge whose visit is no longer known") {
    scene.input.visit = nullptr;
    CHECK(told(scene) == "used_up");
  }
}

TEST_CASE("anti-passback follows the people of a party") {
  Scene scene;
  SECTION("one of two is still in the waiting room") {
    scene.visit.where = {{hall, 1}, {vault, 1}};
    CHECK(told(scene).empty());
  }
  SECTION("one of them may be anywhere") {
    scene.visit.where = {{unknown_area, 1}, {vault, 1}};
    CHECK(told(scene).empty());
  }
  SECTION("all are inside") {
    scene.visit.where = {{vault, 2}};
    CHECK(told(scene) == "already_inside");
    SECTION("soft: reported, not denied") {
      scene.to.passback = Passback::soft;
      CHECK(told(scene).empty());
      CHECK(told(decide(scene.input).tolerated) == "already_inside");
    }
    SECTION("forgiven once, exempt by person or by category, forgotten by the daily reset") {
      scene.visit.passback_free = true;
      CHECK(told(scene).empty());
      scene.visit.passback_free = false, scene.visit.passback_exempt = true;
      CHECK(told(scene).empty());
      scene.visit.passback_exempt = false, scene.to.passback_exempt = {"general"};
      CHECK(told(scene).empty());
      scene.to.passback_exempt = {"special"}, scene.input.passback_free = true;
      CHECK(told(scene).empty());
      scene.input.passback_free = false;
      CHECK(told(scene) == "already_inside");
    }
    SECTION("an area without it does not ask") {
      scene.to.passback = Passback::off;
      CHECK(told(scene).empty());
    }
  }
  SECTION("timed: not where, only how long ago") {
    scene.to.passback = Passback::timed;
    scene.to.passback_time = second;
    scene.visit.where = {{vault, 1}};
    scene.badge.passed_into = vault, scene.badge.passed = noon - second + Millis(1);
    CHECK(told(scene) == "timed_apb");
    scene.badge.passed = noon - second;
    CHECK(told(scene).empty());
  }
  SECTION("leaving the area is asked too") {
    scene.leave();
    scene.visit.where = {{hall, 1}};
    CHECK(told(scene) == "already_inside");
    scene.visit.where = {{outside_area, 1}};
    CHECK(told(scene) == "not_inside");
  }
}

TEST_CASE("no one is alone in a two-person area") {
  Scene scene;
  scene.input.second_person = false;
  CHECK(told(scene) == "second_person_missing");
  CHECK(lacks_only_second_person(decide(scene.input)));
  scene.input.people_there = 2;
  CHECK(told(scene).empty());
  scene.leave();
  scene.input.people_here = 3;
  CHECK(told(scene).empty());
  scene.input.people_here = 1;  // a person who is alone already may go
  CHECK(told(scene).empty());
  scene.input.people_here = 2;
  CHECK(told(scene) == "second_person_missing");
  scene.badge.state = BadgeState::revoked;
  CHECK_FALSE(lacks_only_second_person(decide(scene.input)));
}

TEST_CASE("an attested escort has started and has not come back") {
  for (std::size_t i = 0; i < words<EscortState>.size(); ++i) {
    Scene scene;
    scene.to.escort = EscortRule::attested;
    scene.input.escort_ahead = false;
    scene.visit.escort = static_cast<EscortState>(i);
    const bool goes = scene.visit.escort == EscortState::started || scene.visit.escort == EscortState::at_door ||
                      scene.visit.escort == EscortState::handed_over;
    INFO(words<EscortState>[i]);
    CHECK(told(scene) == (goes ? "" : "escort_missing"));
  }
}

TEST_CASE("a party enters in batches of what the procedure allows") {
  Scene scene;
  scene.sop.rules.push_back({.type = "limit", .measure = "members_inside", .max = 3});
  scene.visit.where = {{hall, 2}, {vault, 1}, {AreaId("office"), 1}, {unknown_area, 4}};
  CHECK(told(scene).empty());
  scene.visit.where[vault] = 2;
  CHECK(told(scene) == "escort_limit");
  scene.visit.where[vault] = 3;
  scene.visit.members_permit = "u-aide";
  CHECK(told(scene) == "escort_limit");  // the rule knows of no permission
  scene.sop.rules.back().unless = "aide_permission";
  CHECK(told(scene).empty());
  CHECK(decide(scene.input).over_limit);
  scene.visit.where[vault] = 1;
  CHECK_FALSE(decide(scene.input).over_limit);  // within the limit no permission is used
  scene.visit.members_permit.clear();
  scene.visit.where[vault] = 1, scene.input.members_entering = 1;  // another badge of the party, at another door
  CHECK(told(scene) == "escort_limit");
  scene.point.from = scene.from.id = AreaId("office");  // from one inner area to another
  CHECK(told(scene).empty());
}

TEST_CASE("hours do not hold back a guest whom an aide received all the same") {
  Scene scene;
  scene.close(rest_hours);
  CHECK(told(scene) == "rest_hours");
  scene.visit.hours_permit = true;
  CHECK(told(scene).empty());
}

TEST_CASE("a staff badge has no visit, and keeps the rules of the house") {
  Scene scene;
  scene.give_to_staff();
  scene.to.escort = EscortRule::off;
  scene.close(not_now);
  CHECK(told(scene).empty());
  SECTION("its own state and time") {
    scene.badge.state = BadgeState::suspended;
    scene.badge.valid_until = noon;
    CHECK(told(scene) == "suspended expired");
  }
  SECTION("where it was last seen") {
    scene.badge.area = vault;
    CHECK(told(scene) == "already_inside");
    scene.badge.area = outside_area;
    CHECK(told(scene) == "not_inside");
    scene.badge.passback_free = true;
    CHECK(told(scene).empty());
    scene.badge.passback_free = false, scene.badge.area = unknown_area;
    CHECK(told(scene).empty());
  }
  SECTION("a lockdown, unless its plan lets staff pass") {
    scene.input.lockdown = &scene.plan;
    CHECK(told(scene) == "lockdown");
    scene.plan.may_pass = {"staff"};
    CHECK(told(scene).empty());
  }
}

TEST_CASE("a lockdown lets pass whom its plan names") {
  Scene scene;
  scene.input.lockdown = &scene.plan;
  scene.plan.may_pass = {"staff", "special", "leaving"};
  CHECK(told(scene) == "lockdown");
  scene.visit.category = "special";
  CHECK(told(scene).empty());
  scene.visit.category = "general";
  scene.leave();
  CHECK(told(scene).empty());
  scene.plan.may_pass.clear();
  CHECK(told(scene) == "lockdown");
}

TEST_CASE("a portal's mode closes it for all, and opens it for no bad badge") {
  Scene scene;
  for (const auto mode : {PortalMode::blocked, PortalMode::locked_down}) {
    scene.input.mode = mode;
    CHECK(told(scene) == "lockdown");
  }
  scene.badge.state = BadgeState::revoked;
  for (const auto mode : {PortalMode::unlocked, PortalMode::emergency_open, PortalMode::locked}) {
    scene.input.mode = mode;
    CHECK(told(scene) == "revoked");
  }
}

TEST_CASE("a reader that belongs nowhere opens nothing") {
  Scene scene;
  scene.input.point = nullptr;
  scene.input.from = scene.input.to = nullptr;
  CHECK(told(scene) == "portal_unknown");
}

TEST_CASE("a badge's uses are its ways in from outside, and further in it opens as before") {
  Scene scene;
  scene.badge.uses_allowed = scene.badge.uses = 1;
  CHECK(told(scene).empty());
  scene.point.from = scene.from.id = outside_area;
  scene.visit.where = {{outside_area, 1}};
  CHECK(told(scene) == "used_up");
  scene.badge.uses_allowed = 2;
  CHECK(told(scene).empty());
}
