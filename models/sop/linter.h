// SPDX-License-Identifier: Apache-2.0
// The parts of lint(). Only models/sop includes this.
#pragma once

#include <string>
#include <vector>

#include "models/sop/lint.h"
#include "models/sop/paths.h"

namespace gapura {

class Linter {
 public:
  // `sop` has a step, and outlives the linter, as `site` does.
  Linter(const Sop& sop, const SopSite* site);
  std::vector<LintFinding> run();

 private:
  // step_lint.cpp
  void check_step(std::size_t index);
  void check_branches(std::size_t index);
  void check_decision(std::size_t index);
  void check_attested_answers(std::size_t index);
  void check_direction(std::size_t index, const std::string& answer, const std::string& target);
  void check_same_targets(std::size_t index);
  void check_work(std::size_t index);
  void check_executor(std::size_t index);
  void check_inputs(std::size_t index);
  void check_device(std::size_t index);
  void check_id(std::size_t index);

  // path_lint.cpp
  void check_reached(std::size_t index);
  void check_end(std::size_t index);
  void check_badge(std::size_t index);
  void check_deposit(std::size_t index);
  void check_gate(std::size_t index);
  bool opens(const SopGate& gate, const StepSet& in_time) const;
  void check_requirement(std::size_t gate, std::size_t item, const StepSet& in_time);
  void check_same_gate(std::size_t index);
  bool are_same(const std::string& one, const std::string& other) const;
  std::vector<std::size_t> steps_for(const std::string& requirement) const;

  // rule_lint.cpp
  void check_rules();
  void check_same_rule(std::size_t index);
  void check_orders(std::vector<std::size_t> precedences);
  bool check_cycle(std::size_t index, const std::vector<std::size_t>& precedences);
  void check_response(std::size_t index);
  void check_limit(std::size_t index);

  // lint.cpp
  void add(LintRule rule, SopPart part, std::size_t index, const std::string& key, const std::string& text,
           std::optional<std::size_t> item = std::nullopt);
  void add_step(LintRule rule, std::size_t index, const std::string& key, const std::string& text);
  std::string text_of(const StepPath& path) const;  // "greet -> … -> waiting"
  const std::string& id_of(std::size_t step) const { return sop_.steps[step].id; }

  const Sop& sop_;
  const SopSite* site_;
  const SopPaths paths_;
  const StepSet reached_;  // the steps that a path leads to
  std::vector<LintFinding> findings_;
};

// "a", "a or b", "a, b or c", where `last` is "or".
std::string listed(const std::vector<std::string>& words, const std::string& last);
std::string quoted(const std::string& text);

}  // namespace gapura
