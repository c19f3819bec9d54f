// SPDX-License-Identifier: Apache-2.0
// Checks a procedure before it is in force: which of its steps, rules and gates cannot mean what they say, and why. Pure.
// Mistakes of form (an unknown key, a step that does not exist) are found by gateway/settings.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "models/base/words.h"
#include "models/sop/sop.h"

namespace gapura {

// What is wrong. config/README.md explains each word.
GAPURA_ENUM(LintRule,  //
            unreachable_step, open_end, endless_decision, missing_branch, unknown_answer, ignored_branch, same_branches,
            badge_not_returned, deposit_not_returned, missing_time_limit, missing_output, wrong_executor, unknown_input,
            missing_device, precedence_cycle, precedence_never, precedence_broken, too_many_orders, response_never,
            response_broken, different_limits, same_rule, late_gate, unreachable_gate, same_requirement, same_gate,
            reserved_id, misleading_id);
// mistake: the procedure is refused. remark: it is not, but may mean something else than its author thinks.
GAPURA_ENUM(LintSeverity, mistake, remark);
LintSeverity severity_of(LintRule rule);

GAPURA_ENUM(SopPart, step, rule, gate);

struct LintFinding {
  LintRule rule{};
  LintSeverity severity{};
  SopPart part{};
  std::size_t index = 0;            // of the step, rule or gate
  std::string key;                  // of it: "executor", "branches.decline"; it may be absent in the file
  std::optional<std::size_t> item;  // of the list that is the key's value
  std::string text;                 // a sentence for a person: what is wrong, why, and what to do
};

// What a site has that proves system steps.
struct SopSite {
  bool has_detector = false;
  bool has_camera = false;        // any: a guard takes a guest's portrait with a camera of the site
  bool has_inner_reader = false;  // at an access point into an area other than outside and the waiting room
};

// States (a step, and which steps named by a precedence were done) that are followed at most.
inline constexpr std::size_t most_orders = 10'000;

// Findings of the steps, then of the rules, then of the gates, each in the order of the procedure. `site`, if not null, is
// checked for what the system steps need.
std::vector<LintFinding> lint(const Sop& sop, const SopSite* site = nullptr);

// What a step's `inputs` may name: the fields of the guest's form, and the picture of the waiting room.
const std::vector<std::string>& sop_inputs();
// The answers to approval.decided that a branch may have.
const std::vector<std::string>& sop_answers();
// Who can bring an event about, in the words of `executor`. Empty: there is no such event.
const std::vector<std::string>& sop_executors(const std::string& event);

}  // namespace gapura
