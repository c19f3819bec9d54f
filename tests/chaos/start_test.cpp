// SPDX-License-Identifier: Apache-2.0
// What the daemon says of its devices before they have reported.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <map>

#include "small_post.h"
#include "support/wait_until.h"

using namespace gapura;
using namespace gapura::tests;
using simulated::Misbehaviour;

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
