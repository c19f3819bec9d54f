// SPDX-License-Identifier: Apache-2.0
// The lint on procedures that no file can have, and its tables. Each rule with its near miss, in the words of a file:
// tests/gateway/settings/sop_lint_test.cpp.
#include <algorithm>
#include <catch2/catch.hpp>

#include "models/sop/lint.h"
#include "models/sop/paths.h"

using namespace gapura;

namespace {

SopStep lint_step(const char* id, const char* event) {
  SopStep made;
  made.id = id, made.executor = "guest", made.evidence = Evidence::system, made.event = event;
  return made;
}
SopStep lint_question(const char* id, const char* yes, const char* no) {
  SopStep made;
  made.id = id, made.executor = "guest", made.symbol = "decision";
  made.branches = {{"yes", yes}, {"no", no}};
  return made;
}
SopRule precedes(const char* before, const char* after) {
  SopRule made;
  made.type = "precedence", made.before = before, made.after = after;
  return made;
}

// Either the card is checked or the letter, and then the guest enters.
Sop either() {
  Sop sop;
  sop.steps = {lint_question("ask", "card", "letter"), lint_step("card", "visit.registered"),
               lint_question("skip", "enter", "ask"),  lint_step("letter", "visit.registered"),
               lint_step("enter", "access.taken"),     lint_step("leave", "visit.departed")};
  return sop;
}

std::vector<std::string> lines_of(const Sop& sop) {
  std::vector<std::string> lines;
  for (const LintFinding& finding : lint(sop))
    lines.push_back(std::string(word(finding.rule)) + " " + word(finding.part) + " " + std::to_string(finding.index));
  return lines;
}
using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a procedure without a step has no finding, and no path") { CHECK(lint(Sop{}).empty()); }

TEST_CASE("the paths of a procedure end at its departure, and a branch that leads back is none") {
  const Sop sop = either();
  const SopPaths paths(sop);
  using Next = std::vector<std::size_t>;
  CHECK(paths.next(0) == Next{1, 3});
  CHECK(paths.next(2) == Next{4});
  CHECK(paths.next(5) == Next{6});
  CHECK(paths.end() == 6);
  CHECK(*paths.find_way_out(0, paths.none()) == StepPath{0, 3, 4, 5});
  CHECK(*paths.find_way_to(2, paths.none()) == StepPath{0, 1, 2});
  StepSet without = paths.none();
  without[3] = true;
  CHECK(*paths.find_way_out(0, without) == StepPath{0, 1, 2, 4, 5});
  without[4] = true;
  CHECK_FALSE(paths.find_way_out(0, without));
  CHECK(paths.reached(0, without) == StepSet{true, true, true, false, false, false});
  CHECK(lines_of(sop).empty());
}

TEST_CASE("precedences that each have a path, and together none, contradict") {
  Sop sop = either();
  sop.rules = {precedes("card", "enter")};
  CHECK(lines_of(sop) == Lines{"precedence_broken rule 0"});  // by letter
  sop.rules = {precedes("card", "enter"), precedes("letter", "enter")};
  CHECK(lines_of(sop) == Lines{"precedence_never rule 0", "precedence_never rule 1"});
  sop.rules = {precedes("ask", "enter"), precedes("enter", "leave")};
  CHECK(lines_of(sop).empty());
}

TEST_CASE("a gate that asks for an acceptance which no step asks for never opens") {
  Sop sop = either();
  sop.gates = {{"residence", {"decision:accept"}}};
  CHECK(lines_of(sop) == Lines{"unreachable_gate gate 0"});
  sop.steps[3].executor = "aide", sop.steps[3].time_limit = Millis(1), sop.steps[3].output = "x";
  sop.steps[3].evidence = Evidence::unobservable;
  CHECK(lines_of(sop).empty());
}

TEST_CASE("a gate into the open may wait for the end of a visit") {
  Sop sop = either();
  sop.steps.insert(sop.steps.end() - 1, lint_step("finish", "visit.finished"));
  sop.gates = {{"outside", {"finish"}}};
  CHECK(lines_of(sop).empty());
  sop.gates = {{"hall", {"finish"}}};
  CHECK(lines_of(sop) == Lines{"late_gate gate 0"});
}

TEST_CASE("a gate may name an answer behind a step's id") {
  Sop sop = either();
  sop.gates = {{"residence", {"ask:yes"}}};
  CHECK(lines_of(sop).empty());
  sop.gates = {{"residence", {"leave:yes"}}};
  CHECK(lines_of(sop) == Lines{"late_gate gate 0"});
}

TEST_CASE("two gates of one area that say the same are remarked") {
  Sop sop = either();
  sop.gates = {{"hall", {"card"}}, {"hall", {"ask"}}};
  CHECK(lines_of(sop).empty());
  sop.gates.push_back(sop.gates[0]);
  CHECK(lines_of(sop) == Lines{"same_gate gate 2"});
}

TEST_CASE("of every event it is known who can bring it about, and each is one who may do a step") {
  for (const std::string& event : sop_events()) {
    INFO(event);
    CHECK_FALSE(sop_executors(event).empty());
    for (const std::string& executor : sop_executors(event)) {
      INFO(executor);
      CHECK((executor == "guard" || executor == "aide" || executor == "admin" || executor == "guest" ||
             executor == "system"));
    }
  }
  CHECK(sop_executors("no.such_event").empty());
}
