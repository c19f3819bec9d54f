// SPDX-License-Identifier: Apache-2.0
// Badges at readers, and everything that opens a portal or prevents it.
#include "gateway/core/access.h"

#include <set>

#include "gateway/core/change_tools.h"

namespace gapura::gateway {
namespace {

// A reader with more useless codes in the window is being probed; valid badges still pass.
constexpr std::size_t useless_limit = 10;
constexpr Millis useless_window{10'000};

// A reading, reduced to at most one badge.
struct Presented {
  std::optional<Hash> token;
  bool malformed = false, ambiguous = false;
  std::string payload, reject;  // of a malformed one
  std::size_t bytes = 0;
};

// Codes that are not badges (a poster, a phone's wallpaper) do not hide the one that is.
Presented presented_in(const BadgeRead& read) {
  const std::vector<std::string>& payloads = read.payloads;
  Presented presented;
  std::set<Hash> tokens;
  for (const auto& payload : payloads) {
    const auto parsed = parse_token(payload);
    if (read.fault != ScanFault::none) {
      presented.reject = word(read.fault);
      presented.payload = escape_payload(payload);
      presented.bytes = payload.size();
    } else if (const auto* bytes = std::get_if<TokenBytes>(&parsed)) {
      tokens.insert(badge_hash(*bytes));
    } else if (presented.reject.empty()) {
      presented.reject = word(std::get<TokenReject>(parsed));
      presented.payload = escape_payload(payload);
      presented.bytes = payload.size();
    }
  }
  presented.ambiguous = tokens.size() > 1 || (tokens.empty() && payloads.size() > 1);
  presented.malformed = tokens.empty() && !presented.ambiguous;
  if (tokens.size() == 1) presented.token = *tokens.begin();
  return presented;
}

bool chamber_over(const SiteContext& site, const AreaId& area, const Now& now) {
  for (const auto& interlock : site.config.interlocks) {
    if (interlock.chamber != area || interlock.longest_stay == Millis(0)) continue;
    const auto too_long = [&](const std::optional<UtcTime>& since) {
      return since && *since + interlock.longest_stay <= now.utc;
    };
    if (site.state.people_in(area) == 0) continue;  // the usual case
    for (const auto& [id, visit] : site.state.visits)
      if (!visit.closed && count_in(visit.where, area) > 0 && too_long(visit.presence_at)) return true;
    for (const auto& [id, badge] : site.state.badges)
      if (badge.kind == BadgeKind::staff && badge.area == area && too_long(badge.passed)) return true;
  }
  return false;
}

// A person who was let in and whose passage was not observed yet counts as there, and not here any more.
void count_open_releases(const SiteContext& site, DecisionInput& input, const AccessPointConfig& point,
                         const Badge* badge) {
  for (const auto& [number, intent] : site.state.open_intents) {
    const bool own = badge && (intent.badge == badge->id || intent.partner == badge->id);
    if (own) input.same_badge_pending = true;
    const AccessPointConfig* other = site.find_point(intent.point);
    if (!other) continue;
    const int people = intent.partner.empty() ? 1 : 2;
    if (other->to == point.to) input.people_there += people;
    if (other->from == point.from && !intent.badge.empty()) input.people_here -= people;
    const bool same_visit = badge && !badge->visit.empty() && intent.visit == badge->visit;
    if (same_visit && !own && is_front(other->from) && !is_front(other->to)) ++input.members_entering;
  }
}

void deny(const SiteContext& site, Change& change, Entry entry, const Decision& decision, const AccessPointConfig* point,
          const Badge* badge) {
  const std::string where = entry.point;
  const VisitId visit = entry.visit;
  change.entries.push_back(std::move(entry));
  if (!badge) return;
  using enum BadgeState;
  if (badge->state == revoked || badge->state == lost || badge->state == quarantine || badge->state == destroyed)
    site.raise(change, AlarmKind::revoked_or_lost_used, where);
  if (badge->state == in_stock) site.raise(change, AlarmKind::unbound_badge_at_door, where);
  const bool astray =
      std::find(decision.reasons.begin(), decision.reasons.end(), DenialReason::escort_missing) != decision.reasons.end();
  const Area* to = point ? site.find_area(point->to) : nullptr;
  if (astray && to && to->escort == EscortRule::ordered && !visit.empty())
    site.raise(change, AlarmKind::visitor_astray, visit.str(), visit);
}

}  // namespace

Change AccessPart::on_badge(const BadgeRead& read, const Now& now) {
  for (const auto& desk : site_.config.post_readers)
    if (desk.reader == read.reader) return on_post_reader(desk, read, now);
  Change change;
  const Presented presented = presented_in(read);
  const AccessPointConfig* point = site_.find_point(read.reader);
  const Badge* badge = presented.token ? site_.state.find_badge(*presented.token) : nullptr;

  DecisionInput input = point ? look(*point, badge, now) : DecisionInput{};
  input.malformed = presented.malformed;
  input.ambiguous = presented.ambiguous;
  input.badge = badge;
  input.now = now.utc;
  const bool useless = presented.malformed || (!presented.ambiguous && !badge);
  input.rate_limited = useless && too_many_useless(read.reader, now.boot);

  Decision decision = decide(input);
  BadgeId partner;
  if (point && lacks_only_second_person(decision)) {
    const auto waiting = waiting_second_.find(point->id);
    const Badge* first =
        waiting != waiting_second_.end() && now.boot <= waiting->second.until && waiting->second.badge != badge->id
            ? site_.state.find_badge(waiting->second.badge)
            : nullptr;
    DecisionInput again = first ? look(*point, first, now) : DecisionInput{};
    again.second_person = input.second_person = true;
    if (first && decide(again).granted() && decide(input).granted()) {
      decision = decide(input);
      partner = first->id;
      waiting_second_.erase(waiting);
    } else {
      waiting_second_[point->id] = {badge->id, now.boot + site_.config.rules.second_person};
    }
  }

  const auto entry_of = [&](const auto& event) {
    Entry entry = device_entry(point ? point->id.str() : read.reader.str(), event);
    if (badge) {
      entry.badge = badge->id;
      entry.visit = badge->visit;
    }
    return entry;
  };
  if (decision.granted()) {
    AccessGranted granted{.by = "badge", .partner = partner, .tolerated = decision.tolerated};
    if (decision.over_limit) {
      granted.over = "members_inside";
      granted.permitted_by = input.visit->members_permit;
    }
    grant(change, *point, entry_of(granted), read.captured);
    if (badge->duress) {
      Entry duress = device_entry(point->id.str(), EventType::duress_signalled);
      duress.badge = badge->id;
      change.entries.push_back(std::move(duress));
      site_.raise(change, AlarmKind::panic, point->id.str(), {}, true);
    }
  } else {
    AccessDenied denied{.reasons = decision.reasons, .steps = decision.sop_steps};
    if (presented.malformed) {
      denied.reject = presented.reject;
      denied.bytes = static_cast<std::int64_t>(presented.bytes);
    }
    if (read.payloads.size() > 1) denied.codes = static_cast<std::int64_t>(read.payloads.size());
    deny(site_, change, entry_of(denied), decision, point, badge);
    // An unknown code may contain a person's name or number, so it is stored where it can be erased.
    if (presented.malformed) add_note(change, 0, presented.payload, site_.random_bytes(16));
  }
  if (read.still && !input.rate_limited) {  // a reader flooded with codes must not fill the disk
    const Entry& about = change.entries.front();
    change.orders.emplace_back(KeepStillOut{0, read.still, read.reader.str(), "scan", about.visit, about.badge});
  }
  return change;
}

// A badge at the guard's post opens nothing: its data is shown. In the return box it is returned.
Change AccessPart::on_post_reader(const PostReader& desk, const BadgeRead& read, const Now& now) {
  Change change;
  const Presented presented = presented_in(read);
  const Badge* badge = presented.token ? site_.state.find_badge(*presented.token) : nullptr;
  if (!badge && too_many_useless(read.reader, now.boot)) return change;
  BadgePresented shown{.is = presented.ambiguous ? "ambiguous_scan"
                             : !badge            ? presented.malformed ? "malformed_payload" : "unknown_badge"
                                                 : word(badge->state),
                       .desk = desk.kind};  // the guard's screen opens the badge that the post's reader read
  if (presented.malformed) shown.reject = presented.reject;
  Entry entry = device_entry(read.reader.str(), shown);
  if (badge) {
    entry.badge = badge->id;
    entry.visit = badge->visit;
  }
  change.entries.push_back(std::move(entry));
  if (badge && desk.kind == PostReaderKind::return_box && is_outstanding(*badge) && badge->kind != BadgeKind::staff)
    record_return(site_, change, *badge, by_device());
  return change;
}

DecisionInput AccessPart::look(const AccessPointConfig& point, const Badge* badge, const Now& now) const {
  DecisionInput input;
  input.point = &point;
  input.badge = badge;
  input.visit = badge ? site_.state.find_visit(badge->visit) : nullptr;
  input.from = site_.find_area(point.from);
  input.to = site_.find_area(point.to);
  input.now = now.utc;
  input.journal_ready = site_.granting();
  input.clock_suspect = now.quality == ClockQuality::suspect;
  if (input.visit) {
    input.sop = find_sop(site_.config.sops, input.visit->sop);
    input.hours = site_.hours_for(input.visit->category, input.visit->invited, now);
  }
  if (site_.config.rules.screening_valid > Millis(0)) input.screening_valid = site_.config.rules.screening_valid;
  const auto seen = input.visit ? input.visit->presence_at : badge ? badge->passed : std::nullopt;
  const bool forgotten = site_.state.facts.passback_reset && seen && *seen < *site_.state.facts.passback_reset;
  input.passback_free = forgotten || (input.visit && input.visit->passback_free) || (badge && badge->passback_free);
  input.people_here = site_.state.people_in(point.from);
  input.people_there = site_.state.people_in(point.to);
  // A guard's release names no person: the person who passes may still be counted elsewhere, even beyond this door.
  const auto counted_in = [&](const AreaId& area) {
    if (input.visit) return count_in(input.visit->where, area) > 0;
    return badge && badge->kind == BadgeKind::staff && badge->area == area;
  };
  if (badge && !counted_in(point.from)) {
    ++input.people_here;
    if (counted_in(point.to)) --input.people_there;
  }
  count_open_releases(site_, input, point, badge);
  if (const Portal* portal = find_portal(point.portal)) {
    input.portal_ready = portal->ready(point.direction);
    input.portal_busy = portal->pending() && !input.same_badge_pending;
    input.interlock_busy = interlock_busy(*portal);
    input.mode = portal->mode();
  }
  input.chamber_over = chamber_over(site_, point.to, now);
  input.lockdown = lockdown_over(site_, point);
  const EscortGroup* group = groups_.find(point.to);
  if (group && input.to) {
    input.escort_ahead = now.boot - group->last <= input.to->escort_gap;
    input.escort_followers = group->followers;
  }
  return input;
}

Decision AccessPart::judge(const AccessPointConfig& point, const Badge& badge, const Now& now) const {
  return decide(look(point, &badge, now));
}

// A door whose contact is unknown may be open.
bool AccessPart::interlock_busy(const Portal& portal) const {
  for (const auto& interlock : site_.config.interlocks) {
    const auto& members = interlock.portals;
    if (std::find(members.begin(), members.end(), portal.config().id) == members.end()) continue;
    for (const auto& id : members) {
      const Portal* other = id == portal.config().id ? nullptr : find_portal(id);
      if (!other) continue;
      const bool closed = other->config().contact.empty() || other->contact() == Level::off;
      if (other->pending() || !closed || other->lock_observed() == Level::on) return true;
    }
  }
  return false;
}

const LockdownPlan* lockdown_over(const SiteContext& site, const AccessPointConfig& point) {
  const LockdownPlan* highest = nullptr;
  for (const auto& plan : site.config.lockdowns) {
    const auto covers = [&](const AreaId& area) {
      return std::find(plan.areas.begin(), plan.areas.end(), area) != plan.areas.end();
    };
    if (!site.state.facts.lockdowns.contains(plan.id) || !(covers(point.from) || covers(point.to))) continue;
    if (!highest || plan.rank > highest->rank) highest = &plan;
  }
  return highest;
}

bool is_locked_down(const SiteContext& site, const PortalId& portal) {
  return std::any_of(site.config.points.begin(), site.config.points.end(), [&](const AccessPointConfig& point) {
    return point.portal == portal && lockdown_over(site, point) != nullptr;
  });
}

// The order is sent after the commit; the device times the pulse. The deadline counts from the scan or command, so that one
// that waited behind a slow disk opens nothing for another person who is there now.
void AccessPart::grant(Change& change, const AccessPointConfig& point, Entry entry, BootTime asked) {
  const Portal* portal = find_portal(point.portal);  // exists, or decide() and run() would have refused
  const Millis length = portal->config().pulse + extra_time(site_, entry.visit, portal->config());
  change.entries.push_back(std::move(entry));
  change.orders.emplace_back(PulseOrderOut{change.entries.size() - 1, portal->release_signal(point.direction), length,
                                           asked + portal->config().order_limit});
}

Millis extra_time(const SiteContext& site, const VisitId& id, const PortalConfig& portal) {
  const Visit* visit = site.state.find_visit(id);
  return visit && visit->extended ? std::max(Millis(0), portal.extended_pulse - portal.pulse) : Millis(0);
}

bool AccessPart::too_many_useless(const ReaderId& reader, BootTime at) {
  auto& recent = useless_reads_[reader];
  std::erase_if(recent, [&](BootTime then) { return at - then > useless_window; });
  if (recent.size() >= useless_limit) return true;
  recent.push_back(at);
  return false;
}

Change AccessPart::run(const ReleasePortal& asked, const Actor& actor, const Now& now) {
  const AccessPointConfig* point = site_.find_point(asked.point);
  if (!point) return refuse(ErrorKind::not_found, "no such access point");
  if (asked.reason.empty()) return refuse(ErrorKind::bad_input, "opening by hand needs a reason");
  const Portal* portal = find_portal(point->portal);
  if (!site_.granting()) return refuse(ErrorKind::storage, site_.storage_problem);
  if (!portal || !portal->ready(point->direction))
    return refuse(ErrorKind::unavailable, "its controller does not answer: open with the key and note it in the shift log");
  if (portal->pending()) return refuse(ErrorKind::conflict, "a release is under way there; wait a moment");
  if (const LockdownPlan* plan = lockdown_over(site_, *point))
    return refuse(ErrorKind::conflict, "the area is locked down by plan \"" + plan->id + "\": end that first");
  if (interlock_busy(*portal))
    return refuse(ErrorKind::conflict, "the other door of its airlock is open or released; close that one first");
  Change change;
  Entry entry = command_entry(actor, AccessGranted{.by = "guard"});
  entry.point = point->id.str();
  grant(change, *point, std::move(entry), asked.asked ? *asked.asked : now.boot);
  add_note(change, 0, asked.reason, site_.random_bytes(16));
  change.reply.id = point->id.str();
  return change;
}

}  // namespace gapura::gateway
