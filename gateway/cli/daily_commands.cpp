// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "gateway/cli/commands.h"

namespace gapura::gateway {
namespace {

namespace json = boost::json;
using Rows = std::vector<std::vector<std::string>>;

// People use names, the API uses ids.
Result<std::string> find_user(const DaemonClient& daemon, const std::string& name) {
  const auto answer = TRY(daemon.get("/users"));
  for (const json::value& user : list_of(answer, "users"))
    if (strcasecmp(text_of(user, "name").c_str(), name.c_str()) == 0 || text_of(user, "id") == name)
      return text_of(user, "id");
  return fail(ErrorKind::not_found, fmt::format("there is no account \"{}\"; gapura user list shows all", name));
}

std::vector<std::string> event_row(const json::value& event) {
  const json::value& data = field(event, "data");
  const json::object* object = data.if_object();
  return {text_of(event, "number"), text_of(event, "time"),
          text_of(event, "type"),   text_of(event, "point"),
          text_of(event, "actor"),  object == nullptr || object->empty() ? "" : json::serialize(data)};
}

void tell_event(const Terminal& terminal, const json::value& event) {
  if (terminal.json) {
    terminal.out << json::serialize(event) << '\n';
  } else {
    std::string line;
    for (const std::string& cell : event_row(event))
      line += (line.empty() ? "" : "  ") + (cell.empty() ? "-" : printable(cell));
    terminal.out << line << '\n';
  }
  terminal.out.flush();
}

int tell_duty(const Terminal& terminal, const Result<json::value>& answer) {
  if (!answer || terminal.json) return print_result(terminal, answer, "");
  const auto who = [&](const char* place) {
    const std::string name = text_of(field(*answer, place), "name");
    return name.empty() ? std::string("-") : name;
  };
  return print_result(terminal, answer, terminal.words({"cli.duty", "first", "second"}, who("first"), who("second")));
}

}  // namespace

int show_duty(const Terminal& terminal, const DaemonClient& daemon) { return tell_duty(terminal, daemon.get("/duty")); }

int appoint_aide(const Terminal& terminal, const DaemonClient& daemon, const std::string& name, bool second) {
  json::object body{{"user", name}};
  if (second) body["second"] = true;
  return tell_duty(terminal, daemon.post("/duty/take", body));
}

int add_user(const Terminal& terminal, const DaemonClient& daemon, const std::string& name, const std::string& role) {
  const auto answer = daemon.post("/users", {{"name", name}, {"role", role}});
  if (!answer) return report(terminal, answer.error());
  return print_result(
      terminal, answer,
      fmt::format("{} ({}) may sign in with this password, shown only now: {}", name, role, text_of(*answer, "password")));
}

int list_users(const Terminal& terminal, const DaemonClient& daemon) {
  const auto answer = daemon.get("/users");
  if (!answer || terminal.json) return print_result(terminal, answer, "");
  Rows rows = {{"NAME", "ROLE", "STATE", "ID"}};
  for (const json::value& user : list_of(*answer, "users"))
    rows.push_back({text_of(user, "name"), text_of(user, "role"), flag_of(user, "disabled") ? "disabled" : "active",
                    text_of(user, "id")});
  terminal.out << aligned(rows);
  return done;
}

int disable_user(const Terminal& terminal, const DaemonClient& daemon, const std::string& name) {
  const auto id = find_user(daemon, name);
  if (!id) return report(terminal, id.error());
  return print_result(terminal, daemon.post("/users/" + encoded(*id) + "/disable", {}),
                      name + " can no longer sign in; open sessions have ended");
}

int reset_password(const Terminal& terminal, const DaemonClient& daemon, const std::string& name) {
  const auto id = find_user(daemon, name);
  if (!id) return report(terminal, id.error());
  const auto answer = daemon.post("/users/" + encoded(*id) + "/password", {});
  return print_result(
      terminal, answer,
      answer ? fmt::format("new password of {}, shown only now: {}", name, text_of(*answer, "password")) : "");
}

int tail_log(const Terminal& terminal, const DaemonClient& daemon, int count, bool follow) {
  const auto newest = daemon.get("/events?limit=1");
  if (!newest) return report(terminal, newest.error());
  const auto last = static_cast<long long>(std::llround(number_of(*newest, "last")));
  // Numbers begin at 0, so without `after` the answer begins with the first.
  const std::string after = last >= count ? fmt::format("after={}&", last - count) : "";
  const auto answer = daemon.get(fmt::format("/events?{}limit={}", after, count));
  if (!answer) return report(terminal, answer.error());
  long long shown = last;
  for (const json::value& event : list_of(*answer, "events")) {
    tell_event(terminal, event);
    shown = std::max(shown, static_cast<long long>(std::llround(number_of(event, "number"))));
  }
  if (!follow) return done;
  const auto ended = daemon.stream(fmt::format("/events/stream?after={}", shown), [&](const json::value& event) {
    tell_event(terminal, event);
    return static_cast<bool>(terminal.out);
  });
  return ended ? done : report(terminal, ended.error());
}

}  // namespace gapura::gateway
