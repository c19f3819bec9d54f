// SPDX-License-Identifier: Apache-2.0
// A listening port on the loopback address, and a server that accepts one connection after another there.
#pragma once

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <thread>
#include <utility>

namespace gapura::tests {

// Listens on 127.0.0.1; port 0 picks a free one. Connections wait in the queue until they are accepted.
class ListeningSocket {
 public:
  explicit ListeningSocket(int port = 0) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const int yes = 1;
    setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(socket_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(socket_, 8) != 0) {
      ::close(socket_);
      throw std::runtime_error("cannot listen");
    }
    getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  ~ListeningSocket() { ::close(socket_); }
  ListeningSocket(const ListeningSocket&) = delete;
  ListeningSocket& operator=(const ListeningSocket&) = delete;

  int port() const { return port_; }
  // The next connection; -1 when none came within this time.
  int accept_within(int limit_ms) const {
    pollfd waiting{socket_, POLLIN, 0};
    return poll(&waiting, 1, limit_ms) > 0 ? accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC) : -1;
  }

 private:
  int socket_, port_ = 0;
};

// One connection at a time, on a thread of its own; `serve` has it until it returns, and looks at stopping() meanwhile. The
// last member of its owner, so that the thread ends before what it uses.
class ConnectionServer {
 public:
  ConnectionServer(int port, std::function<void(int client)> serve)
      : listener_(port), serve_(std::move(serve)), thread_([this] { run(); }) {}
  ~ConnectionServer() {
    stopping_ = true;
    thread_.join();
  }
  ConnectionServer(const ConnectionServer&) = delete;
  ConnectionServer& operator=(const ConnectionServer&) = delete;

  int port() const { return listener_.port(); }
  bool stopping() const { return stopping_; }

 private:
  void run() {
    while (!stopping_) {
      const int client = listener_.accept_within(20);
      if (client < 0) continue;
      serve_(client);
      ::close(client);
    }
  }
  const ListeningSocket listener_;
  const std::function<void(int)> serve_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace gapura::tests
