// SPDX-License-Identifier: Apache-2.0
#include "models/sop/sop.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace gapura {
namespace {

using Fact = bool (*)(const Visit&);

struct NamedFact {
  const char* event;
  bool on_the_way_in;  // cannot be made up for once the guest is on the way out
  Fact holds;
};

bool was_called(const Visit& visit) {
  return visit.entered || visit.state == VisitState::called || visit.state == VisitState::escorted ||
         visit.state == VisitState::in_meeting || visit.state == VisitState::away || visit.state == VisitState::finished;
}

// hold, ask and withdraw leave the question open: the visit stays on that step.
bool was_decided(const Visit& visit) {
  if (visit.verbal == Verbal::disputed) return false;
  return visit.approval == Approval::accepted || visit.approval == Approval::accepted_later ||
         visit.approval == Approval::declined || visit.approval == Approval::referred ||
         visit.approval == Approval::rescheduled;
}

bool was_escorted(const Visit& visit) { return visit.escort >= EscortState::started; }

// On the way in no badge is out because none was issued yet.
bool gave_badge_back(const Visit& visit) { return visit.closed || (is_leaving(visit) && visit.badges_out.empty()); }

constexpr std::array<NamedFact, 17> facts{{
    {"visit.registered", true,
     [](const Visit& v) { return v.state != VisitState::planned && v.state != VisitState::arrived; }},
    {"visit.completed", true, [](const Visit& v) { return !v.in_debt; }},
    {"portrait.taken", true, [](const Visit& v) { return !v.portrait.empty(); }},
    {"badge.issued", true, [](const Visit& v) { return !v.badges_out.empty(); }},
    {"checkpoint.passed", true, [](const Visit& v) { return v.screening != Screening::pending; }},
    {"checkpoint.disposed", true, [](const Visit& v) { return is_cleared(v.screening); }},
    {"approval.asked", true, [](const Visit& v) { return v.approval != Approval::none; }},
    {"approval.decided", true, was_decided},
    {"visit.called", true, was_called},
    {"escort.started", true, was_escorted},
    {"escort.handed_over", true, [](const Visit& v) { return v.escort >= EscortState::handed_over; }},
    {"access.taken", true, [](const Visit& v) { return v.entered.has_value(); }},
    {"visit.finished", true, [](const Visit& v) { return v.finished || v.state == VisitState::finished; }},
    {"escort.returned", false, [](const Visit& v) { return v.escort == EscortState::returned; }},
    {"deposit.returned", false, [](const Visit& v) { return v.deposits_open == 0; }},
    {"badge.returned", false, gave_badge_back},
    {"visit.departed", false, [](const Visit& v) { return v.closed || v.state == VisitState::departed; }},
}};

const NamedFact* find_fact(const std::string& event) {
  const auto found = std::find_if(facts.begin(), facts.end(), [&](const NamedFact& fact) { return event == fact.event; });
  return found == facts.end() ? nullptr : found;
}

const char* branch_word(Approval approval) {
  switch (approval) {
    case Approval::accepted:
      return "accept_now";
    case Approval::accepted_later:
      return "accept_later";
    case Approval::declined:
      return "decline";
    case Approval::referred:
      return "refer";
    case Approval::rescheduled:
      return "reschedule";
    default:
      return "";
  }
}

// The answer that decides which branch is taken; empty while there is none.
std::string answer_of(const SopStep& step, const Visit& visit) {
  if (step.event == "approval.decided") return was_decided(visit) ? branch_word(visit.approval) : "";
  return answer_in(find_attestation(visit, step.id));
}

bool is_on_the_way_in(const SopStep& step) {
  const NamedFact* fact = step.evidence == Evidence::system ? find_fact(step.event) : nullptr;
  return fact && fact->on_the_way_in;
}

// A guest on the way out is not sent back to an earlier step: what was left out on the way in is a deviation. Refused
// guests follow the branch.
std::size_t first_open_step(const Sop& sop, const Visit& visit) {
  if (!is_leaving(visit)) return 0;
  const bool refused =
      visit.state == VisitState::declined || visit.state == VisitState::rescheduled || visit.state == VisitState::referred;
  std::size_t first = 0;
  for (std::size_t i = 0; i < sop.steps.size(); ++i) {
    if (const auto target = find_branch(sop, i, visit); target && refused) return *target;
    if (is_on_the_way_in(sop.steps[i])) first = i + 1;
  }
  return first;
}

bool well_known_met(const Visit& visit, const std::string& id) {
  if (id == "screening") return is_cleared(visit.screening);
  if (id == "badge") return !visit.badges_out.empty();
  if (id == "escort") return was_escorted(visit);
  return !find_attestation(visit, id).empty();  // identity
}

}  // namespace

const std::vector<std::string>& sop_events() {
  static const std::vector<std::string> events = [] {
    std::vector<std::string> names;
    names.reserve(facts.size());
    for (const auto& fact : facts) names.emplace_back(fact.event);
    return names;
  }();
  return events;
}

bool is_done(const SopStep& step, const Visit& visit) {
  if (step.evidence == Evidence::unobservable) return true;
  if (step.evidence == Evidence::attested) return !find_attestation(visit, step.id).empty();
  const NamedFact* fact = find_fact(step.event);
  return fact && fact->holds(visit);
}

std::optional<std::size_t> find_branch(const Sop& sop, std::size_t index, const Visit& visit) {
  const SopStep& step = sop.steps[index];
  if (step.branches.empty()) return std::nullopt;
  const std::string answer = answer_of(step, visit);
  if (answer.empty()) return std::nullopt;
  const auto find = [&](std::string_view name) {
    return std::find_if(step.branches.begin(), step.branches.end(),
                        [&](const auto& branch) { return branch.first == name; });
  };
  auto branch = find(answer);
  if (branch == step.branches.end() && answer == branch_word(Approval::accepted_later)) branch = find("accept_now");
  if (branch == step.branches.end()) return std::nullopt;
  if (branch->second == "end") return sop.steps.size();
  for (std::size_t target = index + 1; target < sop.steps.size(); ++target)
    if (sop.steps[target].id == branch->second) return target;
  return std::nullopt;
}

bool is_on_the_way_out(const SopStep& step) {
  const NamedFact* fact = step.evidence == Evidence::system ? find_fact(step.event) : nullptr;
  return fact && !fact->on_the_way_in;
}

const SopStep* next_step(const Sop& sop, const Visit& visit) {
  if (visit.closed || is_end(visit.state) || visit.state == VisitState::planned) return nullptr;
  std::size_t i = first_open_step(sop, visit);
  while (i < sop.steps.size()) {
    const SopStep& step = sop.steps[i];
    const auto branch = find_branch(sop, i, visit);
    const bool open = !is_done(step, visit) || (!step.answers.empty() && !branch);  // an answer that leads back
    if (open && !(is_leaving(visit) && is_on_the_way_in(step))) return &step;
    i = branch.value_or(i + 1);
  }
  return nullptr;
}

const SopStep* find_step(const Sop& sop, const std::string& id) {
  const auto found = std::find_if(sop.steps.begin(), sop.steps.end(), [&](const SopStep& step) { return step.id == id; });
  return found == sop.steps.end() ? nullptr : &*found;
}

const SopStep* find_required_step(const Sop& sop, const std::string& requirement) {
  return find_step(sop, requirement.substr(0, requirement.find(':')));
}

std::string answer_text(const SopStep& step, const std::string& answer) {
  const auto found =
      std::find_if(step.answers.begin(), step.answers.end(), [&](const auto& one) { return one.first == answer; });
  return found == step.answers.end() ? "" : found->second;
}

GateNeed need_of(const Sop& sop, const std::string& requirement) {
  if (requirement == "decision:accept" || requirement == "decision") return GateNeed::acceptance;
  const SopStep* step = find_step(sop, requirement);
  if (!step) return requirement == "screening" ? GateNeed::screening : GateNeed::step;
  if (step->evidence != Evidence::system) return GateNeed::step;
  if (step->event == "approval.decided") return GateNeed::acceptance;
  return step->event == "checkpoint.disposed" ? GateNeed::screening : GateNeed::step;
}

std::vector<std::string> missing_for(const Sop& sop, const Visit& visit, const std::string& area, UtcTime now) {
  const auto is_met = [&](const std::string& requirement) {
    const GateNeed need = need_of(sop, requirement);
    if (need == GateNeed::acceptance) return is_accepted(visit, now);
    if (need == GateNeed::screening) return is_cleared(visit.screening);
    const SopStep* step = find_step(sop, requirement);
    if (step) return step->answers.empty() && is_done(*step, visit);  // of a decision an answer is required
    const auto colon = requirement.find(':');
    if (colon == std::string::npos) return well_known_met(visit, requirement);
    return find_attestation(visit, requirement.substr(0, colon)) == requirement;
  };
  std::vector<std::string> missing;
  for (const auto& gate : sop.gates)
    if (gate.area == area)
      for (const auto& requirement : gate.requires_)
        if (!is_met(requirement) && std::find(missing.begin(), missing.end(), requirement) == missing.end())
          missing.push_back(requirement);
  return missing;
}

std::optional<int> members_inside_limit(const Sop& sop, bool permitted) {
  std::optional<int> limit;
  for (const auto& rule : sop.rules) {
    const bool lifted = permitted && rule.unless == "aide_permission";
    if (rule.type == "limit" && rule.measure == "members_inside" && !lifted)
      limit = std::min(limit.value_or(rule.max), rule.max);
  }
  return limit;
}

std::optional<Millis> longest_stay(const Sop& sop) {
  std::optional<Millis> limit;
  for (const auto& rule : sop.rules)
    if (rule.type == "limit" && rule.measure == "minutes_inside") {
      const Millis stay = std::chrono::minutes(rule.max);
      limit = std::min(limit.value_or(stay), stay);
    }
  return limit;
}

const Sop* sop_in_force(const std::vector<Sop>& versions, const std::string& category, UtcTime now) {
  const Sop* latest = nullptr;
  for (const auto& sop : versions) {
    const bool applies = std::find(sop.categories.begin(), sop.categories.end(), category) != sop.categories.end();
    if (!applies || sop.effective > now) continue;
    if (!latest || std::pair(sop.effective, sop.revision) > std::pair(latest->effective, latest->revision)) latest = &sop;
  }
  return latest;
}

const Sop* find_sop(const std::vector<Sop>& versions, const std::string& id) {
  const auto found = std::find_if(versions.begin(), versions.end(), [&](const Sop& sop) { return sop.id == id; });
  return found == versions.end() ? nullptr : &*found;
}

}  // namespace gapura
