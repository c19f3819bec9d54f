// SPDX-License-Identifier: Apache-2.0
#include "models/sop/lint.h"

#include "models/sop/linter.h"

namespace gapura {

LintSeverity severity_of(LintRule rule) {
  switch (rule) {
    case LintRule::same_branches:
    case LintRule::precedence_broken:
    case LintRule::response_broken:
    case LintRule::same_rule:
    case LintRule::same_requirement:
    case LintRule::same_gate:
    case LintRule::misleading_id:
      return LintSeverity::remark;
    default:
      return LintSeverity::mistake;
  }
}

std::vector<LintFinding> lint(const Sop& sop, const SopSite* site) {
  if (sop.steps.empty()) return {};
  return Linter(sop, site).run();
}

Linter::Linter(const Sop& sop, const SopSite* site)
    : sop_(sop), site_(site), paths_(sop), reached_(paths_.reached(0, paths_.none())) {}

std::vector<LintFinding> Linter::run() {
  for (std::size_t i = 0; i < sop_.steps.size(); ++i) check_step(i);
  check_rules();
  for (std::size_t i = 0; i < sop_.gates.size(); ++i) check_gate(i);
  return std::move(findings_);
}

void Linter::add(LintRule rule, SopPart part, std::size_t index, const std::string& key, const std::string& text,
                 std::optional<std::size_t> item) {
  findings_.push_back({rule, severity_of(rule), part, index, key, item, text});
}

void Linter::add_step(LintRule rule, std::size_t index, const std::string& key, const std::string& text) {
  add(rule, SopPart::step, index, key, text);
}

// Of a long path the ends: its middle is in the file.
std::string Linter::text_of(const StepPath& path) const {
  constexpr std::size_t shown_whole = 6, shown_last = 4;
  std::string text;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const bool left_out = path.size() > shown_whole && i > 0 && i + shown_last < path.size();
    if (left_out && i > 1) continue;
    text += (i == 0 ? "" : " -> ") + (left_out ? "..." : id_of(path[i]));
  }
  return text;
}

std::string listed(const std::vector<std::string>& words, const std::string& last) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i)
    text += (i == 0 ? "" : i + 1 == words.size() ? " " + last + " " : ", ") + words[i];
  return text;
}

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

}  // namespace gapura
