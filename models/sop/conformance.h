// SPDX-License-Identifier: Apache-2.0
// What of a visit was not done as its procedure says. The checker sees the visit after each of its entries, as it happens
// or from the journal, and knows neither before nor after more than that. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/sop/deviation.h"
#include "models/sop/sop.h"

namespace gapura {

// What the checker needs to know of the entry that a visit has just got.
struct VisitMoment {
  std::uint64_t entry = 0;
  Now at{};               // with the site's offset
  std::string role;       // of the entry's actor: guard | aide | admin; empty: a device, the gateway, not known
  bool corrects = false;  // it takes an earlier entry back
  bool returns_badge = false;
};

struct StepDone {
  std::uint64_t entry = 0;  // after which the step was done for the first time, and was not taken back
  UtcTime at{};
  std::chrono::minutes offset{0};  // of the site's zone then
  bool by_other = false;           // a person of another role than the step's executor
  bool operator==(const StepDone&) const = default;
};

struct DeviationFound {
  Deviation kind{};
  std::string step;                 // id; the step of a rule that came late or too soon; empty: of the whole visit
  std::optional<std::size_t> rule;  // of the procedure, where the deviation is from a rule
  std::uint64_t entry = 0;          // that shows it; 0: none yet, the time shows it
  bool operator==(const DeviationFound&) const = default;
};

// Finds the deviations of a visit under `sop`. A step is done when is_done() says so for the first time, unless a
// correction takes it back; to have given back what was never handed out is not to have done it, and a step that cannot be
// observed is never asked for.
//
// step_skipped: the visit has ended, the step is on the path that the answers chose, and a later step of the path was done.
// For a guest who never came in, steps of the way out say nothing of those of the way in.
// late: the step was not skipped, and was the next one for longer than its time limit without a pause (a question that is
// held, sent back or withdrawn pauses the decision). Of a response: `expect` came later after `to` than `within`, or is
// still to come.
// wrong_order: of a precedence, `before` was done later than `after`.
// wrong_executor: a guard, aide or admin did what another of the three does. An aide's answer taken down is the aide's, and
// of the steps that one entry does only the first is its actor's act: the others follow from it.
// input_missing: the step was done without the portrait or the picture of the waiting room that it needs. What else
// `inputs` may name is not in the journal.
// limit_exceeded: more of the party inside than `max` without the permission, or inside for longer.
// out_of_hours: inside, arrived outside the hours of the category, without a permit.
// without_approval: inside, not accepted, and the procedure has a decision by the aide.
// alarm_without_action: as the gateway records it.
// badge_not_returned: the visit has ended, a badge was issued, the procedure takes it back, and none was given back, or one
// is still out.
// output_missing is never found: an output is a text for people.
class ConformanceChecker {
 public:
  explicit ConformanceChecker(const Sop& sop);  // which must outlive it
  void add(const Visit& visit, const VisitMoment& moment);
  // Returns what there is to say at `now`, which is not before the last moment: of the steps, the rules, the visit.
  std::vector<DeviationFound> find(UtcTime now) const;
  // By the procedure's index.
  const std::vector<std::optional<StepDone>>& done() const { return done_; }

 private:
  // When something began, and the entry after which it had lasted too long.
  struct Span {
    std::optional<UtcTime> since;
    std::optional<std::uint64_t> exceeded;
    void end(const VisitMoment& moment, Millis limit);
    std::optional<std::uint64_t> find_exceeded(UtcTime now, Millis limit) const;
  };
  bool holds(std::size_t step, const Visit& visit, const VisitMoment& moment) const;
  void mark_steps(const Visit& visit, const VisitMoment& moment);
  void follow_clock(const Visit& visit, const VisitMoment& moment);
  void follow_inside(const Visit& visit, const VisitMoment& moment);
  bool follows_from_earlier(std::size_t step) const;  // done by the same entry as one before it
  std::vector<bool> find_skipped() const;             // by step
  void add_order(std::vector<DeviationFound>& found, std::size_t rule) const;
  void add_response(std::vector<DeviationFound>& found, std::size_t rule, UtcTime now) const;

  const Sop& sop_;
  std::vector<std::optional<StepDone>> done_;  // by step
  std::vector<bool> held_;                     // by step: what proves it, after the last moment
  std::vector<std::optional<std::uint64_t>> without_input_;
  std::vector<Span> waits_;
  std::vector<Span> stays_;                           // by rule, of minutes_inside
  std::vector<std::optional<std::uint64_t>> crowds_;  // by rule, of members_inside
  std::optional<std::size_t> next_;                   // the step whose clock runs
  std::vector<std::size_t> path_;
  int inside_ = 0;
  bool entered_ = false, had_badge_ = false, had_deposit_ = false;
  std::optional<std::uint64_t> closed_, unapproved_, out_of_hours_, unattended_alarm_, badge_kept_;
};

}  // namespace gapura
