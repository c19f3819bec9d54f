// SPDX-License-Identifier: Apache-2.0
#include "simulated/modbus_endpoint.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace gapura::simulated {
namespace {

[[noreturn]] void fail_with(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

}  // namespace

ModbusEndpoint::ModbusEndpoint(int port, Handler handler)
    : handler_(std::move(handler)), port_(port), wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  listen();
  thread_ = std::thread([this] { run(); });
}

ModbusEndpoint::~ModbusEndpoint() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake();
  thread_.join();
  for (const auto& [id, client] : clients_) ::close(client.socket);
  if (listener_ >= 0) ::close(listener_);
  ::close(wake_);
}

void ModbusEndpoint::wake() {
  const std::uint64_t one = 1;
  if (write(wake_, &one, sizeof one) < 0 && errno != EAGAIN) fail_with("eventfd");
}

// The first call may choose the port; later ones take the same again.
void ModbusEndpoint::listen() {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int yes = 1;
  setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port_));
  socklen_t size = sizeof address;
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 16) != 0)
    fail_with("simulated controller: cannot listen");
  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
}

void ModbusEndpoint::after(Millis delay, std::function<void()> action) {
  {
    std::lock_guard lock(mutex_);
    timers_.emplace(Steady::now() + delay, std::move(action));
  }
  if (std::this_thread::get_id() != thread_.get_id()) wake();
}

void ModbusEndpoint::set_open(bool open) {
  std::unique_lock lock(mutex_);
  wanted_open_ = open;
  wake();
  if (std::this_thread::get_id() != thread_.get_id()) changed_.wait(lock, [&] { return open_ == open; });
}

void ModbusEndpoint::hang_up_all() {
  std::unique_lock lock(mutex_);
  hang_up_ = true;
  wake();
  if (std::this_thread::get_id() != thread_.get_id()) changed_.wait(lock, [&] { return !hang_up_; });
}

// Brings the sockets to what was asked for.
void ModbusEndpoint::reconcile() {
  std::lock_guard lock(mutex_);
  if (open_ == wanted_open_ && !hang_up_) return;
  if (hang_up_ || !wanted_open_) {
    for (const auto& [id, client] : clients_) ::close(client.socket);
    clients_.clear();
  }
  if (open_ && !wanted_open_) {
    ::close(listener_);
    listener_ = -1;
  }
  if (!open_ && wanted_open_) listen();
  open_ = wanted_open_;
  hang_up_ = false;
  changed_.notify_all();
}

int ModbusEndpoint::wait_ms() {
  std::lock_guard lock(mutex_);
  if (stopping_ || hang_up_ || open_ != wanted_open_) return 0;
  if (timers_.empty()) return -1;
  const auto left = std::chrono::ceil<Millis>(timers_.begin()->first - Steady::now()).count();
  return static_cast<int>(std::max<std::int64_t>(left, 0));
}

void ModbusEndpoint::run_timers() {
  for (;;) {
    std::function<void()> action;
    {
      std::lock_guard lock(mutex_);
      if (timers_.empty() || timers_.begin()->first > Steady::now()) return;
      action = std::move(timers_.begin()->second);
      timers_.erase(timers_.begin());
    }
    action();
  }
}

void ModbusEndpoint::run() {
  for (;;) {
    reconcile();
    std::vector<pollfd> watched{{wake_, POLLIN, 0}, {listener_, POLLIN, 0}};  // poll() ignores a listener of -1
    std::vector<std::uint64_t> ids;
    for (const auto& [id, client] : clients_) {
      watched.push_back({client.socket, POLLIN, 0});
      ids.push_back(id);
    }
    poll(watched.data(), watched.size(), wait_ms());
    {
      std::lock_guard lock(mutex_);
      if (stopping_) return;
    }
    std::uint64_t count = 0;
    if (watched[0].revents != 0 && read(wake_, &count, sizeof count) < 0 && errno != EAGAIN) fail_with("eventfd");
    run_timers();
    if (watched[1].revents != 0) accept_client();
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const auto found = clients_.find(ids[i]);
      if (watched[i + 2].revents == 0 || found == clients_.end()) continue;
      if (!receive(ids[i], found->second)) drop(ids[i]);
    }
  }
}

void ModbusEndpoint::accept_client() {
  const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (socket < 0) return;
  const int yes = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  clients_[next_client_++] = {socket, {}};
}

void ModbusEndpoint::drop(std::uint64_t id) {
  const auto found = clients_.find(id);
  if (found == clients_.end()) return;
  ::close(found->second.socket);
  clients_.erase(found);
}

// False when the connection is over.
bool ModbusEndpoint::receive(std::uint64_t id, Client& client) {
  std::uint8_t bytes[1024];
  const auto got = recv(client.socket, bytes, sizeof bytes, 0);
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  if (got == 0) return false;
  auto& received = client.received;
  received.insert(received.end(), bytes, bytes + got);
  while (received.size() >= 8) {
    const auto size = std::size_t{6} + static_cast<std::size_t>(received[4]) * 256 + received[5];
    if (size < 8 || size > 260 || received[2] != 0 || received[3] != 0) return false;  // not Modbus
    if (received.size() < size) break;
    const std::vector<std::uint8_t> frame(received.begin(), received.begin() + static_cast<std::ptrdiff_t>(size));
    received.erase(received.begin(), received.begin() + static_cast<std::ptrdiff_t>(size));
    if (!handle(id, frame)) return false;
  }
  return true;
}

bool ModbusEndpoint::handle(std::uint64_t id, const std::vector<std::uint8_t>& frame) {
  Reply reply = handler_(frame);
  if (reply.hang_up) return false;
  if (reply.bytes.empty()) return true;
  const auto send_reply = [this, id, bytes = std::move(reply.bytes)] {
    const auto found = clients_.find(id);
    if (found != clients_.end() && send(found->second.socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0) drop(id);
  };
  if (reply.delay > Millis(0))
    after(reply.delay, send_reply);
  else
    send_reply();
  return clients_.contains(id);
}

}  // namespace gapura::simulated
