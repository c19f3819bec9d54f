// SPDX-License-Identifier: Apache-2.0
// Puts the web together: sockets → host check → route table → lane → handler, and the few paths outside the API.
#include "gateway/web/web_server.h"

#include <sodium.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <map>
#include <mutex>

#include "gateway/web/api.h"
#include "gateway/web/console.h"
#include "gateway/web/http_server.h"
#include "gateway/web/lanes.h"
#include "gateway/web/metrics.h"

namespace gapura::gateway {
namespace {

constexpr std::string_view api_root = "/api/v1";
constexpr std::size_t lane_queue = 200;
constexpr std::size_t hash_queue = 24;                 // about three seconds of hashing
constexpr std::size_t hashes_per_address = 4;          // so that one device cannot fill that queue
constexpr std::size_t body_without_route = 64 * 1024;  // read only to be refused

std::string host_without_port(std::string_view host) {
  std::string name(host);
  if (name.starts_with('[')) {  // [::1]:8443
    const auto end = name.find(']');
    return end == std::string::npos ? std::string() : name.substr(1, end - 1);
  }
  name.resize(std::min(name.find(':'), name.size()));
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  return name;
}

bool is_loopback(const std::string& address) { return address == "::1" || address.starts_with("127."); }

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
  }

  Status open() {
    const std::string database = api_.context.data_folder + "/gapura.db";
    auto feed = EventFeed::start(database, api_.context.now);
    if (!feed) return tl::unexpected(feed.error());
    feed_ = std::move(*feed);
    api_.feed = feed_.get();
    auto live = LivePictures::start(database, api_.context.now);
    if (!live) return tl::unexpected(live.error());
    live_ = std::move(*live);
    api_.live = live_.get();
    auto lanes = Lanes::start(database);
    if (!lanes) return tl::unexpected(lanes.error());
    lanes_ = std::move(*lanes);
    auto admin_exists = has_admin(database);
    if (!admin_exists) return tl::unexpected(admin_exists.error());
    return listen(*admin_exists);
  }

  int port() const override { return http_->port(); }
  void committed(std::uint64_t) override { feed_->wake(); }

 private:
  static Result<bool> has_admin(const std::string& database) {
    auto reader = Database::open_reader(database);
    if (!reader) return tl::unexpected(reader.error());
    try {
      return Queries(std::move(*reader)).has_admin();
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
    on_wanted_address_ = settings.listen == wanted.listen;
    HttpHandler handler;
    handler.handle = [this](Request request, Respond respond) { handle(std::move(request), std::move(respond)); };
    handler.body_limit = [](const Request& request) { return body_limit(request); };
    auto server = HttpServer::start(std::move(settings), std::move(handler));
    if (!server) return tl::unexpected(server.error());
    // The I/O thread runs already and may be in handle(): http_ itself is only read there through counters_of().
    http_ = std::move(*server);
    http_ready_ = http_.get();
    return {};
  }

  void leave_loopback() {
    if (on_wanted_address_.exchange(true)) return;
    if (HttpServer* server = http_ready_) server->listen_at(api_.context.settings.http.listen);
  }

  static std::size_t body_limit(const Request& request) {
    if (!request.path.starts_with(api_root)) return body_without_route;
    const Match match = find_route(request.method, std::string_view(request.path).substr(api_root.size()));
    return match.route ? match.route->body_limit : body_without_route;
  }

  // --- I/O thread: nothing below may wait ---
  void handle(Request request, Respond respond) {
    if (!host_is_ours(request))
      return respond(problem_response(421, "bad_input", "This server does not answer for that Host."));
    const std::string_view path = request.path;
    if (path == api_root || path.starts_with("/api/")) return handle_api(std::move(request), std::move(respond));
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
    const std::string host = host_without_port(given);
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

  void handle_api(Request request, Respond respond) {
    Match match;
    if (request.path.starts_with(std::string(api_root) + '/'))
      match = find_route(request.method, std::string_view(request.path).substr(api_root.size()));
    if (!match.route) {
      if (match.allow.empty()) return respond(problem_response(404, "not_found", "There is no such route."));
      Response refused = problem_response(405, "bad_input", "This route has the methods " + match.allow + ".");
      refused.headers.emplace_back("Allow", match.allow);
      return respond(std::move(refused));
    }
    if (match.route->lane == Lane::hash) return handle_hashing(std::move(request), std::move(respond), std::move(match));
    if (!run(request, respond, match, lane_queue, [] {})) respond(busy());
  }

  // One device may have a few passwords in the queue, no more; the others stay served.
  void handle_hashing(Request request, Respond respond, Match match) {
    const std::string peer = request.peer;
    {
      const std::lock_guard lock(hashing_mutex_);
      if (hashing_[peer] >= hashes_per_address) return respond(busy());
      ++hashing_[peer];
    }
    const auto finished = [this, peer] {
      const std::lock_guard lock(hashing_mutex_);
      if (--hashing_[peer] == 0) hashing_.erase(peer);
    };
    if (run(request, respond, match, hash_queue, finished)) return;
    finished();
    respond(busy());
  }

  bool run(Request& request, Respond& respond, Match& match, std::size_t limit, std::function<void()> finished) {
    auto job = [this, request = std::make_shared<Request>(std::move(request)), respond, route = match.route,
                parameters = std::move(match.parameters), finished = std::move(finished)](Queries& db) {
      Response response = api_.answer(*route, parameters, *request, db);
      finished();
      respond(std::move(response));
    };
    return lanes_->post(match.route->lane, std::move(job), limit);
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
  std::mutex hashing_mutex_;
  std::map<std::string, std::size_t> hashing_;
  std::unique_ptr<HttpServer> http_;
  std::atomic<HttpServer*> http_ready_{nullptr};
};

}  // namespace

Result<std::unique_ptr<WebServer>> WebServer::start(WebContext context) {
  if (sodium_init() < 0) return fail(ErrorKind::bug, "libsodium does not start");
  auto web = std::make_unique<Web>(std::move(context));
  if (auto done = web->open(); !done) return tl::unexpected(done.error());
  return web;
}

}  // namespace gapura::gateway
