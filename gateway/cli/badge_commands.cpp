// SPDX-License-Identifier: Apache-2.0
#include <boost/json.hpp>

#include "gateway/cli/commands.h"

namespace gapura::gateway {
namespace {

namespace json = boost::json;
using Rows = std::vector<std::vector<std::string>>;

std::string when(const json::value& value, const char* key) { return short_time(text_of(value, key)); }

// Returns a sentence on what one reader's door reported about a revocation: as the console's (admin/).
std::string door_sentence(const Words& say, const json::value& answer) {
  const std::string door = text_of(answer, "point"), state = text_of(answer, "door"), heard = when(answer, "last_heard");
  if (state == "refuses") return say({"admin.door.refuses", "door"}, door);
  if (state == "open") return say({"admin.door.open", "door"}, door);
  if (state == "offline")
    return heard.empty() ? say({"admin.door.never", "door"}, door)
                         : say({"admin.door.offline", "door", "time"}, door, heard);
  return say({"admin.door.unknown", "door"}, door);
}

}  // namespace

int list_badges(const Terminal& terminal, const DaemonClient& daemon, bool all) {
  const auto answer = daemon.get_all(all ? "/badges?state=all" : "/badges?state=out", "badges");
  if (!answer || terminal.json) return print_result(terminal, answer, "");
  const Words& say = terminal.words;
  Rows rows = {
      heads(terminal, {say("cli.label.badge"), say("cli.label.state"), say("cli.label.name"), say("cli.label.kind"),
                       say("cli.label.issued"), say("cli.label.until"), say("cli.label.reason")})};
  for (const json::value& badge : list_of(*answer, "badges"))
    rows.push_back({text_of(badge, "id"), say.coded("badge.", text_of(badge, "state")), text_of(badge, "name"),
                    say.coded("kind.badge_", text_of(badge, "kind")), when(badge, "issued"), when(badge, "valid_until"),
                    text_of(badge, "reason")});
  terminal.out << aligned(rows);
  return done;
}

int show_badge(const Terminal& terminal, const DaemonClient& daemon, const std::string& id) {
  const auto answer = daemon.get("/badges/" + encoded(id));
  if (!answer || terminal.json) return print_result(terminal, answer, "");
  const Words& say = terminal.words;
  const Rows rows = {{say("cli.label.badge"), text_of(*answer, "id")},
                     {say("cli.label.kind"), say.coded("kind.badge_", text_of(*answer, "kind"))},
                     {say("cli.label.state"), say.coded("badge.", text_of(*answer, "state"))},
                     {say("cli.label.name"), text_of(*answer, "name")},
                     {say("cli.label.visit"), text_of(*answer, "visit")},
                     {say("cli.label.issued"), when(*answer, "issued")},
                     {say("cli.label.until"), when(*answer, "valid_until")},
                     {say("cli.label.ended"), when(*answer, "ended")},
                     {say("cli.label.uses"), text_of(*answer, "uses")},
                     {say("cli.label.reason"), text_of(*answer, "reason")}};
  terminal.out << aligned(rows) << '\n';
  Rows events = {heads(terminal, {say("cli.label.number"), say("cli.label.time"), say("cli.label.event"),
                                  say("cli.label.point"), say("cli.label.actor"), say("cli.label.data")})};
  for (const json::value& event : list_of(*answer, "events"))
    events.push_back({text_of(event, "number"), when(event, "time"), text_of(event, "type"), text_of(event, "point"),
                      text_of(event, "actor"), text_of(event, "data")});
  terminal.out << aligned(events);
  return done;
}

// The text is printed once, for people who print badges by other means; the page is for a browser.
int issue_badge(const Terminal& terminal, const DaemonClient& daemon, const std::string& visit, const std::string& reason,
                bool another) {
  json::object body;
  if (!reason.empty()) body["reason"] = reason;
  if (another) body["another"] = true;
  const auto answer = daemon.post("/visits/" + encoded(visit) + "/badge", body);
  if (!answer || terminal.json) return print_result(terminal, answer, "");
  const json::value& badge = field(*answer, "badge");
  return print_result(terminal, answer,
                      terminal.words({"cli.badge_issued", "badge", "name", "time", "token"}, text_of(badge, "id"),
                                     text_of(badge, "name"), when(badge, "valid_until"), text_of(*answer, "token")));
}

int revoke_badge(const Terminal& terminal, const DaemonClient& daemon, const std::string& id, const std::string& reason) {
  const auto answer = daemon.post("/badges/" + encoded(id) + "/revoke", {{"reason", reason}});
  if (!answer || terminal.json) return print_result(terminal, answer, "");
  const json::array& doors = list_of(*answer, "doors");
  std::string lines;
  int refusing = 0;
  for (const json::value& door : doors) {
    refusing += flag_of(door, "refused") ? 1 : 0;
    lines += printable(door_sentence(terminal.words, door)) + '\n';
  }
  terminal.out << printable(terminal.words({"admin.revoked", "name", "count", "all"}, id, refusing, doors.size())) << '\n'
               << lines;
  return done;
}

int return_badge(const Terminal& terminal, const DaemonClient& daemon, const std::string& id) {
  return print_result(terminal, daemon.post("/badges/" + encoded(id) + "/return", {}),
                      terminal.words({"cli.badge_returned", "badge"}, id));
}

int change_badge(const Terminal& terminal, const DaemonClient& daemon, const std::string& id, const std::string& to,
                 const std::string& reason) {
  return print_result(terminal, daemon.post("/badges/" + encoded(id) + "/change", {{"to", to}, {"reason", reason}}),
                      terminal.words({"cli.badge_state", "badge", "state"}, id, terminal.words.coded("badge.", to)));
}

}  // namespace gapura::gateway
