// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/api.h"

#include <fmt/format.h>

#include <cstdio>
#include <optional>

#include "drivers/mutex.h"
#include "gateway/web/api/bodies.h"
#include "gateway/web/api/handlers.h"
#include "gateway/web/http/passwords.h"
#include "models/base/sha256.h"

namespace gapura::gateway {
namespace {

// Shared with the core's completion, which may come after we stopped waiting.
struct Waiting {
  Mutex mutex;
  Condition done;
  std::optional<Result<Reply>> result GUARDED_BY(mutex);
};
constexpr std::chrono::seconds commit_limit{10};

void no_store(Response& response) {
  for (const auto& [name, value] : response.headers)
    if (name == "Cache-Control") return;
  response.headers.emplace_back("Cache-Control", "no-store");
}

}  // namespace

Api::Api(WebContext given) : context(std::move(given)), started(context.now().utc), auth(context) {}

Reply Api::ask(Command command, const Actor& actor) {
  auto waiting = std::make_shared<Waiting>();
  context.core.post(std::move(command), actor, [waiting](Result<Reply> result) {
    const MutexLock lock(waiting->mutex);
    waiting->result = std::move(result);
    waiting->done.notify_one();
  });
  MutexLock lock(waiting->mutex);
  if (!waiting->done.wait_for(lock, commit_limit, [&]() REQUIRES(waiting->mutex) { return waiting->result.has_value(); })) {
    throw InDoubt([waiting] {
      const MutexLock later(waiting->mutex);
      if (!waiting->result) return Outcome::unknown;
      return *waiting->result ? Outcome::carried_out : Outcome::refused;
    });
  }
  if (!*waiting->result) throw Problem(waiting->result->error());
  return std::move(**waiting->result);
}

void Api::ask_in_passing(Command command, const Actor& actor) {
  context.core.post(std::move(command), actor, [](const Result<Reply>&) {});
}

std::string Api::site_time(UtcTime utc) const { return format_rfc3339(utc, context.now().offset); }

std::string name_of(const Route& route) { return std::string(route.method) + ' ' + route.pattern; }

void Api::enter(const std::vector<NoteRefusal>& refused) {
  for (const NoteRefusal& one : refused) {
    const bool acted = !one.sign_in && !one.account.empty();  // a sign-in only says who it would be
    ask_in_passing(one, {acted ? one.account : UserId("system"), std::nullopt});
  }
}

void Api::enter_refusals(bool all) { enter(all ? refusals.rest() : refusals.due(context.now().boot)); }

Response Api::refuse(Refused refused, const Request& request, const std::string& route, Queries& db) {
  NoteRefusal& note = refused.note;
  try {
    if (!refused.typed.empty())
      if (const auto account = db.account_named(refused.typed)) note.account = UserId(account->id);
  } catch (const Problem&) {
    // The database is busy: entered as of an unknown account.
  }
  note.address = request.peer;
  if (!note.sign_in) note.route = route;
  enter(refusals.add(note, context.now().boot));
  return refused.response();
}

Identity Api::identify(const Route& route, const Request& request, Queries& db, const Now& now) {
  Identity who = auth.identify(request, db, now);
  if (!(who.roles & route.roles))
    throw Refused("not_permitted", "Your role may not do this.", Refused::request(RefusalReason::role, who.user));
  return who;
}

std::optional<Response> Api::judge(const Route& route, const Request& request, Queries& db, std::string& account) {
  std::optional<Response> refusal;
  try {
    account = identify(route, request, db, context.now()).user;
  } catch (const Refused& refused) {
    refusal = refuse(refused, request, name_of(route), db);
  } catch (const Problem& problem) {
    refusal = problem.response();
  }
  db.release();
  return refusal;
}

HashPlace Api::hash_place(const Route& route, const Request& request) {
  if (route.handler == post_session) {
    auth.check_origin(request);
    const std::string name = read_fields<SignIn>(read_body(route.body, request.body)).name;
    const bool known = auth.begin_login(request, name, context.now());
    return {known, known ? "account " + Auth::same_name(name) : request.peer_key, name};
  }
  if (!request.admitted.empty()) return {true, "admitted " + request.admitted, ""};
  return {request.local, request.peer_key, ""};
}

Response Api::answer(const Route& route, std::vector<std::string> parameters, const Request& request, Queries& db) {
  Response response;
  bool view_only = false;
  enter_refusals();
  try {
    const Now now = context.now();
    db.look_from({now.offset, &context.settings.site});
    Call call{route, request, db, *this, std::move(parameters), {}, {}, now};
    if (route.roles == nobody) {
      auth.check_origin(request);
    } else {
      call.who = identify(route, request, db, now);
      view_only = call.who.view_only;
      if (call.who.view_only && !route.open_to_view_only())
        throw Problem("proof_required", "Thirty minutes without a hand at this device: give its PIN, then this is done.");
      const bool off = call.who.role == Role::aide && db.duty_of(call.who.user) == Duty::off;
      db.look_from({now.offset, &context.settings.site, !call.is_guard(), start_of_day(now), off ? call.who.user : ""});
      if (off && route.is_of_one_visit() && !db.is_theirs(call.who.user, call.parameters[0])) throw not_on_duty();
      if (auto touch = auth.touch(call.who, route, request, now)) ask_in_passing(*touch, call.actor());
    }
    if (!route.raw_body) call.body = read_body(route.body, request.body);
    response = answer_once(call);
  } catch (const Refused& refused) {
    response = refuse(refused, request, name_of(route), db);
  } catch (const Problem& problem) {
    response = problem.response();
  } catch (const std::exception& error) {
    fmt::print(stderr, "<3>web: {} {}: {}\n", route.method, route.pattern,
               error.what());  // the pattern holds no personal data
    response = problem_response(500, "bug", "An unexpected error; the log has more.");
  }
  db.release();
  no_store(response);
  if (view_only) response.headers.emplace_back("X-Gapura-View-Only", "1");
  return response;
}

Response Api::answer_once(Call& call) {
  const std::string key(call.request.header("idempotency-key"));
  const bool repeatable = !key.empty() && call.request.method == "POST" && call.route.roles != nobody;
  if (!repeatable) return call.route.handler(call);
  if (key.size() > 128) throw Problem("bad_input", "Idempotency-Key: at most 128 characters.");
  // Of the session too: an answer may hold a badge's secret, which another session of the account may not open.
  const std::string place =
      fmt::format("{}\n{}\n{}?{}\n{}", call.who.user, call.who.session, call.request.path, call.request.query, key);
  if (auto earlier = repeats.begin(place, sha256_hex(call.request.body), call.now.boot)) return *earlier;
  try {
    Response response = call.route.handler(call);
    repeats.finish(place, response);
    return response;
  } catch (const InDoubt& in_doubt) {
    repeats.doubt(place, in_doubt.outcome);
    throw;
  } catch (...) {
    repeats.abandon(place);
    throw;
  }
}

Actor Call::actor() const {
  // Who may act in two roles acts in the one that the route is for.
  return {UserId(who.user), role_mask(who.role) & route.roles ? who.role : Role::guard};
}

}  // namespace gapura::gateway
