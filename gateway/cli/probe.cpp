// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/probe.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "gateway/cli/health_sink.h"

namespace gapura::gateway {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

class Socket {
 public:
  explicit Socket(const addrinfo& address)
      : number_(socket(address.ai_family, address.ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, address.ai_protocol)) {}
  ~Socket() {
    if (number_ >= 0) close(number_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int get() const { return number_; }

 private:
  int number_;
};

Result<Addresses> resolve(const std::string& host, int port, int flags) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* found = nullptr;
  if (const int code = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found); code != 0)
    return fail(ErrorKind::not_found, fmt::format("the name {} cannot be found: {}", host, gai_strerror(code)));
  return Addresses(found, &freeaddrinfo);
}

Status connect_once(const addrinfo& address, Millis limit) {
  const Socket socket(address);
  if (socket.get() < 0) return fail(ErrorKind::unavailable, strerror(errno));
  if (connect(socket.get(), address.ai_addr, address.ai_addrlen) == 0) return {};
  if (errno != EINPROGRESS) return fail(ErrorKind::unavailable, strerror(errno));
  pollfd entry{socket.get(), POLLOUT, 0};
  if (poll(&entry, 1, static_cast<int>(limit.count())) <= 0)
    return fail(ErrorKind::timed_out, fmt::format("no answer in {} ms", limit.count()));
  int code = 0;
  socklen_t size = sizeof code;
  getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &code, &size);
  if (code != 0) return fail(ErrorKind::unavailable, strerror(code));
  return {};
}

}  // namespace

std::optional<Endpoint> endpoint_of(const std::string& url) {
  const auto scheme_end = url.find("://");
  if (scheme_end == std::string::npos) return std::nullopt;
  const std::string scheme = url.substr(0, scheme_end);
  std::string rest = url.substr(scheme_end + 3);
  rest = rest.substr(0, rest.find_first_of("/?#"));
  if (const auto at = rest.rfind('@'); at != std::string::npos) rest = rest.substr(at + 1);
  Endpoint endpoint{"", scheme == "rtsp" ? 554 : scheme == "rtsps" ? 322 : scheme == "https" ? 443 : 80};
  const auto colon = rest.rfind(':');
  const bool has_port = colon != std::string::npos && rest.find(']', colon) == std::string::npos;
  if (has_port) endpoint.port = std::atoi(rest.c_str() + colon + 1);
  endpoint.host = has_port ? rest.substr(0, colon) : rest;
  if (endpoint.host.size() > 2 && endpoint.host.front() == '[')
    endpoint.host = endpoint.host.substr(1, endpoint.host.size() - 2);
  return endpoint;
}

Status can_connect(const Endpoint& endpoint, Millis limit) {
  const auto addresses = resolve(endpoint.host, endpoint.port, AI_ADDRCONFIG);
  if (!addresses) return tl::unexpected(addresses.error());
  Status last;
  for (const addrinfo* address = addresses->get(); address != nullptr; address = address->ai_next) {
    last = connect_once(*address, limit);
    if (last) return last;
  }
  return last;
}

Status can_listen(const std::string& address, int port) {
  const auto addresses = resolve(address, port, AI_PASSIVE | AI_NUMERICHOST);
  if (!addresses) return tl::unexpected(addresses.error());
  const Socket socket(**addresses);
  const int yes = 1;
  setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(socket.get(), (*addresses)->ai_addr, (*addresses)->ai_addrlen) == 0 && listen(socket.get(), 1) == 0) return {};
  const int code = errno;
  const ErrorKind kind = code == EADDRINUSE ? ErrorKind::conflict
                         : code == EACCES   ? ErrorKind::not_permitted
                                            : ErrorKind::unavailable;
  return fail(kind, strerror(code));
}

std::vector<DeviceHealth> ask_controllers(const drivers::BusSettings& bus, Millis limit) {
  HealthSink sink;
  const auto worker = drivers::ControllerBus::create(bus, sink);
  if (!worker) return {};
  return sink.wait(bus.controllers.size(), limit);
}

}  // namespace gapura::gateway
