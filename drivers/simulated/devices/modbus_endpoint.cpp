// SPDX-License-Identifier: Apache-2.0
#include "simulated/devices/modbus_endpoint.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <system_error>

#include "drivers/tcp.h"

namespace gapura::simulated {
namespace {

[[noreturn]] void fail_with(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

// Written independently of the driver's, so that each checks the other.
std::uint16_t check_sum(const std::uint8_t* bytes, std::size_t count) {
  std::uint16_t sum = 0xFFFF;
  for (std::size_t i = 0; i < count; ++i) {
    sum = static_cast<std::uint16_t>(sum ^ bytes[i]);
    for (int bit = 0; bit < 8; ++bit) {
      const bool odd = sum % 2 == 1;
      sum = static_cast<std::uint16_t>(sum / 2);
      if (odd) sum = static_cast<std::uint16_t>(sum ^ 0xA001);
    }
  }
  return sum;
}

constexpr Millis torn_frame{50};  // a request is sent at once; older bytes are no part of it

}  // namespace

ModbusEndpoint::ModbusEndpoint(LinePlan plan, Handler handler)
    : handler_(std::move(handler)), plan_(std::move(plan)), wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  open();
  thread_ = std::thread([this] { run(); });
}

ModbusEndpoint::~ModbusEndpoint() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
  }
  wake();
  thread_.join();
  close_all();
  ::close(wake_);
}

std::string ModbusEndpoint::path() const {
  const MutexLock lock(mutex_);
  return plan_.link.empty() ? terminal_ : plan_.link;
}

void ModbusEndpoint::wake() {
  const std::uint64_t one = 1;
  if (write(wake_, &one, sizeof one) < 0 && errno != EAGAIN) fail_with("eventfd");
}

void ModbusEndpoint::open() {
  if (plan_.wire == Wire::rtu)
    plug_in();
  else
    listen();
}

// The first call may choose the port; later calls take the same port again.
void ModbusEndpoint::listen() {
  auto listener = drivers::listen_on_loopback(plan_.port, 16);
  if (!listener) throw std::runtime_error("simulated controller: " + listener.error().message);
  listener_ = std::move(*listener);
  plan_.port = drivers::local_port(listener_);
}

// The far side is kept open here as well, because a terminal without it reads as hung up.
void ModbusEndpoint::plug_in() {
  const int master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0) fail_with("simulated serial line");
  char name[128] = "";
  if (ptsname_r(master, name, sizeof name) != 0) fail_with("simulated serial line");
  slave_ = ::open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
  termios raw{};
  if (slave_ < 0 || tcgetattr(slave_, &raw) != 0) fail_with("simulated serial line");
  cfmakeraw(&raw);
  tcsetattr(slave_, TCSANOW, &raw);
  terminal_ = name;
  clients_[next_client_++] = {master, {}, {}};
  if (plan_.link.empty()) return;
  std::error_code ignored;
  std::filesystem::remove(plan_.link, ignored);
  std::filesystem::create_symlink(name, plan_.link);
}

void ModbusEndpoint::close_all() {
  for (const auto& [id, client] : clients_) ::close(client.descriptor);
  clients_.clear();
  if (slave_ < 0) return;
  ::close(slave_);
  slave_ = -1;
  std::error_code ignored;
  if (!plan_.link.empty()) std::filesystem::remove(plan_.link, ignored);
}

void ModbusEndpoint::after(Millis delay, std::function<void()> action) {
  {
    const MutexLock lock(mutex_);
    timers_.emplace(Steady::now() + delay, std::move(action));
  }
  if (std::this_thread::get_id() != thread_.get_id()) wake();
}

void ModbusEndpoint::set_open(bool open) {
  MutexLock lock(mutex_);
  wanted_open_ = open;
  wake();
  if (std::this_thread::get_id() != thread_.get_id()) changed_.wait(lock, [&]() REQUIRES(mutex_) { return open_ == open; });
}

void ModbusEndpoint::hang_up_all() {
  MutexLock lock(mutex_);
  hang_up_ = true;
  wake();
  if (std::this_thread::get_id() != thread_.get_id()) changed_.wait(lock, [&]() REQUIRES(mutex_) { return !hang_up_; });
}

// Brings the sockets to the requested state. A terminal has no connection to close.
void ModbusEndpoint::reconcile() {
  const MutexLock lock(mutex_);
  if (open_ == wanted_open_ && !hang_up_) return;
  if (!wanted_open_ || plan_.wire != Wire::rtu) close_all();
  if (open_ && !wanted_open_ && listener_.get() >= 0) {
    listener_ = Descriptor();
  }
  if (!open_ && wanted_open_) open();
  open_ = wanted_open_;
  hang_up_ = false;
  changed_.notify_all();
}

int ModbusEndpoint::wait_ms() {
  const MutexLock lock(mutex_);
  if (stopping_ || hang_up_ || open_ != wanted_open_) return 0;
  if (timers_.empty()) return -1;
  const auto left = std::chrono::ceil<Millis>(timers_.begin()->first - Steady::now()).count();
  return static_cast<int>(std::max<std::int64_t>(left, 0));
}

void ModbusEndpoint::run_timers() {
  for (;;) {
    std::function<void()> action;
    {
      const MutexLock lock(mutex_);
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
    std::vector<pollfd> watched{{wake_, POLLIN, 0}, {listener_.get(), POLLIN, 0}};  // poll() ignores a listener of -1
    std::vector<std::uint64_t> ids;
    for (const auto& [id, client] : clients_) {
      watched.push_back({client.descriptor, POLLIN, 0});
      ids.push_back(id);
    }
    poll(watched.data(), watched.size(), wait_ms());
    {
      const MutexLock lock(mutex_);
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
  const int socket = accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (socket < 0) return;
  const int yes = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  clients_[next_client_++] = {socket, {}, {}};
}

void ModbusEndpoint::drop(std::uint64_t id) {
  const auto found = clients_.find(id);
  if (found == clients_.end() || plan_.wire == Wire::rtu) return;
  ::close(found->second.descriptor);
  clients_.erase(found);
}

// Returns false when the connection has ended.
bool ModbusEndpoint::receive(std::uint64_t id, Client& client) {
  std::uint8_t bytes[1024];
  const auto got = read(client.descriptor, bytes, sizeof bytes);
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  if (got == 0) return false;
  const auto now = Steady::now();
  if (plan_.wire != Wire::tcp && now - client.last_received > torn_frame) client.received.clear();
  client.last_received = now;
  client.received.insert(client.received.end(), bytes, bytes + got);
  return plan_.wire == Wire::tcp ? take_tcp(id, client) : take_rtu(id, client);
}

bool ModbusEndpoint::take_tcp(std::uint64_t id, Client& client) {
  auto& received = client.received;
  while (received.size() >= 8) {
    const auto size = std::size_t{6} + static_cast<std::size_t>(received[4]) * 256 + received[5];
    if (size < 8 || size > 260 || received[2] != 0 || received[3] != 0) return false;  // not Modbus
    if (received.size() < size) break;
    const Bytes header(received.begin(), received.begin() + 4);
    const int unit = received[6];
    const Bytes pdu(received.begin() + 7, received.begin() + static_cast<std::ptrdiff_t>(size));
    received.erase(received.begin(), received.begin() + static_cast<std::ptrdiff_t>(size));
    if (!handle(id, unit, pdu, header)) return false;
  }
  return true;
}

// Requests carry no length: it follows from the function. A request with a wrong check sum is noise, with everything
// received beside it.
bool ModbusEndpoint::take_rtu(std::uint64_t id, Client& client) {
  auto& received = client.received;
  while (received.size() >= 8) {
    const bool many = received[1] == 15 || received[1] == 16;
    const std::size_t size = many ? std::size_t{9} + received[6] : 8;
    if (received.size() < size) break;
    const unsigned sum = check_sum(received.data(), size - 2);
    if (received[size - 2] != (sum & 0xFF) || received[size - 1] != sum >> 8) return received.clear(), true;
    const int unit = received[0];
    const Bytes pdu(received.begin() + 1, received.begin() + static_cast<std::ptrdiff_t>(size - 2));
    received.erase(received.begin(), received.begin() + static_cast<std::ptrdiff_t>(size));
    if (!handle(id, unit, pdu, {})) return false;
  }
  return true;
}

ModbusEndpoint::Bytes ModbusEndpoint::frame_of(const Reply& reply, const Bytes& header) const {
  Bytes frame = header;
  if (plan_.wire == Wire::tcp) {
    frame.push_back(0);
    frame.push_back(static_cast<std::uint8_t>(reply.pdu.size() + 1));
  }
  frame.push_back(static_cast<std::uint8_t>(reply.unit));
  frame.insert(frame.end(), reply.pdu.begin(), reply.pdu.end());
  if (plan_.wire == Wire::tcp) return frame;
  const unsigned sum = check_sum(frame.data(), frame.size()) ^ (reply.bad_crc ? 1u : 0u);
  frame.push_back(static_cast<std::uint8_t>(sum));
  frame.push_back(static_cast<std::uint8_t>(sum >> 8));
  if (reply.cut_short) frame.pop_back();
  return frame;
}

bool ModbusEndpoint::handle(std::uint64_t id, int unit, const Bytes& pdu, const Bytes& header) {
  const auto connected = std::chrono::floor<Millis>(Steady::now() - clients_.at(id).since);
  const Reply reply = handler_(unit, pdu, connected);
  if (reply.hang_up) return false;
  if (reply.pdu.empty()) return true;
  Bytes bytes = frame_of(reply, header);
  if (reply.transaction_0 && plan_.wire == Wire::tcp) bytes[0] = bytes[1] = 0;
  Millis delay = reply.delay;
  if (plan_.baud > 0) delay += Millis((pdu.size() + 3 + bytes.size()) * 10'000 / static_cast<unsigned>(plan_.baud) + 1);
  // A board on a serial line does one thing after the other: no response overtakes an earlier one.
  if (plan_.wire != Wire::tcp) {
    auto& free_at = busy_[unit];
    free_at = std::max(free_at, Steady::now() + delay);
    delay = std::max(delay, std::chrono::ceil<Millis>(free_at - Steady::now()));
  }
  if (reply.twice) {
    const Bytes once = bytes;
    bytes.insert(bytes.end(), once.begin(), once.end());
  }
  const auto send_reply = [this, id, bytes = std::move(bytes), last = reply.then_hang_up] {
    const auto found = clients_.find(id);
    if (found == clients_.end()) return;
    const int line = found->second.descriptor;
    const auto sent = plan_.wire == Wire::rtu ? write(line, bytes.data(), bytes.size())
                                              : send(line, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 || last) drop(id);
  };
  if (delay > Millis(0))
    after(delay, send_reply);
  else
    send_reply();
  return clients_.contains(id);
}

}  // namespace gapura::simulated
