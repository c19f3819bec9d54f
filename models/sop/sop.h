// SPDX-License-Identifier: Apache-2.0
// A Standard Operating Procedure as data: which steps a visit takes, who does them, and what must be true before an area
// opens. The engine names exactly one next step per visit.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/base/decision_reason.h"
#include "models/base/time.h"
#include "models/visit/visit.h"

namespace gapura {

GAPURA_ENUM(Evidence, system, attested, unobservable);

struct SopStep {
  std::string id, activity, executor, symbol;
  Evidence evidence = Evidence::attested;
  std::string event;  // of a system step: one of sop_events()
  std::vector<std::string> inputs;
  std::optional<Millis> time_limit;
  std::string output;
  std::vector<std::pair<std::string, std::string>> branches;  // answer → step id or "end"
  // Of an attested decision: each answer of its branches with its sentence, in the file's order. Empty for other steps.
  std::vector<std::pair<std::string, std::string>> answers;
};

struct SopRule {
  std::string type;  // precedence | response | limit
  std::string before, after, to, expect, measure, unless;
  std::optional<Millis> within;  // of a response; none: the same local day
  int max = 0;
};

// Conditions of every grant through an access point into this area: step ids, "step:answer" of an attested decision, or
// "decision:accept".
struct SopGate {
  std::string area;
  std::vector<std::string> requires_;
};

struct Sop {
  std::string id;    // "SOP-03/KUL/2026#2": number and revision; stored with the visit
  std::string hash;  // SHA-256 of the file, hexadecimal
  std::string number, title, unit;
  int revision = 0;
  UtcTime effective;  // local midnight of the date in the file
  std::vector<std::string> categories;
  std::vector<SopStep> steps;
  std::vector<SopRule> rules;
  std::vector<SopGate> gates;
};

// The facts that a system step may wait for, each read from the visit alone.
const std::vector<std::string>& sop_events();
// Returns whether the visit has done the step: a system step by the visit's facts, an attested one when a person has
// attested it, with any answer. True for a step that cannot be observed.
bool is_done(const SopStep& step, const Visit& visit);
// Returns the one next step; null when all are done, the visit has ended or not yet begun (planned). A decision's branch
// skips the steps it leaves out; while there is no decision (hold, a question back) the visit stays on the decision's step,
// as it does while the answer of an attested decision leads back.
// A guest who is leaving is asked only for the steps of the way out.
const SopStep* next_step(const Sop& sop, const Visit& visit);
// Returns where the visit's answer to a decision leads: an index after this one, or steps.size() for "end". None: there is
// no answer, no branch for it, or it leads back.
std::optional<std::size_t> find_branch(const Sop& sop, std::size_t index, const Visit& visit);
// Whether a system step's event belongs to the way out: it can happen to a guest who was never let in.
bool is_on_the_way_out(const SopStep& step);
const SopStep* find_step(const Sop& sop, const std::string& id);
// Returns the step that a gate's requirement names, with an answer or without; null where it names none.
const SopStep* find_required_step(const Sop& sop, const std::string& requirement);
// Returns the sentence of an answer of an attested decision; empty where there is none.
std::string answer_text(const SopStep& step, const std::string& answer);
// What a gate's requirement asks for: the aide's acceptance, a cleared screening (both have denial reasons of their own),
// or any step.
enum class GateNeed { step, screening, acceptance };
GateNeed need_of(const Sop& sop, const std::string& requirement);
// Returns the gate requirements of `area` that the visit does not meet yet: step ids or "decision:accept". Besides step ids
// a gate may name screening, badge, escort, identity and decision, with or without a step of that id.
std::vector<std::string> missing_for(const Sop& sop, const Visit& visit, const std::string& area, UtcTime now);
// Returns the most members of one visit that may be inside at once; none: no limit. `permitted`: the aide has lifted the
// limits that have unless = "aide_permission".
std::optional<int> members_inside_limit(const Sop& sop, bool permitted);
std::optional<Millis> longest_stay(const Sop& sop);  // rule limit, measure = "minutes_inside"
// Returns the version in force for this category at this instant: the latest effective one; null when there is none.
const Sop* sop_in_force(const std::vector<Sop>& versions, const std::string& category, UtcTime now);
const Sop* find_sop(const std::vector<Sop>& versions, const std::string& id);

}  // namespace gapura
