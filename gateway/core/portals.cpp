// SPDX-License-Identifier: Apache-2.0
// Portals' facts, and what follows from time: modes by schedule, lockdowns that revert.
#include <utility>

#include "gateway/core/access.h"
#include "gateway/core/change_tools.h"
#include "models/base/invariant.h"

namespace gapura::gateway {

namespace {

using Kind = PortalFact::Kind;

// Records that a guest is inside who was never cleared, at a site that screens.
void note_unscreened(const SiteContext& site, Change& change, const Entry& taken) {
  const Visit* visit = site.find_open_visit(taken.visit);
  const AccessPointConfig* point = site.find_point(AccessPointId(taken.point));
  const bool inside = point && presence_in(point->to) == Presence::inside;
  if (site.config.detectors.empty() || !visit || !inside || visit->entered || is_cleared(visit->screening)) return;
  Entry entry = site_entry(taken.point, DeviationNoted{.kind = Deviation::not_screened});
  entry.visit = visit->id;
  change.entries.push_back(std::move(entry));
}

// Returns the mode that a portal's schedule requires now; none: no change. A person's command since the window began
// applies until the next window, and a blocked door stays blocked. With an untrusted clock nothing is unlocked, and what
// the schedule unlocked is locked.
std::optional<PortalMode> scheduled_mode(const SiteContext& site, const Portal& portal, const Now& now) {
  const PortalConfig& config = portal.config();
  const auto found = site.state.facts.modes.find(config.id);
  const ActiveMode set = found == site.state.facts.modes.end() ? ActiveMode{} : found->second;
  const bool opened_it = set.by_schedule && set.mode == PortalMode::unlocked;
  if (config.unlocked.empty() && !opened_it) return std::nullopt;
  const auto open = now.quality == ClockQuality::suspect
                        ? std::nullopt
                        : unlocked_at(config.unlocked, site.config.hours, now.utc, now.offset);
  if (!open) return opened_it ? std::optional(PortalMode::locked) : std::nullopt;
  const bool person_decided = set.number > 0 && !set.by_schedule && set.since >= open->from;
  if (set.mode != PortalMode::locked || person_decided) return std::nullopt;
  return PortalMode::unlocked;
}

std::optional<UtcTime> passback_reset_due(const SiteContext& site) {
  if (site.config.rules.passback_reset < Minutes(0)) return std::nullopt;
  return site.next_at(site.config.rules.passback_reset, site.state.facts.passback_reset.value_or(site.started));
}

}  // namespace

AccessPart::AccessPart(SiteContext& site, const DevicesPart& devices) : site_(site), devices_(devices), groups_(site) {
  for (const auto& portal : site_.config.portals) portals_.emplace_back(portal);
  for (auto& portal : portals_) {
    const std::string& id = portal.config().id.str();
    portal.start(site_.latest.boot);
    portal.restore(site_.find_alarm(AlarmKind::forced_open, id, true), site_.find_alarm(AlarmKind::held_open, id, true),
                   site_.find_alarm(AlarmKind::released_by_unknown, id, true));
    const auto mode = site_.state.facts.modes.find(portal.config().id);
    if (mode != site_.state.facts.modes.end()) portal.set_mode(mode->second.mode, site_.latest.boot);
  }
  for (const auto& signal : site_.config.rules.panic_inputs) panic_levels_.emplace(signal, Level::unknown);
}

void AccessPart::on_level(Change& change, const LevelReport& report, const Now& now) {
  for (auto& portal : portals_)
    if (portal.uses(report.signal))
      portal_facts(change, portal, portal.level(report.signal, report.level, report.at, report.unordered));
  if (const auto button = panic_levels_.find(report.signal); button != panic_levels_.end()) {
    const Level before = std::exchange(button->second, report.level);
    if (before != Level::on && report.level == Level::on) {
      Change panic = run(Panic{report.signal, false}, by_device(), now);
      for (auto& entry : panic.entries) change.entries.push_back(std::move(entry));
    }
  }
}

Change AccessPart::on_pulse(const PulseReport& report, const Now&) {
  Change change;
  for (auto& portal : portals_)
    if (portal.pending() && portal.pending()->intent == report.intent)
      portal_facts(change, portal, portal.pulse_done(report));
  return change;
}

void AccessPart::portal_facts(Change& change, Portal& portal, const PortalFacts& facts) {
  const std::string& id = portal.config().id.str();
  for (const auto& fact : facts) {
    switch (fact.kind) {
      case Kind::taken:
      case Kind::not_taken:
      case Kind::unknown: {
        const auto type = fact.kind == Kind::taken       ? EventType::access_taken
                          : fact.kind == Kind::not_taken ? EventType::access_not_taken
                                                         : EventType::access_unknown;
        AccessEnded ended{.why = fact.why, .readback = fact.release->readback};
        if (fact.release->acknowledged_after) ended.relay_ms = fact.release->acknowledged_after->count();
        Entry entry = device_entry(fact.release->point.str(), make_entry(type, ended));
        entry.visit = fact.release->visit;
        entry.badge = fact.release->badge;
        entry.ref = fact.release->intent;
        const VisitId visit = entry.visit;
        if (type == EventType::access_taken) note_unscreened(site_, change, entry);
        change.entries.push_back(std::move(entry));
        if (type == EventType::access_taken && !visit.empty()) site_.clear(change, AlarmKind::visitor_astray, visit.str());
        break;
      }
      case Kind::forced_open:
        site_.raise(change, AlarmKind::forced_open, id);
        break;
      case Kind::held_open:
        site_.raise(change, AlarmKind::held_open, id);
        break;
      case Kind::released_by_unknown:
        site_.raise(change, AlarmKind::released_by_unknown, id);
        break;
      case Kind::tamper:
        site_.raise(change, AlarmKind::tamper, id);
        break;
      case Kind::fault:
        site_.raise(change, AlarmKind::fault, id);
        break;
      case Kind::forced_open_over:
        site_.clear(change, AlarmKind::forced_open, id);
        break;
      case Kind::held_open_over:
        site_.clear(change, AlarmKind::held_open, id);
        break;
      case Kind::released_by_unknown_over:
        site_.clear(change, AlarmKind::released_by_unknown, id);
        break;
      case Kind::tamper_over:
        site_.clear(change, AlarmKind::tamper, id);
        break;
      case Kind::fault_over:
        site_.clear(change, AlarmKind::fault, id);
        break;
      case Kind::exit_requested:
      case Kind::state_unknown: {
        const bool asked = fact.kind == Kind::exit_requested;
        if (!asked && devices_.chatters(portal.config().contact)) break;
        change.entries.push_back(device_entry(id, asked ? EventType::exit_requested : EventType::door_state_unknown));
        break;
      }
    }
  }
}

Portal* AccessPart::find_portal(const PortalId& id) {
  for (auto& portal : portals_)
    if (portal.config().id == id) return &portal;
  return nullptr;
}

const Portal* AccessPart::find_portal(const PortalId& id) const {
  for (const auto& portal : portals_)
    if (portal.config().id == id) return &portal;
  return nullptr;
}

void AccessPart::committed(const std::vector<Entry>& entries) {
  for (const auto& entry : entries) {
    if (entry.type == EventType::access_granted) begin_release(entry);
    if (entry.type == EventType::access_taken) groups_.follow(entry);
    if (entry.type == EventType::mode_changed)
      if (Portal* portal = find_portal(PortalId(entry.point))) {
        const auto mode = site_.state.facts.modes.find(portal->config().id);
        portal->set_mode(mode == site_.state.facts.modes.end() ? PortalMode::locked : mode->second.mode, entry.at.boot);
      }
  }
}

void AccessPart::begin_release(const Entry& entry) {
  const auto* point = site_.find_point(AccessPointId(entry.point));
  Portal* portal = point ? find_portal(point->portal) : nullptr;
  INVARIANT(portal, "a grant is at an access point of a portal");
  PendingRelease release;
  release.intent = entry.number;
  release.point = point->id;
  release.direction = point->direction;
  release.visit = entry.visit;
  release.badge = entry.badge;
  release.extra = extra_time(site_, entry.visit, portal->config());
  release.ordered = entry.at.boot;
  portal->begin(std::move(release));
}

// ---- Time

std::optional<BootTime> AccessPart::next_deadline() const {
  std::optional<BootTime> next;
  for (const auto& portal : portals_) earliest(next, portal.next_deadline());
  earliest(next, groups_.next_deadline());
  return next;
}

void AccessPart::tick_portals(Change& change, const Now& now) {
  for (auto& portal : portals_) {
    portal_facts(change, portal, portal.tick(now.boot));
    if (!portal.take_renewal(now.boot) || !site_.granting() || is_locked_down(site_, portal.config().id)) continue;
    const std::uint64_t allowed_by = site_.state.facts.modes.at(portal.config().id).number;
    change.orders.emplace_back(PulseOrderOut{0, portal.release_signal(Direction::entry), portal.config().pulse,
                                             now.boot + portal.config().order_limit, allowed_by});
  }
  follow_schedules(change, now);
}

std::optional<UtcTime> AccessPart::next_due() const {
  std::optional<UtcTime> next;
  for (const auto& [plan, lockdown] : site_.state.facts.lockdowns) earliest(next, lockdown.until);
  earliest(next, passback_reset_due(site_));
  for (const auto& portal : site_.config.portals)
    earliest(next, next_unlock_change(portal.unlocked, site_.config.hours, site_.latest.utc, site_.latest.offset));
  return next;
}

void AccessPart::run_timers(Change& change, const Now& now) {
  for (const auto& [plan, lockdown] : site_.state.facts.lockdowns) {
    if (!lockdown.until || *lockdown.until > now.utc) continue;
    Entry entry = make_entry(LockdownEnded{.plan = plan, .why = "reverted"});
    entry.ref = lockdown.number;
    change.entries.push_back(std::move(entry));
  }
  if (const auto due = passback_reset_due(site_); due && *due <= now.utc)
    change.entries.push_back(make_entry(EventType::passback_reset));
}

void AccessPart::follow_schedules(Change& change, const Now& now) {
  if (!site_.granting()) return;  // its pulses are not renewed: the device has locked it
  for (const auto& portal : portals_) {
    const auto mode = scheduled_mode(site_, portal, now);
    if (!mode) continue;
    ModeChanged changed{.mode = *mode, .was = portal.mode(), .by = "schedule"};
    if (*mode == PortalMode::unlocked)
      changed.until = unlocked_at(portal.config().unlocked, site_.config.hours, now.utc, now.offset)->to;
    change.entries.push_back(site_entry(portal.config().id.str(), changed));
  }
}

}  // namespace gapura::gateway
