// SPDX-License-Identifier: Apache-2.0
// Rules against the order of the steps, and against each other.
#include <algorithm>
#include <map>
#include <tuple>

#include "models/base/text.h"
#include "models/sop/linter.h"

namespace gapura {
namespace {

auto content_of(const SopRule& rule) {
  return std::tie(rule.type, rule.before, rule.after, rule.to, rule.expect, rule.within, rule.measure, rule.unless,
                  rule.max);
}

std::string name_of(std::size_t rule) { return "rule[" + std::to_string(rule) + "]"; }

}  // namespace

void Linter::check_rules() {
  std::vector<std::size_t> precedences;
  for (std::size_t i = 0; i < sop_.rules.size(); ++i) {
    const SopRule& rule = sop_.rules[i];
    check_same_rule(i);
    if (rule.type == "limit") check_limit(i);
    if (rule.type == "response") check_response(i);
    if (rule.type == "precedence" && !check_cycle(i, precedences)) precedences.push_back(i);
  }
  if (!precedences.empty()) check_orders(std::move(precedences));
}

void Linter::check_same_rule(std::size_t index) {
  for (std::size_t other = 0; other < index; ++other)
    if (content_of(sop_.rules[other]) == content_of(sop_.rules[index]))
      return add(LintRule::same_rule, SopPart::rule, index, "type",
                 "says the same as " + name_of(other) + "; one of them is enough");
}

// Of two rules of one measure only the smaller maximum has an effect. One that the aide may lift and one that holds in any
// case are two measures.
void Linter::check_limit(std::size_t index) {
  const SopRule& rule = sop_.rules[index];
  for (std::size_t other = 0; other < index; ++other) {
    const SopRule& before = sop_.rules[other];
    if (before.type != "limit" || before.measure != rule.measure || before.unless != rule.unless) continue;
    if (before.max == rule.max) continue;
    return add(LintRule::different_limits, SopPart::rule, index, "max",
               rule.measure + " is at most " + std::to_string(before.max) + " by " + name_of(other) +
                   ", and of two limits only the smaller one counts; expected one of them, found " +
                   std::to_string(rule.max));
  }
}

// ---- Precedence

// Whether this rule closes a circle with those before it, which no order of steps can keep.
bool Linter::check_cycle(std::size_t index, const std::vector<std::size_t>& precedences) {
  const SopRule& rule = sop_.rules[index];
  std::map<std::string, std::string> earlier{{rule.after, ""}};  // a step that follows from `after`, and the one before it
  std::vector<std::string> open{rule.after};
  for (std::size_t i = 0; i < open.size(); ++i)
    for (const std::size_t other : precedences)
      if (sop_.rules[other].before == open[i] && earlier.emplace(sop_.rules[other].after, open[i]).second)
        open.push_back(sop_.rules[other].after);
  if (earlier.count(rule.before) == 0) return false;
  std::vector<std::string> circle{rule.before};
  for (std::string step = earlier[rule.before]; !step.empty(); step = earlier[step]) circle.push_back(step);
  circle.push_back(rule.before);
  std::reverse(circle.begin(), circle.end());
  add(LintRule::precedence_cycle, SopPart::rule, index, "after",
      "contradicts other rules: " + joined(circle, " before ") +
          ", which no order of steps can keep; remove one of "
          "them");
  return true;
}

void Linter::check_orders(std::vector<std::size_t> precedences) {
  const OrderReport report = check_order(sop_, paths_, precedences, most_orders);
  if (!report.complete)
    return add(LintRule::too_many_orders, SopPart::rule, precedences.front(), "type",
               "the branches and precedences allow more than " + std::to_string(most_orders) +
                   " orders of steps, which are not checked; use fewer decisions or fewer precedences");
  for (const OrderBreach& breach : report.breaches) {
    const SopRule& rule = sop_.rules[breach.rule];
    const std::string path = text_of(breach.path) + ", without " + rule.before + " before it; ";
    if (breach.always)
      add(LintRule::precedence_never, SopPart::rule, breach.rule, "after",
          "no path to " + rule.after + " keeps the precedences, for example: " + path +
              "turn the rule round, or move a step");
    else
      add(LintRule::precedence_broken, SopPart::rule, breach.rule, "after",
          "a guest breaks the rule who follows the path " + path + "lead it through " + rule.before);
  }
}

// ---- Response

void Linter::check_response(std::size_t index) {
  const SopRule& rule = sop_.rules[index];
  const std::size_t to = index_of(sop_, rule.to), expect = index_of(sop_, rule.expect);
  if (to == paths_.end() || expect == paths_.end() || !reached_[to]) return;
  if (expect <= to || !paths_.reached(to, paths_.none())[expect])
    return add(LintRule::response_never, SopPart::rule, index, "expect",
               "no path leads from " + rule.to + " to " + rule.expect +
                   ", so the rule can only be broken; expected a step " + "that comes after " + rule.to);
  StepSet without = paths_.none();
  without[expect] = true;
  if (const auto way = paths_.find_way_out(to, without))
    add(LintRule::response_broken, SopPart::rule, index, "expect",
        "a guest breaks the rule who follows the path " + text_of(*way) + ", which ends without " + rule.expect +
            "; expected a step that is on every path from " + rule.to);
}

}  // namespace gapura
