// SPDX-License-Identifier: Apache-2.0
// What the paths through a procedure lead to: every step, the departure, what was handed out and kept, the gates.
#include <algorithm>

#include "models/sop/linter.h"
#include "models/visit/visit.h"

namespace gapura {
namespace {

constexpr const char* departed = "visit.departed";
constexpr std::initializer_list<const char*> ways_out{"visit.finished", "escort.returned", "badge.returned", departed};

bool is_inner(const SopGate& gate) { return !is_front(AreaId(gate.area)); }

bool meet(const StepSet& one, const std::vector<std::size_t>& steps) {
  return std::any_of(steps.begin(), steps.end(), [&](std::size_t step) { return one[step]; });
}

StepSet joint(StepSet one, const StepSet& other) {
  for (std::size_t i = 0; i < one.size(); ++i) one[i] = one[i] || other[i];
  return one;
}

}  // namespace

// ---- Steps

void Linter::check_reached(std::size_t index) {
  if (reached_[index]) return;
  std::size_t last = index;
  while (!reached_[last]) --last;  // ends at the first step
  const bool after_departure = has_event(sop_.steps[last], departed);
  if (after_departure && sop_.steps[index].evidence == Evidence::unobservable) return;  // is never asked for anyway
  add_step(LintRule::unreachable_step, index, "id",
           after_departure
               ? "step " + id_of(last) + " ends the visit, so this one is never asked for; move it before " + id_of(last) +
                     ", or take evidence = \"unobservable\""
               : "no path leads here: every branch before it leads to a later step; let a branch lead here, or remove it");
}

// Reported where a path ends: at its last step, or at the branch that leads to the end.
void Linter::check_end(std::size_t index) {
  const SopStep& step = sop_.steps[index];
  const auto& next = paths_.next(index);
  if (has_event(step, departed) || std::find(next.begin(), next.end(), paths_.end()) == next.end()) return;
  const auto way = paths_.find_way_to(index, paths_.with_event({departed}));
  if (!way) return;
  const std::string text = "the path " + text_of(*way) +
                           " ends here without a step whose event is visit.departed, so the visit stays open; lead every "
                           "path to one";
  bool by_branch = false;
  for (const auto& [answer, target] : step.branches) {
    if (target != "end" || !leads_on(step, answer)) continue;
    add_step(LintRule::open_end, index, "branches." + answer, text);
    by_branch = true;
  }
  if (!by_branch) add_step(LintRule::open_end, index, "id", text);
}

void Linter::check_badge(std::size_t index) {
  if (!has_event(sop_.steps[index], "badge.issued") || !reached_[index]) return;
  const auto way = paths_.find_way_out(index, paths_.with_event({"badge.returned"}));
  if (!way) return;
  add_step(LintRule::badge_not_returned, index, "event",
           "on the path " + text_of(*way) +
               " no step has the event badge.returned, so a guest keeps the badge; lead every path from here to one");
}

// Items are kept at the detector (item_deposited), or anywhere where a procedure without one says that they are returned.
void Linter::check_deposit(std::size_t index) {
  const StepSet returns = paths_.with_event({"deposit.returned"}), detectors = paths_.with_event({"checkpoint.disposed"});
  const bool any_detector = std::find(detectors.begin(), detectors.end(), true) != detectors.end();
  if (!reached_[index] || !(any_detector ? detectors : returns)[index]) return;
  const auto way = paths_.find_way_out(any_detector ? index : 0, returns);
  if (!way) return;
  add_step(LintRule::deposit_not_returned, index, "event",
           std::string(any_detector ? "an item may be kept here, and on" : "items are returned here, but on") +
               " the path " + text_of(*way) + " no step has the event deposit.returned; lead every path to one");
}

// ---- Gates

// The steps of which any meets a requirement. A requirement may name an answer behind a colon.
std::vector<std::size_t> Linter::steps_for(const std::string& requirement) const {
  std::vector<std::size_t> decided, asked, named;
  for (std::size_t i = 0; i < sop_.steps.size(); ++i) {
    const SopStep& step = sop_.steps[i];
    if (has_event(step, "approval.decided")) decided.push_back(i);
    if (has_event(step, "approval.asked") || step.executor == "aide") asked.push_back(i);
    if (step.id == requirement.substr(0, requirement.find(':'))) named.push_back(i);
  }
  if (need_of(sop_, requirement) != GateNeed::acceptance) return named;
  return decided.empty() ? asked : decided;
}

void Linter::check_gate(std::size_t index) {
  const SopGate& gate = sop_.gates[index];
  const StepSet out = paths_.with_event(ways_out), entered = joint(out, paths_.with_event({"access.taken"}));
  const StepSet before_entry = paths_.reached(0, entered);
  // access.taken is the first entry into the house. Where another area of it opens before, this one may lie behind that.
  const bool lies_behind = is_inner(gate) && !opens(gate, before_entry) &&
                           std::any_of(sop_.gates.begin(), sop_.gates.end(),
                                       [&](const SopGate& other) { return is_inner(other) && opens(other, before_entry); });
  const bool is_way_out = gate.area == outside_area.str();
  const StepSet in_time = is_way_out ? reached_ : lies_behind ? paths_.reached(0, out) : before_entry;
  for (std::size_t i = 0; i < gate.requires_.size(); ++i) check_requirement(index, i, in_time);
  check_same_gate(index);
}

bool Linter::opens(const SopGate& gate, const StepSet& in_time) const {
  return std::all_of(gate.requires_.begin(), gate.requires_.end(), [&](const std::string& requirement) {
    const std::vector<std::size_t> steps = steps_for(requirement);
    return steps.empty() || meet(in_time, steps);
  });
}

void Linter::check_requirement(std::size_t gate, std::size_t item, const StepSet& in_time) {
  const std::string& requirement = sop_.gates[gate].requires_[item];
  const std::vector<std::size_t> steps = steps_for(requirement);
  const auto report = [&](LintRule rule, const std::string& text) {
    add(rule, SopPart::gate, gate, "requires", text, item);
  };
  const bool acceptance = need_of(sop_, requirement) == GateNeed::acceptance;
  if (steps.empty() && acceptance)
    report(LintRule::unreachable_gate,
           "no step asks the aide, whose acceptance it requires, so the gate never opens; expected a step whose event is "
           "approval.decided");
  if (steps.empty() || meet(in_time, steps)) return;
  if (!meet(reached_, steps))
    return report(LintRule::unreachable_gate, "no path reaches step " + id_of(steps.front()) +
                                                  ", so the gate never opens; lead a path there, or require another step");
  report(LintRule::late_gate, "step " + id_of(steps.front()) + " comes only after area " + sop_.gates[gate].area +
                                  " was entered, so the gate never opens to a guest who follows the steps; require a step "
                                  "before the entry");
}

// Whether two requirements of a gate ask for the same.
bool Linter::are_same(const std::string& one, const std::string& other) const {
  const GateNeed need = need_of(sop_, one);
  return one == other || (need == need_of(sop_, other) && need != GateNeed::step);
}

void Linter::check_same_gate(std::size_t index) {
  const auto& requirements = sop_.gates[index].requires_;
  for (std::size_t i = 0; i < requirements.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (are_same(requirements[j], requirements[i])) {
        add(LintRule::same_requirement, SopPart::gate, index, "requires",
            "says the same as " + requirements[j] + "; one of them is enough", i);
        break;
      }
  for (std::size_t other = 0; other < index; ++other)
    if (sop_.gates[other].area == sop_.gates[index].area && sop_.gates[other].requires_ == requirements)
      add(LintRule::same_gate, SopPart::gate, index, "area",
          "says the same as gate[" + std::to_string(other) + "]; one of them is enough");
}

}  // namespace gapura
