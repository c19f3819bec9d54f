// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/http/problem.h"

#include <algorithm>
#include <boost/json.hpp>
#include <iterator>

namespace gapura::gateway {
namespace {

struct Kind {
  const char* name;
  const char* title;
  int status;
};

// Status and title of each kind, stable: clients switch on `type`.
constexpr Kind kinds[] = {
    {"bad_input", "The request is not understood", 400},
    {"unauthenticated", "Sign in first", 401},
    {"not_permitted", "Not permitted", 403},
    {"not_on_duty", "Not on duty", 403},
    {"proof_required", "The session is view only: give the PIN first", 403},
    {"wrong_pin", "The PIN is wrong", 403},
    {"not_found", "No such thing", 404},
    {"too_new", "This account may not agree yet", 403},
    {"same_hand", "This account is no second person", 403},
    {"conflict", "The state has changed or does not allow it", 409},
    {"same_person", "This may be a known person", 409},
    {"too_many", "Too many requests", 429},
    {"bug", "A mistake in the software", 500},
    {"unavailable", "Not available now", 503},
    {"timed_out", "No answer in time", 504},
    {"storage", "The storage failed", 507},
};

const Kind& find_kind(const std::string& name) {
  for (const Kind& kind : kinds)
    if (name == kind.name) return kind;
  return *std::find_if(std::begin(kinds), std::end(kinds),
                       [](const Kind& kind) { return kind.name == std::string("bug"); });
}

}  // namespace

Problem::Problem(std::string kind, std::string detail, int status)
    : kind_(std::move(kind)), detail_(std::move(detail)), status_(status ? status : find_kind(kind_).status) {}

Problem::Problem(const Error& error) : Problem(word(error.kind), error.message) {
  ids_ = error.ids;
  if (error.from) more_["from"] = format_rfc3339(*error.from, std::chrono::minutes(0));
}

InDoubt::InDoubt(std::function<Outcome()> later)
    : Problem("timed_out", "The gateway did not confirm in time. Look at the current state before trying again."),
      outcome(std::move(later)) {}

Problem not_on_duty() {
  return {"not_on_duty", "You are not on duty. Take the duty over to see and decide the guests who wait; that is entered."};
}

Problem Problem::after(std::chrono::seconds wait) && {
  wait_ = wait;
  return std::move(*this);
}

Problem Problem::with(const std::string& member, boost::json::value value) && {
  more_[member] = std::move(value);
  return std::move(*this);
}

Response Problem::response() const {
  Response response = problem_response(status_, kind_, detail_, more_);
  if (wait_.count() > 0) response.headers.emplace_back("Retry-After", std::to_string(wait_.count()));
  return response;
}

Response problem_response(int status, const std::string& kind, const std::string& detail, const boost::json::object& more) {
  boost::json::object body{
      {"type", "/problems/" + kind}, {"title", find_kind(kind).title}, {"status", status}, {"detail", detail}};
  for (const auto& [member, value] : more) body[member] = value;
  Response response;
  response.status = status;
  response.type = "application/problem+json";
  response.body = boost::json::serialize(body);
  response.headers = {{"Cache-Control", "no-store"}};
  return response;
}

}  // namespace gapura::gateway
