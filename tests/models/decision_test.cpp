// SPDX-License-Identifier: Apache-2.0
// One fault more per line: the first reason of each line is the one that the guard's screen leads with.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <functional>
#include <set>

#include "scene.h"

using namespace gapura;
using enum DenialReason;

namespace {

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
      {used_up, [](Scene& s) { s.visit.closed = noon; }},
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
