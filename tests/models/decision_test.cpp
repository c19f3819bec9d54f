// SPDX-License-Identifier: Apache-2.0
// One fault more per line: the first reason of each line is the one that the guard's screen leads with.
#include "models/decision.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>

using namespace gapura;
using enum DenialReason;

namespace {

constexpr UtcTime noon{Millis(1'800'000'000'000)};

struct Scene {
  AccessPointConfig point;
  Badge badge;
  Visit visit;
  DecisionInput input;

  Scene() {
    point.needs_decision = point.needs_screening = true;
    badge.issued = noon - Millis(1000);
    badge.valid_until = noon + Millis(1000);
    visit.approval = Approval::accepted;
    visit.screening = Screening::clear;
    input.now = noon;
    input.point = &point;
    input.badge = &badge;
    input.visit = &visit;
  }
  Scene(const Scene&) = delete;
};

struct Line {
  DenialReason reason;
  std::function<void(Scene&)> fault;
};

// In ascending precedence: each line keeps the faults of those above it.
const std::vector<Line>& table() {
  static const std::vector<Line> lines{
      {duplicate_scan, [](Scene& s) { s.input.same_badge_pending = true; }},
      {rate_limited, [](Scene& s) { s.input.rate_limited = true; }},
      {journal_unavailable, [](Scene& s) { s.input.journal_ready = false; }},
      {portal_fault, [](Scene& s) { s.input.portal_ready = false; }},
      {not_approved, [](Scene& s) { s.visit.approval = Approval::sent; }},
      {screening_missing, [](Scene& s) { s.visit.screening = Screening::pending; }},
      {interlock_busy, [](Scene& s) { s.input.portal_busy = true; }},
      {used_up, [](Scene& s) { s.visit.closed = noon; }},
      {expired, [](Scene& s) { s.badge.valid_until = noon; }},
      {not_active_yet, [](Scene& s) { s.badge.issued = noon + Millis(1); }},
      {revoked, [](Scene& s) { s.badge.state = BadgeState::revoked; }},
  };
  return lines;
}

}  // namespace

TEST_CASE("a badge without a fault is granted") {
  Scene scene;
  CHECK(decide(scene.input).granted());
}

TEST_CASE("each fault alone denies for its own reason") {
  for (const auto& line : table()) {
    Scene scene;
    line.fault(scene);
    INFO(word(line.reason));
    CHECK(decide(scene.input).reasons == std::vector{line.reason});
  }
}

TEST_CASE("faults add up, and the most important comes first") {
  Scene scene;
  std::vector<DenialReason> expected;
  for (const auto& line : table()) {
    line.fault(scene);
    expected.insert(expected.begin(), line.reason);
    INFO(word(line.reason));
    CHECK(decide(scene.input).reasons == expected);
  }
  CHECK(std::is_sorted(expected.begin(), expected.end()));
}

TEST_CASE("other ways to fail") {
  Scene scene;
  const auto only = [&] {
    const auto decision = decide(scene.input);
    REQUIRE(decision.reasons.size() == 1);
    return std::string(word(decision.reasons.front()));
  };
  SECTION("an alarm at the detector") {
    scene.visit.screening = Screening::alarm;
    CHECK(only() == "screening_alarm");
  }
  SECTION("refused at the detector") {
    scene.visit.screening = Screening::refused;
    CHECK(only() == "screening_alarm");
  }
  SECTION("walked through, not yet settled") {
    scene.visit.screening = Screening::passed_through;
    CHECK(only() == "screening_missing");
  }
  SECTION("declined") {
    scene.visit.approval = Approval::declined;
    CHECK(only() == "declined");
  }
  SECTION("told to wait") {
    scene.visit.approval = Approval::held;
    CHECK(only() == "not_approved");
  }
  SECTION("accepted for later, not yet") {
    scene.visit.approval = Approval::accepted_later;
    scene.visit.hold_until = noon + Millis(1);
    CHECK(only() == "not_approved");
  }
  SECTION("a badge that was given back") {
    scene.badge.state = BadgeState::returned;
    CHECK(only() == "used_up");
  }
  SECTION("a lost badge") {
    scene.badge.state = BadgeState::lost;
    CHECK(only() == "lost");
  }
  SECTION("no badge of ours") {
    scene.input.badge = nullptr, scene.input.visit = nullptr;
    CHECK(only() == "unknown_badge");
  }
  SECTION("no badge at all") {
    scene.input.malformed = true, scene.input.badge = nullptr, scene.input.visit = nullptr;
    CHECK(only() == "malformed_payload");
  }
  SECTION("two badges") {
    scene.input.ambiguous = true, scene.input.badge = nullptr, scene.input.visit = nullptr;
    CHECK(only() == "ambiguous_scan");
  }
  SECTION("a reader that belongs nowhere") {
    scene.input.point = nullptr;
    CHECK(only() == "portal_unknown");
  }
}

TEST_CASE("accepted for later is accepted once the time has come") {
  Scene scene;
  scene.visit.approval = Approval::accepted_later;
  scene.visit.hold_until = noon;
  CHECK(decide(scene.input).granted());
}

TEST_CASE("a point that requires nothing asks for neither decision nor screening") {
  Scene scene;
  scene.point.needs_decision = scene.point.needs_screening = false;
  scene.visit.approval = Approval::declined;
  scene.visit.screening = Screening::alarm;
  CHECK(decide(scene.input).granted());
}

TEST_CASE("a guest who is inside can always leave, also when the badge's time is over") {
  Scene scene;
  scene.badge.valid_until = noon - Millis(1);
  scene.point.direction = Direction::exit;
  scene.point.needs_decision = scene.point.needs_screening = false;
  scene.visit.presence = Presence::inside;
  CHECK(decide(scene.input).granted());
  scene.visit.presence = Presence::outside;
  CHECK(decide(scene.input).reasons == std::vector{expired});
}

TEST_CASE("after the meeting and out again, the badge opens nothing") {
  Scene scene;
  scene.visit.state = VisitState::finished;
  scene.visit.presence = Presence::outside;
  CHECK(decide(scene.input).reasons == std::vector{used_up});
}
