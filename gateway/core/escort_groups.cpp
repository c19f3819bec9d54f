// SPDX-License-Identifier: Apache-2.0
#include "gateway/core/escort_groups.h"

#include "gateway/core/change_tools.h"

namespace gapura::gateway {

// A host who passes into an ordered area leads a group; each visitor who follows within the gap continues it.
void EscortGroups::follow(const Entry& entry) {
  const AccessPointConfig* point = site_.find_point(AccessPointId(entry.point));
  const Area* area = point ? site_.find_area(point->to) : nullptr;
  const Badge* badge = site_.state.find_badge(entry.badge);
  if (!area || !badge || area->escort != EscortRule::ordered) return;
  const auto group = groups_.find(area->id);
  if (badge->kind != BadgeKind::staff) {
    if (group == groups_.end()) return;
    group->second.last = entry.at.boot;
    ++group->second.followers;
    return;
  }
  const bool closes =
      area->escort_tail && group != groups_.end() && group->second.followers > 0 && group->second.host != badge->id;
  if (closes) {
    groups_.erase(group);
  } else {
    groups_[area->id] = {badge->id, entry.at.boot, 0};
  }
}

// The last of an escorted group went through, and no host closed it.
void EscortGroups::tick(Change& change, const Now& now) {
  for (auto group = groups_.begin(); group != groups_.end();) {
    const Area* area = site_.find_area(group->first);
    const bool broken =
        area && area->escort_tail && group->second.followers > 0 && now.boot - group->second.last > area->escort_gap;
    if (broken) site_.raise(change, AlarmKind::visitor_astray, area->id.str());
    group = broken ? groups_.erase(group) : std::next(group);
  }
}

std::optional<BootTime> EscortGroups::next_deadline() const {
  std::optional<BootTime> next;
  for (const auto& [area, group] : groups_)
    if (const Area* known = site_.find_area(area); known && known->escort_tail && group.followers > 0)
      earliest(next, std::optional(group.last + known->escort_gap));
  return next;
}

const EscortGroup* EscortGroups::find(const AreaId& area) const {
  const auto found = groups_.find(area);
  return found == groups_.end() ? nullptr : &found->second;
}

}  // namespace gapura::gateway
