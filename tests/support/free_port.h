// SPDX-License-Identifier: Apache-2.0
// Finds a port for a daemon that opens it later, and again after a restart: below the ports that the system assigns, and in
// a block of this process's own, so that programs of tests run side by side.
#pragma once

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <stdexcept>

namespace gapura::tests {

inline bool is_free(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  const bool bound = bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  ::close(socket);
  return bound;
}

inline int free_port() {
  static std::atomic<int> next{0};
  for (int tries = 0; tries < 64; ++tries) {
    const int port = 12'000 + (static_cast<int>(getpid()) % 312) * 64 + next++ % 64;
    if (is_free(port)) return port;
  }
  throw std::runtime_error("no free port");
}

}  // namespace gapura::tests
