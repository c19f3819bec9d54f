// SPDX-License-Identifier: Apache-2.0
#include "simulated/control/control.h"

#include <httplib.h>

#include <catch2/catch.hpp>

using namespace gapura;
using namespace gapura::simulated;

TEST_CASE("a control port that another server has is an error, even where that server would share it") {
  httplib::Server other;  // with SO_REUSEPORT, httplib's own choice
  const int taken = other.bind_to_any_port("127.0.0.1");
  REQUIRE(taken > 0);
  const auto post = Post::open({});
  REQUIRE(post);
  const auto control = Control::create(**post, taken);
  REQUIRE_FALSE(control);
  CHECK_THAT(control.error().message, Catch::Contains("is taken"));
}
