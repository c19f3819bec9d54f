// SPDX-License-Identifier: Apache-2.0
// Puts the web together: sockets → host check → route table → lane → handler, and the few paths outside the API.
#include "gateway/web/api/web_server.h"

#include <sodium.h>

#include <algorithm>
#include <atomic>
#include <map>

#include "drivers/mutex.h"
#include "gateway/web/api/api.h"
#include "gateway/web/api/console.h"
#include "gateway/web/api/lanes.h"
#include "gateway/web/api/metrics.h"
#include "gateway/web/http/http_server.h"
#include "gateway/web/http/peer_address.h"

namespace gapura::gateway {
namespace {

constexpr std::string_view api_root = "/api/v1";
constexpr std::size_t lane_queue = 200;
constexpr std::size_t hash_queue = 24;           // of strangers: about three seconds of hashing
constexpr std::size_t reserved_hash_queue = 12;  // of known devices and signed-in accounts
constexpr std::size_t hashes_per_line = 4;       // so that no address and no account can fill its part
constexpr std::size_t small_body = 4 * 1024;     // read from any client

Response plain(int status, std::string body, const char* type = "text/plain; charset=utf-8") {
  Response response;
  response.status = status;
  response.type = type;
  response.body = std::move(body);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

class Web : public WebServer {
 public:
  explicit Web(WebContext context) : api_(std::move(context)) {
    api_.first_admin_made = [this] { leave_loopback(); };
  }

  // Sockets fall silent first, then the threads that answer them end, then the sockets close.
  ~Web() override {
    if (http_) http_->stop();
    lanes_.reset();
    feed_.reset();
    live_.reset();
    api_.enter_refusals(true);
  }

  Status open() {
    const std::string database = api_.context.data_folder + "/gapura.db";
    feed_ = TRY(EventFeed::start(database, api_.context.now, api_.context.pace.heartbeat));
    api_.feed = feed_.get();
    live_ = TRY(LivePictures::start(database, api_.context.now, api_.context.pace.session_check));
    api_.live = live_.get();
    lanes_ = TRY(Lanes::start(database));
    auto admin_exists = TRY(has_admin(database));
    return listen(admin_exists);
  }

  int port() const override { return http_->port(); }
  void committed(std::uint64_t) override { feed_->wake(); }

 private:
  static Result<bool> has_admin(const std::string& database) {
    auto reader = TRY(Database::open_reader(database));
    try {
      return Queries(std::move(reader)).has_admin();
    } catch (const Problem& problem) {
      return fail(ErrorKind::storage, problem.what());
    }
  }

  Status listen(bool admin_exists) {
    const HttpSettings& wanted = api_.context.settings.http;
    const std::string& folder = api_.context.data_folder;
    HttpServerSettings settings;
    settings.listen = admin_exists || is_loopback(wanted.listen) ? wanted.listen : "127.0.0.1";
    settings.port = wanted.port;
    settings.certificate = wanted.certificate.empty() ? folder + "/tls/cert.pem" : wanted.certificate;
    settings.key = wanted.key.empty() ? folder + "/tls/key.pem" : wanted.key;
    settings.unix_path = folder + "/gapura.sock";
    settings.limits = api_.context.pace.http;
    on_wanted_address_ = settings.listen == wanted.listen;
    HttpHandler handler;
    handler.handle = [this](Request request, const Respond& respond) { handle(std::move(request), respond); };
    handler.body_rule = [](const Request& request) { return body_rule(request); };
    handler.judge = [this](const Request& request, const Judged& judged) { judge(request, judged); };
    auto server = TRY(HttpServer::start(std::move(settings), std::move(handler)));
    // The I/O thread runs already and may be in handle(): http_ itself is only read there through counters_of().
    http_ = std::move(server);
    http_ready_ = http_.get();
    return {};
  }

  void leave_loopback() {
    if (on_wanted_address_.exchange(true)) return;
    if (HttpServer* server = http_ready_) server->listen_at(api_.context.settings.http.listen);
  }

  static Match match_of(const Request& request) {
    if (!request.path.starts_with(std::string(api_root) + '/')) return {};
    return find_route(request.method, std::string_view(request.path).substr(api_root.size()));
  }

  // Who must be signed in is asked for it before a large body is read, and before anything waits for a hash.
  static BodyRule body_rule(const Request& request) {
    const Match match = match_of(request);
    if (!match.route) return {small_body, small_body};
    if (match.route->roles == nobody || request.local) return {match.route->body_limit, match.route->body_limit};
    return {match.route->body_limit, match.route->lane == Lane::hash ? 0 : small_body};
  }

  // I/O thread. A body above its rule's `unjudged`: may who sends it ask this?
  void judge(const Request& request, const Judged& judged) {
    const Match match = match_of(request);
    if (request.header("authorization").empty() && request.cookie("__Host-sid").empty())
      return judged(problem_response(401, "unauthenticated", "Sign in first."), "");
    auto job = [this, request = std::make_shared<Request>(request), judged, route = match.route](Queries& db) {
      std::string account;
      auto refusal = api_.judge(*route, *request, db, account);
      judged(std::move(refusal), std::move(account));
    };
    if (!lanes_->post(Lane::read, std::move(job), lane_queue)) judged(busy(), "");
  }

  // --- I/O thread: nothing below may wait ---
  void handle(Request request, const Respond& respond) {
    if (!host_is_ours(request))
      return respond(problem_response(421, "bad_input", "This server does not answer for that Host."));
    const std::string_view path = request.path;
    if (path == api_root || path.starts_with("/api/")) return handle_api(std::move(request), respond);
    if (path == "/metrics") return handle_metrics(std::move(request), respond);
    if (request.method != "GET" && request.method != "HEAD") {
      Response refused = problem_response(405, "bad_input", "Only GET here.");
      refused.headers.emplace_back("Allow", "GET, HEAD");
      return respond(std::move(refused));
    }
    if (path == "/healthz") return respond(plain(200, "ok\n"));
    if (path == "/readyz") return respond(ready());
    respond(console_response(request));
  }

  // DNS rebinding makes a browser send a foreign name to our address. Addresses that the client really reached are ours.
  bool host_is_ours(const Request& request) const {
    const auto given = request.header("host");
    if (request.local) return true;
    const auto hosts =
        std::count_if(request.headers.begin(), request.headers.end(), [](const Header& h) { return h.first == "host"; });
    const std::string host = plain_address(host_without_port(given));
    if (hosts != 1 || host.empty()) return false;
    const HttpSettings& http = api_.context.settings.http;
    if (host == "localhost" || host == request.local_address || host == http.listen) return true;
    return std::find(http.names.begin(), http.names.end(), host) != http.names.end();
  }

  Response ready() const {
    const SiteViewPtr view = api_.context.site();
    if (view && view->granting) return plain(200, "ready\n");
    return plain(503, "not ready\n");  // why is for who is signed in: GET /status
  }

  void handle_api(Request request, const Respond& respond) {
    Match match = match_of(request);
    if (!match.route) {
      if (match.allow.empty()) return respond(problem_response(404, "not_found", "There is no such route."));
      Response refused = problem_response(405, "bad_input", "This route has the methods " + match.allow + ".");
      refused.headers.emplace_back("Allow", match.allow);
      return respond(std::move(refused));
    }
    if (match.route->lane == Lane::hash) return handle_hashing(std::move(request), respond, std::move(match));
    if (!run(std::make_shared<Request>(std::move(request)), respond, match, lane_queue, [] {})) respond(busy());
  }

  // What costs a password's hash. A throttled try takes no place; a known device, a signed-in account and this machine's
  // socket wait in a part of the queue that no stranger can fill, and go first.
  void handle_hashing(Request request, const Respond& respond, Match match) {
    HashPlace place;
    try {
      place = api_.hash_place(*match.route, request);
    } catch (const Refused& refused) {
      return refuse_later(refused, std::move(request), respond, name_of(*match.route));
    } catch (const Problem& problem) {
      return respond(problem.response());
    }
    const std::string line = (place.reserved ? "reserved " : "") + place.line;
    if (!enter_line(line)) return respond(busy_hashing(request, place));
    const auto finished = [this, line] { leave_line(line); };
    const auto shared = std::make_shared<Request>(std::move(request));
    if (run(shared, respond, match, place.reserved ? reserved_hash_queue : hash_queue, finished, place.reserved)) return;
    finished();
    respond(busy_hashing(*shared, place));
  }

  // An address, or an account, may have a few passwords in the queue, no more; the others stay served.
  bool enter_line(const std::string& line) {
    const MutexLock lock(hashing_mutex_);
    if (hashing_[line] >= hashes_per_line) return false;
    ++hashing_[line];
    return true;
  }
  void leave_line(const std::string& line) {
    const MutexLock lock(hashing_mutex_);
    if (--hashing_[line] == 0) hashing_.erase(line);
  }
  Response busy_hashing(const Request& request, const HashPlace& place) {
    if (!place.name.empty()) api_.auth.login_untried(request, place.name);
    return busy();
  }

  // The journal names the account, which takes the database.
  void refuse_later(const Refused& refused, Request request, const Respond& respond, const std::string& route) {
    auto job = [this, refused, request = std::make_shared<Request>(std::move(request)), respond, route](Queries& db) {
      Response response = api_.refuse(refused, *request, route, db);
      db.release();
      respond(std::move(response));
    };
    if (!lanes_->post(Lane::read, std::move(job), lane_queue)) respond(refused.response());
  }

  bool run(std::shared_ptr<Request> request, const Respond& respond, Match& match, std::size_t limit,
           std::function<void()> finished, bool reserved = false) {
    auto job = [this, request = std::move(request), respond, route = match.route, parameters = std::move(match.parameters),
                finished = std::move(finished)](Queries& db) {
      Response response = api_.answer(*route, parameters, *request, db);
      finished();
      respond(std::move(response));
    };
    return lanes_->post(match.route->lane, std::move(job), limit, reserved);
  }

  static Response busy() {
    Response response = problem_response(503, "unavailable", "The server is busy. Try again in a few seconds.");
    response.headers.emplace_back("Retry-After", "3");
    return response;
  }

  void handle_metrics(Request request, const Respond& respond) {
    if (request.method != "GET") return respond(problem_response(405, "bad_input", "Only GET here."));
    auto job = [this, request = std::make_shared<Request>(std::move(request)), respond](Queries& db) {
      respond(metrics(*request, db));
    };
    if (!lanes_->post(Lane::read, std::move(job), lane_queue)) respond(busy());
  }

  Response metrics(const Request& request, Queries& db) {
    try {
      if (!request.loopback && !api_.auth.identify(request, db, api_.context.now()).is_token)
        throw Problem("not_permitted", "Metrics are for this machine or a bearer token.");
    } catch (const Refused& refused) {
      return api_.refuse(refused, request, "GET /metrics", db);
    } catch (const Problem& problem) {
      return problem.response();
    }
    const HttpServer* server = http_ready_;
    const SiteViewPtr view = api_.context.site();
    return plain(200, metrics_text(view.get(), api_.context.devices(), server ? server->counters() : HttpCounters{}),
                 "text/plain; version=0.0.4; charset=utf-8");
  }

  Api api_;
  std::unique_ptr<EventFeed> feed_;
  std::unique_ptr<LivePictures> live_;
  std::unique_ptr<Lanes> lanes_;
  std::atomic<bool> on_wanted_address_{false};
  Mutex hashing_mutex_;
  std::map<std::string, std::size_t> hashing_ GUARDED_BY(hashing_mutex_);
  std::unique_ptr<HttpServer> http_;
  std::atomic<HttpServer*> http_ready_{nullptr};
};

}  // namespace

Result<std::unique_ptr<WebServer>> WebServer::start(WebContext context) {
  if (sodium_init() < 0) return fail(ErrorKind::bug, "libsodium does not start");
  auto web = std::make_unique<Web>(std::move(context));
  TRY(web->open());
  return web;
}

}  // namespace gapura::gateway
