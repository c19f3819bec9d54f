// SPDX-License-Identifier: Apache-2.0
#include "models/sop/paths.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>

namespace gapura {
namespace {

// The next line follows where the aide accepts and there is no branch for it, and where no branch leads on.
bool falls_through(const SopStep& step, const std::set<std::size_t>& targets) {
  if (targets.empty()) return true;
  if (!has_event(step, "approval.decided")) return false;
  return std::none_of(step.branches.begin(), step.branches.end(),
                      [](const auto& branch) { return branch.first == "accept_now"; });
}

std::vector<std::size_t> steps_after(const Sop& sop, std::size_t index) {
  const SopStep& step = sop.steps[index];
  if (has_event(step, "visit.departed")) return {sop.steps.size()};  // it ends the visit
  std::set<std::size_t> targets;
  for (const auto& [answer, name] : step.branches)
    if (const auto target = find_target(sop, index, name); target && leads_on(step, answer)) targets.insert(*target);
  if (falls_through(step, targets)) targets.insert(index + 1);
  return {targets.begin(), targets.end()};
}

// Follows the paths breadth first, so that the first path to a step is a shortest one.
class OrderWalk {
 public:
  OrderWalk(const Sop& sop, const SopPaths& paths, const std::vector<std::size_t>& rules)
      : sop_(sop), paths_(paths), rules_(rules), done_lawfully_(paths.end(), false) {
    for (const std::size_t rule : rules_) befores_.push_back(index_of(sop_, sop_.rules[rule].before));
  }
  OrderReport walk(std::size_t most) {
    attempt(0, no_parent, StepSet(rules_.size(), false));
    for (std::size_t i = 0; i < states_.size(); ++i) {
      if (states_.size() > most) return {{}, false};
      const State state = states_[i];
      for (const std::size_t next : paths_.next(state.step))
        if (next != paths_.end()) attempt(next, i, state.befores);
    }
    return report();
  }

 private:
  struct State {
    std::size_t step, parent;
    StepSet befores;  // by the index in rules_: whether `before` was done
  };
  static constexpr std::size_t no_parent = static_cast<std::size_t>(-1);

  void attempt(std::size_t step, std::size_t parent, StepSet befores) {
    bool lawful = true;
    for (std::size_t i = 0; i < rules_.size(); ++i) {
      if (sop_.rules[rules_[i]].after != sop_.steps[step].id || befores[i]) continue;
      lawful = false;
      if (breaches_.count(i) == 0) breaches_[i] = {rules_[i], path_to(parent, step), false};
    }
    if (!lawful) return;
    done_lawfully_[step] = true;
    for (std::size_t i = 0; i < rules_.size(); ++i) befores[i] = befores[i] || befores_[i] == step;
    if (known_.emplace(step, befores).second) states_.push_back({step, parent, std::move(befores)});
  }
  StepPath path_to(std::size_t state, std::size_t last) const {
    StepPath path{last};
    for (; state != no_parent; state = states_[state].parent) path.push_back(states_[state].step);
    std::reverse(path.begin(), path.end());
    return path;
  }
  OrderReport report() const {
    OrderReport report;
    for (auto [i, breach] : breaches_) {
      breach.always = !done_lawfully_[breach.path.back()];
      report.breaches.push_back(std::move(breach));
    }
    return report;
  }

  const Sop& sop_;
  const SopPaths& paths_;
  const std::vector<std::size_t>& rules_;
  std::vector<std::size_t> befores_;  // the step `before` of each rule
  StepSet done_lawfully_;
  std::vector<State> states_;
  std::set<std::pair<std::size_t, StepSet>> known_;
  std::map<std::size_t, OrderBreach> breaches_;  // by the index in rules_
};

}  // namespace

bool is_decision(const SopStep& step) {
  return has_event(step, "approval.decided") || (step.evidence == Evidence::attested && !step.branches.empty());
}

bool leads_on(const SopStep& step, const std::string& answer) {
  return is_decision(step) && !(step.evidence == Evidence::system && answer == "hold");
}

std::size_t index_of(const Sop& sop, const std::string& step) {
  const SopStep* found = find_step(sop, step);
  return found == nullptr ? sop.steps.size() : static_cast<std::size_t>(found - sop.steps.data());
}

std::optional<std::size_t> find_target(const Sop& sop, std::size_t step, const std::string& target) {
  if (target == "end") return sop.steps.size();
  const std::size_t index = index_of(sop, target);
  if (index <= step || index == sop.steps.size()) return std::nullopt;
  return index;
}

SopPaths::SopPaths(const Sop& sop) : sop_(sop) {
  next_.reserve(sop.steps.size());
  for (std::size_t i = 0; i < sop.steps.size(); ++i) next_.push_back(steps_after(sop, i));
}

StepSet SopPaths::reached(std::size_t from, const StepSet& without) const {
  StepSet found = none();
  if (without[from]) return found;
  found[from] = true;
  // Every step leads to later ones only, so one pass in their order finds all.
  for (std::size_t i = from; i < end(); ++i)
    for (const std::size_t next : found[i] ? next_[i] : std::vector<std::size_t>())
      if (next != end() && !without[next]) found[next] = true;
  return found;
}

std::optional<StepPath> SopPaths::find_path(std::size_t from, std::size_t to, const StepSet& without) const {
  if (without[from]) return std::nullopt;
  std::map<std::size_t, std::size_t> parents{{from, from}};
  std::deque<std::size_t> open{from};
  for (; !open.empty() && parents.count(to) == 0; open.pop_front()) {
    const std::size_t step = open.front();
    if (step == end()) continue;
    for (const std::size_t next : next_[step])
      if ((next == end() || !without[next]) && parents.emplace(next, step).second) open.push_back(next);
  }
  if (parents.count(to) == 0) return std::nullopt;
  StepPath path;
  for (std::size_t step = to;; step = parents[step]) {
    if (step != end()) path.push_back(step);
    if (step == from) break;
  }
  std::reverse(path.begin(), path.end());
  return path;
}

std::optional<StepPath> SopPaths::find_way_out(std::size_t from, const StepSet& without) const {
  return find_path(from, end(), without);
}

std::optional<StepPath> SopPaths::find_way_to(std::size_t to, const StepSet& without) const {
  return find_path(0, to, without);
}

StepSet SopPaths::with_event(std::initializer_list<const char*> events) const {
  StepSet found = none();
  for (std::size_t i = 0; i < end(); ++i)
    found[i] =
        std::any_of(events.begin(), events.end(), [&](const char* event) { return has_event(sop_.steps[i], event); });
  return found;
}

OrderReport check_order(const Sop& sop, const SopPaths& paths, const std::vector<std::size_t>& rules, std::size_t most) {
  return OrderWalk(sop, paths, rules).walk(most);
}

}  // namespace gapura
