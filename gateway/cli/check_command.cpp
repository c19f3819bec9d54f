// SPDX-License-Identifier: Apache-2.0
// Checks files without a daemon: mistakes of a configuration or a procedure, and a procedure as a table.
#include <date/tz.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>

#include "gateway/cli/commands.h"
#include "gateway/settings/day_time.h"
#include "gateway/settings/settings.h"
#include "gateway/settings/sop_reader.h"
#include "gateway/simulation/shadow.h"

namespace gapura::gateway {
namespace {

namespace json = boost::json;

// A procedure's file names no site. The zone only affects the instant from which it is in force, which is not shown here.
constexpr const char* any_zone = "Asia/Jakarta";

json::array as_json(const std::vector<Mistake>& mistakes) {
  json::array list;
  for (const Mistake& m : mistakes)
    list.push_back(
        json::object{{"file", m.file}, {"line", m.line}, {"column", m.column}, {"key", m.key}, {"message", m.message}});
  return list;
}

// `good`: the sentence when there is no mistake. Warnings do not fail a check.
int print_mistakes(const Terminal& terminal, const std::vector<Mistake>& mistakes, const std::vector<Mistake>& warnings,
                   const std::string& good) {
  if (terminal.json) {
    const json::object answer{{"ok", mistakes.empty()}, {"mistakes", as_json(mistakes)}, {"warnings", as_json(warnings)}};
    terminal.out << json::serialize(answer) << '\n';
    return mistakes.empty() ? done : bad_usage;
  }
  for (const Mistake& mistake : mistakes) terminal.err << printable(mistake.text()) << '\n';
  for (const Mistake& warning : warnings) terminal.err << "warning: " << printable(warning.text()) << '\n';
  if (mistakes.empty())
    terminal.out << printable(good) << '\n';
  else
    terminal.err << fmt::format("{} mistake{}\n", mistakes.size(), mistakes.size() == 1 ? "" : "s");
  return mistakes.empty() ? done : bad_usage;
}

std::string counted(const Settings& s) {
  return fmt::format("site {}; cameras: {}, buses: {}, portals: {}, access points: {}, detectors: {}, SOPs: {}", s.site_id,
                     s.cameras.size(), s.buses.size(), s.site.portals.size(), s.site.points.size(), s.site.detectors.size(),
                     s.site.sops.size());
}

std::string proof(const SopStep& step) {
  return step.event.empty() ? word(step.evidence) : fmt::format("{}: {}", word(step.evidence), step.event);
}

std::string limit_of(const SopStep& step) { return step.time_limit ? format_duration(*step.time_limit) : ""; }

std::string rule_text(const SopRule& rule) {
  if (rule.type == "precedence") return fmt::format("{} before {}", rule.before, rule.after);
  if (rule.type == "response")
    return fmt::format("{} is followed by {} within {}", rule.to, rule.expect,
                       rule.within ? format_duration(*rule.within) : "the day");
  return fmt::format("{} at most {}{}", rule.measure, rule.max, rule.unless.empty() ? "" : " unless " + rule.unless);
}

void show_steps(const Terminal& terminal, const Sop& sop) {
  std::vector<std::vector<std::string>> rows = {{"No", "Step", "Executor", "Evidence", "Limit", "Activity"}};
  int number = 0;
  for (const SopStep& step : sop.steps) {
    rows.push_back({std::to_string(++number), step.id, step.executor, proof(step), limit_of(step), step.activity});
    for (const auto& [answer, target] : step.branches)
      rows.push_back({"", "", "", fmt::format("{} -> {}", answer, target), "", ""});
  }
  terminal.out << aligned(rows);
}

json::object as_json(const ShadowChange& change) {
  json::array reasons;
  for (const auto& reason : change.reasons) reasons.emplace_back(reason);
  return {{"number", change.number},
          {"time", format_rfc3339(change.time, Minutes(0))},
          {"point", change.point},
          {"recorded", change.was_granted ? "granted" : "denied"},
          {"reasons", std::move(reasons)}};
}

void print_changes(const Terminal& terminal, const ShadowReport& report, int days) {
  if (terminal.json) {
    json::array changes;
    for (const auto& change : report.changes) changes.emplace_back(as_json(change));
    terminal.out << json::serialize(json::object{{"days", days}, {"scans", report.scans}, {"changes", std::move(changes)}})
                 << '\n';
    return;
  }
  const auto denied =
      std::count_if(report.changes.begin(), report.changes.end(), [](const auto& c) { return c.was_granted; });
  terminal.out << fmt::format("{} scans in {} days: {} grants would be denials, {} denials would be grants\n", report.scans,
                              days, denied, static_cast<std::ptrdiff_t>(report.changes.size()) - denied);
  for (const auto& [reason, count] : report.reasons) terminal.out << fmt::format("  {:>6} x {}\n", count, reason);
  for (const auto& change : report.changes)
    terminal.out << printable(fmt::format("entry {} {}: {} -> {} ({})", change.number, change.point,
                                          change.was_granted ? "granted" : "denied",
                                          change.was_granted ? "denied" : "granted", fmt::join(change.reasons, ", ")))
                 << '\n';
}

}  // namespace

int check_shadow(const Terminal& terminal, const std::string& file, const std::string& data, int days) {
  const SettingsReport settings = load_settings(file, find_controllers_folder(file));
  if (!settings.settings) return print_mistakes(terminal, settings.mistakes, settings.warnings, "");
  const auto db = Database::open_reader(data + "/gapura.db");
  if (!db) {
    terminal.err << printable(db.error().message) << '\n';
    return failed;
  }
  const date::time_zone* zone = date::locate_zone(settings.settings->timezone);
  const auto offset = [zone](UtcTime at) { return std::chrono::duration_cast<Minutes>(zone->get_info(at).offset); };
  const auto today = std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now());
  const auto report = shadow_check(*db, settings.settings->site, today - std::chrono::hours(24 * days), offset);
  if (!report) {
    terminal.err << printable(report.error().message) << '\n';
    return failed;
  }
  print_changes(terminal, *report, days);
  return done;
}

int check_file(const Terminal& terminal, const std::string& file) {
  const SettingsReport report = load_settings(file, find_controllers_folder(file));
  const std::string good =
      report.settings ? fmt::format("{}: no mistakes ({})", file, counted(*report.settings)) : std::string();
  return print_mistakes(terminal, report.mistakes, report.warnings, good);
}

int check_sop(const Terminal& terminal, const std::string& file) {
  const SopReport report = load_sop(file, any_zone);
  const std::string good = report.sop ? fmt::format("{}: no mistakes ({}, steps: {}, rules: {}, gates: {}, SHA-256 {})",
                                                    file, report.sop->id, report.sop->steps.size(),
                                                    report.sop->rules.size(), report.sop->gates.size(), report.sop->hash)
                                      : std::string();
  return print_mistakes(terminal, report.mistakes, report.warnings, good);
}

int show_sop(const Terminal& terminal, const std::string& file) {
  const SopReport report = load_sop(file, any_zone);
  if (!report.sop) return print_mistakes(terminal, report.mistakes, report.warnings, "");
  const Sop& sop = *report.sop;
  terminal.out << printable(fmt::format("{}, revision {}: {}", sop.number, sop.revision, sop.title)) << '\n';
  terminal.out << printable(fmt::format("in force from {} for {}; approved: {}", report.paper.effective,
                                        fmt::join(sop.categories, ", "), report.paper.decree))
               << "\n\n";
  show_steps(terminal, sop);
  terminal.out << '\n';
  for (const SopRule& rule : sop.rules) terminal.out << "rule: " << printable(rule_text(rule)) << '\n';
  for (const SopGate& gate : sop.gates)
    terminal.out << printable(fmt::format("gate: {} needs {}", gate.area, fmt::join(gate.requires_, ", "))) << '\n';
  return done;
}

}  // namespace gapura::gateway
