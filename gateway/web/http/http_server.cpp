// SPDX-License-Identifier: Apache-2.0
// The only file that includes Asio and Beast (13 s of compiler time). Callbacks, not coroutines: g++ 12 destroys the
// captures of lambdas inside co_await twice.
#include "gateway/web/http/http_server.h"

// Beast's parser builds a boost::optional that g++ 12, with sanitizers on, takes for uninitialised.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <deque>
#include <filesystem>
#include <map>
#include <set>
#include <thread>
#include <utility>

#include "gateway/web/http/peer_address.h"
#include "gateway/web/http/problem.h"
#include "models/base/text.h"

namespace gapura::gateway {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::generic::stream_protocol;
using asio::ip::tcp;
using Code = boost::system::error_code;

// On every response.
constexpr std::string_view security_headers =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "font-src 'self'; media-src 'self' blob:; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n";

struct Counts {
  std::atomic<std::uint64_t> accepted{0}, refused{0}, requests{0}, timeouts{0}, bad_requests{0}, cut_streams{0};
  std::atomic<std::uint64_t> open{0}, streams{0};
};

class Connection;

struct Shared {
  HttpServerSettings settings;
  HttpHandler handler;
  asio::ssl::context tls{asio::ssl::context::tls_server};
  Counts counts;
  // I/O thread only.
  std::map<std::string, std::size_t> per_address;
  std::set<Connection*> connections;
  std::shared_ptr<std::atomic<std::size_t>> large_bodies = std::make_shared<std::atomic<std::size_t>>(0);  // bytes
  asio::io_context io{1};  // last: the connections that die with it still count themselves out
};

struct Peer {
  std::string address, local_address, key;
  bool loopback = false, local = false;
};

std::string head_of(const Response& response, bool keep_alive) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + ' ' + status_text(response.status) + "\r\n";
  head += security_headers;
  if (!response.type.empty()) head += "Content-Type: " + response.type + "\r\n";
  for (const auto& [name, value] : response.headers) head.append(name).append(": ").append(value).append("\r\n");
  const bool no_body = response.status == 204 || response.status == 304;
  if (!response.stream && !no_body) head += "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
  head += keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
  return head;
}

// One client, from accept to close. Everything runs on the I/O thread, except Stream's functions and the counters they use.
class Connection : public Stream, public std::enable_shared_from_this<Connection> {
 public:
  Connection(Shared& shared, stream_protocol::socket socket, Peer peer)
      : shared_(shared), peer_(std::move(peer)), socket_(std::move(socket), shared.tls), deadline_(shared.io) {
    ++shared_.counts.open;
    ++shared_.per_address[peer_.key];
    shared_.connections.insert(this);
  }
  void start() {
    arm(shared_.settings.limits.header);
    if (peer_.local) return next_request(Phase::header);
    socket_.async_handshake(asio::ssl::stream_base::server, [self = shared_from_this()](Code code) {
      if (code) return self->drop();
      self->next_request(Phase::header);
    });
  }

  // Since when it has asked nothing that is being answered; nothing while it is served.
  std::optional<std::chrono::steady_clock::time_point> waiting_since() const {
    const bool waits = phase_ == Phase::header || phase_ == Phase::idle || phase_ == Phase::body || phase_ == Phase::linger;
    return waits ? std::optional(armed_) : std::nullopt;
  }
  // Always on the I/O thread, unlike the destructor: the feed may hold the last reference to a stream.
  void drop() {
    closed_ = true;
    if (!std::exchange(counted_, false)) return;
    shared_.connections.erase(this);
    --shared_.counts.open;
    if (streaming_) --shared_.counts.streams;
    const auto found = shared_.per_address.find(peer_.key);
    if (found != shared_.per_address.end() && --found->second == 0) shared_.per_address.erase(found);
    while_handled_.reset();
    request_ = Request{};
    incoming_ = {};
    deadline_.cancel();
    Code ignored;
    socket_.next_layer().close(ignored);
  }

  // --- Stream: any thread ---
  bool send(std::shared_ptr<const std::string> message) override {
    if (closed_) return false;
    const auto& limits = shared_.settings.limits;
    if (queued_.fetch_add(1) >= limits.stream_messages ||
        queued_bytes_.fetch_add(message->size()) + message->size() > limits.stream_bytes) {
      ++shared_.counts.cut_streams;
      close();
      return false;
    }
    asio::post(shared_.io, [self = shared_from_this(), message = std::move(message)]() mutable {
      self->waiting_.push_back(std::move(message));
      self->write_stream();
    });
    return true;
  }
  std::size_t queued() const override { return queued_; }
  bool closed() const override { return closed_; }
  void close() override {
    if (closed_.exchange(true)) return;
    asio::post(shared_.io, [self = shared_from_this()] { self->drop(); });
  }

 private:
  enum class Phase { header, idle, body, answer, write, linger, stream };

  template <class Then>
  void read_some(Then then) {
    auto buffer = asio::buffer(chunk_);
    if (peer_.local)
      socket_.next_layer().async_read_some(buffer, std::move(then));
    else
      socket_.async_read_some(buffer, std::move(then));
  }
  template <class Then>
  void write_all(const std::string& bytes, Then then) {
    if (peer_.local)
      asio::async_write(socket_.next_layer(), asio::buffer(bytes), std::move(then));
    else
      asio::async_write(socket_, asio::buffer(bytes), std::move(then));
  }

  // One absolute deadline at a time: arming it replaces the one before.
  void arm(std::chrono::milliseconds limit) {
    armed_ = std::chrono::steady_clock::now();
    deadline_.expires_after(limit);
    deadline_.async_wait([self = weak_from_this()](Code code) {
      if (code) return;
      if (auto alive = self.lock()) alive->too_late();
    });
  }
  void too_late() {
    // The wait may have been queued just before the deadline was moved.
    if (deadline_.expiry() > std::chrono::steady_clock::now()) return;
    ++shared_.counts.timeouts;
    if (phase_ == Phase::answer) return reply(problem_response(504, "timed_out", "The request took too long."), false);
    drop();
  }

  // --- Reading a request ---
  void next_request(Phase phase) {
    phase_ = phase;
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(shared_.settings.limits.header_bytes));
    parser_->body_limit(boost::none);  // judged in header_done, once the path is known
    parse_header();
  }

  void parse_header() {
    if (!incoming_.empty()) {
      Code code;
      const auto used = parser_->put(asio::buffer(incoming_), code);
      incoming_.erase(0, used);
      if (code && code != http::error::need_more) {
        const bool large = code == http::error::header_limit;
        return refuse(large ? 431 : 400, large ? "The header is larger than 8 KiB." : "This is not a valid HTTP request.");
      }
      if (parser_->is_header_done()) return header_done();
      // put() leaves an unfinished line in the buffer; the limit must count it too.
      if (incoming_.size() > shared_.settings.limits.header_bytes) return refuse(431, "The header is larger than 8 KiB.");
    }
    read_some([self = shared_from_this()](Code code, std::size_t size) {
      if (code) return self->drop();
      if (self->phase_ == Phase::idle) {
        self->phase_ = Phase::header;
        self->arm(self->shared_.settings.limits.header);
      }
      self->incoming_.append(self->chunk_.data(), size);
      self->parse_header();
    });
  }

  void header_done() {
    const auto& message = parser_->get();
    request_ = Request{};
    request_.method = std::string(message.method_string());
    const std::string target(message.target());
    const auto question = target.find('?');
    request_.path = target.substr(0, question);
    if (question != std::string::npos) request_.query = target.substr(question + 1);
    for (const auto& field : message) {
      request_.headers.emplace_back(lower_case(std::string(field.name_string())), std::string(field.value()));
    }
    request_.peer = peer_.address;
    request_.peer_key = peer_.key;
    request_.local_address = peer_.local_address;
    request_.loopback = peer_.loopback;
    request_.local = peer_.local;
    keep_alive_ = message.keep_alive();
    head_only_ = request_.method == "HEAD";
    if (message.version() != 11) return refuse(505, "This server speaks HTTP/1.1.");
    if (request_.path.empty() || request_.path.front() != '/') return refuse(400, "The request target must be a path.");
    if (message.chunked() || message.find(http::field::transfer_encoding) != message.end())
      return refuse(411, "Send the body with a Content-Length.");
    expected_ = parser_->content_length() ? static_cast<std::size_t>(*parser_->content_length()) : 0;
    const BodyRule rule = shared_.handler.body_rule(request_);
    if (expected_ > rule.most) return refuse(413, "The body may have at most " + std::to_string(rule.most) + " bytes.");
    if (expected_ > rule.unjudged) return ask_for_judgement();
    begin_body();
  }

  void ask_for_judgement() {
    phase_ = Phase::answer;
    arm(shared_.settings.limits.answer);
    while_handled_ = shared_from_this();
    shared_.handler.judge(request_, [weak = weak_from_this(), turn = ++turn_](auto refusal, std::string account) {
      auto self = weak.lock();
      if (!self) return;
      auto& io = self->shared_.io;
      asio::post(io, [self = std::move(self), turn, refusal = std::move(refusal), account = std::move(account)]() mutable {
        if (self->phase_ != Phase::answer || self->turn_ != turn) return;  // 504 was sent meanwhile
        if (refusal) return self->reply(std::move(*refusal), false);
        self->while_handled_.reset();
        self->request_.admitted = std::move(account);
        self->begin_body();
      });
    });
  }

  // Large bodies share a total, so that slow or many ones cost no more memory than that.
  bool take_room() {
    if (expected_ <= shared_.settings.limits.counted_body) return true;
    auto total = shared_.large_bodies;
    if (*total + expected_ > shared_.settings.limits.large_bodies) return false;  // only this thread adds
    *total += expected_;
    request_.room = std::shared_ptr<void>(nullptr, [total, size = expected_](void*) { *total -= size; });
    return true;
  }

  void begin_body() {
    if (closed_) return;
    if (!take_room()) {
      Response busy = problem_response(503, "unavailable", "Too much is being sent to the server. Try again in a moment.");
      busy.headers.emplace_back("Retry-After", "3");
      return reply(std::move(busy), false);
    }
    if (expected_ > incoming_.size()) incoming_.reserve(expected_ + chunk_.size());  // not doubled while it is received
    arm(shared_.settings.limits.body);
    phase_ = Phase::body;
    if (expected_ > incoming_.size() && request_.header("expect") == "100-continue") return invite_body();
    read_body();
  }

  void invite_body() {
    outgoing_ = "HTTP/1.1 100 Continue\r\n\r\n";
    write_all(outgoing_, [self = shared_from_this()](Code code, std::size_t) {
      if (code) return self->drop();
      self->read_body();
    });
  }

  void read_body() {
    if (incoming_.size() >= expected_) {
      std::string next = incoming_.substr(expected_);
      incoming_.resize(expected_);
      request_.body = std::move(incoming_);
      incoming_ = std::move(next);  // keeps no memory of a large body
      return answer();
    }
    read_some([self = shared_from_this()](Code code, std::size_t size) {
      if (code) return self->drop();
      self->incoming_.append(self->chunk_.data(), size);
      self->read_body();
    });
  }

  // --- Answering ---
  void answer() {
    ++shared_.counts.requests;
    phase_ = Phase::answer;
    arm(shared_.settings.limits.answer);
    const auto turn = ++turn_;
    while_handled_ = shared_from_this();  // nothing is read or written meanwhile that would keep this alive
    shared_.handler.handle(std::move(request_), [weak = weak_from_this(), turn](Response response) {
      auto self = weak.lock();
      if (!self) return;
      auto& io = self->shared_.io;
      asio::post(io, [self = std::move(self), turn, response = std::move(response)]() mutable {
        if (self->phase_ != Phase::answer || self->turn_ != turn) return;  // 504 was sent meanwhile
        self->reply(std::move(response), self->keep_alive_);
      });
    });
  }

  void refuse(int status, const std::string& detail) {
    ++shared_.counts.bad_requests;
    reply(problem_response(status, "bad_input", detail), false);
  }

  void reply(Response response, bool keep_alive) {
    const auto self_now = std::exchange(while_handled_, nullptr);
    if (closed_) return;
    phase_ = Phase::write;
    arm(shared_.settings.limits.write);
    outgoing_ = head_of(response, keep_alive && !response.stream);
    if (response.stream) return begin_stream(std::move(response.stream));
    if (!head_only_) outgoing_ += response.body;
    write_all(outgoing_, [self = shared_from_this(), keep_alive](Code code, std::size_t) {
      if (code) return self->drop();
      self->outgoing_ = {};
      if (!keep_alive) return self->linger();
      const bool idle = self->incoming_.empty();
      self->arm(idle ? self->shared_.settings.limits.idle : self->shared_.settings.limits.header);
      self->next_request(idle ? Phase::idle : Phase::header);
    });
  }

  // The client may still be sending; closing now would reset the connection and could destroy the answer on its way.
  void linger() {
    phase_ = Phase::linger;
    arm(std::chrono::seconds(2));
    Code ignored;
    socket_.next_layer().shutdown(stream_protocol::socket::shutdown_send, ignored);
    discard();
  }
  void discard() {
    socket_.next_layer().async_read_some(asio::buffer(chunk_), [self = shared_from_this()](Code code, std::size_t) {
      if (code) return self->drop();
      self->discard();
    });
  }

  // --- A response without an end ---
  void begin_stream(std::function<void(StreamPtr)> ready) {
    phase_ = Phase::stream;
    streaming_ = true;
    ++shared_.counts.streams;
    // Otherwise the kernel keeps seconds of stale events for a client that does not read.
    Code ignored;
    socket_.next_layer().set_option(asio::socket_base::send_buffer_size(64 * 1024), ignored);
    parser_.reset();
    writing_ = true;
    write_all(outgoing_, [self = shared_from_this(), ready = std::move(ready)](Code code, std::size_t) {
      self->stream_written(code, 0, 0);
      if (!code) ready(self);
    });
    watch_for_end();
  }
  void watch_for_end() {
    read_some([self = shared_from_this()](Code code, std::size_t) {
      if (code) return self->drop();
      self->watch_for_end();  // whatever it sends is not for us
    });
  }
  void write_stream() {
    if (writing_ || waiting_.empty() || closed_) return;
    outgoing_.clear();
    std::size_t messages = 0;
    while (!waiting_.empty() && outgoing_.size() < std::size_t{64} * 1024) {
      outgoing_ += *waiting_.front();
      waiting_.pop_front();
      ++messages;
    }
    writing_ = true;
    arm(shared_.settings.limits.write);
    write_all(outgoing_, [self = shared_from_this(), messages](Code code, std::size_t) {
      self->stream_written(code, messages, self->outgoing_.size());
    });
  }
  void stream_written(Code code, std::size_t messages, std::size_t bytes) {
    if (code) return drop();
    writing_ = false;
    deadline_.cancel();
    queued_ -= messages;
    queued_bytes_ -= bytes;
    write_stream();
  }

  Shared& shared_;
  const Peer peer_;
  asio::ssl::stream<stream_protocol::socket> socket_;  // its next_layer is used bare on the Unix socket
  asio::steady_timer deadline_;
  std::chrono::steady_clock::time_point armed_;
  Phase phase_ = Phase::header;
  std::optional<http::request_parser<http::empty_body>> parser_;
  Request request_;
  std::array<char, 4096> chunk_;
  std::string incoming_, outgoing_;
  std::shared_ptr<Connection> while_handled_;
  std::size_t expected_ = 0;
  std::uint64_t turn_ = 0;
  bool keep_alive_ = false, head_only_ = false, writing_ = false, streaming_ = false, counted_ = true;
  std::deque<std::shared_ptr<const std::string>> waiting_;
  std::atomic<std::size_t> queued_{0}, queued_bytes_{0};
  std::atomic<bool> closed_{false};
};

Peer peer_of(const tcp::socket& socket) {
  Peer peer;
  Code code;
  peer.address = plain_address(socket.remote_endpoint(code).address().to_string());
  peer.local_address = plain_address(socket.local_endpoint(code).address().to_string());
  peer.local_address.resize(std::min(peer.local_address.find('%'), peer.local_address.size()));  // no browser sends a scope
  peer.key = address_key(peer.address);
  peer.loopback = is_loopback(peer.address);
  return peer;
}

class Server final : public HttpServer {
 public:
  Server(HttpServerSettings settings, HttpHandler handler)
      : acceptor_(shared_.io), local_acceptor_(shared_.io), pause_(shared_.io), local_pause_(shared_.io) {
    shared_.settings = std::move(settings);
    shared_.handler = std::move(handler);
  }
  ~Server() override {
    Server::stop();
    if (!shared_.settings.unix_path.empty()) ::unlink(shared_.settings.unix_path.c_str());
  }

  Status open() {
    TRY(load_certificate());
    TRY(bind(shared_.settings.listen, shared_.settings.port));
    TRY(bind_local());
    accept();
    if (local_acceptor_.is_open()) accept_local();
    thread_ = std::thread([this] { shared_.io.run(); });
    return {};
  }

  void stop() override {
    shared_.io.stop();
    if (thread_.joinable()) thread_.join();
  }
  int port() const override { return port_; }
  HttpCounters counters() const override {
    const auto& c = shared_.counts;
    return {c.accepted, c.refused, c.requests, c.timeouts, c.bad_requests, c.cut_streams, c.open, c.streams};
  }
  void listen_at(const std::string& address) override {
    asio::post(shared_.io, [this, address] {
      Code ignored;
      acceptor_.close(ignored);
      // Staying unreachable would lock the site out of its own console: fall back to where it was.
      if (!bind(address, port_)) (void)bind(shared_.settings.listen, port_);
      accept();
    });
  }

 private:
  Status load_certificate() {
    auto& tls = shared_.tls;
    SSL_CTX* raw = tls.native_handle();
    SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(raw, "ECDHE+AESGCM:ECDHE+CHACHA20");
    SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS);  // 34 KB less for each idle stream
    Code code;
    tls.use_certificate_chain_file(shared_.settings.certificate, code);
    if (code)
      return fail(ErrorKind::bad_input, "cannot use the certificate " + shared_.settings.certificate + ": " +
                                            code.message() + ". `gapura init` makes one.");
    tls.use_private_key_file(shared_.settings.key, asio::ssl::context::pem, code);
    if (code) return fail(ErrorKind::bad_input, "cannot use the key " + shared_.settings.key + ": " + code.message());
    return {};
  }

  Status bind(const std::string& address, int port) {
    Code code;
    const auto literal = asio::ip::make_address(address, code);
    if (code) return fail(ErrorKind::bad_input, "[http] listen: \"" + address + "\" is not an IP address");
    const tcp::endpoint endpoint(literal, static_cast<unsigned short>(port));
    acceptor_.open(endpoint.protocol(), code);
    if (!code) acceptor_.set_option(asio::socket_base::reuse_address(true), code);
    if (!code) acceptor_.bind(endpoint, code);
    if (!code) acceptor_.listen(512, code);
    if (code) {
      const std::string reason = code.message();
      acceptor_.close(code);
      return fail(ErrorKind::unavailable, "cannot listen on " + address + ":" + std::to_string(port) + ": " + reason);
    }
    port_ = acceptor_.local_endpoint(code).port();
    return {};
  }

  Status bind_local() {
    const std::string& path = shared_.settings.unix_path;
    if (path.empty()) return {};
    if (path.size() > 100)
      return fail(ErrorKind::bad_input, "the path of the data folder is too long for a Unix socket: " + path);
    ::unlink(path.c_str());
    Code code;
    const asio::local::stream_protocol::endpoint endpoint(path);
    local_acceptor_.open(endpoint.protocol(), code);
    if (!code) local_acceptor_.bind(endpoint, code);
    // Between bind and listen no client can connect, so the mode is right from the first connection on.
    if (!code && ::chmod(path.c_str(), 0600) != 0) code.assign(errno, boost::system::system_category());
    if (!code) local_acceptor_.listen(16, code);
    if (code) return fail(ErrorKind::unavailable, "cannot listen on " + path + ": " + code.message());
    return {};
  }

  bool has_room(const Peer& peer) {
    const auto& limits = shared_.settings.limits;
    const auto found = shared_.per_address.find(peer.key);
    const std::size_t of_peer = found == shared_.per_address.end() ? 0 : found->second;
    if (of_peer >= (peer.loopback ? limits.per_loopback_address : limits.per_address)) return false;
    return shared_.counts.open < limits.connections || make_room();
  }

  // A full house of silent clients must not keep a guard out: the one that has waited longest makes room.
  bool make_room() {
    Connection* oldest = nullptr;
    for (Connection* connection : shared_.connections) {
      if (!connection->waiting_since()) continue;
      if (!oldest || *connection->waiting_since() < *oldest->waiting_since()) oldest = connection;
    }
    if (!oldest) return false;
    oldest->drop();
    return true;
  }

  void accept() {
    acceptor_.async_accept([this](Code code, tcp::socket socket) {
      if (code == asio::error::operation_aborted || !acceptor_.is_open()) return;
      if (code) return later(pause_, [this] { accept(); });
      Code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      Peer peer = peer_of(socket);
      if (has_room(peer)) {
        ++shared_.counts.accepted;
        std::make_shared<Connection>(shared_, stream_protocol::socket(std::move(socket)), std::move(peer))->start();
      } else {
        ++shared_.counts.refused;
      }
      accept();
    });
  }
  // Out of descriptors: accepting again at once would spin.
  static void later(asio::steady_timer& timer, std::function<void()> then) {
    timer.expires_after(std::chrono::milliseconds(100));
    timer.async_wait([then = std::move(then)](Code code) {
      if (!code) then();
    });
  }

  void accept_local() {
    local_acceptor_.async_accept([this](Code code, asio::local::stream_protocol::socket socket) {
      if (code == asio::error::operation_aborted) return;
      if (code) return later(local_pause_, [this] { accept_local(); });
      if (may_be_local(socket.native_handle())) {
        ++shared_.counts.accepted;
        Peer peer{"local", "local", "local", true, true};
        std::make_shared<Connection>(shared_, stream_protocol::socket(std::move(socket)), std::move(peer))->start();
      }
      accept_local();
    });
  }
  static bool may_be_local(int descriptor) {
    ucred credentials{};
    socklen_t size = sizeof credentials;
    if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return false;
    return credentials.uid == 0 || credentials.uid == ::geteuid();
  }

  Shared shared_;
  tcp::acceptor acceptor_;
  asio::local::stream_protocol::acceptor local_acceptor_;
  asio::steady_timer pause_, local_pause_;
  std::atomic<int> port_{0};
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::start(HttpServerSettings settings, HttpHandler handler) {
  auto server = std::make_unique<Server>(std::move(settings), std::move(handler));
  TRY(server->open());
  return server;
}

}  // namespace gapura::gateway
