// SPDX-License-Identifier: Apache-2.0
// Before rules are armed: what would they have changed over the last days? The recorded scans are judged once more, each
// in the state that the journal had reached, under the new rules. Nothing is written.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "gateway/journal/database.h"
#include "models/site.h"
#include "models/site_event.h"

namespace gapura::gateway {

struct ShadowChange {
  std::uint64_t number = 0;  // of the recorded decision
  UtcTime time;
  std::string point;
  bool was_granted = false;          // recorded; the new rules say the opposite
  std::vector<std::string> reasons;  // would deny: the new rules' reasons. Would grant: the recorded ones
};

struct ShadowReport {
  std::size_t scans = 0;  // of known badges, in the window
  std::vector<ShadowChange> changes;
  std::map<std::string, std::size_t> reasons;  // first reasons of those that would be denied
};

// `offset`: of the site's zone at an instant. Reads the whole journal, for the state at the window's start is its sum.
// What depends on devices at that moment (a busy portal, a fault, an open interlock, a second person) is left out on both
// sides.
Result<ShadowReport> shadow_check(const Database& db, const SiteConfig& rules, UtcTime from,
                                  const std::function<Minutes(UtcTime)>& offset);

}  // namespace gapura::gateway
