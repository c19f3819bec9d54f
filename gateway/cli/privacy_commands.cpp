// SPDX-License-Identifier: Apache-2.0
// gapura retention, subject, breach: thin clients of the API. The deciding admin gives name and password.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <fstream>
#include <iostream>

#include "gateway/cli/commands.h"
#include "gateway/settings/private_file.h"

namespace gapura::gateway {
namespace {

namespace json = boost::json;
using Rows = std::vector<std::vector<std::string>>;

Result<json::object> signed_by(const Officer& officer, json::object body) {
  if (officer.name.empty())
    return fail(ErrorKind::bad_input, "--officer: say which admin decides; it stands in the record");
  const auto password = TRY(read_password(officer));
  body["officer"] = officer.name;
  body["password"] = password;
  return body;
}

int post_signed(const Terminal& terminal, const DaemonClient& daemon, const std::string& path, const Officer& officer,
                json::object body, const std::string& sentence) {
  const auto full = signed_by(officer, std::move(body));
  if (!full) return report(terminal, full.error());
  return print_result(terminal, daemon.post(path, *full), sentence);
}

void show_due(const Terminal& terminal, const json::value& answer) {
  const Words& say = terminal.words;
  Rows rows = {
      heads(terminal, {say("cli.label.class"), say("cli.label.jra"), say("cli.label.days"), say("cli.label.action"),
                       say("cli.label.due"), say("cli.label.held"), say("cli.label.oldest"), say("cli.label.waits")})};
  for (const json::value& one : list_of(answer, "classes")) {
    const json::value& next = field(one, "next");
    const std::string waits = next.is_object() ? say({"cli.days", "n"}, count_of(next, "days")) +
                                                     (text_of(next, "agreed_by").empty() ? " (0/2)" : " (1/2)")
                                               : "";
    rows.push_back({text_of(one, "class"), text_of(one, "jra"), text_of(one, "days"), text_of(one, "action"),
                    text_of(one, "due"), text_of(one, "held"), short_time(text_of(one, "oldest")), waits});
  }
  terminal.out << aligned(rows) << '\n'
               << say({"cli.retention_open", "open", "anonymised"}, count_of(answer, "open_visits"),
                      count_of(answer, "anonymised"))
               << '\n';
  for (const json::value& backup : list_of(answer, "backups"))
    terminal.out << printable(say({"cli.backup_holds", "name", "made"}, text_of(backup, "name"),
                                  short_time(text_of(backup, "made"))))
                 << '\n';
  if (const json::value& run = field(answer, "run"); run.is_object())
    terminal.out << say({"cli.run_goes_on", "id"}, text_of(run, "id")) << '\n';
}

std::string csv_cell(const std::string& text) {
  // A cell that a spreadsheet would take for a formula is made a text.
  std::string safe =
      !text.empty() && std::string_view("=+-@\t").find(text[0]) != std::string_view::npos ? "'" + text : text;
  if (safe.find_first_of(",\"\n") == std::string::npos) return safe;
  std::string quoted = "\"";
  for (const char c : safe) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + '"';
}

}  // namespace

Result<std::string> read_password(const Officer& officer) {
  std::string password;
  if (officer.password_file.empty() || officer.password_file == "-") {
    std::getline(std::cin, password);
    return password;
  }
  auto text = read_small_file(officer.password_file);
  if (!text) return fail(ErrorKind::bad_input, "--password-file: " + text.error().message);
  return text->substr(0, text->find_first_of("\r\n"));
}

int show_retention(const Terminal& terminal, const DaemonClient& daemon) {
  const auto answer = daemon.get("/retention");
  if (!answer || terminal.json) return print_result(terminal, answer, "");
  show_due(terminal, *answer);
  return done;
}

int approve_retention(const Terminal& terminal, const DaemonClient& daemon, const std::vector<std::string>& classes,
                      const Officer& officer) {
  json::object body;
  if (!classes.empty()) body["classes"] = json::array(classes.begin(), classes.end());
  return post_signed(terminal, daemon, "/retention/runs", officer, std::move(body), terminal.words("cli.run_begun"));
}

int agree_retention(const Terminal& terminal, const DaemonClient& daemon, const std::string& what, const Officer& officer) {
  return post_signed(terminal, daemon, "/retention/rules/" + encoded(what) + "/agree", officer, {},
                     terminal.words("cli.agreed"));
}

int hold_data(const Terminal& terminal, const DaemonClient& daemon, const std::string& id, const std::string& reason) {
  const bool visit = id.starts_with("v-");
  const auto answer = daemon.post("/holds", {{visit ? "visit" : "guest", id}, {"reason", reason}});
  return print_result(terminal, answer, answer ? terminal.words({"cli.hold_set", "id"}, text_of(*answer, "id")) : "");
}

int release_hold(const Terminal& terminal, const DaemonClient& daemon, const std::string& id, const std::string& reason,
                 const Officer& officer) {
  return post_signed(terminal, daemon, "/holds/" + encoded(id) + "/release", officer, {{"reason", reason}},
                     terminal.words("cli.hold_released"));
}

int list_holds(const Terminal& terminal, const DaemonClient& daemon) {
  const auto answer = daemon.get("/holds");
  if (!answer || terminal.json) return print_result(terminal, answer, "");
  const Words& say = terminal.words;
  Rows rows = {heads(terminal, {say("cli.label.hold"), say("cli.label.about"), say("cli.label.since"),
                                say("cli.label.actor"), say("cli.label.pending")})};
  for (const json::value& one : list_of(*answer, "holds"))
    rows.push_back({text_of(one, "id"), text_of(one, "guest") + text_of(one, "visit"), short_time(text_of(one, "made")),
                    text_of(one, "made_by"), text_of(one, "reason")});
  terminal.out << aligned(rows);
  return done;
}

int find_subject(const Terminal& terminal, const DaemonClient& daemon, const std::string& phone, const std::string& date,
                 const std::string& name) {
  json::object body;
  for (const auto& [key, value] : {std::pair{"phone", &phone}, {"date", &date}, {"name", &name}})
    if (!value->empty()) body[key] = *value;
  const auto answer = daemon.post("/subjects/find", body);
  if (!answer || terminal.json) return print_result(terminal, answer, "");
  const Words& say = terminal.words;
  Rows rows = {heads(terminal, {say("cli.label.person"), say("cli.label.name"), say("cli.label.phone"),
                                say("cli.label.visit"), say("cli.label.last"), say("cli.label.state")})};
  for (const json::value& one : list_of(*answer, "people"))
    rows.push_back({text_of(one, "guest"), printable(text_of(one, "name")), printable(text_of(one, "phone")),
                    text_of(one, "visits"), short_time(text_of(one, "last")),
                    field(one, "erased").is_string() ? say("cli.person.erased")
                    : flag_of(one, "held")           ? say("cli.person.held")
                    : flag_of(one, "restricted")     ? say("cli.person.restricted")
                                                     : "-"});
  terminal.out << aligned(rows);
  return done;
}

int list_cases(const Terminal& terminal, const DaemonClient& daemon) {
  const auto answer = daemon.get("/cases");
  if (!answer || terminal.json) return print_result(terminal, answer, "");
  const Words& say = terminal.words;
  Rows rows = {heads(terminal, {say("cli.label.case"), say("cli.label.kind"), say("cli.label.state"),
                                say("cli.label.person"), say("cli.label.deadline"), say("cli.label.hours_left")})};
  for (const json::value& one : list_of(*answer, "cases"))
    rows.push_back(
        {text_of(one, "id"), text_of(one, "kind"), text_of(one, "state"), text_of(one, "guest"),
         short_time(text_of(one, "due")),
         field(one, "minutes_left").is_null() ? "-" : fmt::format("{:.0f}", number_of(one, "minutes_left") / 60)});
  terminal.out << aligned(rows);
  return done;
}

int open_case(const Terminal& terminal, const DaemonClient& daemon, const std::string& guest, const std::string& kind,
              const std::string& requester, const std::string& purpose) {
  const auto answer =
      daemon.post("/cases", {{"guest", guest}, {"kind", kind}, {"requester", requester}, {"purpose", purpose}});
  return print_result(
      terminal, answer,
      answer ? terminal.words({"cli.case_opened", "id", "due"}, text_of(*answer, "id"), short_time(text_of(*answer, "due")))
             : "");
}

int close_case(const Terminal& terminal, const DaemonClient& daemon, const std::string& id, const std::string& outcome,
               const std::string& reason, const Officer& officer) {
  return post_signed(terminal, daemon, "/cases/" + encoded(id) + "/close", officer,
                     {{"outcome", outcome}, {"reason", reason}}, terminal.words("cli.case_closed"));
}

int export_case(const Terminal& terminal, const DaemonClient& daemon, const std::string& id, const std::string& form,
                const std::string& folder) {
  json::array files;
  for (const std::string kind : {"json", "pdf"}) {
    if (!form.empty() && form != kind) continue;
    const auto copy = daemon.get_bytes("/cases/" + encoded(id) + "/export." + kind);
    if (!copy) return report(terminal, copy.error());
    const std::string path = fmt::format("{}{}data-{}.{}", folder, folder.empty() ? "" : "/", encoded(id), kind);
    if (auto written = write_file(path, *copy, 0600); !written) return report(terminal, written.error());
    files.emplace_back(path);
    if (!terminal.json) terminal.out << printable(terminal.words({"cli.copy_written", "file"}, path)) << '\n';
  }
  if (terminal.json) terminal.out << json::serialize(json::object{{"files", files}}) << '\n';
  return done;
}

int show_breach(const Terminal& terminal, const DaemonClient& daemon, const BreachRequest& request) {
  json::object body;
  for (const auto& [key, value] :
       {std::pair{"account", &request.account}, {"device", &request.device}, {"from", &request.from}, {"to", &request.to}})
    if (!value->empty()) body[key] = *value;
  const auto answer = daemon.post("/breach", body);
  if (!answer || terminal.json) return print_result(terminal, answer, "");
  terminal.out << "guest,name,phone,how,visits,first,last,fields\n";
  for (const json::value& one : list_of(*answer, "people")) {
    std::string fields;
    for (const json::value& name : list_of(one, "fields"))
      fields += (fields.empty() ? "" : " ") + std::string(name.is_string() ? name.get_string().c_str() : "");
    terminal.out << text_of(one, "guest") << ',' << csv_cell(text_of(one, "name")) << ',' << csv_cell(text_of(one, "phone"))
                 << ',' << text_of(one, "how") << ',' << text_of(one, "visits") << ',' << text_of(one, "first") << ','
                 << text_of(one, "last") << ',' << fields << '\n';
  }
  return done;
}

}  // namespace gapura::gateway
