// SPDX-License-Identifier: Apache-2.0
// Timers of visits. A timer reminds, escalates and marks; it never accepts, declines, or records that a guest has left.
#include <algorithm>
#include <array>

#include "gateway/core/change_tools.h"
#include "gateway/core/visits.h"

namespace gapura::gateway {
namespace {

using Due = std::optional<UtcTime>;

std::optional<Millis> stay_limit(const SiteContext& site, const Visit& visit) {
  const Sop* sop = find_sop(site.config.sops, visit.sop);
  if (const auto limit = sop ? longest_stay(*sop) : std::nullopt) return limit;
  if (site.config.rules.longest_stay > Millis(0)) return site.config.rules.longest_stay;
  return std::nullopt;
}

// When the question is repeated, goes to a second aide, and to the telephone.
std::array<Millis, 3> escalations(const SiteContext& site) {
  const PostRules& rules = site.config.rules;
  return {rules.ask_again, rules.ask_second, rules.ask_telephone};
}

Due escalation_due(const SiteContext& site, const Visit& visit) {
  if (!is_open(visit.approval) || !visit.asked || visit.escalation >= 3) return std::nullopt;
  return *visit.asked + escalations(site).at(static_cast<std::size_t>(visit.escalation));
}
void escalate(const SiteContext& site, Change& change, const Visit& visit, const Now& now) {
  const auto steps = escalations(site);
  int level = visit.escalation;
  while (level < 3 && *visit.asked + steps.at(static_cast<std::size_t>(level)) <= now.utc) ++level;
  // From now on the second aide is asked too; where there is none, the entry says so, and the guard sees it.
  const bool asks_second = level >= 2 && visit.second_aide.empty();
  const std::string second = asks_second ? site.second_aide() : "";
  const ApprovalEscalated escalated{.level = level, .to = second, .no_second = asks_second && second.empty()};
  change.entries.push_back(visit_entry(by_timer(), visit.id, escalated));
  site.raise(change, AlarmKind::decision_overdue, visit.id.str(), visit.id);
}

Due hold_due(const SiteContext&, const Visit& visit) {
  return visit.approval == Approval::held ? visit.hold_until : std::nullopt;
}
void ask_again(const SiteContext& site, Change& change, const Visit& visit, const Now&) {
  change.entries.push_back(question(site, EventType::approval_asked, by_timer(), visit, true));
}

bool is_metal_undisposed(const Visit& visit) { return visit.metal_found && !visit.alarm_deviation; }
Due prompt_due(const SiteContext& site, const Visit& visit) {
  if (!is_metal_undisposed(visit) || site.find_alarm(AlarmKind::screening_undisposed, visit.id.str(), true))
    return std::nullopt;
  return *visit.metal_found + site.config.rules.screening_prompt;
}
void prompt(const SiteContext& site, Change& change, const Visit& visit, const Now&) {
  site.raise(change, AlarmKind::screening_undisposed, visit.id.str(), visit.id);
}
Due deviation_due(const SiteContext& site, const Visit& visit) {
  if (!is_metal_undisposed(visit)) return std::nullopt;
  return *visit.metal_found + site.config.rules.screening_deviation;
}
void note_deviation(const SiteContext&, Change& change, const Visit& visit, const Now&) {
  change.entries.push_back(visit_entry(by_timer(), visit.id, DeviationNoted{.kind = Deviation::alarm_without_action}));
}

Due overstay_due(const SiteContext& site, const Visit& visit) {
  if (!visit.entered || visit.presence != Presence::inside || visit.overstay_told) return std::nullopt;
  const auto limit = stay_limit(site, visit);
  return limit ? Due(*visit.entered + *limit) : std::nullopt;
}
void note_overstay(const SiteContext& site, Change& change, const Visit& visit, const Now&) {
  site.raise(change, AlarmKind::overstay, visit.id.str(), visit.id);
}

Due no_show_due(const SiteContext& site, const Visit& visit) {
  if (visit.state != VisitState::planned || !visit.expected_until) return std::nullopt;
  return end_of_day(*visit.expected_until, site.latest.offset);
}
void note_no_show(const SiteContext&, Change& change, const Visit& visit, const Now&) {
  change.entries.push_back(
      visit_entry(by_timer(), visit.id, VisitMoved{.from = VisitState::planned, .to = VisitState::no_show}));
}

// One timer of a visit: the instant at which it is due, and its action.
struct VisitTimer {
  Due (*due)(const SiteContext&, const Visit&);
  void (*run)(const SiteContext&, Change&, const Visit&, const Now&);
};
constexpr std::array visit_timers{
    VisitTimer{escalation_due, escalate},    VisitTimer{hold_due, ask_again},
    VisitTimer{prompt_due, prompt},          VisitTimer{deviation_due, note_deviation},
    VisitTimer{overstay_due, note_overstay}, VisitTimer{no_show_due, note_no_show},
};

Due next_due_of(const SiteContext& site, const Visit& visit) {
  Due next;
  if (visit.closed) return next;
  for (const auto& timer : visit_timers) earliest(next, timer.due(site, visit));
  return next;
}

}  // namespace

std::optional<UtcTime> VisitsPart::next_due() const {
  Due next = close_of_day();
  for (const auto& [id, visit] : site_.state.visits) earliest(next, next_due_of(site_, visit));
  return next;
}

void VisitsPart::run_timers(Change& change, const Now& now) {
  std::vector<const Visit*> visits;  // ordered by id: the same inputs write the same bytes
  for (const auto& [id, visit] : site_.state.visits)
    if (const auto at = next_due_of(site_, visit); at && *at <= now.utc) visits.push_back(&visit);
  std::sort(visits.begin(), visits.end(), [](const Visit* a, const Visit* b) { return a->id < b->id; });
  for (const Visit* visit : visits)
    for (const auto& timer : visit_timers)
      if (const auto at = timer.due(site_, *visit); at && *at <= now.utc) timer.run(site_, change, *visit, now);
}

// ---- The close of the day

UtcTime VisitsPart::close_of_day() const {
  return site_.next_at(site_.config.hours.close_of_day, site_.state.facts.day_closed.value_or(site_.started));
}

void VisitsPart::close_day_when_due(Change& change, const Now& now) {
  if (close_of_day() <= now.utc) close_day(change);
}

// A guest who was not seen to leave is unaccounted for until a person records what became of them; a badge whose guest is
// gone is lost.
void VisitsPart::close_day(Change& change) {
  std::vector<const Visit*> left;
  for (const auto& [id, visit] : site_.state.visits)
    if (!visit.closed && visit.presence != Presence::outside && may_move(visit.state, VisitState::unaccounted))
      left.push_back(&visit);
  std::sort(left.begin(), left.end(), [](const Visit* a, const Visit* b) { return a->id < b->id; });
  for (const Visit* visit : left) {
    change.entries.push_back(
        visit_entry(by_timer(), visit->id, VisitMoved{.from = visit->state, .to = VisitState::unaccounted}));
    site_.raise(change, AlarmKind::unaccounted, visit->id.str(), visit->id);
  }
  std::vector<const Badge*> lost;
  for (const auto& [id, badge] : site_.state.badges) {
    if (badge.kind == BadgeKind::staff || !is_outstanding(badge)) continue;
    const Visit* visit = site_.state.find_visit(badge.visit);
    if (!visit || visit->closed) lost.push_back(&badge);
  }
  std::sort(lost.begin(), lost.end(), [](const Badge* a, const Badge* b) { return a->id < b->id; });
  for (const Badge* badge : lost) {
    Entry entry = visit_entry(by_timer(), badge->visit,
                              BadgeChanged{.from = badge->state, .to = BadgeState::lost, .why = "not_returned"});
    entry.badge = badge->id;
    change.entries.push_back(std::move(entry));
  }
  change.entries.push_back(make_entry(
      DayClosed{.unaccounted = static_cast<std::int64_t>(left.size()), .lost = static_cast<std::int64_t>(lost.size())}));
}

}  // namespace gapura::gateway
