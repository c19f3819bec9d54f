// SPDX-License-Identifier: Apache-2.0
#include "gateway/simulation/conformance_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "gateway/simulation/random.h"
#include "models/record/visit_moment.h"

namespace gapura::simulation {
namespace {

// In the order of a usual visit; the empty ones are attested.
constexpr std::array<std::array<const char*, 2>, 21> usual{{{"registered", "visit.registered"},
                                                            {"greet", ""},
                                                            {"identity", ""},
                                                            {"portrait", "portrait.taken"},
                                                            {"badge", "badge.issued"},
                                                            {"walk", "checkpoint.passed"},
                                                            {"screening", "checkpoint.disposed"},
                                                            {"question", "approval.asked"},
                                                            {"decision", "approval.decided"},
                                                            {"completed", "visit.completed"},
                                                            {"rules", ""},
                                                            {"call", "visit.called"},
                                                            {"escort", "escort.started"},
                                                            {"meeting", "access.taken"},
                                                            {"hand_over", "escort.handed_over"},
                                                            {"finish", "visit.finished"},
                                                            {"escort_back", "escort.returned"},
                                                            {"deposit_return", "deposit.returned"},
                                                            {"survey", ""},
                                                            {"badge_return", "badge.returned"},
                                                            {"departure", "visit.departed"}}};

SopStep make_up_step(const char* id, const std::string& event, Random& random) {
  static constexpr const char* doers[] = {"guard", "aide", "admin", "guest"};
  SopStep step;
  step.id = id;
  step.event = event;
  step.evidence = event.empty() ? Evidence::attested : Evidence::system;
  if (event.empty() && random.chance(100)) step.evidence = Evidence::unobservable;
  step.executor = doers[random.below(4)];
  if (random.chance(600)) step.time_limit = random.between(std::chrono::seconds(20), std::chrono::minutes(15));
  if (random.chance(200)) step.inputs = {"portrait"};
  if (random.chance(200)) step.inputs.emplace_back("waiting_still");
  return step;
}

std::string any_step(const Sop& sop, Random& random) {
  return sop.steps[static_cast<std::size_t>(random.below(static_cast<std::int64_t>(sop.steps.size())))].id;
}

void make_up_branches(Sop& sop, Random& random) {
  for (auto& step : sop.steps)
    if (step.event == "approval.decided")
      for (const char* answer : {"accept_now", "accept_later", "refer", "reschedule", "decline", "hold"})
        if (random.chance(600)) step.branches.emplace_back(answer, random.chance(100) ? "end" : any_step(sop, random));
}

// Returns the names in the journal as roles: the simulation's users, and the guards of the shifts.
std::string role_of(const std::string& actor) {
  if (actor.rfind("u-", 0) == 0) return actor.substr(2);
  return actor == "system" || actor == "device" ? "" : "guard";
}

std::string describe(const DeviationFound& found) {
  return fmt::format("{} {} {} by {}", word(found.kind), found.step, found.rule ? std::to_string(*found.rule) : "-",
                     found.entry);
}

}  // namespace

Sop make_up_procedure(std::uint64_t seed) {
  Random random(seed ^ 0x70726f63);
  Sop sop;
  for (const auto& [id, event] : usual)
    if (random.chance(850)) sop.steps.push_back(make_up_step(id, event, random));
  for (int swaps = static_cast<int>(random.below(3)); swaps > 0; --swaps) {
    const auto at = static_cast<std::size_t>(random.below(static_cast<std::int64_t>(sop.steps.size()) - 1));
    std::swap(sop.steps[at], sop.steps[at + 1]);
  }
  make_up_branches(sop, random);
  for (int i = 0; i < 4; ++i) {
    sop.rules.push_back({.type = "precedence", .before = any_step(sop, random), .after = any_step(sop, random)});
    SopRule response{.type = "response", .to = any_step(sop, random), .expect = any_step(sop, random)};
    if (random.chance(700)) response.within = random.between(std::chrono::seconds(20), std::chrono::hours(1));
    sop.rules.push_back(response);
  }
  sop.rules.push_back({.type = "limit", .measure = "members_inside", .unless = "aide_permission", .max = 1});
  sop.rules.push_back({.type = "limit", .measure = "members_inside", .max = static_cast<int>(1 + random.below(4))});
  sop.rules.push_back({.type = "limit", .measure = "minutes_inside", .max = static_cast<int>(1 + random.below(30))});
  return sop;
}

std::string ConformanceCheck::add(const Entry& entry, const SiteEdit& edit) {
  std::string wrong;
  for (const auto& [id, visit] : edit.visits) {
    auto watched = watched_.find(id);
    if (watched == watched_.end()) {
      if (entry.type != EventType::visit_registered || entry.visit != id) continue;
      watched = watched_.emplace(id, Watched{ConformanceChecker(sop_), {}}).first;
    }
    const std::string role = role_of(entry.actor);
    watched->second.checker.add(visit, moment_of(entry, role));
    watched->second.trace.push_back({entry, visit, role});
    if (visit.closed) deviations_ += watched->second.checker.find(entry.at.utc).size();
    // Before the end only sometimes, and as of some minutes later: the definition is slow.
    const bool sometimes = watched->second.trace.size() % 8 == 3;
    if (wrong.empty() && (visit.closed || sometimes))
      wrong = compare(id, watched->second, entry.at.utc + (sometimes ? std::chrono::minutes(10) : std::chrono::minutes(0)));
  }
  return wrong;
}

std::string ConformanceCheck::finish() const {
  for (const auto& [id, watched] : watched_)
    if (auto wrong = compare(id, watched, watched.trace.back().entry.at.utc + std::chrono::hours(9)); !wrong.empty())
      return wrong;
  return {};
}

std::string ConformanceCheck::compare(const VisitId& visit, const Watched& watched, UtcTime now) const {
  std::multiset<std::string> counted, defined;
  for (const auto& found : watched.checker.find(now)) counted.insert(describe(found));
  for (const auto& found : deviations_of(sop_, watched.trace, now)) defined.insert(describe(found));
  std::vector<std::string> differ;
  std::set_symmetric_difference(counted.begin(), counted.end(), defined.begin(), defined.end(), std::back_inserter(differ));
  if (differ.empty()) return {};
  return fmt::format("visit {}: {} is found {}", visit.str(), differ.front(),
                     counted.contains(differ.front()) ? "and is none by definition" : "not, and is one by definition");
}

}  // namespace gapura::simulation
