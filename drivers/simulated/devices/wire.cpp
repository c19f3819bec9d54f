// SPDX-License-Identifier: Apache-2.0
#include "simulated/devices/wire.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <deque>
#include <list>
#include <map>
#include <thread>
#include <vector>

#include "drivers/mutex.h"
#include "drivers/tcp.h"

namespace gapura::simulated {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t most_waiting = 8u << 20;  // bytes; beyond that the camera is not read from, like a full buffer
constexpr Millis idle_round{200}, busy_round{20};

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// "DESCRIBE rtsp://127.0.0.1:8554/gate/… RTSP/1.0" and "GET /gate HTTP/1.1" are both for the camera "gate".
std::string camera_of(const std::string& request) {
  const auto begin = request.find(' ');
  const auto end = request.find(' ', begin + 1);
  if (begin == std::string::npos || end == std::string::npos) return "";
  std::string target = request.substr(begin + 1, end - begin - 1);
  if (const auto scheme = target.find("://"); scheme != std::string::npos) {
    const auto path = target.find('/', scheme + 3);
    target = path == std::string::npos ? "" : target.substr(path);
  }
  if (!target.empty()) target.erase(0, 1);
  return target.substr(0, target.find_first_of("/?"));
}

struct Waiting {
  Clock::time_point due;
  std::string bytes;
};

struct Connection {
  Descriptor viewer, source;
  std::string camera, up;  // up: towards the camera
  std::deque<Waiting> down;
  std::size_t down_bytes = 0;
  Clock::time_point next_byte;
  bool over = false;
};

class Relay final : public Wire {
 public:
  Relay(int target, ConductOf conduct_of)
      : target_(target), conduct_of_(std::move(conduct_of)), wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
  ~Relay() override {
    stopping_ = true;
    wake();
    if (thread_.joinable()) thread_.join();
  }

  Status start(int port) {
    port_ = port;
    {
      const MutexLock lock(mutex_);
      TRY(listen());
    }
    thread_ = std::thread([this] { run(); });
    return {};
  }

  int port() const override { return port_; }

  Status set_listening(bool up) override {
    Status done;
    {
      const MutexLock lock(mutex_);
      if (!up) {
        listener_ = Descriptor();
        cut_all_ = true;
      } else if (listener_.get() < 0) {
        done = listen();
      }
    }
    wake();
    return done;
  }

 private:
  Status listen() REQUIRES(mutex_) {
    listener_ = TRY(drivers::listen_on_loopback(port_, 64));
    port_ = drivers::local_port(listener_);
    return {};
  }

  void wake() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
  }

  void run() {
    while (!stopping_) {
      wait();
      take_new();
      for (auto& connection : connections_) serve(connection);
      connections_.remove_if([](const Connection& connection) { return connection.over; });
    }
  }

  void wait() {
    std::vector<pollfd> all{{wake_.get(), POLLIN, 0}};
    bool busy = false;
    {
      const MutexLock lock(mutex_);
      all.push_back({listener_.get(), POLLIN, 0});
      if (std::exchange(cut_all_, false)) connections_.clear();
    }
    for (const auto& connection : connections_) {
      const bool mute = conduct_of_(connection.camera) == WireConduct::mute;
      const bool room = connection.down_bytes < most_waiting;
      all.push_back({connection.viewer.get(), static_cast<short>(mute ? 0 : POLLIN), 0});
      all.push_back({connection.source.get(), static_cast<short>(room && !mute ? POLLIN : 0), 0});
      busy = busy || connection.down_bytes > 0 || !connection.up.empty();
    }
    poll(all.data(), all.size(), static_cast<int>((busy ? busy_round : idle_round).count()));
    std::uint64_t count = 0;
    [[maybe_unused]] const auto got = ::read(wake_.get(), &count, sizeof count);
  }

  void take_new() {
    const MutexLock lock(mutex_);
    if (listener_.get() < 0) return;
    for (;;) {
      Descriptor viewer(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
      if (viewer.get() < 0) return;
      Descriptor source(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
      const sockaddr_in address = loopback(target_);
      if (connect(source.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) continue;
      fcntl(source.get(), F_SETFL, O_NONBLOCK);
      connections_.emplace_back();
      connections_.back().viewer = std::move(viewer);
      connections_.back().source = std::move(source);
    }
  }

  // Returns false at the end of the stream.
  static bool read_into(int fd, std::string& bytes) {
    char chunk[64 * 1024];
    const ssize_t n = recv(fd, chunk, sizeof chunk, 0);
    if (n > 0) bytes.append(chunk, static_cast<std::size_t>(n));
    return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
  }

  static bool hung_up(int fd) {
    char byte = 0;
    const ssize_t n = recv(fd, &byte, 1, MSG_PEEK);
    return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
  }

  void serve(Connection& connection) {
    std::string asked;
    if (conduct_of_(connection.camera) == WireConduct::mute) {
      // Nothing is read, but a closed connection is noticed.
      connection.over = hung_up(connection.viewer.get()) || hung_up(connection.source.get());
      return;
    }
    connection.over = !read_into(connection.viewer.get(), asked);
    if (connection.camera.empty() && !asked.empty()) connection.camera = camera_of(asked);
    connection.up += asked;
    const ssize_t passed = ::send(connection.source.get(), connection.up.data(), connection.up.size(), MSG_NOSIGNAL);
    if (passed > 0) connection.up.erase(0, static_cast<std::size_t>(passed));
    const WireConduct conduct = conduct_of_(connection.camera);
    if (conduct == WireConduct::mute) return;
    if (connection.down_bytes < most_waiting) {
      std::string answered;
      connection.over = connection.over || !read_into(connection.source.get(), answered);
      if (!answered.empty()) {
        connection.down_bytes += answered.size();
        connection.down.push_back({Clock::now() + delay_of(connection.camera, conduct), std::move(answered)});
      }
    }
    deliver(connection, conduct);
  }

  // A line that clogs: the delay grows by half a second per second. A full delay at once would be a gap, which is another
  // fault.
  Millis delay_of(const std::string& camera, WireConduct conduct) {
    if (conduct != WireConduct::late) {
      late_since_.erase(camera);
      return Millis(0);
    }
    const auto now = Clock::now();
    const auto passed = now - late_since_.try_emplace(camera, now).first->second;
    return std::min(longest_delay, std::chrono::duration_cast<Millis>(passed / 2));
  }

  static void deliver(Connection& connection, WireConduct conduct) {
    const auto now = Clock::now();
    while (!connection.down.empty() && connection.down.front().due <= now) {
      if (conduct == WireConduct::one_byte && now < connection.next_byte) return;
      std::string& bytes = connection.down.front().bytes;
      const std::size_t size = conduct == WireConduct::one_byte ? 1 : bytes.size();
      const ssize_t n = ::send(connection.viewer.get(), bytes.data(), size, MSG_NOSIGNAL);
      if (n <= 0) {
        connection.over = connection.over || (n < 0 && errno != EAGAIN && errno != EINTR);
        return;
      }
      if (conduct == WireConduct::one_byte) connection.next_byte = now + std::chrono::seconds(1);
      connection.down_bytes -= static_cast<std::size_t>(n);
      bytes.erase(0, static_cast<std::size_t>(n));
      if (bytes.empty()) connection.down.pop_front();
    }
  }

  // Constant after start().
  const int target_;
  const ConductOf conduct_of_;
  const Descriptor wake_;
  std::atomic<int> port_{0};
  std::atomic<bool> stopping_{false};
  Mutex mutex_;
  Descriptor listener_ GUARDED_BY(mutex_);
  bool cut_all_ GUARDED_BY(mutex_) = false;
  // Used by the thread only.
  std::list<Connection> connections_;
  std::map<std::string, Clock::time_point> late_since_;  // by camera
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<Wire>> Wire::create(int port, int target, ConductOf conduct_of) {
  auto relay = std::make_unique<Relay>(target, std::move(conduct_of));
  TRY(relay->start(port));
  return relay;
}

}  // namespace gapura::simulated
