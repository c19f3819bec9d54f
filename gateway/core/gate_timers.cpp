// SPDX-License-Identifier: Apache-2.0
// What follows from time alone. A timer reminds, escalates and marks; it never accepts, declines, or says that somebody
// has left.
#include "gateway/core/change_tools.h"
#include "models/planted.h"

namespace gapura::gateway {
namespace {

Actor nobody() { return {UserId("system"), ""}; }

const std::optional<UtcTime>& earliest(std::optional<UtcTime>& next, std::optional<UtcTime> at) {
  if (at) next = next ? std::min(*next, *at) : *at;
  return next;
}

std::optional<Millis> stay_limit(const SiteConfig& config, const Visit& visit) {
  const Sop* sop = find_sop(config.sops, visit.sop);
  if (const auto limit = sop ? longest_stay(*sop) : std::nullopt) return limit;
  if (config.rules.longest_stay > Millis(0)) return config.rules.longest_stay;
  return std::nullopt;
}

}  // namespace

std::optional<UtcTime> Gate::next_due(const Visit& visit) const {
  std::optional<UtcTime> next;
  if (visit.closed) return next;
  const PostRules& rules = config_.rules;
  const Millis steps[] = {rules.ask_again, rules.ask_second, rules.ask_telephone};
  if (is_open(visit.approval) && visit.asked && visit.escalation < 3)
    earliest(next, *visit.asked + steps[visit.escalation]);
  if (visit.approval == Approval::held && visit.hold_until) earliest(next, visit.hold_until);
  if (visit.metal_found && !visit.alarm_deviation) {
    const bool told = find_alarm(AlarmKind::screening_undisposed, visit.id.str(), true) != nullptr;
    earliest(next, *visit.metal_found + (told ? rules.screening_deviation : rules.screening_prompt));
  }
  if (visit.entered && visit.presence == Presence::inside && !visit.overstay_told)
    if (const auto limit = stay_limit(config_, visit)) earliest(next, *visit.entered + *limit);
  if (visit.state == VisitState::planned && visit.expected_until)
    earliest(next, end_of_day(*visit.expected_until, latest_.offset));
  return next;
}

std::optional<UtcTime> Gate::next_due() const {
  if (next_due_known_) return *next_due_known_;
  std::optional<UtcTime> next;
  for (const auto& [id, visit] : state_.visits) earliest(next, next_due(visit));
  for (const auto& [plan, lockdown] : state_.facts.lockdowns) earliest(next, lockdown.until);
  earliest(next, next_at(config_.hours.close_of_day, state_.facts.day_closed.value_or(started_)));
  if (config_.rules.passback_reset >= Minutes(0))
    earliest(next, next_at(config_.rules.passback_reset, state_.facts.passback_reset.value_or(started_)));
  for (const auto& portal : config_.portals)
    earliest(next, next_unlock_change(portal.unlocked, config_.hours, latest_.utc, latest_.offset));
  next_due_known_ = next;
  return next;
}

UtcTime Gate::next_at(Minutes minutes, UtcTime after) const {
  const auto local = after + latest_.offset;
  auto at = std::chrono::floor<std::chrono::days>(local) + minutes;
  while (at <= local) at += std::chrono::days(1);
  return UtcTime(at) - latest_.offset;
}

void Gate::visit_timers(Change& change, const Visit& visit, const Now& now) {
  const PostRules& rules = config_.rules;
  const std::string& subject = visit.id.str();
  const Millis steps[] = {rules.ask_again, rules.ask_second, rules.ask_telephone};
  if (is_open(visit.approval) && visit.asked && visit.escalation < 3) {
    int level = visit.escalation;
    while (level < 3 && *visit.asked + steps[level] <= now.utc) ++level;
    if (level > visit.escalation) {
      // Whoever is second is asked from now on; where there is nobody, the guard is told so.
      const bool asks_second = level >= 2 && visit.second_aide.empty();
      const std::string second = asks_second ? second_aide() : "";
      const ApprovalEscalated escalated{.level = level, .to = second, .no_second = asks_second && second.empty()};
      change.entries.push_back(visit_entry(nobody(), visit.id, escalated));
      raise(change, AlarmKind::decision_overdue, subject, visit.id);
      if (PLANTED(timer_accepts))
        change.entries.push_back(
            visit_entry(nobody(), visit.id,
                        ApprovalDecided{.decision = AideDecision::accept_now, .version = visit.approval_version + 1}));
    }
  }
  if (visit.approval == Approval::held && visit.hold_until && *visit.hold_until <= now.utc) {
    change.entries.push_back(question(EventType::approval_asked, nobody(), visit, true));
  }
  if (visit.metal_found && !visit.alarm_deviation) {
    if (*visit.metal_found + rules.screening_prompt <= now.utc)
      raise(change, AlarmKind::screening_undisposed, subject, visit.id);
    if (*visit.metal_found + rules.screening_deviation <= now.utc)
      change.entries.push_back(visit_entry(nobody(), visit.id, DeviationNoted{.kind = Deviation::alarm_without_action}));
  }
  const auto limit = stay_limit(config_, visit);
  if (limit && visit.entered && visit.presence == Presence::inside && !visit.overstay_told &&
      *visit.entered + *limit <= now.utc)
    raise(change, AlarmKind::overstay, subject, visit.id);
  if (visit.state == VisitState::planned && visit.expected_until &&
      end_of_day(*visit.expected_until, now.offset) <= now.utc)
    change.entries.push_back(
        visit_entry(nobody(), visit.id, VisitMoved{.from = VisitState::planned, .to = VisitState::no_show}));
}

void Gate::site_timers(Change& change, const Now& now) {
  for (const auto& [plan, lockdown] : state_.facts.lockdowns) {
    if (!lockdown.until || *lockdown.until > now.utc) continue;
    Entry entry = make_entry(LockdownEnded{.plan = plan, .why = "reverted"});
    entry.ref = lockdown.number;
    change.entries.push_back(std::move(entry));
  }
  if (config_.rules.passback_reset >= Minutes(0) &&
      next_at(config_.rules.passback_reset, state_.facts.passback_reset.value_or(started_)) <= now.utc)
    change.entries.push_back(make_entry(EventType::passback_reset));
  if (next_at(config_.hours.close_of_day, state_.facts.day_closed.value_or(started_)) <= now.utc) close_of_day(change, now);
}

// What a portal's schedule wants of it now; none: nothing. A person's word since its window began stands until the next
// one, and a door that was blocked stays so. A clock that is not trusted opens nothing, and locks what it opened.
std::optional<PortalMode> Gate::scheduled_mode(const Portal& portal, const Now& now) const {
  const PortalConfig& config = portal.config();
  const auto found = state_.facts.modes.find(config.id);
  const ActiveMode set = found == state_.facts.modes.end() ? ActiveMode{} : found->second;
  const bool opened_it = set.by_schedule && set.mode == PortalMode::unlocked;
  if (config.unlocked.empty() && !opened_it) return std::nullopt;
  const auto open = now.quality == ClockQuality::suspect ? std::nullopt
                                                         : unlocked_at(config.unlocked, config_.hours, now.utc, now.offset);
  if (!open) return opened_it ? std::optional(PortalMode::locked) : std::nullopt;
  const bool somebody_decided = set.number > 0 && !set.by_schedule && set.since >= open->from;
  if (set.mode != PortalMode::locked || somebody_decided) return std::nullopt;
  return PortalMode::unlocked;
}

void Gate::follow_schedules(Change& change, const Now& now) {
  if (!granting()) return;  // its pulses are not renewed: the device has locked it
  for (const auto& portal : portals_) {
    const auto mode = scheduled_mode(portal, now);
    if (!mode) continue;
    ModeChanged changed{.mode = *mode, .was = portal.mode(), .by = "schedule"};
    if (*mode == PortalMode::unlocked)
      changed.until = unlocked_at(portal.config().unlocked, config_.hours, now.utc, now.offset)->to;
    change.entries.push_back(site_entry(portal.config().id.str(), changed));
  }
}

// Who has not been seen to leave is unaccounted for until a person says what became of them; a badge whose guest is gone
// is lost.
void Gate::close_of_day(Change& change, const Now&) {
  std::vector<const Visit*> left;
  for (const auto& [id, visit] : state_.visits)
    if (!visit.closed && visit.presence != Presence::outside && may_move(visit.state, VisitState::unaccounted))
      left.push_back(&visit);
  std::sort(left.begin(), left.end(), [](const Visit* a, const Visit* b) { return a->id < b->id; });
  for (const Visit* visit : left) {
    if (PLANTED(timer_departs)) {
      leave(change, *visit, nobody(), VisitState::departed);
      continue;
    }
    change.entries.push_back(
        visit_entry(nobody(), visit->id, VisitMoved{.from = visit->state, .to = VisitState::unaccounted}));
    raise(change, AlarmKind::unaccounted, visit->id.str(), visit->id);
  }
  std::vector<const Badge*> lost;
  for (const auto& [id, badge] : state_.badges) {
    if (badge.kind == BadgeKind::staff || !is_outstanding(badge)) continue;
    const Visit* visit = state_.find_visit(badge.visit);
    if (!visit || visit->closed) lost.push_back(&badge);
  }
  std::sort(lost.begin(), lost.end(), [](const Badge* a, const Badge* b) { return a->id < b->id; });
  for (const Badge* badge : lost) {
    Entry entry = visit_entry(nobody(), badge->visit,
                              BadgeChanged{.from = badge->state, .to = BadgeState::lost, .why = "not_returned"});
    entry.badge = badge->id;
    change.entries.push_back(std::move(entry));
  }
  change.entries.push_back(make_entry(
      DayClosed{.unaccounted = static_cast<std::int64_t>(left.size()), .lost = static_cast<std::int64_t>(lost.size())}));
}

// The last of an escorted group went through and nobody closed it.
void Gate::escort_timers(Change& change, const Now& now) {
  for (auto group = escorts_.begin(); group != escorts_.end();) {
    const Area* area = find_area(group->first);
    const bool broken =
        area && area->escort_tail && group->second.followers > 0 && now.boot - group->second.last > area->escort_gap;
    if (broken) raise(change, AlarmKind::visitor_astray, area->id.str());
    group = broken ? escorts_.erase(group) : std::next(group);
  }
}

}  // namespace gapura::gateway
