// SPDX-License-Identifier: Apache-2.0
// One fault more per line: the first reason of each line is the one that the guard's screen leads with.
#include "models/decision.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>

using namespace gapura;
using enum DenialReason;

namespace {

constexpr UtcTime noon{Millis(1'800'000'000'000)};
constexpr Millis second{1000};
const AreaId hall{"waiting_room"}, vault{"vault"};

// A guest in the waiting room before the vault, where every rule of the house holds, and everything is in order.
struct Scene {
  AccessPointConfig point;
  Area from, to;
  Sop sop;
  Badge badge;
  Visit visit;
  LockdownPlan plan;
  DecisionInput input;

  Scene() {
    point.from = from.id = hall;
    point.to = to.id = vault;
    point.needs_decision = point.needs_screening = true;
    to.passback = Passback::hard;
    to.limit = 5;
    to.two_person = true;
    to.escort = EscortRule::ordered;
    to.escort_cap = 2;
    sop.steps = {{"identity", "", "guard", "process", Evidence::attested, "", {}, {}, "", {}}};
    sop.gates = {{"vault", {"identity"}}};
    badge.issued = noon - second;
    badge.valid_until = noon + second;
    visit.category = "general";
    visit.state = VisitState::called;
    visit.presence = Presence::waiting_room;
    visit.where = {{hall, 1}};
    visit.approval = Approval::accepted;
    visit.screening = Screening::clear;
    visit.screened = noon - second;
    visit.attested = {"identity"};
    input.now = noon;
    input.point = &point;
    input.from = &from;
    input.to = &to;
    input.sop = &sop;
    input.badge = &badge;
    input.visit = &visit;
    input.second_person = input.escort_ahead = true;
    input.screening_valid = 2 * second;
  }
  Scene(const Scene&) = delete;

  void close(DenialReason reason) { input.hours = {false, reason, "", {}, {}}; }
  void leave() {
    point.direction = Direction::exit;
    std::swap(point.from, point.to);
    std::swap(from, to);
    visit.where = {{vault, 1}};
    visit.presence = Presence::inside;
  }
  void give_to_staff() {
    badge.kind = BadgeKind::staff;
    badge.area = hall;
    input.visit = nullptr;
    input.sop = nullptr;
  }
};

struct Line {
  DenialReason reason;
  std::function<void(Scene&)> fault;
  std::set<DenialReason> replaces = {};  // that cannot be true at the same time
};

const std::set<DenialReason> of_a_badge{revoked,
                                        lost,
                                        blocked_person,
                                        suspended,
                                        not_active_yet,
                                        expired,
                                        used_up,
                                        not_here,
                                        not_now,
                                        already_inside,
                                        timed_apb,
                                        area_full,
                                        second_person_missing,
                                        escort_limit,
                                        escort_missing,
                                        screening_missing,
                                        not_approved,
                                        sop_step_missing,
                                        clock_untrusted,
                                        unknown_badge};

// In ascending precedence: each line keeps the faults of those above it.
const std::vector<Line>& table() {
  static const std::vector<Line> lines{
      {ambiguous_scan, [](Scene& s) { s.input.ambiguous = true; }},
      {duplicate_scan, [](Scene& s) { s.input.ambiguous = false, s.input.same_badge_pending = true; }, {ambiguous_scan}},
      {rate_limited, [](Scene& s) { s.input.rate_limited = true; }},
      {journal_unavailable, [](Scene& s) { s.input.journal_ready = false; }},
      {clock_untrusted, [](Scene& s) { s.input.clock_suspect = true; }},
      {portal_fault, [](Scene& s) { s.input.portal_ready = false; }},
      {portal_unknown, [](Scene& s) { s.input.point = nullptr; }},
      {lockdown, [](Scene& s) { s.input.point = &s.point, s.input.lockdown = &s.plan; }, {portal_unknown}},
      {sop_step_missing, [](Scene& s) { s.visit.attested.clear(); }},
      {declined, [](Scene& s) { s.visit.approval = Approval::declined; }},
      {not_approved, [](Scene& s) { s.visit.approval = Approval::sent; }, {declined}},
      {screening_stale, [](Scene& s) { s.visit.screened = noon - 3 * second; }},
      {screening_alarm, [](Scene& s) { s.visit.screening = Screening::alarm; }, {screening_stale}},
      {screening_missing, [](Scene& s) { s.visit.screening = Screening::pending; }, {screening_alarm}},
      {escort_limit, [](Scene& s) { s.input.escort_followers = 2; }},
      {escort_missing, [](Scene& s) { s.input.escort_ahead = false; }},
      {second_person_missing, [](Scene& s) { s.input.second_person = false; }},
      {chamber_timeout, [](Scene& s) { s.input.chamber_over = true; }},
      {interlock_busy, [](Scene& s) { s.input.interlock_busy = true; }},
      // Full is not empty, so the second person is missed in the area that the guest comes from.
      {area_full, [](Scene& s) { s.input.people_there = 5, s.from.two_person = true, s.input.people_here = 2; }},
      {timed_apb,
       [](Scene& s) {
         s.to.passback = Passback::timed, s.to.passback_time = 3 * second, s.from.passback = Passback::hard;
         s.badge.passed_into = vault, s.badge.passed = noon - second;
       }},
      {not_inside,
       [](Scene& s) {
         s.visit.where = {{outside_area, 1}};
       }},
      {already_inside,
       [](Scene& s) {
         s.visit.where = {{vault, 1}};
       },
       {not_inside}},
      {rest_hours, [](Scene& s) { s.close(rest_hours); }},
      {holiday, [](Scene& s) { s.close(holiday); }, {rest_hours}},
      {not_now, [](Scene& s) { s.close(not_now); }, {holiday}},
      {not_here,
       [](Scene& s) {
         s.point.categories = {"staff", "special"};
       }},
      {used_up, [](Scene& s) { s.badge.uses_allowed = s.badge.uses = 1; }},
      {expired, [](Scene& s) { s.badge.valid_until = noon; }},
      {not_active_yet, [](Scene& s) { s.badge.issued = noon + Millis(1); }},
      {suspended, [](Scene& s) { s.badge.state = BadgeState::suspended; }},
      {blocked_person, [](Scene& s) { s.visit.attention = Attention::blocked; }},
      {lost, [](Scene& s) { s.badge.state = BadgeState::lost; }, {suspended}},
      {revoked, [](Scene& s) { s.badge.state = BadgeState::revoked; }, {lost}},
      {unknown_badge, [](Scene& s) { s.input.badge = nullptr; }, of_a_badge},
      {malformed_payload, [](Scene& s) { s.input.malformed = true; }, of_a_badge},
  };
  return lines;
}

std::string told(const std::vector<DenialReason>& reasons) {
  std::string text;
  for (const auto reason : reasons) text += (text.empty() ? "" : " ") + std::string(word(reason));
  return text;
}
std::string told(const Scene& scene) { return told(decide(scene.input).reasons); }

}  // namespace

TEST_CASE("a badge without a fault is granted") {
  Scene scene;
  CHECK(told(scene).empty());
  CHECK(decide(scene.input).granted());
}

TEST_CASE("the table has every reason, in the enumeration's order, but the one of signed badges") {
  std::vector<DenialReason> listed;
  for (const auto& line : table()) listed.insert(listed.begin(), line.reason);
  std::vector<DenialReason> all;
  for (std::size_t i = 0; i < words<DenialReason>.size(); ++i)
    if (static_cast<DenialReason>(i) != bad_signature) all.push_back(static_cast<DenialReason>(i));
  CHECK(told(listed) == told(all));
}

TEST_CASE("each fault alone denies for its own reason") {
  for (const auto& line : table()) {
    Scene scene;
    line.fault(scene);
    CHECK(told(scene) == word(line.reason));
  }
}

TEST_CASE("faults add up, and the most important comes first") {
  Scene scene;
  std::vector<DenialReason> expected;
  for (const auto& line : table()) {
    line.fault(scene);
    std::erase_if(expected, [&](DenialReason reason) { return line.replaces.contains(reason); });
    expected.insert(expected.begin(), line.reason);
    CHECK(std::is_sorted(expected.begin(), expected.end()));
    CHECK(told(scene) == told(expected));
  }
}

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
  SECTION("a paper badge whose visit nobody knows any more") {
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
    SECTION("soft: told, not denied") {
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

TEST_CASE("nobody is alone in a two-person area") {
  Scene scene;
  scene.input.second_person = false;
  CHECK(told(scene) == "second_person_missing");
  CHECK(lacks_only_second_person(decide(scene.input)));
  scene.input.people_there = 2;
  CHECK(told(scene).empty());
  scene.leave();
  scene.input.people_here = 3;
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
  scene.sop.rules.push_back({"limit", "", "", "", "", "", "members_inside", "", 3});
  scene.visit.where = {{hall, 2}, {vault, 1}, {AreaId("office"), 1}, {unknown_area, 4}};
  CHECK(told(scene).empty());
  scene.visit.where[vault] = 2;
  CHECK(told(scene) == "escort_limit");
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

TEST_CASE("the README's table has every reason, in the order of precedence") {
  std::ifstream file(GAPURA_SOURCE_DIR "/models/README.md");
  std::vector<std::string> listed;
  bool in_table = false;
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("## ", 0) == 0) in_table = line == "## Why a badge is denied, most important first";
    if (!in_table || line.rfind("| `", 0) != 0) continue;
    const auto end = line.find('`', 3);
    listed.push_back(line.substr(3, end - 3));
    const std::string when = line.substr(line.find('|', end) + 1);
    INFO(line);
    CHECK(when.size() > 10);  // says when, in the same line
  }
  CHECK(listed == std::vector<std::string>(words<DenialReason>.begin(), words<DenialReason>.end()));
}
