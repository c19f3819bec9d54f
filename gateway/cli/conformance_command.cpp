// SPDX-License-Identifier: Apache-2.0
// gapura sop report: what of the recorded visits was not done as the procedures say.
#include <date/tz.h>
#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>

#include "gateway/cli/commands.h"
#include "gateway/record/conformance_report.h"
#include "gateway/settings/settings.h"
#include "gateway/settings/sop_reader.h"

namespace gapura::gateway {
namespace {

namespace json = boost::json;

json::object json_of(const StepFigures& step) {
  json::object object{{"step", step.id}, {"evidence", word(step.evidence)}};
  if (step.evidence == Evidence::unobservable) return object;
  object["done"] = step.done;
  object["late"] = step.late;
  object["skipped"] = step.skipped;
  object["wrong_executor"] = step.wrong_executor;
  object["input_missing"] = step.input_missing;
  return object;
}

json::object json_of(const VisitDeviation& deviation) {
  json::object object{{"visit", deviation.visit.str()},
                      {"deviation", word(deviation.found.kind)},
                      {"severity", word(severity_of(deviation.found.kind))}};
  if (!deviation.found.step.empty()) object["step"] = deviation.found.step;
  if (deviation.found.rule) object["rule"] = *deviation.found.rule + 1;
  if (deviation.found.entry > 0) object["entry"] = deviation.found.entry;
  return object;
}

json::object json_of(const ConformanceReport& report) {
  json::array steps, deviations;
  for (const auto& step : report.steps) steps.emplace_back(json_of(step));
  for (const auto& deviation : report.deviations) deviations.emplace_back(json_of(deviation));
  return {{"sop", report.sop},
          {"visits", report.visits},
          {"clean", report.clean},
          {"steps", std::move(steps)},
          {"deviations", std::move(deviations)}};
}

std::string sentence_of(const VisitDeviation& deviation) {
  const DeviationFound& found = deviation.found;
  std::string text = fmt::format("visit {}: {} {}", deviation.visit.str(), word(severity_of(found.kind)), word(found.kind));
  if (!found.step.empty()) text += fmt::format(", step {}", found.step);
  if (found.rule) text += fmt::format(", rule {}", *found.rule + 1);
  return text + (found.entry > 0 ? fmt::format(", entry {}", found.entry) : ", still to be done");
}

// A step that cannot be observed has no figures, and what is proved is never added to what is attested.
void print_procedure(const Terminal& terminal, const ConformanceReport& report) {
  terminal.out << printable(fmt::format("{}: {} visits, {} without a deviation", report.sop, report.visits, report.clean))
               << "\n\n";
  std::vector<std::vector<std::string>> rows = {
      {"Step", "Evidence", "Done", "Late", "Skipped", "By others", "Without input"}};
  for (const auto& step : report.steps) {
    if (step.evidence == Evidence::unobservable) {
      rows.push_back({step.id, word(step.evidence), "-", "-", "-", "-", "-"});
      continue;
    }
    std::vector<std::string> row = {step.id, word(step.evidence)};
    for (const auto number : {step.done, step.late, step.skipped, step.wrong_executor, step.input_missing})
      row.push_back(std::to_string(number));
    rows.push_back(std::move(row));
  }
  terminal.out << aligned(rows) << '\n';
  for (const auto& deviation : report.deviations) terminal.out << printable(sentence_of(deviation)) << '\n';
}

int print_procedures(const Terminal& terminal, const std::vector<ConformanceReport>& reports, int days) {
  if (terminal.json) {
    json::array all;
    for (const auto& report : reports) all.emplace_back(json_of(report));
    terminal.out << json::serialize(json::object{{"days", days}, {"procedures", std::move(all)}}) << '\n';
    return done;
  }
  if (reports.empty()) terminal.out << fmt::format("No visit of the last {} days is under a procedure.\n", days);
  for (const auto& report : reports) print_procedure(terminal, report);
  return done;
}

int refuse(const Terminal& terminal, const std::vector<Mistake>& mistakes) {
  for (const Mistake& mistake : mistakes) terminal.err << printable(mistake.text()) << '\n';
  return bad_usage;
}

}  // namespace

int report_sop(const Terminal& terminal, const SopQuestion& asked) {
  const SettingsReport loaded = load_settings(asked.config, find_controllers_folder(asked.config));
  if (!loaded.settings) return refuse(terminal, loaded.mistakes);
  const date::time_zone* zone = date::locate_zone(loaded.settings->timezone);
  ConformanceQuestion question;
  question.now = std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now());
  question.from = question.now - std::chrono::hours(24 * asked.days);
  question.offset = [zone](UtcTime at) { return std::chrono::duration_cast<Minutes>(zone->get_info(at).offset); };
  SopReport draft;
  if (!asked.draft.empty()) {
    draft = load_sop(asked.draft, loaded.settings->timezone);
    if (!draft.sop) return refuse(terminal, draft.mistakes);
    question.draft = &*draft.sop;
  }
  const auto db = Database::open_reader(asked.data + "/gapura.db");
  if (!db) return report(terminal, db.error());
  const auto reports = report_conformance(*db, loaded.settings->site, question);
  if (!reports) return report(terminal, reports.error());
  return print_procedures(terminal, *reports, asked.days);
}

}  // namespace gapura::gateway
