// SPDX-License-Identifier: Apache-2.0
// Guessing stays slow for an attacker who has any number of names.
#include "gateway/web/http/throttle.h"

#include <catch2/catch.hpp>

#include "gateway/web/api/auth.h"
#include "gateway/web/post.h"

using namespace gapura;
using namespace gapura::test;

namespace {

// The part of the web that judges tries, alone, so that a request may have any address.
struct Gatekeeper {
  Post post;
  WebContext context{post.settings,
                     post.folder,
                     *post.core,
                     PictureStore::open(post.folder, key_maker(*post.core)).value(),
                     {},
                     {},
                     {},
                     {}};
  Auth auth{context};
  Now now = shifted_now(Millis(0));

  bool may_try(const std::string& name, const std::string& address) {
    Request request;
    request.peer = request.peer_key = address;
    try {
      auth.begin_login(request, name, now);
      return true;
    } catch (const Problem&) {
      return false;
    }
  }
};

}  // namespace

TEST_CASE("No number of other names refills a bucket") {
  Throttle throttle;
  const Throttle::Rate rate{5, std::chrono::seconds(60)};
  BootTime now{std::chrono::hours(1)};
  for (int i = 0; i < 5; ++i) REQUIRE(throttle.take("victim", rate, now));
  REQUIRE_FALSE(throttle.take("victim", rate, now));
  for (int i = 0; i < 30'000; ++i) {
    if (i % 1'000 == 0) now += std::chrono::seconds(1);
    throttle.take("name" + std::to_string(i), rate, now);
  }
  CHECK(throttle.size() <= 10'000);
  CHECK_FALSE(throttle.take("victim", rate, now));    // half a minute: not one try earned
  CHECK_FALSE(throttle.take("newcomer", rate, now));  // strict where there is no room, not full
  // What has refilled meanwhile makes room again.
  now += std::chrono::minutes(5);
  for (int i = 0; i < 5; ++i) CHECK(throttle.take("newcomer", rate, now));
  CHECK(throttle.take("victim", rate, now));
}

TEST_CASE("An address that failed too often makes no buckets of invented names, and refills none") {
  Gatekeeper it;
  for (int i = 0; i < 5; ++i) REQUIRE(it.may_try("sari", "192.0.2." + std::to_string(i)));
  REQUIRE_FALSE(it.may_try("sari", "192.0.2.99"));
  int tried = 0;
  for (int i = 0; i < 25'000; ++i) tried += it.may_try("orang" + std::to_string(i), "198.51.100.1");
  CHECK(tried == 20);
  CHECK_FALSE(it.may_try("sari", "192.0.2.100"));
  CHECK(it.may_try("budi", "192.0.2.100"));
}
