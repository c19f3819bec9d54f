// SPDX-License-Identifier: Apache-2.0
// What a step says of itself: its answers, who does it, what it needs.
#include <algorithm>
#include <array>

#include "models/base/text.h"
#include "models/sop/linter.h"

namespace gapura {
namespace {

using Words = std::vector<std::string>;

bool contains(const Words& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// hold may be left out, because it leaves the question open: the visit stays on the step with and without a branch for it.
// accept_later may, because its branch is then that of accept_now. The aide may give any of the others at any
// time, and without a branch the engine leads the guest to whatever follows the last step of the way in. `ask` is no branch
// at all.
const Words needed_answers{"accept_now", "refer", "reschedule", "decline"};

struct EventDoers {
  const char* event;
  Words executors;
};

// Who the API lets record the event (gateway/web/api/routes.cpp), and besides them: the guest, where the event is the
// guest's own act or the guard writes down what the guest says; the system, where a device or the gateway brings it about.
// A guard takes down an aide's decision, which the aide confirms later.
const std::vector<EventDoers>& event_doers() {
  static const std::vector<EventDoers> rows{
      {"visit.registered", {"guard", "guest", "system"}},
      {"visit.completed", {"guard", "guest"}},
      {"portrait.taken", {"guard"}},
      {"badge.issued", {"guard"}},
      {"checkpoint.passed", {"guard", "guest", "system"}},
      {"checkpoint.disposed", {"guard", "guest", "system"}},
      {"approval.asked", {"guard"}},
      {"approval.decided", {"aide", "guard"}},
      {"visit.called", {"guard", "aide", "admin", "system"}},
      {"escort.started", {"guard", "aide"}},
      {"escort.handed_over", {"guard", "aide"}},
      {"access.taken", {"guest", "guard", "aide", "system"}},
      {"visit.finished", {"guard", "aide", "admin", "guest", "system"}},
      {"escort.returned", {"guard", "aide"}},
      {"deposit.returned", {"guard"}},
      {"badge.returned", {"guard", "guest", "system"}},
      {"visit.departed", {"guard", "guest", "system"}},
  };
  return rows;
}

bool has_branch(const SopStep& step, const std::string& answer) {
  return std::any_of(step.branches.begin(), step.branches.end(),
                     [&](const auto& branch) { return branch.first == answer; });
}

bool is_done_by_staff(const SopStep& step) {
  return step.executor == "guard" || step.executor == "aide" || step.executor == "admin";
}

// Ids that a gate may name without a step, and the event that proves what they mean there.
constexpr std::array<std::array<const char*, 2>, 3> well_known{
    {{"screening", "checkpoint.disposed"}, {"badge", "badge.issued"}, {"escort", "escort.started"}}};

bool is_required(const Sop& sop, const std::string& id) {
  return std::any_of(sop.gates.begin(), sop.gates.end(), [&](const SopGate& gate) {
    return std::any_of(gate.requires_.begin(), gate.requires_.end(),
                       [&](const std::string& requirement) { return requirement.substr(0, requirement.find(':')) == id; });
  });
}

}  // namespace

const std::vector<std::string>& sop_inputs() {
  static const Words names{"name",          "phone",          "institution", "purpose", "whom",
                           "category",      "portrait",       "party",       "members", "vehicle",
                           "identity_type", "identity_last4", "extended",    "person",  "waiting_still"};
  return names;
}

const std::vector<std::string>& sop_answers() {
  static const Words answers{"accept_now", "accept_later", "hold", "refer", "reschedule", "decline"};
  return answers;
}

const std::vector<std::string>& sop_executors(const std::string& event) {
  static const Words none;
  for (const EventDoers& row : event_doers())
    if (event == row.event) return row.executors;
  return none;
}

void Linter::check_step(std::size_t index) {
  check_reached(index);
  check_end(index);
  check_badge(index);
  check_deposit(index);
  check_branches(index);
  check_work(index);
  check_executor(index);
  check_inputs(index);
  check_device(index);
  check_id(index);
}

// ---- Answers

void Linter::check_branches(std::size_t index) {
  const SopStep& step = sop_.steps[index];
  if (has_event(step, "approval.decided")) return check_decision(index);
  if (step.branches.empty()) return;
  if (step.evidence == Evidence::attested) return check_attested_answers(index);
  const std::string of = step.evidence == Evidence::system ? step.event : "an unobservable step";
  add_step(
      LintRule::unknown_answer, index, "branches",
      of + " has no answers, so the visit would go on with the next step whatever happened; expected branches only with "
           "event = \"approval.decided\" or evidence = \"attested\"");
}

void Linter::check_decision(std::size_t index) {
  const SopStep& step = sop_.steps[index];
  Words missing;
  for (const std::string& answer : needed_answers)
    if (!has_branch(step, answer)) missing.push_back(answer);
  if (!missing.empty())
    add_step(LintRule::missing_branch, index, "branches",
             "missing a branch for " + listed(missing, "and") +
                 ": the aide can answer so at any time, and the guest would be led to whatever step comes next; expected " +
                 (step.symbol == "decision" ? "" : "symbol = \"decision\" and ") + "a branch for each of " +
                 listed(needed_answers, "and") +
                 " (hold may be left out, for the question stays open; accept_later too, for it follows accept_now)");
  for (const auto& [answer, target] : step.branches)
    if (!contains(sop_answers(), answer))
      add_step(
          LintRule::unknown_answer, index, "branches." + answer,
          "approval.decided is never answered so; expected " + listed(sop_answers(), "or") + ", found " + quoted(answer));
  for (const auto& [answer, target] : step.branches) check_direction(index, answer, target);
  check_same_targets(index);
}

// Whatever a person is asked at an attested step, the procedure chooses the words of its answers.
void Linter::check_attested_answers(std::size_t index) {
  const SopStep& step = sop_.steps[index];
  if (step.branches.size() < 2)
    add_step(LintRule::missing_branch, index, "branches",
             "a question with one answer decides nothing; expected two or more, such as { yes = \"escort\", no = "
             "\"departure\" }");
  for (const auto& [answer, target] : step.branches)
    if (!is_id(answer, false))
      add_step(LintRule::unknown_answer, index, "branches." + answer,
               "an answer is an id, by which it is recorded; expected 1 to 64 lower-case letters, digits, \"_\" or \"-\", "
               "found " +
                   quoted(answer));
  const bool leads_nowhere = std::none_of(step.branches.begin(), step.branches.end(), [&](const auto& branch) {
    return find_target(sop_, index, branch.second).has_value();
  });
  if (leads_nowhere)
    add_step(LintRule::endless_decision, index, "branches",
             "every answer leads back, so a visit never leaves this step; expected an answer that leads to a later one");
  check_same_targets(index);
}

void Linter::check_direction(std::size_t index, const std::string& answer, const std::string& target) {
  const bool forward = find_target(sop_, index, target).has_value();
  if (answer == "hold" && forward)
    add_step(LintRule::ignored_branch, index, "branches.hold",
             "hold leaves the question open, so the visit stays here and never comes to " + target + "; expected " +
                 id_of(index) + " or a step before it, or no branch for hold");
  if (answer != "hold" && !forward)
    add_step(LintRule::ignored_branch, index, "branches." + answer,
             "only hold leads back: after " + answer + " the visit would go on with a later step than " + target +
                 "; expected a step after " + id_of(index));
}

void Linter::check_same_targets(std::size_t index) {
  const SopStep& step = sop_.steps[index];
  Words targets;
  for (const auto& [answer, target] : step.branches)
    if (leads_on(step, answer) && !contains(targets, target)) targets.push_back(target);
  if (targets.size() != 1 || step.branches.size() < 2 || is_required(sop_, step.id)) return;
  add_step(LintRule::same_branches, index, "branches",
           "every answer leads to " + targets.front() + ", so the answer changes nothing");
}

// ---- Who does it, with what

// A guest's own step and a system's have no time that staff could keep, and no output that staff make.
void Linter::check_work(std::size_t index) {
  const SopStep& step = sop_.steps[index];
  if (!is_done_by_staff(step)) return;
  const std::string why = ", since a step that a guard, aide or admin does ";
  if (!step.time_limit)
    add_step(LintRule::missing_time_limit, index, "time_limit",
             "missing; expected a duration such as \"PT2M\"" + why + "has a time to be done in");
  if (step.output.empty())
    add_step(LintRule::missing_output, index, "output", "missing; expected a text" + why + "has a result to show");
}

void Linter::check_executor(std::size_t index) {
  const SopStep& step = sop_.steps[index];
  if (step.evidence == Evidence::unobservable || step.executor.empty()) return;
  if (step.evidence == Evidence::attested) {
    if (step.executor == "system")
      add_step(LintRule::wrong_executor, index, "executor",
               "a person taps an attested step, and the system is none; expected guard, aide, admin or guest, found "
               "\"system\"");
    return;
  }
  const Words& can = sop_executors(step.event);
  if (can.empty() || contains(can, step.executor)) return;
  add_step(LintRule::wrong_executor, index, "executor",
           quoted(step.executor) + " cannot bring " + step.event + " about, so the step would wait for the wrong one; " +
               "expected " + listed(can, "or"));
}

void Linter::check_inputs(std::size_t index) {
  const Words& inputs = sop_.steps[index].inputs;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    if (!contains(sop_inputs(), inputs[i]))
      add(LintRule::unknown_input, SopPart::step, index, "inputs",
          "no form asks for it, so nothing can show that it was there; expected " + listed(sop_inputs(), "or") +
              ", found " + quoted(inputs[i]),
          i);
}

// badge.issued needs no device: without a printer the guard's browser prints, and stock cards are in no configuration.
void Linter::check_device(std::size_t index) {
  const SopStep& step = sop_.steps[index];
  if (site_ == nullptr || step.evidence != Evidence::system) return;
  const auto need = [&](bool has, const char* device, const char* instead) {
    if (has) return;
    add_step(LintRule::missing_device, index, "event",
             step.event + " is proven by " + device + ", and this site has none; " + instead);
  };
  if (step.event == "checkpoint.passed" || step.event == "checkpoint.disposed")
    need(site_->has_detector, "a metal detector", "expected a [[detector]], or evidence = \"attested\"");
  if (step.event == "portrait.taken")
    need(site_->has_camera, "a camera of the site", "expected a [[camera]], or evidence = \"attested\"");
  if (step.event == "access.taken")
    need(site_->has_inner_reader, "a reader at an access point into the house",
         "expected a [[reader]] there, or evidence = \"attested\"");
}

// ---- Ids

// The requirements "decision" and "decision:accept" mean the aide's acceptance in any procedure.
void Linter::check_id(std::size_t index) {
  const SopStep& step = sop_.steps[index];
  if (!is_required(sop_, step.id)) return;
  if (step.id == "decision" && !has_event(step, "approval.decided"))
    return add_step(LintRule::reserved_id, index, "id",
                    "a gate that requires decision asks for the aide's acceptance and not for this step; expected event = "
                    "\"approval.decided\", or another id");
  for (const auto& [id, event] : well_known)
    if (step.id == id && !has_event(step, event))
      add_step(LintRule::misleading_id, index, "id",
               "gates that require " + step.id + " ask for this step and not for " + event +
                   ", which the word means elsewhere; another id would say so");
}

}  // namespace gapura
