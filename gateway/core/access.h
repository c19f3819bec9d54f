// SPDX-License-Identifier: Apache-2.0
// Decides who may pass and what opens: badges at readers, portals, lockdowns.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "gateway/core/devices.h"
#include "gateway/core/escort_groups.h"
#include "gateway/core/site_context.h"
#include "models/access/decision.h"
#include "models/access/portal.h"

namespace gapura::gateway {

// ---- The site's state as it concerns a point or a portal.
// Returns the highest plan in force that covers one of the point's areas; null: none.
const LockdownPlan* lockdown_over(const SiteContext& site, const AccessPointConfig& point);
// A lockdown takes precedence over a door's unlocked mode: its pulse is not renewed, so the device locks it.
bool is_locked_down(const SiteContext& site, const PortalId& portal);
// Returns how much longer this visit's passage may take than the portal's pulse.
Millis extra_time(const SiteContext& site, const VisitId& visit, const PortalConfig& portal);

// Thread: core only. access.cpp: scans and releases; portals.cpp: portals' facts, and time; access_rules.cpp: commands.
class AccessPart {
 public:
  AccessPart(SiteContext& site, const DevicesPart& devices);

  // Handles a badge at a reader, including those at the guard's post and in the return box.
  Change on_badge(const BadgeRead& read, const Now& now);
  void on_level(Change& change, const LevelReport& report, const Now& now);
  Change on_pulse(const PulseReport& report, const Now& now);
  // Call after the commit with its entries: portals begin their release, groups continue, modes change.
  void committed(const std::vector<Entry>& entries);

  // Called in this order, with ticks of other parts between: see Gate::tick().
  void tick_portals(Change& change, const Now& now);
  void tick_escorts(Change& change, const Now& now) { groups_.tick(change, now); }
  void run_timers(Change& change, const Now& now);
  std::optional<BootTime> next_deadline() const;
  std::optional<UtcTime> next_due() const;  // of schedules and times of day

  // Returns the decision that a scan of this badge at this point would get now. Orders and changes nothing.
  Decision judge(const AccessPointConfig& point, const Badge& badge, const Now& now) const;
  const std::vector<Portal>& portals() const { return portals_; }

  Change run(const ReleasePortal&, const Actor&, const Now&);
  Change run(const ForgivePassback&, const Actor&, const Now&);
  Change run(const ExemptPassback&, const Actor&, const Now&);
  Change run(const SetPortalMode&, const Actor&, const Now&);
  Change run(const StartLockdown&, const Actor&, const Now&);
  Change run(const EndLockdown&, const Actor&, const Now&);
  Change run(const Panic&, const Actor&, const Now&);

 private:
  struct WaitingSecond {
    BadgeId badge;
    BootTime until;
  };
  // access.cpp
  Change on_post_reader(const PostReader& desk, const BadgeRead& read, const Now& now);
  DecisionInput look(const AccessPointConfig& point, const Badge* badge, const Now& now) const;
  void grant(Change& change, const AccessPointConfig& point, Entry entry, BootTime asked);
  bool interlock_busy(const Portal& portal) const;
  bool too_many_useless(const ReaderId& reader, BootTime at);
  // portals.cpp
  void portal_facts(Change& change, Portal& portal, const PortalFacts& facts);
  void begin_release(const Entry& entry);
  void follow_schedules(Change& change, const Now& now);
  Portal* find_portal(const PortalId& id);
  const Portal* find_portal(const PortalId& id) const;

  SiteContext& site_;
  const DevicesPart& devices_;
  EscortGroups groups_;
  std::vector<Portal> portals_;
  std::map<std::string, Level> panic_levels_;
  std::map<ReaderId, std::vector<BootTime>> useless_reads_;  // recent ones, per reader
  std::map<AccessPointId, WaitingSecond> waiting_second_;    // of two-person areas
};

}  // namespace gapura::gateway
