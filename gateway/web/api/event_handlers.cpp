// SPDX-License-Identifier: Apache-2.0
#include <charconv>

#include "gateway/web/api/handlers.h"

namespace gapura::gateway {
namespace {

// A journal number, or -1 for "from the very beginning".
std::optional<std::int64_t> number_of(std::string_view text, const char* where) {
  if (text.empty()) return std::nullopt;
  std::int64_t number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc() || end != text.data() + text.size() || number < -1)
    throw Problem("bad_input", std::string(where) + " expects the number of an entry.");
  return number;
}

}  // namespace

Response get_events(Call& call) {
  EventFilter filter;
  filter.after = number_of(call.request.parameter("after").value_or(""), "?after=");
  filter.type = call.request.parameter("type").value_or("");
  filter.visit = call.request.parameter("visit").value_or("");
  filter.badge = call.request.parameter("badge").value_or("");
  filter.limit = limit_of(call, 200, 1000);
  // Read before the entries: what is committed in between comes again rather than never.
  const auto newest = call.db.last_event();
  auto events = call.db.events(filter);
  std::int64_t last = std::max(newest, filter.after.value_or(-1));
  const bool page_is_full = filter.after && events.size() == static_cast<std::size_t>(filter.limit);
  if (page_is_full || (!events.empty() && events.back().number > last)) last = events.back().number;
  return json_response(call, answer::Events{std::move(events), last});
}

Response get_event_stream(Call& call) {
  auto after = number_of(call.request.header("last-event-id"), "Last-Event-ID");
  if (!after) after = number_of(call.request.parameter("after").value_or(""), "?after=");
  Response response;
  response.type = "text/event-stream";
  response.headers.emplace_back("Cache-Control", "no-store");
  response.stream = [feed = call.api.feed, after, session = call.who.session, sees_silent = !call.is_guard(),
                     aide = call.aide_user()](StreamPtr stream) {
    feed->join(std::move(stream), after, session, sees_silent, aide);
  };
  return response;
}

Response get_openapi(Call&) {
  static const std::string document = boost::json::serialize(openapi_document());
  Response response;
  response.type = "application/json";
  response.body = document;
  return response;
}

}  // namespace gapura::gateway
