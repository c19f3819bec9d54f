// SPDX-License-Identifier: Apache-2.0
// gapura visit …, gapura guest import: a guard's work from a shell, through the API (docs/decisions/0005).
#include <fmt/format.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>

#include "gateway/cli/commands.h"

namespace gapura::gateway {
namespace {

namespace json = boost::json;
using Rows = std::vector<std::vector<std::string>>;

constexpr std::size_t largest_file = 1u << 20;

int tell_visit(const Terminal& terminal, const Result<json::value>& answer, const std::string& what) {
  if (!answer) return report(terminal, answer.error());
  if (terminal.json) {
    terminal.out << json::serialize(*answer) << '\n';
    return done;
  }
  terminal.out << printable(fmt::format("{} {}: {} ({})", text_of(*answer, "id"), what, text_of(*answer, "name"),
                                        terminal.words.coded("state.", text_of(*answer, "state"))))
               << '\n';
  const json::value& hours = field(*answer, "hours");
  if (hours.is_object())
    terminal.out << printable(terminal.words({"cli.out_of_hours", "rule", "time"}, text_of(hours, "rule"),
                                             short_time(text_of(hours, "next_open"))))
                 << '\n';
  return done;
}

std::string where_of(const json::value& visit) {
  std::string all;
  if (const json::object* where = field(visit, "where").if_object())
    for (const auto& [area, people] : *where)
      all += fmt::format("{}{} {}", all.empty() ? "" : ", ", std::string(area), json::serialize(people));
  return all;
}

// The daemon says why in two languages (docs/api.md).
std::string why_of(const Words& words, const json::value& line) {
  const std::string column = text_of(line, "column"), why = text_of(line, words.tag() == "en" ? "why" : "why_id");
  return column.empty() ? why : words({"cli.import_column", "column", "why"}, column, why);
}

int print_import(const Terminal& terminal, const json::value& answer, bool dry_run) {
  const json::array& bad = list_of(answer, "bad");
  const int code = bad.empty() ? done : bad_usage;
  if (terminal.json) {
    terminal.out << json::serialize(answer) << '\n';
    return code;
  }
  const Words& say = terminal.words;
  for (const json::value& line : bad)
    terminal.err << printable(say({"cli.import_line", "line", "why"}, text_of(line, "line"), why_of(say, line))) << '\n';
  if (!bad.empty()) {
    terminal.err << say({"cli.import_mistakes", "n"}, bad.size()) << '\n';
    return code;
  }
  const std::int64_t planned = count_of(answer, "planned"), merged = count_of(answer, "merged");
  terminal.out << (dry_run ? say({"cli.import_possible", "n"}, planned) : say({"cli.import_planned", "n"}, planned))
               << '\n';
  if (merged > 0) terminal.out << say({"cli.import_merged", "n"}, merged) << '\n';
  return code;
}

}  // namespace

int add_visit(const Terminal& terminal, const DaemonClient& daemon, const VisitRequest& request) {
  json::object body{{"name", request.name}, {"whom", request.whom}, {"category", request.category}};
  const std::pair<const char*, const std::string&> texts[] = {{"purpose", request.purpose},
                                                              {"phone", request.phone},
                                                              {"institution", request.institution},
                                                              {"vehicle", request.vehicle},
                                                              {"person", request.person}};
  for (const auto& [key, text] : texts)
    if (!text.empty()) body[key] = text;
  if (request.party > 1) body["party"] = request.party;
  if (request.quick) body["quick"] = true;
  return tell_visit(terminal, daemon.post("/visits", body), terminal.words("cli.registered"));
}

int list_visits(const Terminal& terminal, const DaemonClient& daemon, bool all) {
  const auto answer = daemon.get_all(all ? "/visits?state=all" : "/visits?state=open", "visits");
  if (!answer) return report(terminal, answer.error());
  if (terminal.json) {
    terminal.out << json::serialize(*answer) << '\n';
    return done;
  }
  const Words& say = terminal.words;
  Rows rows = {heads(
      terminal, {say("cli.label.visit"), say("cli.label.name"), say("cli.label.people"), say("cli.label.state"),
                 say("cli.label.approval"), say("cli.label.screening"), say("cli.label.arrived"), say("cli.label.whom")})};
  for (const json::value& visit : list_of(*answer, "visits"))
    rows.push_back({text_of(visit, "id"), text_of(visit, "name"), text_of(visit, "party"),
                    say.coded("state.", text_of(visit, "state")), say.coded("approval.", text_of(visit, "approval")),
                    say.coded("screening.", text_of(visit, "screening")), short_time(text_of(visit, "arrived")),
                    text_of(visit, "whom")});
  terminal.out << aligned(rows);
  return done;
}

int show_visit(const Terminal& terminal, const DaemonClient& daemon, const std::string& id) {
  const auto answer = daemon.get("/visits/" + encoded(id));
  if (!answer) return report(terminal, answer.error());
  if (terminal.json) {
    terminal.out << json::serialize(*answer) << '\n';
    return done;
  }
  const Words& say = terminal.words;
  Rows rows = {{say("cli.label.visit"), text_of(*answer, "id")},
               {say("cli.label.name"), text_of(*answer, "name")},
               {say("cli.label.institution"), text_of(*answer, "institution")},
               {say("cli.label.purpose"), text_of(*answer, "purpose")},
               {say("cli.label.whom"), text_of(*answer, "whom")},
               {say("cli.label.category"), say.coded("category.", text_of(*answer, "category"))},
               {say("cli.label.people"), text_of(*answer, "party")},
               {say("cli.label.state"), say.coded("state.", text_of(*answer, "state"))},
               {say("cli.label.approval"), say.coded("approval.", text_of(*answer, "approval"))},
               {say("cli.label.screening"), say.coded("screening.", text_of(*answer, "screening"))},
               {say("cli.label.presence"), say.coded("presence.", text_of(*answer, "presence"))},
               {say("cli.label.places"), where_of(*answer)},
               {say("cli.label.arrived"), short_time(text_of(*answer, "arrived"))},
               {say("cli.label.closed"), short_time(text_of(*answer, "closed"))},
               {say("cli.label.next"), text_of(field(*answer, "next"), "activity")}};
  terminal.out << aligned(rows) << '\n';
  Rows events = {heads(terminal, {say("cli.label.number"), say("cli.label.time"), say("cli.label.event"),
                                  say("cli.label.point"), say("cli.label.actor")})};
  for (const json::value& event : list_of(*answer, "events"))
    events.push_back({text_of(event, "number"), short_time(text_of(event, "time")), text_of(event, "type"),
                      text_of(event, "point"), text_of(event, "actor")});
  terminal.out << aligned(events);
  return done;
}

int close_visit(const Terminal& terminal, const DaemonClient& daemon, const std::string& id, const std::string& outcome,
                const std::string& reason) {
  json::object body{{"outcome", outcome}};
  if (!reason.empty()) body["reason"] = reason;
  return tell_visit(terminal, daemon.post("/visits/" + encoded(id) + "/close", body), terminal.words("cli.closed"));
}

int move_visit(const Terminal& terminal, const DaemonClient& daemon, const std::string& id, const std::string& to,
               const std::string& reason) {
  json::object body{{"to", to}};
  if (!reason.empty()) body["reason"] = reason;
  return tell_visit(terminal, daemon.post("/visits/" + encoded(id) + "/move", body), terminal.words("cli.moved"));
}

// The daemon checks the whole list, and stores all of it or nothing.
int import_guests(const Terminal& terminal, const DaemonClient& daemon, const std::string& file, bool dry_run) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return report(terminal, {ErrorKind::bad_input, "cannot read " + file});
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (text.size() > largest_file) return report(terminal, {ErrorKind::bad_input, file + " is larger than 1 MiB"});
  const auto answer =
      daemon.post_file(dry_run ? "/visits/import?dry_run=1" : "/visits/import", "text/csv; charset=utf-8", text);
  if (!answer) return report(terminal, answer.error());
  return print_import(terminal, *answer, dry_run);
}

}  // namespace gapura::gateway
