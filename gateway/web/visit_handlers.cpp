// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "gateway/web/handlers.h"

namespace gapura::gateway {
namespace json = boost::json;
namespace {

// Guards see open visits and those of today (spec: data on other days is not theirs by default).
std::int64_t start_of_today(const Now& now) {
  const auto local = now.utc + now.offset;
  const auto midnight = std::chrono::floor<std::chrono::days>(local) - now.offset;
  return std::chrono::duration_cast<Millis>(midnight.time_since_epoch()).count();
}

VisitId visit_id(const Call& call) { return VisitId(call.parameters[0]); }

json::object with_events(Call& call, json::object thing, EventFilter filter) {
  filter.limit = 500;
  thing["events"] = call.db.events(filter);
  return thing;
}

void check_portrait(const Call& call) {
  const std::string hash = call.text("portrait");
  if (!hash.empty() && call.api.context.pictures.path(hash).empty())
    throw Problem("bad_input", "\"portrait\": expected the hash of a picture from /pictures.");
}

int minutes_of(const Call& call) {
  const auto minutes = call.number("minutes");
  if (minutes < 0 || minutes > 24 * 60) throw Problem("bad_input", "\"minutes\": expected 0 to 1440.");
  return static_cast<int>(minutes);
}

}  // namespace

int limit_of(const Call& call, int usual, int most) {
  const auto text = call.request.parameter("limit");
  if (!text || text->empty()) return usual;
  if (text->size() > 6 || text->find_first_not_of("0123456789") != std::string::npos)
    throw Problem("bad_input", "?limit= expects a whole number.");
  return std::clamp(std::stoi(*text), 1, most);
}

std::string choice_of(const Call& call, std::string_view parameter, std::initializer_list<const char*> choices) {
  const auto text = call.request.parameter(parameter);
  if (!text || text->empty()) return *choices.begin();
  std::string known;
  for (const char* choice : choices) {
    if (*text == choice) return *text;
    known += (known.empty() ? "" : ", ") + std::string(choice);
  }
  throw Problem("bad_input", "?" + std::string(parameter) + "= expects one of " + known + ".");
}

json::object visit_now(Call& call, const std::string& id) {
  auto visit = call.db.visit(id);
  if (!visit) throw Problem("not_found", "There is no such visit.");
  return std::move(*visit);
}

Response get_visits(Call& call) {
  const bool open_only = choice_of(call, "state", {"open", "all"}) == "open";
  const std::int64_t since = call.who.role == "guard" ? start_of_today(call.now) : 0;
  return json_response({{"visits", call.db.visits(open_only, limit_of(call, 100, 500), since)}});
}

Response get_visit(Call& call) {
  const std::string& id = call.parameters[0];
  if (call.who.role == "guard") {
    const auto arrived = call.db.visit_hidden_before(id);
    if (arrived && *arrived < start_of_today(call.now))
      throw Problem("not_permitted", "A guard sees today's and open visits.");
  }
  EventFilter filter;
  filter.visit = id;
  return json_response(with_events(call, visit_now(call, id), filter));
}

Response post_visits(Call& call) {
  check_portrait(call);
  const Reply made =
      call.ask(RegisterVisit{call.text("name"), call.text("phone"), call.text("institution"), call.text("purpose"),
                             call.text("whom"), call.text("category"), call.text("portrait")});
  return json_response(visit_now(call, made.id), 201);
}

Response post_visit_ask(Call& call) {
  call.ask(AskAide{visit_id(call)});
  return json_response(visit_now(call, call.parameters[0]));
}

Response post_visit_decision(Call& call) {
  const bool verbal = call.flag("verbal");
  if (call.who.role == "guard" && !verbal)
    throw Problem("not_permitted", "A guard records a decision only on the aide's word: \"verbal\": true.");
  call.ask(DecideVisit{visit_id(call), call.text("decision"), minutes_of(call), call.text("reason"), call.number("version"),
                       verbal});
  return json_response(visit_now(call, call.parameters[0]));
}

Response post_visit_portrait(Call& call) {
  check_portrait(call);
  call.ask(SetPortrait{visit_id(call), call.text("portrait")});
  return json_response(visit_now(call, call.parameters[0]));
}

Response post_visit_badge(Call& call) {
  Reply made = call.ask(IssueBadge{visit_id(call), call.text("reason"), Millis(0)});
  const std::string path = "/api/v1/badges/" + made.id;
  json::object answer{
      {"badge", badge_now(call, made.id)}, {"token", made.token}, {"qr", path + "/qr.png"}, {"page", path + "/page"}};
  call.api.tokens.put(made.id, std::move(made.token), call.now.boot);
  return json_response(answer, 201);
}

Response post_visit_screening(Call& call) {
  call.ask(RecordScreening{visit_id(call), call.text("result"), call.text("note")});
  return json_response(visit_now(call, call.parameters[0]));
}

Response post_visit_close(Call& call) {
  call.ask(CloseVisit{visit_id(call), call.text("outcome"), call.text("reason")});
  return json_response(visit_now(call, call.parameters[0]));
}

}  // namespace gapura::gateway
