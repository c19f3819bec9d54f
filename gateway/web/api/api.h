// SPDX-License-Identifier: Apache-2.0
// What the handlers share, and the one function through which every API request goes.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <string>
#include <vector>

#include "gateway/web/api/auth.h"
#include "gateway/web/api/event_feed.h"
#include "gateway/web/api/live_pictures.h"
#include "gateway/web/api/refusal_log.h"
#include "gateway/web/api/router.h"
#include "gateway/web/api/token_shelf.h"
#include "gateway/web/api/upload_registry.h"
#include "gateway/web/api/web_server.h"
#include "gateway/web/http/body.h"
#include "gateway/web/http/http.h"
#include "gateway/web/http/idempotency.h"
#include "gateway/web/http/problem.h"
#include "gateway/web/queries/answers.h"
#include "gateway/web/queries/queries.h"

namespace gapura::gateway {

// Where a request waits for the hashing thread.
struct HashPlace {
  bool reserved = false;  // the part that no stranger can fill
  std::string line;       // who counts as one there: an account, or an address_key
  std::string name;       // that signs in; empty otherwise
};

// Thread-safe. Constant after start, except what its members guard themselves.
struct Api {
  explicit Api(WebContext given);

  WebContext context;
  UtcTime started;
  Auth auth;
  TokenShelf tokens;
  UploadRegistry uploads;
  Throttle typed_codes;  // numbers of badges that were typed and found nothing, by account
  Throttle searches;     // of people's data, by account
  RefusalLog refusals;
  Idempotency repeats;
  EventFeed* feed = nullptr;
  LivePictures* live = nullptr;
  std::function<void()> first_admin_made;  // the listener may leave the loopback address

  // The whole life of a request below /api/v1, on one of its lane's threads. Never throws.
  Response answer(const Route& route, std::vector<std::string> parameters, const Request& request, Queries& db);
  // By the header alone: the refusal of a client that may not ask this; else nothing, and `account` is set to who asks.
  std::optional<Response> judge(const Route& route, const Request& request, Queries& db, std::string& account);
  // Takes the try of a sign-in. Waits for nothing. Throws Problem.
  HashPlace hash_place(const Route& route, const Request& request);
  // Has the refusal entered, and is the answer to it. `route`: "POST /users".
  Response refuse(Refused refused, const Request& request, const std::string& route, Queries& db);
  // Has entered what was counted of earlier refusals; `all`: also what is not due yet.
  void enter_refusals(bool all = false);
  // Asks the core and waits for the commit, at most 10 s. Throws Problem.
  Reply ask(Command command, const Actor& actor);
  void ask_in_passing(Command command, const Actor& actor);  // without waiting

  std::string site_time(UtcTime utc) const;

 private:
  Identity identify(const Route& route, const Request& request, Queries& db, const Now& now);
  void enter(const std::vector<NoteRefusal>& refusals);
  Response answer_once(struct Call& call);
};
std::string name_of(const Route& route);  // "POST /users"

// One request on its way through a handler.
struct Call {
  const Route& route;
  const Request& request;
  Queries& db;
  Api& api;
  std::vector<std::string> parameters;  // of the pattern, in order
  Identity who;
  boost::json::object body;  // checked against the route's shape
  Now now;

  Actor actor() const;
  Reply ask(Command command) { return api.ask(std::move(command), actor()); }
  // What the body says of a struct's fields.
  template <class Struct>
  Struct read() const {
    return read_fields<Struct>(body);
  }
  template <class Answer>
  boost::json::value json_of(const Answer& answer) const {
    return to_json(answer, now.offset);
  }
  SiteFacts facts() const { return db.facts(); }             // as committed last
  bool is_guard() const { return who.role == Role::guard; }  // sees less: older visits, silent alarms
  // The user who asks where it is an aide; else empty.
  std::string aide_user() const { return who.role == Role::aide ? who.user : ""; }
};

// As the route declares it, with its status.
template <class Answer>
Response json_response(const Call& call, const Answer& answer) {
  Response response;
  response.status = call.route.status;
  response.type = "application/json";
  response.body = boost::json::serialize(call.json_of(answer));
  return response;
}

}  // namespace gapura::gateway
