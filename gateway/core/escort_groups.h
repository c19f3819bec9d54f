// SPDX-License-Identifier: Apache-2.0
// Hosts who lead guests into areas with escort = "ordered": the host's badge passes first, each guest's within escort_gap
// after the one before; with escort_tail a second host passes last.
#pragma once

#include <map>

#include "gateway/core/site_context.h"

namespace gapura::gateway {

// The group that is passing into one area.
struct EscortGroup {
  BadgeId host;       // who passed first
  BootTime last;      // of the newest passage, the host's included
  int followers = 0;  // guests who have passed after the host
};

// Thread: core only. Not stored: after a restart a host has to go first again. `site` must outlive it.
class EscortGroups {
 public:
  explicit EscortGroups(const SiteContext& site) : site_(site) {}
  // A committed access_taken. A host's passage begins a group in place of the area's earlier one, or with escort_tail ends
  // another host's group that has followers; a guest's continues it. Other areas are ignored.
  void follow(const Entry& entry);
  // With escort_tail: adds to `change` the alarm visitor_astray for each group whose last guest passed more than
  // escort_gap ago and that no second host has ended, and forgets the group.
  void tick(Change& change, const Now& now);
  std::optional<BootTime> next_deadline() const;      // when tick() may have to raise one; none: no such group
  const EscortGroup* find(const AreaId& area) const;  // null: none; valid until follow() or tick()

 private:
  const SiteContext& site_;
  std::map<AreaId, EscortGroup> groups_;
};

}  // namespace gapura::gateway
