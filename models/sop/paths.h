// SPDX-License-Identifier: Apache-2.0
// The orders in which the steps of a procedure can follow each other: a graph that leads from the first step to the end and
// has no circle, since a branch that leads back leaves the visit where it is. Pure.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "models/sop/sop.h"

namespace gapura {

using StepSet = std::vector<bool>;          // by the index of a step
using StepPath = std::vector<std::size_t>;  // indexes of steps, in the order of a visit

inline bool has_event(const SopStep& step, const std::string& event) {
  return step.evidence == Evidence::system && step.event == event;
}
// Whether a visit's answer at this step chooses what follows: the aide's decision, or an attested step with branches.
bool is_decision(const SopStep& step);
// Whether an answer leads on: false for hold, which leaves the aide's question open.
bool leads_on(const SopStep& step, const std::string& answer);
// Returns the index of the step, or steps.size() when there is none.
std::size_t index_of(const Sop& sop, const std::string& step);
// Returns where a branch leads, or steps.size() for "end". None when it leads back, to its own step, or nowhere.
std::optional<std::size_t> find_target(const Sop& sop, std::size_t step, const std::string& target);

class SopPaths {
 public:
  // `sop` has a step, and outlives the paths.
  explicit SopPaths(const Sop& sop);

  std::size_t end() const { return next_.size(); }
  // Returns what can follow a step, in ascending order; end() for the end of the visit.
  const std::vector<std::size_t>& next(std::size_t step) const { return next_.at(step); }
  // Returns every step on a path that begins with `from` and enters none of `without`; `from` itself is the first of them.
  StepSet reached(std::size_t from, const StepSet& without) const;
  // Returns the shortest path from `from` to the end that enters none of `without`; none when there is no such path.
  std::optional<StepPath> find_way_out(std::size_t from, const StepSet& without) const;
  // Returns the shortest path from the first step to `to` that enters none of `without`.
  std::optional<StepPath> find_way_to(std::size_t to, const StepSet& without) const;
  StepSet none() const { return StepSet(end(), false); }
  // The steps that wait for one of these events.
  StepSet with_event(std::initializer_list<const char*> events) const;

 private:
  std::optional<StepPath> find_path(std::size_t from, std::size_t to, const StepSet& without) const;

  const Sop& sop_;
  std::vector<std::vector<std::size_t>> next_;
};

// A path on which the step `after` of a rule comes without `before`. `always`: every path to `after` breaks a rule there.
struct OrderBreach {
  std::size_t rule = 0;
  StepPath path;  // ends with `after`
  bool always = false;
};
struct OrderReport {
  std::vector<OrderBreach> breaches;  // at most one of each rule
  bool complete = true;  // false: there are more than `most` states, and the breaches of the rest are not known
};
// Follows every path together with all its precedences at once: a state is a step and which steps named by `before` were
// done. A path ends where it breaks a rule. `rules`: the indexes of the precedences to follow.
OrderReport check_order(const Sop& sop, const SopPaths& paths, const std::vector<std::size_t>& rules, std::size_t most);

}  // namespace gapura
