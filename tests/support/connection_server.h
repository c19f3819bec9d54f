// SPDX-License-Identifier: Apache-2.0
// A listening port on the loopback address, and a server that accepts one connection after another there.
#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <stdexcept>
#include <thread>
#include <utility>

#include "drivers/tcp.h"

namespace gapura::tests {

// Listens on 127.0.0.1; port 0 picks a free one. Connections wait in the queue until they are accepted.
class ListeningSocket {
 public:
  explicit ListeningSocket(int port = 0) {
    auto socket = drivers::listen_on_loopback(port, 8);
    if (!socket) throw std::runtime_error(socket.error().message);
    socket_ = std::move(*socket);
  }

  int port() const { return drivers::local_port(socket_); }
  // Returns the next connection; -1 when none came within this time.
  int accept_within(int limit_ms) const {
    pollfd waiting{socket_.get(), POLLIN, 0};
    return poll(&waiting, 1, limit_ms) > 0 ? accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC) : -1;
  }

 private:
  Descriptor socket_;
};

// Serves one connection at a time, on a thread of its own; `serve` has it until it returns, and checks stopping()
// meanwhile. The last member of its owner, so that the thread ends before what it uses.
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
