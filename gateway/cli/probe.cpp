// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/probe.h"

#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "drivers/camera/address.h"
#include "drivers/tcp.h"
#include "gateway/cli/health_sink.h"

namespace gapura::gateway {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

// Returns the addresses of a literal, to listen on.
Result<Addresses> own_addresses(const std::string& address, int port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICHOST;
  addrinfo* found = nullptr;
  if (const int code = getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found); code != 0)
    return fail(ErrorKind::not_found, fmt::format("{} is no address: {}", address, gai_strerror(code)));
  return Addresses(found, &freeaddrinfo);
}

}  // namespace

std::optional<Endpoint> endpoint_of(const std::string& url) {
  const auto address = drivers::split_address(url);
  if (!address) return std::nullopt;
  return Endpoint{address->host, address->port};
}

Status can_connect(const Endpoint& endpoint, Millis limit) {
  TRY(drivers::connect_tcp(endpoint.host, endpoint.port, std::chrono::steady_clock::now() + limit));
  return {};
}

Status can_listen(const std::string& address, int port) {
  const auto addresses = TRY(own_addresses(address, port));
  const addrinfo& first = *addresses;
  const Descriptor socket(::socket(first.ai_family, first.ai_socktype | SOCK_CLOEXEC, first.ai_protocol));
  const int yes = 1;
  setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(socket.get(), first.ai_addr, first.ai_addrlen) == 0 && listen(socket.get(), 1) == 0) return {};
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
