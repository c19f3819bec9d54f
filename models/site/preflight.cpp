// SPDX-License-Identifier: Apache-2.0
#include "models/site/preflight.h"

#include <algorithm>

namespace gapura {
namespace {

template <class List, class Key>
auto find_by_id(const List& list, const Key& id) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const auto& thing) { return thing.id == id; });
  return found == list.end() ? nullptr : &*found;
}

template <class List, class Predicate>
bool any(const List& list, Predicate predicate) {
  return std::any_of(list.begin(), list.end(), predicate);
}

struct Preflight {
  const SiteConfig& site;
  std::vector<Finding> findings = {};

  void fatal(const std::string& subject, const std::string& text) { findings.push_back({true, subject, text}); }
  void warn(const std::string& subject, const std::string& text) { findings.push_back({false, subject, text}); }

  bool is_entered(const AreaId& area) const {
    return any(site.points, [&](const auto& point) { return point.to == area && !point.reader.empty(); });
  }
  bool is_left(const AreaId& area) const {
    return any(site.points, [&](const auto& point) { return point.from == area && !point.reader.empty(); });
  }
  const PortalConfig* portal_of(const AccessPointConfig& point) const { return find_by_id(site.portals, point.portal); }
  template <class Predicate>
  bool any_portal_of(const AreaId& area, Predicate predicate) const {
    return any(site.points, [&](const auto& point) {
      const PortalConfig* portal = portal_of(point);
      return (point.to == area || point.from == area) && portal && predicate(*portal);
    });
  }

  // ---- Areas

  void check_passback(const Area& area, const std::string& subject) {
    if (area.passback == Passback::off) return;
    if (!is_entered(area.id)) fatal(subject, "anti-passback needs a reader at an access point into the area");
    if (area.passback == Passback::timed) {
      if (area.passback_time <= Millis(0)) fatal(subject, "timed anti-passback needs a time greater than zero");
      return;
    }
    if (!is_left(area.id))
      fatal(subject,
            "anti-passback needs a reader at an access point out of the area; or take \"timed\", which needs none");
    if (any_portal_of(area.id, [](const PortalConfig& portal) { return !portal.rex.empty(); }))
      warn(subject, "an exit button lets people out unseen: they will be denied as already_inside until they are forgiven");
  }

  void check_two_person(const Area& area, const std::string& subject) {
    if (!area.two_person) return;
    if (area.limit == 1) fatal(subject, "a two-person area with a limit of one person can never be entered");
    if (site.rules.second_person <= Millis(0)) fatal(subject, "the time for the second person is zero: nobody can enter");
    if (any_portal_of(area.id, [](const PortalConfig& portal) { return portal.kind == PortalKind::turnstile; }))
      fatal(subject, "a turnstile lets one person through: two cannot enter together; use a door");
  }

  void check_escort(const Area& area, const std::string& subject) {
    if (area.escort != EscortRule::ordered) return;
    const auto hosts = std::count_if(site.hosts.begin(), site.hosts.end(), [](const Host& host) { return host.escorts; });
    if (hosts == 0) fatal(subject, "ordered escort needs at least one [[host]] whose badge goes first");
    if (area.escort_tail && hosts == 1) fatal(subject, "a tail host needs a second [[host]]");
    if (area.escort_gap <= Millis(0)) fatal(subject, "the gap between two of a group is zero: nobody can follow");
    if (!is_entered(area.id)) fatal(subject, "ordered escort needs a reader at an access point into the area");
  }

  void check_area(const Area& area) {
    const std::string subject = "area " + area.id.str();
    const auto touches = [&](const auto& point) { return point.to == area.id || point.from == area.id; };
    if (!any(site.points, touches)) {
      const bool ruled =
          area.limit > 0 || area.two_person || area.passback != Passback::off || area.escort != EscortRule::off;
      if (ruled) fatal(subject, "no access point leads into or out of it: its rules are never asked");
      if (!ruled) warn(subject, "no access point leads into or out of it");
      return;
    }
    check_passback(area, subject);
    check_two_person(area, subject);
    check_escort(area, subject);
    if (area.limit > 0 && !is_left(area.id))
      warn(subject, "people are counted in, but no reader counts them out: the area fills until they pass another reader");
  }

  void check_point(const AccessPointConfig& point) {
    for (const auto& who : point.categories)
      if (who != "staff" && who != "special" && who != "general")
        fatal("access point " + point.id.str(), "categories: \"" + who + "\" is none of staff, special, general");
  }

  // ---- Interlocks and lockdowns

  void check_interlock(const Interlock& interlock) {
    const std::string subject = "interlock " + interlock.id;
    if (interlock.portals.size() < 2) fatal(subject, "an interlock needs two portals or more");
    for (const auto& id : interlock.portals) {
      const PortalConfig* portal = find_by_id(site.portals, id);
      const bool assigned = any(site.points, [&](const auto& point) { return point.portal == id; });
      if (!portal) {
        fatal(subject, "portal " + id.str() + " does not exist");
      } else if (!assigned) {
        fatal(subject, "portal " + id.str() + " belongs to no access point");
      } else if (portal->kind == PortalKind::door && portal->contact.empty()) {
        fatal(subject, "portal " + id.str() + " has no contact: nobody knows whether it is open, so the others never open");
      }
    }
    if (!interlock.chamber.empty() && !find_by_id(site.areas, interlock.chamber))
      fatal(subject, "its chamber " + interlock.chamber.str() + " is no area");
    if (interlock.longest_stay > Millis(0) && interlock.chamber.empty())
      fatal(subject, "a longest stay needs a chamber: name the area between the portals");
  }

  void check_lockdown(const LockdownPlan& plan) {
    const std::string subject = "lockdown " + plan.id;
    if (plan.areas.empty()) fatal(subject, "it covers no area");
    for (const auto& id : plan.areas)
      if (!find_by_id(site.areas, id)) fatal(subject, "area " + id.str() + " does not exist");
    for (const auto& who : plan.may_pass)
      if (who != "staff" && who != "special" && who != "general" && who != "leaving")
        fatal(subject, "may_pass: \"" + who + "\" is none of staff, special, general, leaving");
    if (!any(plan.may_pass, [](const auto& who) { return who == "leaving"; }))
      warn(subject, "badges do not open the way out while it lasts: may_pass has no \"leaving\"");
  }

  // ---- Doors that are unlocked by schedule

  void check_unlock(const PortalConfig& portal) {
    const UnlockSchedule& schedule = portal.unlocked;
    if (schedule.empty()) return;
    const std::string subject = "portal " + portal.id.str();
    if (portal.kind == PortalKind::turnstile)
      fatal(subject, "unlocked: a turnstile releases one person at a time; only a door can stand unlocked");
    for (const auto& interlock : site.interlocks)
      if (any(interlock.portals, [&](const PortalId& id) { return id == portal.id; }))
        fatal(subject, "unlocked: while it stands unlocked the other doors of interlock " + interlock.id + " never open");
    const bool relative =
        any(schedule, [](const UnlockWindow& w) { return w.hours.from.from_sunset || w.hours.to.from_sunset; });
    if (relative && !site.hours.place) fatal(subject, "unlocked: a time relative to sunset needs the site's coordinates");
    if (portal.pulse < Millis(500))
      fatal(subject, "unlocked: pulses shorter than 500 ms cannot be renewed before they end; use a longer pulse_ms");
    for (const auto& point : site.points)
      if (point.portal == portal.id) check_unlocked_point(subject, point);
  }

  // At an unlocked door no badge is read, so requirements of badges there have no effect.
  void check_unlocked_point(const std::string& subject, const AccessPointConfig& point) {
    const Area* to = find_by_id(site.areas, point.to);
    const Area* from = find_by_id(site.areas, point.from);
    for (const Area* area : {to, from}) {
      if (!area) continue;
      const std::string name = "area " + area->id.str();
      if (area->two_person) fatal(subject, "unlocked: " + name + " is a two-person area; one alone would walk in");
      if (area->escort == EscortRule::ordered) fatal(subject, "unlocked: nobody leads groups into " + name);
      if (area->passback == Passback::hard)
        fatal(subject,
              "unlocked: " + name + " has hard anti-passback; who walks through unseen is denied at the next door");
      if (area->passback == Passback::soft || area->limit > 0)
        warn(subject, "unlocked: who walks through is not counted in " + name);
    }
    if (point.direction == Direction::entry && (point.needs_decision || point.needs_screening))
      warn(subject, "unlocked: point " + point.id.str() + " asks nobody for a decision or a screening meanwhile");
  }

  // ---- Hours

  void check_hours() {
    const auto relative = [](const auto& span) { return span.from.from_sunset || span.to.from_sunset; };
    const bool asked = any(site.hours.rests, relative) ||
                       any(site.hours.rules, [&](const HoursRule& rule) { return any(rule.windows, relative); });
    if (asked && !site.hours.place) fatal("hours", "a rule relative to sunset needs the site's coordinates");
  }

  // ---- Gates of a SOP

  void check_limits(const Sop& sop) {
    if (!members_inside_limit(sop, false)) return;
    for (const auto& area : site.areas)
      if (!is_front(area.id) && is_entered(area.id) && !is_left(area.id))
        warn("sop " + sop.id,
             "limit of members_inside: area " + area.id.str() +
                 " has no reader on its way out, so a party that leaves by the exit button still counts as "
                 "inside and its next members are refused");
  }

  static bool asks_aide(const Sop& sop) {
    return any(sop.steps, [](const SopStep& step) {
      return step.executor == "aide" || step.event == "approval.asked" || step.event == "approval.decided";
    });
  }

  void check_screening_step(const std::string& subject, const std::string& gate, const SopStep* step) {
    if (step && step->evidence == Evidence::system && site.detectors.empty())
      fatal(subject, gate + " step " + step->id + " is proven by a metal detector, and the site has none");
  }

  void check_step(const std::string& subject, const std::string& gate, const std::string& requirement,
                  const SopStep* step) {
    const bool by_fact = requirement == "badge" || requirement == "escort";
    if (!step) {
      if (!by_fact) fatal(subject, gate + " no step has the id " + requirement + ", so it can never open");
      return;
    }
    if (step->evidence == Evidence::unobservable)
      warn(subject, gate + " step " + step->id + " is unobservable and so always done");
    const auto& events = sop_events();
    if (step->evidence == Evidence::system && std::find(events.begin(), events.end(), step->event) == events.end())
      fatal(subject, gate + " step " + step->id + " waits for \"" + step->event + "\", which is no event");
  }

  // After these steps the visit is on its way out: a gate inwards that waits for one of them never opens.
  void check_is_in_time(const std::string& subject, const std::string& gate, const SopGate& of, const SopStep* step) {
    if (!step || step->evidence != Evidence::system || of.area == outside_area.str()) return;
    for (const char* late : {"visit.finished", "badge.returned", "visit.departed"})
      if (step->event == late) fatal(subject, gate + " step " + step->id + " is done only at the end of a visit");
  }

  void check_gate(const Sop& sop, const SopGate& gate) {
    const std::string subject = "sop " + sop.id;
    const std::string name = "gate of area " + gate.area + ":";
    if (!find_by_id(site.areas, AreaId(gate.area))) {
      fatal(subject, name + " the area does not exist");
    } else if (!is_entered(AreaId(gate.area))) {
      warn(subject, name + " no access point with a reader leads into it, so nothing asks for it");
    }
    for (const auto& requirement : gate.requires_) {
      const SopStep* step = find_required_step(sop, requirement);
      check_is_in_time(subject, name, gate, step);
      switch (need_of(sop, requirement)) {
        case GateNeed::acceptance:
          if (!asks_aide(sop)) fatal(subject, name + " no step asks the aide, whose acceptance it requires");
          break;
        case GateNeed::screening:
          check_screening_step(subject, name, step);
          break;
        case GateNeed::step:
          check_step(subject, name, requirement, step);
          break;
      }
    }
  }
};

}  // namespace

std::vector<Finding> impossible_rules(const SiteConfig& site) {
  Preflight preflight{site};
  for (const auto& area : site.areas) preflight.check_area(area);
  for (const auto& point : site.points) preflight.check_point(point);
  for (const auto& interlock : site.interlocks) preflight.check_interlock(interlock);
  for (const auto& plan : site.lockdowns) preflight.check_lockdown(plan);
  if (const auto& plan = site.rules.panic_lockdown; !plan.empty() && !find_by_id(site.lockdowns, plan))
    preflight.fatal("lockdown " + plan, "a panic starts it, but there is no such plan");
  for (const auto& portal : site.portals) preflight.check_unlock(portal);
  preflight.check_hours();
  for (const auto& sop : site.sops) {
    preflight.check_limits(sop);
    for (const auto& gate : sop.gates) preflight.check_gate(sop, gate);
  }
  return std::move(preflight.findings);
}

}  // namespace gapura
