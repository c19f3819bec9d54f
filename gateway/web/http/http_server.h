// SPDX-License-Identifier: Apache-2.0
// Sockets, TLS and HTTP/1.1 framing on one thread, by callbacks. Asio and Beast (as a parser only) stay in http_server.cpp.
// Every phase of a connection has an absolute deadline, so that slow clients cost a descriptor for seconds and nothing
// else.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "gateway/web/http/http.h"
#include "models/base/result.h"

namespace gapura::gateway {

struct HttpLimits {
  std::chrono::milliseconds header{10'000};  // TLS handshake and header together
  std::chrono::milliseconds body{10'000};
  std::chrono::milliseconds idle{30'000};    // between requests of one connection
  std::chrono::milliseconds write{10'000};   // a whole response, or one block of a stream
  std::chrono::milliseconds answer{30'000};  // how long the handler may take before 504
  std::size_t header_bytes = std::size_t{8} * 1024;
  std::size_t large_bodies = std::size_t{64} * 1024 * 1024;  // together, from the header to the answer; then 503
  std::size_t counted_body = std::size_t{4} * 1024;          // smaller ones are bounded by the connections
  std::size_t connections = 600;
  std::size_t per_address = 20;
  std::size_t per_loopback_address = 64;  // the demo's screens, simulators and scripts share one address
  std::size_t stream_messages = 256;
  std::size_t stream_bytes = 1 << 20;
};

struct HttpServerSettings {
  std::string listen = "127.0.0.1";  // an address literal
  int port = 0;
  std::string certificate, key;  // PEM files
  std::string unix_path;         // a second, plain listener; empty: none
  HttpLimits limits;
};

struct HttpCounters {
  std::uint64_t accepted = 0, refused = 0, requests = 0, timeouts = 0, bad_requests = 0, cut_streams = 0;
  std::uint64_t open = 0, streams = 0;
};

using Respond = std::function<void(Response)>;
// The refusal of a client whose body is not to be read, or nothing and Request::admitted.
using Judged = std::function<void(std::optional<Response>, std::string)>;

struct BodyRule {
  std::size_t most = 0;      // bytes; more is refused
  std::size_t unjudged = 0;  // a larger body is read only after judge() found its sender good
};

struct HttpHandler {
  // On the I/O thread; must return at once. `respond` may be called once, from any thread, now or later.
  std::function<void(Request, Respond)> handle;
  // On the I/O thread, with the header only.
  std::function<BodyRule(const Request&)> body_rule;
  // On the I/O thread, with the header only; must return at once. `judged` as `respond`.
  std::function<void(const Request&, Judged)> judge;
};

// Thread-safe. Destroying it closes every connection and ends the I/O thread; a `respond` called later does nothing.
class HttpServer {
 public:
  static Result<std::unique_ptr<HttpServer>> start(HttpServerSettings settings, HttpHandler handler);
  virtual ~HttpServer() = default;
  // Ends the I/O thread; handlers and streams hear nothing more, and may still be answered into the void.
  virtual void stop() = 0;
  virtual int port() const = 0;
  virtual HttpCounters counters() const = 0;
  // Closes the TLS listener and opens it at `address`, same port. Connections stay.
  virtual void listen_at(const std::string& address) = 0;
};

}  // namespace gapura::gateway
