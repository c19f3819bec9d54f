// SPDX-License-Identifier: Apache-2.0
// What the daemon says of its devices before they have reported, and the first badge after a start.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <csignal>
#include <map>

#include "fault_injector.h"
#include "small_post.h"
#include "support/wait_until.h"

using namespace gapura;
using namespace gapura::tests;
using simulated::Misbehaviour;

namespace {

// What became of scans and releases at a lane after an entry, in order, with the reason of each.
std::vector<std::string> verdicts(SmallPost& post, int lane, std::int64_t after) {
  std::vector<std::string> found;
  const auto answer = post.get("admin", fmt::format("/api/v1/events?limit=500&after={}", after));
  for (const auto& event : answer.at("events").as_array()) {
    const std::string type(event.at("type").as_string());
    if (!event.at("point").is_string() || event.at("point").as_string() != fmt::format("g{}.in", lane)) continue;
    const auto& data = event.at("data").as_object();
    found.push_back(type + (data.contains("reasons") ? " " + json::serialize(data.at("reasons")) : "") +
                    (data.contains("why") ? " " + std::string(data.at("why").as_string()) : ""));
  }
  return found;
}

}  // namespace

TEST_CASE("the first status after a start names every device, and none is online before it has reported", "[fault]") {
  SmallPost post;
  post.end(SIGTERM);
  post.bus().misbehave(2, {Misbehaviour::Kind::silent});
  post.start();
  Result<json::value> status = fail(ErrorKind::unavailable, "");
  REQUIRE(wait_until([&] { return (status = post.try_get("admin", "/api/v1/status")).has_value() || !post.running(); }));
  REQUIRE(status);
  std::map<std::string, bool> online;
  for (const auto& one : status->at("devices").as_array()) {
    online[std::string(one.at("id").as_string())] = one.at("online").as_bool();
    if (!one.at("online").as_bool()) CHECK_FALSE(one.at("detail").as_string().empty());
  }
  for (int lane = 1; lane <= SmallPost::lanes; ++lane) {
    CHECK(online.contains(fmt::format("r{}", lane)));
    CHECK(online.contains(fmt::format("t{}", lane)));
  }
  CHECK_FALSE(online["t2"]);
  post.bus().misbehave(2, {});
  post.wait_ready();
}

TEST_CASE("a badge shown once after granting was resumed opens, also where the board is slow to answer", "[fault]") {
  const TemporaryFolder folder;
  FaultInjector injector(folder / "data", folder / "faults");
  SmallPost post({folder / "data", injector.environment()});
  const std::string staff = post.staff_badge();
  injector.arm(1, EIO, true);
  CHECK_FALSE(post.try_post("admin", "/api/v1/badges/staff", {{"host", "pimpinan"}}));
  REQUIRE(wait_until([&] { return !post.get("admin", "/api/v1/status").at("granting").as_bool(); }));
  injector.disarm();
  post.bus().misbehave(2, {Misbehaviour::Kind::late, 150});
  const auto resumed = post.post("guard", "/api/v1/granting/resume", {{"reason", "disk sudah diganti"}});
  post.wait_ready();
  post.bus().misbehave(2, {});
  CHECK(post.opens(2, staff));
  const auto entry = resumed.at("entry").to_number<std::int64_t>();
  REQUIRE(wait_until([&] { return verdicts(post, 2, entry).size() >= 2 || !post.running(); }));
  CHECK(verdicts(post, 2, entry) == std::vector<std::string>{"access_granted", "access_taken passage"});
}
