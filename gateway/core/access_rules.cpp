// SPDX-License-Identifier: Apache-2.0
// Commands that change who may pass: anti-passback, portal modes, lockdown, panic.
#include "gateway/core/access.h"
#include "gateway/core/change_tools.h"

namespace gapura::gateway {
namespace {

// Names from the configuration, and the post itself, may be in an entry as they are.
bool is_place(const SiteConfig& site, const std::string& where) {
  const auto any = [&](const auto& list) {
    return std::any_of(list.begin(), list.end(), [&](const auto& one) { return one.id.str() == where; });
  };
  return where == "post" || any(site.areas) || any(site.portals) || any(site.points) || any(site.detectors);
}

void start_lockdown(Change& change, const LockdownPlan& plan, const Actor& actor, const Now& now) {
  LockdownStarted started{.plan = plan.id};
  if (plan.revert_after > Millis(0)) started.until = now.utc + plan.revert_after;
  change.entries.push_back(command_entry(actor, started));
}

}  // namespace

Change AccessPart::run(const ForgivePassback& asked, const Actor& actor, const Now&) {
  if (asked.reason.empty()) return refuse(ErrorKind::bad_input, "say why this passage is forgiven");
  const Visit* visit = asked.visit.empty() ? nullptr : site_.find_open_visit(asked.visit);
  const Badge* staff = asked.badge.empty() ? nullptr : site_.state.find_badge(asked.badge);
  if (!visit && !(staff && staff->kind == BadgeKind::staff))
    return refuse(ErrorKind::not_found, "no such visit or staff badge");
  Change change;
  Entry entry = command_entry(actor, EventType::passback_forgiven);
  if (visit) {
    entry.visit = visit->id;
  } else {
    entry.badge = staff->id;
  }
  change.entries.push_back(std::move(entry));
  add_note(change, 0, asked.reason, site_.random_bytes(16));
  return change;
}

Change AccessPart::run(const ExemptPassback& asked, const Actor& actor, const Now&) {
  const Visit* visit = site_.find_open_visit(asked.visit);
  if (!visit) return no_visit();
  if (asked.reason.empty()) return refuse(ErrorKind::bad_input, "an exemption needs a reason");
  if (visit->passback_exempt) return refuse(ErrorKind::conflict, "this visit is exempt already");
  Change change;
  change.entries.push_back(visit_entry(actor, visit->id, EventType::passback_exempted));
  add_note(change, 0, asked.reason, site_.random_bytes(16));
  change.reply.id = visit->id.str();
  return change;
}

Change AccessPart::run(const SetPortalMode& asked, const Actor& actor, const Now&) {
  const Portal* portal = find_portal(asked.portal);
  if (!portal) return refuse(ErrorKind::not_found, "no such portal");
  if (asked.reason.empty()) return refuse(ErrorKind::bad_input, "a portal's mode needs a reason");
  if (portal->mode() == asked.mode) return refuse(ErrorKind::conflict, "it is in this mode already");
  if (asked.mode == PortalMode::unlocked && !site_.granting()) return refuse(ErrorKind::storage, site_.storage_problem);
  if (asked.mode == PortalMode::unlocked && portal->config().kind == PortalKind::turnstile)
    return refuse(ErrorKind::conflict, "a turnstile releases one person at a time; only a door can stand unlocked");
  Change change;
  Entry entry = command_entry(actor, ModeChanged{.mode = asked.mode, .was = portal->mode()});
  entry.point = asked.portal.str();
  change.entries.push_back(std::move(entry));
  add_note(change, 0, asked.reason, site_.random_bytes(16));
  change.reply.id = asked.portal.str();
  return change;
}

// ---- Lockdown

Change AccessPart::run(const StartLockdown& asked, const Actor& actor, const Now& now) {
  const auto plan = std::find_if(site_.config.lockdowns.begin(), site_.config.lockdowns.end(),
                                 [&](const LockdownPlan& p) { return p.id == asked.plan; });
  if (plan == site_.config.lockdowns.end()) return refuse(ErrorKind::not_found, "no such lockdown plan");
  if (asked.reason.empty()) return refuse(ErrorKind::bad_input, "a lockdown needs a reason");
  if (site_.state.facts.lockdowns.contains(asked.plan)) return refuse(ErrorKind::conflict, "this plan is in force already");
  Change change;
  start_lockdown(change, *plan, actor, now);
  add_note(change, 0, asked.reason, site_.random_bytes(16));
  return change;
}

Change AccessPart::run(const EndLockdown& asked, const Actor& actor, const Now&) {
  const auto found = site_.state.facts.lockdowns.find(asked.plan);
  if (found == site_.state.facts.lockdowns.end()) return refuse(ErrorKind::conflict, "this plan is not in force");
  if (asked.reason.empty()) return refuse(ErrorKind::bad_input, "say why it is over");
  Change change;
  Entry entry = command_entry(actor, LockdownEnded{.plan = asked.plan, .why = "ended"});
  entry.ref = found->second.number;
  change.entries.push_back(std::move(entry));
  add_note(change, 0, asked.reason, site_.random_bytes(16));
  return change;
}

// A call for help. A loud one is an alarm on every screen; a silent one (duress) changes nothing where it was given. Words
// that name no place of the configuration may name a person, so they go into a note, and the entry has the caller's id.
Change AccessPart::run(const Panic& asked, const Actor& actor, const Now& now) {
  const bool named = actor.user == UserId("device") || is_place(site_.config, asked.where);
  const std::string where = named ? asked.where : actor.user.str();
  const std::string words = named ? "" : asked.where.substr(0, 60);
  Change change;
  if (asked.silent) {
    Entry entry = command_entry(actor, EventType::duress_signalled);
    entry.point = where;
    change.entries.push_back(std::move(entry));
    add_note(change, 0, words, site_.random_bytes(16));
  }
  const std::size_t raised = change.entries.size();
  site_.raise(change, AlarmKind::panic, where, {}, asked.silent);
  if (change.entries.size() > raised) {
    add_note(change, raised, words, site_.random_bytes(16));
  } else if (!words.empty() && !asked.silent) {  // calls already, and now from somewhere else
    Entry again = site_entry(where, AlarmRaised{.kind = AlarmKind::panic, .priority = AlarmPriority::critical});
    again.ref = site_.find_alarm(AlarmKind::panic, where, true, false)->number;
    change.entries.push_back(std::move(again));
    add_note(change, raised, words, site_.random_bytes(16));
  }
  if (asked.silent || site_.config.rules.panic_lockdown.empty()) return change;
  for (const auto& plan : site_.config.lockdowns)
    if (plan.id == site_.config.rules.panic_lockdown && !site_.state.facts.lockdowns.contains(plan.id))
      start_lockdown(change, plan, actor, now);
  return change;
}

}  // namespace gapura::gateway
