// SPDX-License-Identifier: Apache-2.0
#include "gateway/simulation/trace.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace gapura::simulation {
namespace {

using Trace = std::vector<TraceEntry>;
constexpr std::size_t never = static_cast<std::size_t>(-1);

class Definition {
 public:
  Definition(const Sop& sop, const Trace& trace, UtcTime now) : sop_(sop), trace_(trace), now_(now) {
    for (std::size_t k = 0; k < trace.size(); ++k) step_at_.push_back(find_step_at(k));
  }

  std::vector<DeviationFound> all() {
    for (const auto& step : sop_.steps) {
      const std::size_t done = done_at(step);
      if (is_skipped(step))
        say(Deviation::step_skipped, step.id, none, trace_[end_at()].entry.number);
      else
        judge_wait(step);
      if (done == never) continue;
      if (is_by_other(step, trace_[done]) && is_first_of(done, step))
        say(Deviation::wrong_executor, step.id, none, trace_[done].entry.number);
      if (is_without_input(step, trace_[done].visit))
        say(Deviation::input_missing, step.id, none, trace_[done].entry.number);
    }
    for (std::size_t i = 0; i < sop_.rules.size(); ++i) judge_rule(i);
    judge_visit();
    return found_;
  }

 private:
  static constexpr std::optional<std::size_t> none{};

  void say(Deviation kind, const std::string& step, std::optional<std::size_t> rule, std::uint64_t entry) {
    found_.push_back({kind, step, rule, entry});
  }

  // ---- Facts after the k-th entry

  const Visit& visit(std::size_t k) const { return trace_[k].visit; }
  UtcTime time(std::size_t k) const { return trace_[k].entry.at.utc; }
  bool is_leaving_after(std::size_t k) const {
    static const std::set<VisitState> leaving{VisitState::finished,    VisitState::departed, VisitState::declined,
                                              VisitState::rescheduled, VisitState::referred, VisitState::left_early,
                                              VisitState::unaccounted};
    return leaving.contains(visit(k).state);
  }

  bool any_before(std::size_t k, const std::function<bool(const TraceEntry&)>& holds) const {
    return std::any_of(trace_.begin(), trace_.begin() + static_cast<std::ptrdiff_t>(k) + 1, holds);
  }

  bool fact(const std::string& event, std::size_t k) const {
    const Visit& now = visit(k);
    const std::string state = word(now.state), approval = word(now.approval), escort = word(now.escort);
    const auto one_of = [](const std::string& text, std::initializer_list<const char*> words) {
      return std::find(words.begin(), words.end(), text) != words.end();
    };
    if (event == "visit.registered") return true;
    if (event == "visit.completed") return !now.in_debt;
    if (event == "portrait.taken") return !now.portrait.empty();
    if (event == "badge.issued") return !now.badges_out.empty();
    if (event == "checkpoint.passed") return now.screening != Screening::pending;
    if (event == "checkpoint.disposed") return one_of(word(now.screening), {"clear", "cleared_by_check", "alternative"});
    if (event == "approval.asked") return approval != "none";
    if (event == "approval.decided")
      return now.verbal != Verbal::disputed &&
             one_of(approval, {"accepted", "accepted_later", "declined", "referred", "rescheduled"});
    if (event == "visit.called")
      return now.entered || one_of(state, {"called", "escorted", "in_meeting", "away", "finished"});
    if (event == "escort.started") return !one_of(escort, {"none", "requested"});
    if (event == "escort.handed_over") return one_of(escort, {"handed_over", "returned"});
    if (event == "escort.returned") return escort == "returned";
    if (event == "access.taken") return now.entered.has_value();
    if (event == "visit.finished") return now.finished || state == "finished";
    if (event == "deposit.returned") return now.deposits_open == 0;
    if (event == "badge.returned") return now.closed || (is_leaving_after(k) && now.badges_out.empty());
    if (event == "visit.departed") return now.closed || state == "departed";
    return false;
  }

  static std::string tap_of(const Visit& visit, const std::string& step) {
    for (const auto& tap : visit.attested)
      if (tap == step || tap.rfind(step + ":", 0) == 0) return tap;
    return {};
  }

  bool is_done_after(const SopStep& step, std::size_t k) const {
    if (step.evidence == Evidence::unobservable) return true;
    if (step.evidence == Evidence::attested) return !tap_of(visit(k), step.id).empty();
    return fact(step.event, k);
  }

  static bool gives_back(const SopStep& step, const char* event) {
    return step.evidence == Evidence::system && step.event == event;
  }
  static bool is_way_out(const SopStep& step) {
    return gives_back(step, "escort.returned") || gives_back(step, "deposit.returned") ||
           gives_back(step, "badge.returned") || gives_back(step, "visit.departed");
  }

  // As is_done_after(), where to give back takes something that was handed out.
  bool was_done_after(const SopStep& step, std::size_t k) const {
    if (step.evidence == Evidence::unobservable) return false;
    if (gives_back(step, "deposit.returned"))
      return visit(k).deposits_open == 0 && any_before(k, [](const auto& at) { return at.visit.deposits_open > 0; });
    if (gives_back(step, "badge.returned")) {
      for (std::size_t j = k + 1; j-- > 0 && visit(j).badges_out.empty();)
        if (trace_[j].entry.type == EventType::badge_returned) return true;
      return false;
    }
    return is_done_after(step, k);
  }

  // Whether entry k takes the step back: a correction, or something is out once more.
  bool is_taken_back_by(const SopStep& step, std::size_t k) const {
    if (was_done_after(step, k)) return false;
    if (gives_back(step, "deposit.returned") && visit(k).deposits_open > 0) return true;
    if (gives_back(step, "badge.returned") && !visit(k).badges_out.empty()) return true;
    return trace_[k].entry.type == EventType::undone && k > 0 && was_done_after(step, k - 1);
  }

  // The first entry after which the step was done, and which was never taken back.
  std::size_t done_at(const SopStep& step) const {
    std::size_t first = 0;
    for (std::size_t k = 0; k < trace_.size(); ++k)
      if (is_taken_back_by(step, k)) first = k + 1;
    for (std::size_t k = first; k < trace_.size(); ++k)
      if (was_done_after(step, k)) return k;
    return never;
  }

  // Whether no step before this one was done by the same entry.
  bool is_first_of(std::size_t done, const SopStep& step) const {
    for (const auto& other : sop_.steps) {
      if (&other == &step) return true;
      if (done_at(other) == done) return false;
    }
    return true;
  }

  // ---- The path

  std::size_t index_of(const std::string& step) const {
    for (std::size_t i = 0; i < sop_.steps.size(); ++i)
      if (sop_.steps[i].id == step) return i;
    return never;
  }

  // The step after step i by the answers that stand after entry k; `i` itself where the answer leads nowhere further on.
  std::size_t chosen(std::size_t i, std::size_t k) const {
    static const std::map<Approval, std::string> words{{Approval::accepted, "accept_now"},
                                                       {Approval::accepted_later, "accept_later"},
                                                       {Approval::declined, "decline"},
                                                       {Approval::referred, "refer"},
                                                       {Approval::rescheduled, "reschedule"}};
    const SopStep& step = sop_.steps[i];
    if (step.branches.empty()) return i;
    std::string answer;
    if (step.event == "approval.decided") {
      if (fact("approval.decided", k)) answer = words.at(visit(k).approval);
    } else if (const std::string tap = tap_of(visit(k), step.id); tap.find(':') != std::string::npos) {
      answer = tap.substr(tap.find(':') + 1);
    }
    std::map<std::string, std::string> branches(step.branches.begin(), step.branches.end());
    if (answer == "accept_later" && !branches.contains(answer)) answer = "accept_now";
    if (answer.empty() || !branches.contains(answer)) return i;
    if (branches[answer] == "end") return sop_.steps.size();
    const std::size_t target = index_of(branches[answer]);
    return target != never && target > i ? target : i;
  }

  std::vector<std::size_t> path_after(std::size_t k) const {
    std::vector<std::size_t> path;
    for (std::size_t i = 0; i < sop_.steps.size();) {
      path.push_back(i);
      const std::size_t to = chosen(i, k);
      i = to == i ? i + 1 : to;
    }
    return path;
  }

  // The step that the visit was at after entry k; `never`: none. The guest who leaves is asked only for the way out.
  std::size_t find_step_at(std::size_t k) const {
    static const std::set<VisitState> over{VisitState::departed, VisitState::turned_away, VisitState::no_show,
                                           VisitState::cancelled};
    if (visit(k).closed || over.contains(visit(k).state) || visit(k).state == VisitState::planned) return never;
    const auto is_way_in = [&](std::size_t i) {
      return sop_.steps[i].evidence == Evidence::system && !is_way_out(sop_.steps[i]);
    };
    std::size_t begin = 0;
    if (is_leaving_after(k)) {
      const bool refused = visit(k).state == VisitState::declined || visit(k).state == VisitState::rescheduled ||
                           visit(k).state == VisitState::referred;
      for (std::size_t i = 0; i < sop_.steps.size(); ++i) {
        if (const std::size_t to = chosen(i, k); refused && to != i) {
          begin = to;
          break;
        }
        if (is_way_in(i)) begin = i + 1;
      }
    }
    for (std::size_t i = begin; i < sop_.steps.size();) {
      const std::size_t to = chosen(i, k);
      const bool open = !is_done_after(sop_.steps[i], k) || (!sop_.steps[i].answers.empty() && to == i);
      if (open && !(is_leaving_after(k) && is_way_in(i))) return i;
      i = to == i ? i + 1 : to;
    }
    return never;
  }

  // The entry that ended the visit for good.
  std::size_t end_at() const {
    std::size_t end = never;
    for (std::size_t k = trace_.size(); k-- > 0 && visit(k).closed;) end = k;
    return end;
  }

  bool has(const char* event) const {
    return std::any_of(sop_.steps.begin(), sop_.steps.end(), [&](const auto& step) { return gives_back(step, event); });
  }

  // ---- The deviations

  bool is_skipped(const SopStep& step) const {
    if (end_at() == never || step.evidence == Evidence::unobservable || done_at(step) != never) return false;
    if (gives_back(step, "badge.returned")) return false;
    const std::size_t last = trace_.size() - 1;
    if (gives_back(step, "deposit.returned") &&
        !any_before(last, [](const auto& at) { return at.visit.deposits_open > 0; }))
      return false;
    const auto path = path_after(last);
    const auto own = std::find(path.begin(), path.end(), index_of(step.id));
    if (own == path.end()) return false;
    const bool was_in = visit(last).entered.has_value();
    for (auto later = own + 1; later != path.end(); ++later) {
      const SopStep& other = sop_.steps[*later];
      if (done_at(other) != never && (was_in || is_way_out(step) || !is_way_out(other))) return true;
    }
    return false;
  }

  // Whether the clock of the step that the visit is at stands still.
  bool is_paused(const SopStep& step, std::size_t k) const {
    static const std::set<Approval> pauses{Approval::held, Approval::asked_back, Approval::withdrawn};
    return gives_back(step, "approval.decided") && pauses.contains(visit(k).approval);
  }

  void judge_wait(const SopStep& step) {
    if (!step.time_limit) return;
    const std::size_t own = index_of(step.id);
    const auto runs = [&](std::size_t k) { return step_at_[k] == own && !is_paused(step, k); };
    judge_spans(runs, *step.time_limit, Deviation::late, step.id, none);
  }

  // Says the deviation when the condition held without interruption for longer than the limit: by the entry that ended the
  // first such time, or 0 where only the last one lasts.
  void judge_spans(const std::function<bool(std::size_t)>& holds, Millis limit, Deviation kind, const std::string& step,
                   std::optional<std::size_t> rule) {
    for (std::size_t from = 0; from < trace_.size(); ++from) {
      if (!holds(from) || (from > 0 && holds(from - 1))) continue;
      std::size_t to = from;
      while (to < trace_.size() && holds(to)) ++to;
      const UtcTime end = to < trace_.size() ? time(to) : now_;
      if (end - time(from) > limit) return say(kind, step, rule, to < trace_.size() ? trace_[to].entry.number : 0);
    }
  }

  static bool is_by_other(const SopStep& step, const TraceEntry& at) {
    static const std::set<std::string> staff{"guard", "aide", "admin"};
    if (!staff.contains(step.executor) || !staff.contains(at.role) || step.executor == at.role) return false;
    const bool taken_down = gives_back(step, "approval.decided") && at.visit.verbal != Verbal::none;
    return !(taken_down && step.executor == "aide");
  }

  static bool is_without_input(const SopStep& step, const Visit& visit) {
    return std::any_of(step.inputs.begin(), step.inputs.end(), [&](const std::string& input) {
      return (input == "portrait" && visit.portrait.empty()) || (input == "waiting_still" && visit.waiting_still.empty());
    });
  }

  static int inside(const Visit& visit) {
    int people = 0;
    for (const auto& [area, count] : visit.where)
      if (area.str() != "outside" && area.str() != "waiting_room" && area.str() != "unknown") people += count;
    return people;
  }

  void judge_rule(std::size_t i) {
    const SopRule& rule = sop_.rules[i];
    if (rule.type == "precedence") {
      const std::size_t before = done_at(sop_.steps[index_of(rule.before)]);
      const std::size_t after = done_at(sop_.steps[index_of(rule.after)]);
      if (before != never && after != never && before > after)
        say(Deviation::wrong_order, rule.before, i, trace_[before].entry.number);
    } else if (rule.type == "response") {
      judge_response(i);
    } else if (rule.measure == "minutes_inside") {
      judge_spans([&](std::size_t k) { return inside(visit(k)) > 0; }, std::chrono::minutes(rule.max),
                  Deviation::limit_exceeded, "", i);
    } else {
      for (std::size_t k = 0; k < trace_.size(); ++k) {
        const bool permitted = rule.unless == "aide_permission" && !visit(k).members_permit.empty();
        const int before = k == 0 ? 0 : inside(visit(k - 1));
        if (inside(visit(k)) > std::max(before, rule.max) && !permitted)
          return say(Deviation::limit_exceeded, "", i, trace_[k].entry.number);
      }
    }
  }

  void judge_response(std::size_t i) {
    const SopRule& rule = sop_.rules[i];
    const std::size_t to = done_at(sop_.steps[index_of(rule.to)]), expect = done_at(sop_.steps[index_of(rule.expect)]);
    if (to == never) return;
    const Millis offset = trace_[to].entry.at.offset;
    const auto is_late = [&](UtcTime when) {
      if (rule.within) return when - time(to) > *rule.within;
      using std::chrono::days;
      return std::chrono::floor<days>(when + offset) > std::chrono::floor<days>(time(to) + offset);
    };
    if (expect != never) {
      if (is_late(time(expect))) say(Deviation::late, rule.expect, i, trace_[expect].entry.number);
    } else if (end_at() == never && is_late(now_)) {
      say(Deviation::late, rule.expect, i, 0);
    }
  }

  void judge_visit() {
    for (std::size_t k = 0; k < trace_.size(); ++k) {
      if (!visit(k).entered) continue;
      const bool accepted =
          visit(k).verbal != Verbal::disputed &&
          (visit(k).approval == Approval::accepted ||
           (visit(k).approval == Approval::accepted_later && visit(k).hold_until && *visit(k).hold_until <= time(k)));
      if (has("approval.decided") && !accepted) say(Deviation::without_approval, "", none, trace_[k].entry.number);
      if (visit(k).out_of_hours && !visit(k).hours_permit) say(Deviation::out_of_hours, "", none, trace_[k].entry.number);
      break;
    }
    for (std::size_t k = 0; k < trace_.size(); ++k) {
      if (!visit(k).alarm_deviation) continue;
      say(Deviation::alarm_without_action, "", none, trace_[k].entry.number);
      break;
    }
    const std::size_t end = end_at();
    if (end == never || !has("badge.returned") ||
        !any_before(end, [](const auto& at) { return !at.visit.badges_out.empty(); }))
      return;
    // The last word about badges before the end.
    bool returned = false;
    for (std::size_t k = 0; k <= end; ++k) {
      if (trace_[k].entry.type == EventType::badge_returned) returned = true;
      if (!visit(k).badges_out.empty()) returned = false;
    }
    if (!returned) say(Deviation::badge_not_returned, "", none, trace_[end].entry.number);
  }

  const Sop& sop_;
  const Trace& trace_;
  const UtcTime now_;
  std::vector<std::size_t> step_at_;  // by entry
  std::vector<DeviationFound> found_;
};

}  // namespace

std::vector<DeviationFound> deviations_of(const Sop& sop, const std::vector<TraceEntry>& trace, UtcTime now) {
  return trace.empty() ? std::vector<DeviationFound>() : Definition(sop, trace, now).all();
}

}  // namespace gapura::simulation
