// SPDX-License-Identifier: Apache-2.0
// A guest taken through the shipped procedures: what each says is next, and what the gates still miss.
#include <catch2/catch.hpp>
#include <functional>
#include <map>

#include "gateway/settings/sop_reader.h"

using namespace gapura;
using namespace gapura::gateway;

namespace {

const UtcTime now = std::chrono::sys_days(std::chrono::year(2026) / 3 / 2);

Sop sample(const std::string& name) {
  const std::string file = GAPURA_SOURCE_DIR "/config/sop/" + name + ".toml";
  const SopReport report = load_sop(file, "Asia/Jakarta");
  REQUIRE(report.sop);
  return *report.sop;
}

// What happens when the step that is next is done.
const std::map<std::string, std::function<void(Visit&)>> deeds = {
    {"identity", [](Visit& v) { v.attested.emplace_back("identity"); }},
    {"waiting", [](Visit& v) { v.attested.emplace_back("waiting"); }},
    {"portrait", [](Visit& v) { v.portrait = std::string("x"); }},
    {"badge", [](Visit& v) { v.badges_out = {BadgeId("b")}; }},
    {"screening", [](Visit& v) { v.screening = Screening::clear; }},
    {"request", [](Visit& v) { v.approval = Approval::sent; }},
    {"notice", [](Visit& v) { v.approval = Approval::sent; }},
    {"decision", [](Visit& v) { v.approval = Approval::accepted; }},
    {"call", [](Visit& v) { v.state = VisitState::called; }},
    {"escort", [](Visit& v) { v.escort = EscortState::started; }},
    {"meeting",
     [](Visit& v) {
       v.entered = now;
       v.state = VisitState::in_meeting;
     }},
    {"finish",
     [](Visit& v) {
       v.finished = now;
       v.state = VisitState::finished;
     }},
    {"escort_out", [](Visit& v) { v.escort = EscortState::returned; }},
    {"deposit_return", [](Visit& v) { v.deposits_open = 0; }},
    {"badge_return", [](Visit& v) { v.badges_out.clear(); }},
    {"departure",
     [](Visit& v) {
       v.state = VisitState::departed;
       v.closed = now;
     }},
};

Visit arrived() {
  Visit visit;
  visit.state = VisitState::registered;
  visit.deposits_open = 1;
  return visit;
}

// The steps that were next, up to and without `last`; all of them where that never comes.
std::vector<std::string> walk(const Sop& sop, Visit& visit, const std::string& last = "") {
  std::vector<std::string> steps;
  for (const SopStep* step = next_step(sop, visit); step != nullptr; step = next_step(sop, visit)) {
    if (step->id == last || steps.size() > 30) break;
    steps.push_back(step->id);
    deeds.at(step->id)(visit);
  }
  return steps;
}

using Steps = std::vector<std::string>;

}  // namespace

TEST_CASE("a general guest of an office is led from the identity to the departure") {
  Visit visit = arrived();
  CHECK(walk(sample("office-general"), visit) == Steps{"identity", "portrait", "badge", "screening", "waiting", "request",
                                                       "decision", "call", "escort", "meeting", "finish", "escort_out",
                                                       "deposit_return", "badge_return", "departure"});
}

TEST_CASE("a special guest passes without a decision; a residence still asks for the detector") {
  Visit office = arrived(), residence = arrived();
  CHECK(walk(sample("office-special"), office) == Steps{"notice", "badge", "escort", "meeting", "finish", "escort_out",
                                                        "deposit_return", "badge_return", "departure"});
  CHECK(walk(sample("residence-special"), residence) == Steps{"notice", "badge", "screening", "escort", "meeting", "finish",
                                                              "escort_out", "deposit_return", "badge_return", "departure"});
}

TEST_CASE("a guest who is declined gives items and badge back and is not called") {
  const Sop sop = sample("residence-general");
  Visit visit = arrived();
  walk(sop, visit, "decision");
  visit.approval = Approval::declined;
  visit.state = VisitState::declined;
  CHECK(walk(sop, visit) == Steps{"deposit_return", "badge_return", "departure"});
}

TEST_CASE("the gates of a residence open step by step") {
  const Sop sop = sample("residence-general");
  Visit visit = arrived();
  walk(sop, visit, "screening");
  CHECK(missing_for(sop, visit, "waiting_room", now) == Steps{"screening"});
  walk(sop, visit, "decision");
  CHECK(missing_for(sop, visit, "waiting_room", now).empty());
  CHECK(missing_for(sop, visit, "residence", now) == Steps{"decision:accept"});
  walk(sop, visit, "meeting");
  CHECK(missing_for(sop, visit, "residence", now).empty());
  CHECK(members_inside_limit(sop, false) == 3);
  CHECK(longest_stay(sop) == std::chrono::minutes(30));
}
