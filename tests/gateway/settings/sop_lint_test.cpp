// SPDX-License-Identifier: Apache-2.0
// Each rule of the lint: a procedure that breaks it, and one that just does not.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <set>

#include "gateway/contract/command.h"
#include "gateway/settings/sop_reader.h"
#include "support/temporary_folder.h"

using namespace gapura;
using namespace gapura::gateway;

namespace {

std::string step_line(const std::string& id, const std::string& executor, const std::string& rest) {
  return "  { id = \"" + id + "\", activity = \"x\", executor = \"" + executor + "\", " + rest + " },\n";
}
std::string proven(const std::string& event) { return R"(evidence = "system", event = ")" + event + "\""; }
const std::string work = R"(, time_limit = "PT1M", output = "x")";
const std::string answers = R"({ yes = "badge", no = "departure" })";
const std::string decline = R"(decline = "deposit_return")";
const std::string branches =
    R"(branches = { accept_now = "meeting", refer = "deposit_return", reschedule = "deposit_return", )";

// A procedure without a finding, a step on each line.
const std::string clean_sop =
    R"(sop = { number = "SOP-CONTOH/2026", title = "Contoh", effective = 2026-02-01 }
applies = { categories = ["general"] }
step = [
)" +  // the steps begin on line 4
    step_line("book", "guard",
              proven("visit.registered") + R"(, inputs = ["name", "purpose"], time_limit = "PT3M", output = "x")") +
    step_line("portrait", "guard", proven("portrait.taken") + R"(, time_limit = "PT7M", output = "foto")") +
    step_line("letter", "guard", R"(symbol = "decision", evidence = "attested", branches = )" + answers + work) +
    step_line("badge", "guard", proven("badge.issued") + work) +
    step_line("screening", "guard", proven("checkpoint.disposed") + work) +
    step_line("request", "guard", proven("approval.asked") + work) +
    step_line("decision", "aide",
              R"(symbol = "decision", )" + proven("approval.decided") + ", " + branches + decline + " }" + work) +
    step_line("meeting", "guest", proven("access.taken")) +                    // 11
    step_line("finish", "guest", proven("visit.finished")) +                   // 12
    step_line("deposit_return", "guard", proven("deposit.returned") + work) +  // 13
    step_line("badge_return", "guard", proven("badge.returned") + work) +      // 14
    step_line("departure", "guard", proven("visit.departed") + work) +         // 15
    R"(]
rule = [
  { type = "precedence", before = "screening", after = "meeting" },
  { type = "precedence", before = "decision", after = "meeting" },
  { type = "response", to = "badge", expect = "badge_return", within = "day" },
  { type = "limit", measure = "members_inside", max = 3, unless = "aide_permission" },
  { type = "limit", measure = "minutes_inside", max = 60 },
]
gate = [
  { area = "waiting_room", requires = ["badge", "screening"] },
  { area = "residence", requires = ["screening", "decision:accept"] },
]
)";

// Each text is replaced wherever it is found.
using Edits = std::vector<std::pair<std::string, std::string>>;

std::string edited(const Edits& edits) {
  std::string text = clean_sop;
  for (const auto& [from, to] : edits) {
    REQUIRE(text.find(from) != std::string::npos);
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
      text.replace(at, from.size(), to);
  }
  return text;
}

SopReport lint_text(const std::string& text, const SopSite* site = nullptr) {
  const tests::TemporaryFolder folder;
  std::ofstream(folder / "sop.toml") << text;
  return load_sop(folder / "sop.toml", "Asia/Jakarta", site);
}

// What a report says, without the folder: "7:3: step[3].event: …".
std::vector<std::string> told(const SopReport& report) {
  std::vector<std::string> lines;
  for (const auto* list : {&report.mistakes, &report.warnings})
    for (const Mistake& one : *list) lines.push_back(one.text().substr(one.file.size() + 1));
  return lines;
}

bool has_finding(const std::vector<Mistake>& list, LintRule rule, int line, const std::string& key,
                 const std::string& says) {
  return std::any_of(list.begin(), list.end(), [&](const Mistake& one) {
    return one.line == line && one.key == key && one.message.find(says) != std::string::npos &&
           one.message.ends_with(std::string(" (") + word(rule) + ")");
  });
}

// Of a rule that is a remark the report has the SOP nevertheless.
void require_finding(const SopReport& report, LintRule rule, int line, const std::string& key, const std::string& says) {
  CAPTURE(word(rule), told(report));
  const bool is_mistake = severity_of(rule) == LintSeverity::mistake;
  REQUIRE(has_finding(is_mistake ? report.mistakes : report.warnings, rule, line, key, says));
  CHECK((!is_mistake || !report.sop));
}

struct LintCase {
  LintRule rule;
  Edits wrong;
  int line;
  std::string key, says;  // a part of the sentence
  Edits near;             // has no finding at all
};

const std::string second_rule = R"({ type = "precedence", before = "decision", after = "meeting" })";
const std::string response = R"(to = "badge", expect = "badge_return")";
const std::string last_limit = R"({ type = "limit", measure = "minutes_inside", max = 60 })";
const std::string last_line = "output = \"x\" },\n]\nrule";
const std::string residence = R"(["screening", "decision:accept"])";
const std::string screening = R"(executor = "guard", evidence = "system", event = "checkpoint.disposed")";

std::string precedence(const std::string& before, const std::string& after) {
  return R"({ type = "precedence", before = ")" + before + R"(", after = ")" + after + "\" }";
}

// Another step behind the last one.
std::string with_report(const std::string& evidence) {
  return "output = \"x\" },\n  { id = \"report\", activity = \"x\", executor = \"guard\", evidence = \"" + evidence +
         "\", time_limit = \"PT1M\", output = \"x\" },\n]\nrule";
}

const std::vector<LintCase>& lint_cases() {
  using enum LintRule;
  static const std::vector<LintCase> cases{
      {unreachable_step,
       {{answers, R"({ yes = "screening", no = "departure" })"}},
       7,
       "step[3].id",
       "no path leads here",
       {{answers, R"({ yes = "screening", no = "badge" })"}}},
      {unreachable_step,
       {{last_line, with_report("attested")}},
       16,
       "step[12].id",
       "step departure ends the visit",
       {{last_line, with_report("unobservable")}}},
      {open_end,
       {{decline, R"(decline = "end")"}},
       10,
       "step[6].branches.decline",
       "request -> decision ends here without a step whose event is visit.departed",
       {{R"(no = "departure")", R"(no = "badge_return")"}}},
      {open_end,
       {{R"(event = "visit.departed")", R"(event = "badge.returned")"}},
       15,
       "step[11].id",
       "so the visit stays open",
       {}},
      {endless_decision,
       {{answers, R"({ yes = "book", no = "portrait" })"}},
       6,
       "step[2].branches",
       "every answer leads back",
       {{answers, R"({ yes = "badge", no = "book" })"}}},
      {missing_branch,
       {{", " + decline, ""}},
       10,
       "step[6].branches",
       "missing a branch for decline: ",
       {{decline, decline + R"(, hold = "request", accept_later = "meeting")"}}},
      {missing_branch,
       {{R"(branches = { accept_now = "meeting", refer)", R"(branches = { hold = "request", refer)"}},
       10,
       "step[6].branches",
       "missing a branch for accept_now: ",
       {}},
      {missing_branch,
       {{R"(symbol = "decision", evidence = "system")", R"(evidence = "system")"}, {branches + decline + " }, ", ""}},
       10,
       "step[6].branches",
       "expected symbol = \"decision\"",
       {}},
      {unknown_answer,
       {{"accept_now = ", "terima = "}},
       10,
       "step[6].branches.terima",
       "found \"terima\"",
       {{"accept_now = ", R"(accept_later = "meeting", accept_now = )"}}},
      {unknown_answer,
       {{screening, screening + R"(, symbol = "decision", branches = { clear = "request", alarm = "departure" })"}},
       8,
       "step[4].branches",
       "checkpoint.disposed has no answers",
       {}},
      {unknown_answer,
       {{answers, R"({ Ya = "badge", tidak = "departure" }, answers = { Ya = "Ya", tidak = "Tidak" })"}},
       6,
       "step[2].branches.Ya",
       "found \"Ya\"",
       {{answers, R"({ ya = "badge", tidak = "departure" }, answers = { ya = "Ya", tidak = "Tidak" })"}}},
      {ignored_branch,
       {{decline, decline + R"(, hold = "meeting")"}},
       10,
       "step[6].branches.hold",
       "never comes to meeting",
       {{decline, decline + R"(, hold = "decision")"}}},
      {ignored_branch,
       {{R"(refer = "deposit_return")", R"(refer = "request")"}},
       10,
       "step[6].branches.refer",
       "only hold leads back",
       {}},
      {same_branches,
       {{answers, R"({ yes = "badge", no = "badge" })"}},
       6,
       "step[2].branches",
       "every answer leads to badge",
       {{answers, R"({ yes = "badge", no = "screening" })"}}},
      {badge_not_returned,
       {{decline, R"(decline = "departure")"}},
       7,
       "step[3].event",
       "on the path badge -> screening -> request -> decision -> departure",
       {{answers, R"({ yes = "badge", no = "deposit_return" })"}}},
      {deposit_not_returned,
       {{decline, R"(decline = "badge_return")"}},
       8,
       "step[4].event",
       "an item may be kept here",
       {{answers, R"({ yes = "badge", no = "badge_return" })"}}},
      {deposit_not_returned,  // a procedure without a detector that says that items come back
       {{screening, R"(executor = "guard", evidence = "attested")"}},
       13,
       "step[9].event",
       "on the path book -> portrait -> letter -> departure",
       {}},
      {missing_time_limit,
       {{R"(time_limit = "PT7M", )", ""}},
       5,
       "step[1].time_limit",
       "expected a duration",
       {{R"("guard", evidence = "system", event = "visit.registered")",
         R"("system", evidence = "system", event = "visit.registered")"},
        {R"(time_limit = "PT3M", )", ""}}},
      {missing_output,
       {{R"(, output = "foto")", ""}},
       5,
       "step[1].output",
       "has a result to show",
       {{R"("guard", evidence = "system", event = "badge.returned", time_limit = "PT1M", output = "x")",
         R"("guest", evidence = "system", event = "badge.returned")"}}},
      {wrong_executor,
       {{R"(executor = "aide")", R"(executor = "guest")"}},
       10,
       "step[6].executor",
       "\"guest\" cannot bring approval.decided about",
       {{R"(executor = "aide")", R"(executor = "guard")"}}},
      {wrong_executor,
       {{R"("guard", symbol = "decision")", R"("system", symbol = "decision")"}},
       6,
       "step[2].executor",
       "a person taps an attested step",
       {{R"("guard", symbol = "decision")", R"("guest", symbol = "decision")"}}},
      {unknown_input,
       {{R"(["name", "purpose"])", R"(["name", "identity_last_four"])"}},
       4,
       "step[0].inputs[1]",
       "identity_last4, ",
       {{R"(["name", "purpose"])", R"(["name", "identity_last4"])"}}},
      {precedence_cycle,
       {{second_rule, precedence("meeting", "screening")}},
       19,
       "rule[1].after",
       "meeting before screening before meeting",
       {{second_rule, precedence("screening", "decision")}}},
      {precedence_never,
       {{second_rule, precedence("finish", "request")}},
       19,
       "rule[1].after",
       "screening -> request, without finish before it",
       {{second_rule, precedence("request", "finish")}}},
      {precedence_broken,
       {{second_rule, precedence("badge", "departure")}},
       19,
       "rule[1].after",
       "book -> portrait -> letter -> departure, without badge before it",
       {{second_rule, precedence("letter", "departure")}}},
      {response_never,
       {{response, R"(to = "badge_return", expect = "badge")"}},
       20,
       "rule[2].expect",
       "no path leads from badge_return to badge",
       {}},
      {response_broken,
       {{response, R"(to = "request", expect = "meeting")"}},
       20,
       "rule[2].expect",
       "which ends without meeting",
       {{response, R"(to = "request", expect = "deposit_return")"}}},
      {different_limits,
       {{last_limit, R"({ type = "limit", measure = "members_inside", max = 5, unless = "aide_permission" })"}},
       22,
       "rule[4].max",
       "at most 3 by rule[3]",
       {{last_limit, R"({ type = "limit", measure = "members_inside", max = 5 })"}}},
      {same_rule,
       {{last_limit, R"({ type = "limit", measure = "members_inside", max = 3, unless = "aide_permission" })"}},
       22,
       "rule[4].type",
       "says the same as rule[3]",
       {}},
      {late_gate,
       {{residence, R"(["screening", "finish"])"}},
       26,
       "gate[1].requires[1]",
       "step finish comes only after area residence was entered",
       {{residence, R"(["screening", "request"])"}}},
      {late_gate,
       {{R"(["badge", "screening"])", R"(["badge", "meeting"])"}},
       25,
       "gate[0].requires[1]",
       "step meeting comes only after",
       // The archive lies behind the residence, whose entry is the meeting.
       {{R"(["screening", "decision:accept"] },)",
         R"(["screening", "decision:accept"] }, { area = "archive", requires = ["meeting"] },)"}}},
      {unreachable_gate,
       {{answers, R"({ yes = "screening", no = "departure" })"}},
       25,
       "gate[0].requires[0]",
       "no path reaches step badge",
       {{answers, R"({ yes = "badge", no = "screening" })"}}},
      {same_requirement,
       {{residence, R"(["screening", "decision:accept", "decision"])"}},
       26,
       "gate[1].requires[2]",
       "says the same as decision:accept",
       {{residence, R"(["screening", "decision:accept", "badge"])"}}},
      {reserved_id,
       {{R"("decision", activity)", R"("answer", activity)"},
        {R"(before = "decision")", R"(before = "answer")"},
        {R"(id = "letter")", R"(id = "decision")"}},
       6,
       "step[2].id",
       "asks for the aide's acceptance and not for this step",
       {{R"("decision", activity)", R"("answer", activity)"}, {R"(before = "decision")", R"(before = "answer")"}}},
      {misleading_id,
       {{R"(evidence = "system", event = "badge.issued")", R"(evidence = "attested")"}},
       7,
       "step[3].id",
       "ask for this step and not for badge.issued",
       {{R"(evidence = "system", event = "badge.issued")", R"(evidence = "attested")"}, {R"("badge")", R"("card")"}}},
  };
  return cases;
}

struct DeviceCase {
  SopSite site;
  int line;
  std::string key, says;
};
const SopSite whole_site{.has_detector = true, .has_camera = true, .has_inner_reader = true};
const std::vector<DeviceCase> device_cases{
    {{.has_camera = true, .has_inner_reader = true}, 8, "step[4].event", "proven by a metal detector"},
    {{.has_detector = true, .has_inner_reader = true}, 5, "step[1].event", "proven by a camera of the site"},
    {{.has_detector = true, .has_camera = true}, 11, "step[7].event", "proven by a reader at an access point"},
};

// As many decisions, each of which leaves out a step that has to come before the departure.
std::string with_decisions(int count) {
  std::string steps, rules;
  const std::string rest = R"(, activity = "x", executor = "guest", evidence = "attested")";
  for (int i = 0; i < count; ++i) {
    const std::string n = std::to_string(i), following = i + 1 < count ? "ask" + std::to_string(i + 1) : "departure";
    steps += "{ id = \"ask" + n + "\"" + rest + R"(, symbol = "decision", branches = { yes = "do)" + n + R"(", no = ")" +
             following + "\" } },\n{ id = \"do" + n + "\"" + rest + " },\n";
    rules += precedence("do" + n, "departure") + ",\n";
  }
  return "sop = { number = \"CONTOH\", title = \"x\", effective = 2026-02-01 }\napplies = { categories = [\"general\"] }\n"
         "step = [\n" +
         steps + "{ id = \"departure\", activity = \"x\", executor = \"guest\", evidence = \"system\", event = " +
         "\"visit.departed\" },\n]\nrule = [\n" + rules + "]\n";
}

// A draft of tests/data/sop, and each of its findings that is about its own mistake: "line key rule".
struct Draft {
  const char* name;
  std::vector<std::tuple<LintRule, int, std::string, std::string>> findings;
};
const std::vector<Draft>& drafts() {
  using enum LintRule;
  static const std::vector<Draft> all{
      {"forgets-badge", {{badge_not_returned, 84, "step[6].event", "a guest keeps the badge"}}},
      {"impossible-precedence",
       {{precedence_never, 188, "rule[0].after", "for example: greet, without departure before it"}}},
      {"no-refusal-branch", {{missing_branch, 120, "step[10].branches", "a branch for refer, reschedule and decline"}}},
      {"no-time-no-output",
       {{missing_time_limit, 30, "step[0].time_limit", "expected a duration"},
        {missing_output, 30, "step[0].output", "expected a text"},
        {missing_output, 142, "step[18].output", "expected a text"}}},
      {"unreachable",
       {{unreachable_step, 122, "step[11].id", "no path leads here"},
        {unreachable_step, 168, "step[17].id", "no path leads here"},
        {badge_not_returned, 84, "step[6].event", "decision -> departure"}}},
  };
  return all;
}

}  // namespace

TEST_CASE("each rule of the lint refuses its procedure at the line that is wrong, and lets the near miss pass") {
  REQUIRE(told(lint_text(clean_sop)).empty());
  for (const LintCase& one : lint_cases()) {
    CAPTURE(word(one.rule), one.line, one.says);
    require_finding(lint_text(edited(one.wrong)), one.rule, one.line, one.key, one.says);
    const SopReport near = lint_text(edited(one.near));
    CHECK(told(near) == std::vector<std::string>{});
    CHECK(near.sop);
  }
}

TEST_CASE("a step whose device the site does not have is refused only where the site is known") {
  CHECK(told(lint_text(clean_sop, &whole_site)).empty());
  for (const DeviceCase& one : device_cases) {
    const SopReport report = lint_text(clean_sop, &one.site);
    CHECK(report.mistakes.size() == 1);
    require_finding(report, LintRule::missing_device, one.line, one.key, one.says);
  }
}

TEST_CASE("orders of steps are followed up to a number of states, and more are refused") {
  const SopReport few = lint_text(with_decisions(5));
  CHECK(few.sop);
  CHECK(few.warnings.size() == 5);  // each step can be left out
  require_finding(few, LintRule::precedence_broken, 17, "rule[0].after", "ask4 -> departure, without do0 before it");
  const SopReport many = lint_text(with_decisions(14));
  CHECK(many.mistakes.size() == 1);
  require_finding(many, LintRule::too_many_orders, 35, "rule[0].type", "more than 10000 orders");
}

TEST_CASE("every rule of the lint is tested, and explained in the README of config") {
  std::set<std::string> tested{word(LintRule::missing_device), word(LintRule::too_many_orders)};
  tested.insert(word(LintRule::same_gate));  // tests/models/sop_lint_test.cpp: the reader refuses such a file before
  for (const LintCase& one : lint_cases()) tested.insert(word(one.rule));
  std::ifstream stream(GAPURA_SOURCE_DIR "/config/README.md");
  const std::string text((std::istreambuf_iterator<char>(stream)), {});
  const auto begin = text.find("## `sop/*.toml`");
  const std::string section = text.substr(begin, text.find("\n## ", begin) - begin);
  for (const char* rule : words<LintRule>) {
    INFO(rule);
    CHECK(tested.count(rule) == 1);
    CHECK(section.find("`" + std::string(rule) + "`") != std::string::npos);
  }
}

TEST_CASE("drafts that once passed are refused, each with a line and a reason") {
  for (const Draft& draft : drafts()) {
    CAPTURE(draft.name);
    const SopReport report =
        load_sop(std::string(GAPURA_SOURCE_DIR "/tests/data/sop/") + draft.name + ".toml", "Asia/Jakarta");
    CHECK_FALSE(report.sop);
    for (const auto& [rule, line, key, says] : draft.findings) require_finding(report, rule, line, key, says);
  }
}

TEST_CASE("the shipped procedures have no finding") {
  for (const char* name : {"demo", "office-general", "office-special", "residence-general", "residence-special"}) {
    CAPTURE(name);
    CHECK(told(load_sop(std::string(GAPURA_SOURCE_DIR "/config/sop/") + name + ".toml", "Asia/Jakarta")).empty());
  }
}

TEST_CASE("inputs are the fields of the guest's form and the waiting room's picture; answers are the aide's but for ask") {
  std::vector<std::string> inputs(field_names<GuestForm>.begin(), field_names<GuestForm>.end());
  inputs.emplace_back("waiting_still");
  std::vector<std::string> known = sop_inputs();
  std::sort(inputs.begin(), inputs.end());
  std::sort(known.begin(), known.end());
  CHECK(known == inputs);
  std::vector<std::string> of_the_aide;
  for (const char* decision : words<AideDecision>)
    if (std::string(decision) != "ask") of_the_aide.emplace_back(decision);
  CHECK(sop_answers() == of_the_aide);
}
