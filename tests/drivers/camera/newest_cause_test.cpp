// SPDX-License-Identifier: Apache-2.0
// Why a camera is offline: the reported reason is the newest one.
#include <catch2/catch.hpp>
#include <memory>

#include "drivers/camera.h"
#include "support/collecting_sink.h"
#include "support/connection_server.h"
#include "support/free_port.h"
#include "support/wait_until.h"

using namespace gapura;
using namespace std::chrono_literals;
using tests::CollectingSink;
using tests::free_port;
using tests::wait_until;

namespace {

// Answers every request with these bytes and hangs up.
class OneAnswerServer {
 public:
  OneAnswerServer(std::string answer, int port)
      : answer_(std::move(answer)), server_(port, [this](int client) { serve(client); }) {}
  int port() const { return server_.port(); }

 private:
  void serve(int client) const {
    char request[4096];
    if (recv(client, request, sizeof request, 0) > 0) ::send(client, answer_.data(), answer_.size(), MSG_NOSIGNAL);
  }
  const std::string answer_;
  const tests::ConnectionServer server_;
};

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
  REQUIRE(wait_until([&] { return watched.says("no_connection", "refused"); }));
  const OneAnswerServer camera("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", port);
  CHECK(wait_until([&] { return watched.says("refused_login", "refuses this user name or password"); }));
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
    CHECK(wait_until([&] {
      return all[n]->says(refused ? "no_connection" : "refused_login",
                          refused ? "refused" : "refuses this user name or password");
    }));
  }
}
