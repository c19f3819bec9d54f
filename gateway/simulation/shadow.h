// SPDX-License-Identifier: Apache-2.0
// Before rules are armed: what they would have changed over the last days. The recorded scans are decided again under the
// new rules, each in the state that the journal had at that point. Nothing is written.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "gateway/journal/database.h"
#include "models/record/site_event.h"
#include "models/site/site.h"

namespace gapura::gateway {

struct ShadowChange {
  std::uint64_t number = 0;  // of the recorded decision
  UtcTime time;
  std::string point;
  bool was_granted = false;          // the recorded decision; the new rules decide the opposite
  std::vector<std::string> reasons;  // would deny: the new rules' reasons. Would grant: the recorded ones
};

struct ShadowReport {
  std::size_t scans = 0;  // of known badges, in the window
  std::vector<ShadowChange> changes;
  std::map<std::string, std::size_t> reasons;  // first reasons of the scans that would be denied
};

// `offset`: of the site's zone at an instant. Reads the whole journal, because the state at the window's start is its sum.
// What depends on devices at that moment (a busy portal, a fault, an open interlock, a second person) is ignored on both
// sides.
Result<ShadowReport> shadow_check(const Database& db, const SiteConfig& rules, UtcTime from,
                                  const std::function<Minutes(UtcTime)>& offset);

}  // namespace gapura::gateway
