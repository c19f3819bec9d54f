// SPDX-License-Identifier: Apache-2.0
// Why a camera is offline: the reported reason is the newest one.
#include <catch2/catch.hpp>
#include <memory>
#include <thread>

#include "drivers/camera.h"
#include "support/collecting_sink.h"
#include "support/mjpeg_server.h"
#include "support/wait_until.h"

using namespace gapura;
using namespace std::chrono_literals;
using tests::CollectingSink;
using tests::wait_until;

namespace {

// Answers every request with these bytes and hangs up.
class OneAnswerServer {
 public:
  OneAnswerServer(std::string answer, int port) : answer_(std::move(answer)) {
    listener_ = tests::listen_on(port, port_);
    thread_ = std::thread([this] { serve(); });
  }
  ~OneAnswerServer() {
    stopping_ = true;
    thread_.join();
    ::close(listener_);
  }
  OneAnswerServer(const OneAnswerServer&) = delete;
  OneAnswerServer& operator=(const OneAnswerServer&) = delete;
  int port() const { return port_; }

 private:
  void serve() {
    while (!stopping_) {
      pollfd waiting{listener_, POLLIN, 0};
      if (poll(&waiting, 1, 20) <= 0) continue;
      const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      char request[4096];
      if (recv(client, request, sizeof request, 0) > 0) ::send(client, answer_.data(), answer_.size(), MSG_NOSIGNAL);
      ::close(client);
    }
  }
  const std::string answer_;
  int port_ = 0, listener_ = -1;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

int free_port() {
  int port = 0;
  ::close(tests::listen_on(0, port));
  return port;
}

struct Watched {
  CollectingSink sink;
  std::unique_ptr<drivers::Camera> camera;
  Watched(const std::string& id, int port) {
    drivers::CameraSettings settings;
    settings.id = CameraId{id};
    settings.reader = ReaderId{"r-" + id};
    settings.url = "http://127.0.0.1:" + std::to_string(port) + "/stream";
    settings.child.reconnect = 200ms;
    camera = std::move(*drivers::Camera::create(settings, sink, "/proc/self/exe"));
  }
  bool says(const std::string& fault, const std::string& detail) const {
    const auto all = sink.healths();
    return !all.empty() && !all.back().online && all.back().fault == fault &&
           all.back().detail.find(detail) != std::string::npos;
  }
};

}  // namespace

TEST_CASE("a camera that is reachable again and refuses its password is reported as such", "[cause]") {
  const int port = free_port();
  Watched watched("cam", port);
  REQUIRE(wait_until([&] { return watched.says("no_connection", "refused"); }, 20s));
  const OneAnswerServer camera("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", port);
  CHECK(wait_until([&] { return watched.says("refused_login", "refuses this user name or password"); }, 20s));
  CHECK(watched.camera->stats().fault == drivers::CameraFault::refused_login);
}

TEST_CASE("of several cameras at a start each says what is the matter with it", "[cause]") {
  const OneAnswerServer locked("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", 0);
  const int closed = free_port();
  std::vector<std::unique_ptr<Watched>> all;
  for (int n = 0; n < 6; ++n)
    all.push_back(std::make_unique<Watched>("cam" + std::to_string(n), n % 2 == 0 ? closed : locked.port()));
  for (std::size_t n = 0; n < all.size(); ++n) {
    CAPTURE(n, all[n]->camera->stats().detail);
    const bool refused = n % 2 == 0;
    CHECK(wait_until(
        [&] {
          return all[n]->says(refused ? "no_connection" : "refused_login",
                              refused ? "refused" : "refuses this user name or password");
        },
        30s));
  }
}
