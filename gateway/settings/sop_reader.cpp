// SPDX-License-Identifier: Apache-2.0
#include "gateway/settings/sop_reader.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>

#include "gateway/settings/day_time.h"
#include "gateway/settings/section.h"
#include "models/base/sha256.h"

namespace gapura::gateway {
namespace {

const std::string accepted = "decision:accept";  // a requirement of a gate that is not a step

std::string text_of(const std::optional<std::chrono::year_month_day>& day) {
  if (!day) return "";
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day->year()), static_cast<unsigned>(day->month()),
                     static_cast<unsigned>(day->day()));
}

UtcTime local_midnight(std::chrono::year_month_day day, const std::string& zone) {
  const date::local_days local{std::chrono::sys_days(day).time_since_epoch()};
  // Where summer time begins at midnight, the day's first instant.
  return std::chrono::time_point_cast<Millis>(date::locate_zone(zone)->to_sys(local, date::choose::earliest));
}

class SopReader {
 public:
  SopReader(Reading& reading, SopReport& report, const std::string& zone, const SopSite* site)
      : reading_(reading), report_(report), zone_(zone), site_(site) {}
  Sop read(const toml::table& root);

 private:
  void read_head(Section section);
  void read_dates(Section& section);
  void read_approval(Section section);
  void read_applies(Section section);
  void read_step(Section& section);
  void read_evidence(Section& section, SopStep& step);
  void read_branches(Section& section, SopStep& step);
  void read_answers(Section& section, const Section& branches, SopStep& step);
  void check_targets(Section& branches, const SopStep& step);
  void check_target(Section& section, const char* key, const std::string& id, bool may_end);
  void read_rule(Section& section);
  void read_limit(Section& section, SopRule& rule);
  void read_gate(Section& section);
  void check_sense();
  void record(const LintFinding& finding);
  std::optional<Millis> duration(Section& section, const char* key);
  std::string step_named(Section& section, const char* key);
  bool is_step(const std::string& id) const;
  std::string requirement_expected(const std::string& requirement) const;
  std::string guess(const std::string& word) const;

  Reading& reading_;
  SopReport& report_;
  const std::string zone_;
  const SopSite* const site_;
  std::vector<Section> steps_, branches_, rules_, gates_;  // of each step its table and that of its branches
  Sop sop_;
};

Sop SopReader::read(const toml::table& root) {
  Section top(reading_, &root, "", "", {});
  read_head(top.table("sop"));
  read_applies(top.table("applies"));
  steps_ = top.tables("step");
  for (Section& step : steps_) read_step(step);
  if (steps_.empty() && !top.has("step")) top.mistake("step", "missing; expected [[step]], at least one");
  // Branches may point forward, so they are checked when every step is known.
  for (std::size_t i = 0; i < sop_.steps.size(); ++i) check_targets(branches_[i], sop_.steps[i]);
  rules_ = top.tables("rule");
  for (Section& rule : rules_) read_rule(rule);
  gates_ = top.tables("gate");
  for (Section& gate : gates_) read_gate(gate);
  top.finish();
  check_sense();
  return std::move(sop_);
}

void SopReader::read_head(Section section) {
  sop_.number = section.required_text("number");
  sop_.title = section.required_text("title");
  sop_.unit = section.text("unit");
  sop_.revision = section.integer("revision", 0, 0, 9999);
  sop_.id = fmt::format("{}#{}", sop_.number, sop_.revision);
  read_dates(section);
  for (const char* key : {"legal_basis", "qualifications", "related", "equipment", "warnings", "records"})
    if (auto texts = section.texts(key); !texts.empty()) report_.paper.lists.emplace_back(key, std::move(texts));
  read_approval(section.table("approval"));
  section.finish();
}

void SopReader::read_dates(Section& section) {
  const auto effective = section.required_date("effective"), review = section.date("review");
  report_.paper.made = text_of(section.date("made"));
  report_.paper.revised = text_of(section.date("revised"));
  report_.paper.effective = text_of(effective);
  report_.paper.review = text_of(review);
  if (effective) sop_.effective = local_midnight(*effective, zone_);
  if (effective && review && *review <= *effective) section.wrong("review", "a date after effective");
}

void SopReader::read_approval(Section section) {
  report_.paper.approved_by = section.text("position");
  report_.paper.approver = section.text("name");
  report_.paper.decree = section.text("decree");
  section.finish();
}

void SopReader::read_applies(Section section) {
  sop_.categories = section.required_choices("categories", {"general", "special"});
  if (section.has("categories") && sop_.categories.empty()) section.mistake("categories", "expected at least one category");
  section.choices("postures", {"normal"});                        // others are not supported yet
  section.choice("hours", {"visiting_hours"}, "visiting_hours");  // the same
  section.finish();
}

void SopReader::read_step(Section& section) {
  SopStep step;
  step.id = section.required_id("id", false);
  if (step.id == "end" || is_step(step.id)) section.wrong("id", "an id that no other step has, nor \"end\"");
  step.activity = section.required_text("activity");
  step.executor = section.required_choice("executor", {"guard", "aide", "admin", "guest", "system"});
  step.symbol = section.choice("symbol", {"terminator", "process", "decision", "connector"}, "process");
  read_evidence(section, step);
  step.inputs = section.texts("inputs");
  step.time_limit = duration(section, "time_limit");
  step.output = section.text("output");
  read_branches(section, step);
  read_answers(section, branches_.back(), step);
  section.finish();
  sop_.steps.push_back(std::move(step));
}

void SopReader::read_evidence(Section& section, SopStep& step) {
  const std::string evidence = section.required_choice("evidence", {"system", "attested", "unobservable"});
  step.evidence = find_word<Evidence>(evidence).value_or(Evidence::attested);
  step.event = section.text("event");
  if (evidence.empty()) return;  // already recorded
  if (step.evidence != Evidence::system) {
    if (section.has("event")) section.mistake("event", "expected only with evidence = \"system\"");
    return;
  }
  const std::vector<std::string>& events = sop_events();
  if (std::find(events.begin(), events.end(), step.event) != events.end()) return;
  section.wrong("event", fmt::format("one of {}", fmt::join(events, ", ")));
}

void SopReader::read_branches(Section& section, SopStep& step) {
  const bool decides = step.symbol == "decision";
  Section branches = section.table("branches");
  for (const std::string& answer : branches.keys())
    step.branches.emplace_back(answer, branches.required_text(answer.c_str()));
  if (decides && step.branches.size() < 2)
    section.mistake("branches",
                    "expected at least two for a decision, such as { accept_now = \"escort\", decline = \"departure\" }");
  if (!decides && section.has("branches")) section.mistake("branches", "expected only with symbol = \"decision\"");
  branches_.push_back(std::move(branches));
}

// The sentences of an attested decision's answers. Yes and no need none.
void SopReader::read_answers(Section& section, const Section& branches, SopStep& step) {
  if (step.symbol != "decision" || step.evidence != Evidence::attested) {
    if (section.has("answers"))
      section.mistake("answers", "expected only with symbol = \"decision\" and evidence = \"attested\"");
    section.allow("answers");
    return;
  }
  Section answers = section.table("answers");
  for (const std::string& answer : answers.keys())
    if (!branches.has(answer.c_str())) answers.wrong(answer.c_str(), "an answer that branches has");
  for (const auto& [answer, target] : step.branches) {
    std::string sentence = answer == "yes" ? "Ya" : answer == "no" ? "Tidak" : "";
    if (answers.has(answer.c_str()))
      sentence = answers.required_text(answer.c_str());
    else if (sentence.empty())
      section.mistake("answers",
                      fmt::format("expected the sentence of {}, such as {{ {} = \"…\" }}", in_quotes(answer), answer));
    step.answers.emplace_back(answer, std::move(sentence));
  }
  std::sort(step.answers.begin(), step.answers.end(), [&](const auto& a, const auto& b) {
    const Place one = branches.where(a.first.c_str()), other = branches.where(b.first.c_str());
    return std::pair(one.line, one.column) < std::pair(other.line, other.column);
  });
}

void SopReader::check_targets(Section& branches, const SopStep& step) {
  for (const auto& [answer, target] : step.branches) check_target(branches, answer.c_str(), target, true);
}

void SopReader::read_rule(Section& section) {
  SopRule rule;
  rule.type = section.required_choice("type", {"precedence", "response", "limit"});
  const auto only_of = [&](const char* type, std::initializer_list<const char*> keys) {
    for (const char* key : keys)
      if (rule.type != type && !rule.type.empty() && section.has(key))
        section.mistake(key, fmt::format("expected only with type = \"{}\"", type));
  };
  only_of("precedence", {"before", "after"});
  only_of("response", {"to", "expect", "within"});
  only_of("limit", {"measure", "max", "unless"});
  if (rule.type == "precedence") {
    rule.before = step_named(section, "before");
    rule.after = step_named(section, "after");
    if (!rule.before.empty() && rule.before == rule.after) section.wrong("after", "another step than before");
  } else if (rule.type == "response") {
    rule.to = step_named(section, "to");
    rule.expect = step_named(section, "expect");
    const std::string within = section.required_text("within");
    if (!within.empty() && within != "day") rule.within = duration(section, "within");
  } else if (rule.type == "limit") {
    read_limit(section, rule);
  }
  // Keys of other types are known, so that they are reported only once.
  for (const char* key : {"before", "after", "to", "expect", "within", "measure", "max", "unless"}) section.allow(key);
  section.finish();
  sop_.rules.push_back(std::move(rule));
}

void SopReader::read_limit(Section& section, SopRule& rule) {
  rule.measure = section.required_choice("measure", {"members_inside", "minutes_inside"});
  rule.max = section.required_integer("max", 1, 10000);
  rule.unless = section.choice("unless", {"", "aide_permission"}, "");
  if (!rule.unless.empty() && rule.measure == "minutes_inside")
    section.mistake("unless", "expected only with measure = \"members_inside\"");
}

void SopReader::read_gate(Section& section) {
  SopGate gate;
  gate.area = section.required_id("area");
  for (const SopGate& other : sop_.gates)
    if (!gate.area.empty() && other.area == gate.area) section.wrong("area", "an area that has no other [[gate]]");
  gate.requires_ = section.required_texts("requires");
  for (std::size_t i = 0; i < gate.requires_.size(); ++i)
    if (const std::string expected = requirement_expected(gate.requires_[i]); !expected.empty())
      section.wrong_item("requires", i, expected);
  section.finish();
  const Place place = section.where("area");
  report_.gate_places.push_back({reading_.file, place.line, place.column, section.path() + ".area", ""});
  sop_.gates.push_back(std::move(gate));
}

// Returns what was expected instead of this requirement; empty: it is right. A decision is required with its answer, never
// alone.
std::string SopReader::requirement_expected(const std::string& requirement) const {
  if (requirement == accepted) return "";
  const auto colon = requirement.find(':');
  const SopStep* step = find_required_step(sop_, requirement);
  if (!step || (colon != std::string::npos && step->answers.empty()))
    return fmt::format("the id of a [[step]] or \"{}\"{}", accepted, guess(requirement));
  if (step->answers.empty()) return "";
  if (colon != std::string::npos && !answer_text(*step, requirement.substr(colon + 1)).empty()) return "";
  std::vector<std::string> answers;
  for (const auto& [answer, sentence] : step->answers) answers.push_back(in_quotes(attestation(step->id, answer)));
  return fmt::format("this decision with its answer, one of {}", fmt::join(answers, ", "));
}

void SopReader::check_sense() {
  if (!reading_.mistakes.empty()) return;
  for (const LintFinding& finding : lint(sop_, site_)) record(finding);
}

// The word of the rule stands behind the sentence: config/README.md explains it.
void SopReader::record(const LintFinding& finding) {
  static const std::string of_branch = "branches.";
  const std::vector<Section>& parts = finding.part == SopPart::step   ? steps_
                                      : finding.part == SopPart::rule ? rules_
                                                                      : gates_;
  const Section& section = parts.at(finding.index);
  const char* key = finding.key.c_str();
  std::string path = section.path() + "." + finding.key;
  Place place = section.where(key);
  if (finding.key.rfind(of_branch, 0) == 0) place = branches_.at(finding.index).where(key + of_branch.size());
  if (finding.item) {
    place = section.where_item(key, *finding.item);
    path += fmt::format("[{}]", *finding.item);
  }
  auto& list = finding.severity == LintSeverity::mistake ? reading_.mistakes : reading_.warnings;
  list.push_back({reading_.file, place.line, place.column, path, fmt::format("{} ({})", finding.text, word(finding.rule))});
}

std::optional<Millis> SopReader::duration(Section& section, const char* key) {
  const std::string text = section.text(key);
  if (!section.has(key)) return std::nullopt;
  const auto time = parse_duration(text);
  if (!time)
    section.wrong(key, fmt::format("a duration such as \"PT30S\", \"PT2M\" or \"PT1H30M\"{}",
                                   std::string_view(key) == "within" ? ", or \"day\"" : ""));
  return time;
}

std::string SopReader::step_named(Section& section, const char* key) {
  std::string id = section.required_text(key);
  check_target(section, key, id, false);
  return id;
}

void SopReader::check_target(Section& section, const char* key, const std::string& id, bool may_end) {
  if (id.empty() || is_step(id) || (may_end && id == "end")) return;  // empty: already recorded
  section.wrong(key, fmt::format("the id of a [[step]]{}{}", may_end ? " or \"end\"" : "", guess(id)));
}

bool SopReader::is_step(const std::string& id) const {
  return std::any_of(sop_.steps.begin(), sop_.steps.end(),
                     [&](const SopStep& step) { return step.id == id && !id.empty(); });
}

std::string SopReader::guess(const std::string& word) const {
  std::vector<std::string> ids;
  for (const SopStep& step : sop_.steps) ids.push_back(step.id);
  const std::string best = closest(word, ids);
  return best.empty() ? "" : fmt::format(" (did you mean {}?)", in_quotes(best));
}

}  // namespace

SopReport load_sop(const std::string& file, const std::string& zone, const SopSite* site) {
  Reading reading{file, {}, {}, {}};
  SopReport report;
  std::string bytes;
  if (const auto table = read_toml(reading, &bytes)) {
    Sop sop = SopReader(reading, report, zone, site).read(*table);
    const Hash hash = sha256(bytes);
    sop.hash = to_hex(as_bytes(hash));
    if (reading.mistakes.empty()) report.sop = std::move(sop);
  }
  reading.sort();
  report.mistakes = std::move(reading.mistakes);
  report.warnings = std::move(reading.warnings);
  report.known_keys = std::move(reading.known_keys);
  return report;
}

}  // namespace gapura::gateway
