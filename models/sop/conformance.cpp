// SPDX-License-Identifier: Apache-2.0
#include "models/sop/conformance.h"

#include <algorithm>

namespace gapura {
namespace {

constexpr const char* badge_returned = "badge.returned";
constexpr const char* deposit_returned = "deposit.returned";
constexpr const char* approval_decided = "approval.decided";

bool is_proved_by(const SopStep& step, const char* event) {
  return step.evidence == Evidence::system && step.event == event;
}

bool has_step_of(const Sop& sop, const char* event) {
  return std::any_of(sop.steps.begin(), sop.steps.end(), [&](const SopStep& step) { return is_proved_by(step, event); });
}

std::optional<std::size_t> index_of(const Sop& sop, const SopStep* step) {
  if (!step) return std::nullopt;
  return static_cast<std::size_t>(step - sop.steps.data());
}

bool is_staff(const std::string& role) { return role == "guard" || role == "aide" || role == "admin"; }

// A guard who takes the aide's answer down by telephone gives the aide's answer.
bool is_done_by_other(const SopStep& step, const Visit& visit, const std::string& role) {
  if (!is_staff(step.executor) || !is_staff(role) || role == step.executor) return false;
  return !(is_proved_by(step, approval_decided) && step.executor == "aide" && visit.verbal != Verbal::none);
}

bool lacks_input(const SopStep& step, const Visit& visit) {
  const auto needs = [&](const char* name) {
    return std::find(step.inputs.begin(), step.inputs.end(), name) != step.inputs.end();
  };
  return (visit.portrait.empty() && needs("portrait")) || (visit.waiting_still.empty() && needs("waiting_still"));
}

bool is_paused(const SopStep& step, const Visit& visit) {
  return is_proved_by(step, approval_decided) &&
         (visit.approval == Approval::held || visit.approval == Approval::asked_back ||
          visit.approval == Approval::withdrawn);
}

int count_inside(const Visit& visit) {
  int people = 0;
  for (const auto& [area, count] : visit.where)
    if (presence_in(area) == Presence::inside) people += count;
  return people;
}

bool is_limit_of(const SopRule& rule, const char* measure) { return rule.type == "limit" && rule.measure == measure; }

// The last instant at which the response is in time.
UtcTime deadline_of(const SopRule& rule, const StepDone& to) {
  if (rule.within) return to.at + *rule.within;
  const auto day = std::chrono::floor<std::chrono::days>(to.at + to.offset);
  return day + std::chrono::days(1) - to.offset - Millis(1);
}

}  // namespace

DeviationSeverity severity_of(Deviation kind) {
  switch (kind) {
    case Deviation::late:
      return DeviationSeverity::info;
    case Deviation::step_skipped:
    case Deviation::wrong_order:
    case Deviation::wrong_executor:
    case Deviation::input_missing:
    case Deviation::output_missing:
    case Deviation::passage_without_visit:
      return DeviationSeverity::note;
    case Deviation::limit_exceeded:
    case Deviation::out_of_hours:
    case Deviation::without_approval:
    case Deviation::alarm_without_action:
    case Deviation::badge_not_returned:
    case Deviation::not_screened:
      return DeviationSeverity::violation;
  }
  return DeviationSeverity::violation;
}

void ConformanceChecker::Span::end(const VisitMoment& moment, Millis limit) {
  if (since && !exceeded && moment.at.utc - *since > limit) exceeded = moment.entry;
  since.reset();
}

std::optional<std::uint64_t> ConformanceChecker::Span::find_exceeded(UtcTime now, Millis limit) const {
  if (exceeded) return exceeded;
  if (since && now - *since > limit) return 0;
  return std::nullopt;
}

ConformanceChecker::ConformanceChecker(const Sop& sop)
    : sop_(sop),
      done_(sop.steps.size()),
      held_(sop.steps.size()),
      without_input_(sop.steps.size()),
      waits_(sop.steps.size()),
      stays_(sop.rules.size()),
      crowds_(sop.rules.size()) {}

void ConformanceChecker::add(const Visit& visit, const VisitMoment& moment) {
  had_badge_ = had_badge_ || !visit.badges_out.empty();
  had_deposit_ = had_deposit_ || visit.deposits_open > 0;
  mark_steps(visit, moment);
  follow_clock(visit, moment);
  follow_inside(visit, moment);
  if (visit.alarm_deviation && !unattended_alarm_) unattended_alarm_ = moment.entry;
  if (!visit.closed) {
    closed_.reset();
    badge_kept_.reset();
    return;
  }
  path_.clear();
  for (std::size_t i = 0; i < sop_.steps.size(); i = find_branch(sop_, i, visit).value_or(i + 1)) path_.push_back(i);
  if (closed_) return;
  closed_ = moment.entry;
  for (std::size_t i = 0; i < sop_.steps.size(); ++i)
    if (had_badge_ && is_proved_by(sop_.steps[i], badge_returned) && !done_[i]) badge_kept_ = moment.entry;
}

// ---- Steps

bool ConformanceChecker::holds(std::size_t index, const Visit& visit, const VisitMoment& moment) const {
  const SopStep& step = sop_.steps[index];
  if (step.evidence == Evidence::unobservable) return false;
  if (is_proved_by(step, deposit_returned)) return had_deposit_ && visit.deposits_open == 0;
  if (is_proved_by(step, badge_returned)) return (moment.returns_badge || done_[index]) && visit.badges_out.empty();
  return is_done(step, visit);
}

void ConformanceChecker::mark_steps(const Visit& visit, const VisitMoment& moment) {
  for (std::size_t i = 0; i < sop_.steps.size(); ++i) {
    const SopStep& step = sop_.steps[i];
    const bool is_done_now = holds(i, visit, moment);
    if (is_done_now && !done_[i]) {
      done_[i] = StepDone{moment.entry, moment.at.utc, moment.at.offset, is_done_by_other(step, visit, moment.role)};
      if (lacks_input(step, visit)) without_input_[i] = moment.entry;
    }
    const bool out_again = (is_proved_by(step, deposit_returned) && visit.deposits_open > 0) ||
                           (is_proved_by(step, badge_returned) && !visit.badges_out.empty());
    const bool taken_back = moment.corrects && held_[i];
    held_[i] = is_done_now;
    if (!is_done_now && done_[i] && (taken_back || out_again)) {
      done_[i].reset();
      without_input_[i].reset();
    }
  }
}

void ConformanceChecker::follow_clock(const Visit& visit, const VisitMoment& moment) {
  const SopStep* step = next_step(sop_, visit);
  const auto next = step && is_paused(*step, visit) ? std::nullopt : index_of(sop_, step);
  if (next == next_) return;
  if (next_) waits_[*next_].end(moment, sop_.steps[*next_].time_limit.value_or(Millis::max()));
  if (next) waits_[*next].since = moment.at.utc;
  next_ = next;
}

void ConformanceChecker::follow_inside(const Visit& visit, const VisitMoment& moment) {
  const int inside = count_inside(visit);
  for (std::size_t i = 0; i < sop_.rules.size(); ++i) {
    const SopRule& rule = sop_.rules[i];
    const bool lifted = rule.unless == "aide_permission" && !visit.members_permit.empty();
    if (is_limit_of(rule, "members_inside") && !lifted && inside > rule.max && inside > inside_ && !crowds_[i])
      crowds_[i] = moment.entry;
    if (!is_limit_of(rule, "minutes_inside")) continue;
    if (inside > 0 && inside_ == 0) stays_[i].since = moment.at.utc;
    if (inside == 0 && inside_ > 0) stays_[i].end(moment, std::chrono::minutes(rule.max));
  }
  inside_ = inside;
  if (entered_ || !visit.entered) return;
  entered_ = true;
  if (has_step_of(sop_, approval_decided) && !is_accepted(visit, moment.at.utc)) unapproved_ = moment.entry;
  if (visit.out_of_hours && !visit.hours_permit) out_of_hours_ = moment.entry;
}

// ---- What there is to say

std::vector<DeviationFound> ConformanceChecker::find(UtcTime now) const {
  std::vector<DeviationFound> found;
  const auto skipped = find_skipped();
  for (std::size_t i = 0; i < sop_.steps.size(); ++i) {
    const SopStep& step = sop_.steps[i];
    if (skipped[i]) {
      found.push_back({Deviation::step_skipped, step.id, {}, *closed_});
      continue;
    }
    if (const auto entry = waits_[i].find_exceeded(now, step.time_limit.value_or(Millis::max())))
      found.push_back({Deviation::late, step.id, {}, *entry});
    if (done_[i] && done_[i]->by_other && !follows_from_earlier(i))
      found.push_back({Deviation::wrong_executor, step.id, {}, done_[i]->entry});
    if (without_input_[i]) found.push_back({Deviation::input_missing, step.id, {}, *without_input_[i]});
  }
  for (std::size_t i = 0; i < sop_.rules.size(); ++i) {
    const SopRule& rule = sop_.rules[i];
    if (rule.type == "precedence") add_order(found, i);
    if (rule.type == "response") add_response(found, i, now);
    if (crowds_[i]) found.push_back({Deviation::limit_exceeded, "", i, *crowds_[i]});
    if (const auto entry = stays_[i].find_exceeded(now, std::chrono::minutes(rule.max)))
      found.push_back({Deviation::limit_exceeded, "", i, *entry});
  }
  const auto add = [&](Deviation kind, const std::optional<std::uint64_t>& entry) {
    if (entry) found.push_back({kind, "", {}, *entry});
  };
  add(Deviation::without_approval, unapproved_);
  add(Deviation::out_of_hours, out_of_hours_);
  add(Deviation::alarm_without_action, unattended_alarm_);
  add(Deviation::badge_not_returned, badge_kept_);
  return found;
}

bool ConformanceChecker::follows_from_earlier(std::size_t step) const {
  const auto end = done_.begin() + static_cast<std::ptrdiff_t>(step);
  return std::any_of(done_.begin(), end, [&](const auto& one) { return one && one->entry == done_[step]->entry; });
}

std::vector<bool> ConformanceChecker::find_skipped() const {
  std::vector<bool> skipped(sop_.steps.size());
  if (!closed_) return skipped;
  for (auto own = path_.begin(); own != path_.end(); ++own) {
    const SopStep& step = sop_.steps[*own];
    const bool asked_for = step.evidence != Evidence::unobservable && !is_proved_by(step, badge_returned) &&
                           (had_deposit_ || !is_proved_by(step, deposit_returned));
    if (!asked_for || done_[*own]) continue;
    const bool counts_all = entered_ || is_on_the_way_out(step);
    skipped[*own] = std::any_of(own + 1, path_.end(), [&](std::size_t later) {
      return done_[later] && (counts_all || !is_on_the_way_out(sop_.steps[later]));
    });
  }
  return skipped;
}

void ConformanceChecker::add_order(std::vector<DeviationFound>& found, std::size_t rule) const {
  const SopRule& order = sop_.rules[rule];
  const auto before = index_of(sop_, find_step(sop_, order.before)), after = index_of(sop_, find_step(sop_, order.after));
  if (!before || !after || !done_[*before] || !done_[*after]) return;
  if (done_[*before]->entry > done_[*after]->entry)
    found.push_back({Deviation::wrong_order, order.before, rule, done_[*before]->entry});
}

// What was never done when the visit ended is a step skipped, or a badge not returned.
void ConformanceChecker::add_response(std::vector<DeviationFound>& found, std::size_t rule, UtcTime now) const {
  const SopRule& response = sop_.rules[rule];
  const auto to = index_of(sop_, find_step(sop_, response.to)), expect = index_of(sop_, find_step(sop_, response.expect));
  if (!to || !expect || !done_[*to]) return;
  const UtcTime deadline = deadline_of(response, *done_[*to]);
  const auto add = [&](std::uint64_t entry) { found.push_back({Deviation::late, response.expect, rule, entry}); };
  if (done_[*expect]) {
    if (done_[*expect]->at > deadline) add(done_[*expect]->entry);
  } else if (!closed_ && now > deadline) {
    add(0);
  }
}

}  // namespace gapura
