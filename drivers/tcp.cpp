// SPDX-License-Identifier: Apache-2.0
#include "drivers/tcp.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

namespace gapura::drivers {
namespace {

Result<Descriptor> connect_to_address(const addrinfo& to, SteadyTime end) {
  Descriptor socket(::socket(to.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (socket.get() < 0) return fail(ErrorKind::unavailable, std::strerror(errno));
  const int yes = 1;
  setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (::connect(socket.get(), to.ai_addr, to.ai_addrlen) == 0) return socket;
  if (errno != EINPROGRESS) return fail(ErrorKind::unavailable, std::strerror(errno));
  if (!wait_for(socket.get(), POLLOUT, end)) return fail(ErrorKind::timed_out, "no reply");
  int code = 0;
  socklen_t size = sizeof code;
  getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &code, &size);
  if (code != 0) return fail(code == ETIMEDOUT ? ErrorKind::timed_out : ErrorKind::unavailable, std::strerror(code));
  return socket;
}

}  // namespace

bool is_ip_address(const std::string& host) {
  in6_addr bytes{};
  return inet_pton(AF_INET, host.c_str(), &bytes) == 1 || inet_pton(AF_INET6, host.c_str(), &bytes) == 1;
}

bool wait_for(int descriptor, short events, SteadyTime end) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
    if (left <= 0) return false;
    pollfd entry{descriptor, events, 0};
    const int ready = poll(&entry, 1, static_cast<int>(std::min<decltype(left)>(left, 60'000)));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

Result<Descriptor> connect_tcp(const std::string& host, int port, SteadyTime end) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int code = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found); code != 0)
    return fail(ErrorKind::not_found, fmt::format("the name {} cannot be found: {}", host, gai_strerror(code)));
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> all(found, &freeaddrinfo);
  Result<Descriptor> last = fail(ErrorKind::not_found, fmt::format("the name {} has no address", host));
  for (const addrinfo* one = found; one != nullptr && !last; one = one->ai_next) last = connect_to_address(*one, end);
  return last;
}

Result<Descriptor> listen_on_loopback(int port, int backlog) {
  Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int yes = 1;
  setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(socket.get(), backlog) != 0)
    return fail(ErrorKind::unavailable,
                fmt::format("port {} of 127.0.0.1 cannot be opened: {}", port, std::strerror(errno)));
  return socket;
}

int local_port(const Descriptor& socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

}  // namespace gapura::drivers
