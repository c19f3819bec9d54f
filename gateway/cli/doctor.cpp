// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/doctor.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

namespace gapura::gateway {
namespace {

namespace json = boost::json;

const char* word(Finding::Level level) {
  return level == Finding::Level::ok ? "OK" : level == Finding::Level::attention ? "PERHATIAN" : "SALAH";
}

const char* json_word(Finding::Level level) {
  return level == Finding::Level::ok ? "ok" : level == Finding::Level::attention ? "attention" : "wrong";
}

std::optional<Settings> examine_config(Findings& findings, const std::string& config) {
  SettingsReport report = load_settings(config, find_controllers_folder(config));
  for (const Mistake& mistake : report.mistakes)
    findings.wrong("configuration", mistake.text(), "correct this line; gapura check says when all is well");
  if (report.settings) findings.ok("configuration", config + " has no mistakes");
  return std::move(report.settings);
}

}  // namespace

void Findings::ok(std::string subject, std::string text) {
  list_.push_back({Finding::Level::ok, std::move(subject), std::move(text), ""});
}
void Findings::attention(std::string subject, std::string text, std::string what_to_do) {
  list_.push_back({Finding::Level::attention, std::move(subject), std::move(text), std::move(what_to_do)});
}
void Findings::wrong(std::string subject, std::string text, std::string what_to_do) {
  list_.push_back({Finding::Level::wrong, std::move(subject), std::move(text), std::move(what_to_do)});
}

void Findings::append(const Findings& others) { list_.insert(list_.end(), others.list_.begin(), others.list_.end()); }

Findings examine(const std::string& config, const std::string& data_folder) {
  Findings findings;
  const std::optional<Settings> settings = examine_config(findings, config);
  examine_folder(findings, data_folder);
  examine_record(findings, data_folder);
  examine_faults(findings, data_folder);
  examine_clock(findings);
  examine_limits(findings);
  examine_certificates(findings, settings ? &*settings : nullptr, data_folder);
  const Result<json::value> status = DaemonClient(data_folder).get("/status");
  if (settings) examine_devices(findings, *settings, status ? *status : json::value());
  if (settings && status) examine_portals(findings, *settings, *status);
  if (settings) examine_risks(findings, *settings);
  if (settings) examine_port(findings, settings->http, status.has_value());
  examine_daemon(findings, status);
  return findings;
}

int run_doctor(const Terminal& terminal, const std::string& config, const std::string& data_folder) {
  const Findings findings = examine(config, data_folder);
  const auto& list = findings.list();
  const bool healthy =
      std::none_of(list.begin(), list.end(), [](const Finding& f) { return f.level == Finding::Level::wrong; });
  if (terminal.json) {
    json::array lines;
    for (const Finding& f : list)
      lines.push_back(json::object{
          {"level", json_word(f.level)}, {"subject", f.subject}, {"text", f.text}, {"what_to_do", f.what_to_do}});
    terminal.out << json::serialize(json::object{{"healthy", healthy}, {"findings", std::move(lines)}}) << '\n';
    return healthy ? done : failed;
  }
  for (const Finding& f : list)
    terminal.out << printable(fmt::format("{:<10} {}: {}{}{}", word(f.level), f.subject, f.text,
                                          f.what_to_do.empty() ? "" : " -> ", f.what_to_do))
                 << '\n';
  return healthy ? done : failed;
}

}  // namespace gapura::gateway
