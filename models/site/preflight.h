// SPDX-License-Identifier: Apache-2.0
// Checks a site before it is armed: which of its rules cannot work, and why. Pure. Mistakes of form (an unknown key, a
// missing id) are found by gateway/settings.
#pragma once

#include <string>
#include <vector>

#include "models/site/site.h"

namespace gapura {

struct Finding {
  bool fatal = false;   // the rule cannot work; else it works less well than its author may expect
  std::string subject;  // "area vault", "access point gate.in", "interlock airlock", "sop SOP-03/KUL/2026#2", "lockdown
                        // all", "hours"
  std::string text;     // a sentence for a person: what is wrong and what to do
  bool operator==(const Finding&) const = default;
};

// Findings in the order of the configuration; empty: every rule can work.
std::vector<Finding> impossible_rules(const SiteConfig& site);

}  // namespace gapura
