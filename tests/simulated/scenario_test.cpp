// SPDX-License-Identifier: Apache-2.0
// The scenario player against a stand-in for the daemon's API: it must notice when the daemon does the wrong thing.
#include "simulated/demo/scenario.h"

#include <fmt/format.h>
#include <httplib.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <thread>

using namespace gapura;
using namespace gapura::simulated;
namespace json = boost::json;

namespace {

std::string temporary_file(const std::string& content) {
  char path[] = "/tmp/gapura-scenario-XXXXXX";
  const int fd = mkstemp(path);
  REQUIRE(fd >= 0);
  std::ofstream(path) << content;
  close(fd);
  return path;
}

// Answers as docs/api.md says, for one visitor. The outcome of a scan is what the test wants, one poll after the scan.
class StandIn {
 public:
  StandIn(SimulatedBus& bus, std::string outcome) : bus_(bus), outcome_(std::move(outcome)) {
    http_.Get("/api/v1/status",
              [](const auto&, auto& r) { r.set_content(R"({"granting":true,"devices":[]})", "application/json"); });
    http_.Post("/api/v1/visits", [this](const auto& request, auto& r) { reply(r, request, R"({"id":"v1"})"); });
    http_.Get("/api/v1/visits/v1", [this](const auto& request, auto& r) {
      reply(r, request, R"({"id":"v1","approval":"accepted","approval_version":7})");
    });
    http_.Post("/api/v1/visits/v1/ask", [this](const auto& request, auto& r) { reply(r, request, "{}"); });
    http_.Post("/api/v1/visits/v1/close", [this](const auto& request, auto& r) { reply(r, request, "{}"); });
    http_.Post("/api/v1/visits/v1/decision", [this](const auto& request, auto& r) { reply(r, request, "{}"); });
    http_.Post("/api/v1/visits/v1/badge", [this](const auto& request, auto& r) {
      reply(r, request, R"({"badge":{"id":"b1"},"token":"G1:QED8WEX0 TPF5H:CB9DJ1.RG"})");
    });
    http_.Post("/api/v1/badges/b1/return", [this](const auto& request, auto& r) { reply(r, request, "{}"); });
    http_.Get("/api/v1/events",
              [this](const auto& request, auto& r) { r.set_content(events(request), "application/json"); });
    port_ = http_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { http_.listen_after_bind(); });
  }
  ~StandIn() {
    http_.stop();
    thread_.join();
  }
  std::string url() const { return fmt::format("http://127.0.0.1:{}", port_); }
  std::string log() {
    const std::lock_guard lock(mutex_);
    return log_;
  }

 private:
  void reply(httplib::Response& response, const httplib::Request& request, const std::string& body) {
    const std::lock_guard lock(mutex_);
    log_ += request.get_header_value("Authorization").substr(7) + " " + request.method + " " + request.path + " " +
            request.body + "\n";
    response.set_content(body, "application/json");
  }

  std::string events(const httplib::Request& request) {
    if (!request.has_param("after")) return R"({"events":[],"last":10})";
    const std::int64_t after = std::atoll(request.get_param_value("after").c_str());
    json::array list;
    if (after == 10) {
      list.push_back(json::parse(outcome_));
      if (outcome_.find("access_granted") != std::string::npos) bus_.write_coil(1, 0, true);
    }
    if (after == 11)
      list.push_back(json::parse(R"({"number":12,"type":"access_taken","ref":11,"data":{"why":"passage"}})"));
    return json::serialize(json::value{{"events", list}, {"last", after}});
  }

  SimulatedBus& bus_;
  const std::string outcome_;
  std::mutex mutex_;
  std::string log_;
  httplib::Server http_;
  int port_ = 0;
  std::thread thread_;
};

const char* const kVisit = R"(
[[episode]]
title = "uji"
[[episode.step]]
do = "register"
guest = "a"
name = "Tamu Contoh"
purpose = "uji"
whom = "contoh"
[[episode.step]]
do = "ask"
guest = "a"
[[episode.step]]
do = "decide"
guest = "a"
decision = "accept_now"
[[episode.step]]
do = "badge"
guest = "a"
[[episode.step]]
do = "walk"
unit = 1
within_s = 10
[[episode.step]]
do = "show"
camera = "gate"
guest = "a"
[[episode.step]]
do = "expect"
type = "access_granted"
guest = "a"
within_s = 2
[[episode.step]]
do = "coil"
unit = 1
coil = 0
energised = true
[[episode.step]]
do = "walked"
[[episode.step]]
do = "expect"
type = "access_taken"
guest = "a"
why = "passage"
[[episode.step]]
do = "close"
guest = "a"
outcome = "departed"
)";

struct Played {
  Status result;
  std::string log, said;
};

Played play_visit(const std::string& outcome) {
  auto post = Post::open({});
  REQUIRE(post);
  StandIn daemon(*(*post)->bus, outcome);
  const std::string file = temporary_file(kVisit);
  const std::string accounts =
      temporary_file(R"({"guard":{"token":"guard"},"aide":{"token":"aide"},"admin":{"token":"admin"}})");
  const auto scenario = load_scenario(file);
  REQUIRE(scenario);
  Played played;
  PlayerSettings settings{daemon.url(), "", accounts, true, [&](const std::string& line) { played.said += line + "\n"; }};
  played.result = play(*scenario, **post, settings, std::stop_token());
  played.log = daemon.log();
  std::remove(file.c_str());
  std::remove(accounts.c_str());
  return played;
}

}  // namespace

TEST_CASE("the player walks a visitor through, each step by the role that may do it") {
  const Played played = play_visit(R"({"number":11,"type":"access_granted","visit":"v1","data":{"by":"badge"}})");
  INFO(played.said << (played.result ? "" : played.result.error().message));
  CHECK(played.result);
  CHECK(played.log.find("guard POST /api/v1/visits {") != std::string::npos);
  CHECK(played.log.find(R"(aide POST /api/v1/visits/v1/decision {"decision":"accept_now","version":7})") !=
        std::string::npos);
  CHECK(played.log.find("guard POST /api/v1/visits/v1/close") != std::string::npos);
  CHECK(played.said.find("access_taken (entri 12)") != std::string::npos);
}

TEST_CASE("a denial where a grant was expected ends the scenario with the line of the step and the reasons") {
  const Played played = play_visit(R"({"number":11,"type":"access_denied","visit":"v1","data":{"reasons":["revoked"]}})");
  REQUIRE_FALSE(played.result);
  CHECK(played.result.error().message.find("line 28 (expect)") != std::string::npos);
  CHECK(played.result.error().message.find("revoked") != std::string::npos);
  CHECK(played.log.find("/badges/b1/return") != std::string::npos);  // no guest is left at the post
}

TEST_CASE("another person's scan doesn't count") {
  const Played played = play_visit(R"({"number":11,"type":"access_granted","visit":"other","data":{}})");
  REQUIRE_FALSE(played.result);
  CHECK(played.result.error().kind == ErrorKind::timed_out);
}

TEST_CASE("every mistake of a scenario is reported with its line") {
  const std::string file = temporary_file(
      "[[episode]]\n[[episode.step]]\ndo = \"dance\"\n[[episode.step]]\ndo = \"show\"\n"
      "camera = \"gate\"\nlength = 3\n");
  const auto scenario = load_scenario(file);
  std::remove(file.c_str());
  REQUIRE_FALSE(scenario);
  const std::string& report = scenario.error().message;
  CHECK(report.find(file + ":2: do = \"dance\" is no act") != std::string::npos);
  CHECK(report.find(file + ":4: show has no key length") != std::string::npos);
  CHECK(report.find(file + ":4: show needs exactly one of guest, text and texts") != std::string::npos);
}

TEST_CASE("the demonstration's day has no mistakes") {
  const auto scenario = load_scenario(std::string(GAPURA_SOURCE_DIR) + "/config/demo-day.toml");
  INFO((scenario ? "" : scenario.error().message));
  REQUIRE(scenario);
  CHECK(scenario->episodes.size() == 5);
  CHECK(scenario->loop);
}
