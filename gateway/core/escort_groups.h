// SPDX-License-Identifier: Apache-2.0
// Hosts who lead guests through ordered areas.
#pragma once

#include <map>

#include "gateway/core/site_context.h"

namespace gapura::gateway {

// A host's group through an ordered area: who went last, and how many have followed.
struct EscortGroup {
  BadgeId host;
  BootTime last;
  int followers = 0;
};

// Thread: core only. Not kept over a restart, after which a host has to go first again.
class EscortGroups {
 public:
  explicit EscortGroups(const SiteContext& site) : site_(site) {}
  void follow(const Entry& entry);  // a committed access_taken
  // Raises an alarm when the last of a group went through and no host closed it.
  void tick(Change& change, const Now& now);
  std::optional<BootTime> next_deadline() const;
  const EscortGroup* find(const AreaId& area) const;  // null: none

 private:
  const SiteContext& site_;
  std::map<AreaId, EscortGroup> groups_;
};

}  // namespace gapura::gateway
