// SPDX-License-Identifier: Apache-2.0
// Refused sign-ins and requests are in the journal, few of them however many they were, on the real core.
#include <catch2/catch.hpp>

#include "gateway/settings/setup_code.h"
#include "gateway/web/client.h"
#include "gateway/web/real_post.h"
#include "support/wait_until.h"

using namespace gapura;
using namespace gapura::test;
using gapura::tests::wait_until;
namespace json = boost::json;

namespace {

struct WatchedPost {
  RealPost post;
  Client admin = signed_in(post, "wayan");
  std::string address = "127.0.0.1";

  json::array entries(const std::string& type) {
    return admin.get("/api/v1/events?limit=500&type=" + type).json().at("events").as_array();
  }
  // The entries of a type, once there are so many: they are written after the answer.
  json::array wait_for(const std::string& type, std::size_t count) {
    json::array found;
    CHECK(wait_until([&] { return (found = entries(type)).size() >= count; }));
    CHECK(found.size() == count);
    return found;
  }
  std::int64_t times(const json::array& of) {
    std::int64_t sum = 0;
    for (const auto& entry : of) sum += entry.at("data").at("times").as_int64();
    return sum;
  }
};

std::string member(const json::value& entry, const char* name) {
  const auto* value = entry.at("data").as_object().if_contains(name);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

// One request from an address of its own, with a made-up session.
void forged_from(int port, const std::string& address) {
  RawClient raw(port, address);
  raw.send("GET /api/v1/visits HTTP/1.1\r\nHost: localhost\r\nCookie: __Host-sid=" + std::string(43, 'A') + "\r\n\r\n");
  raw.read_until("\r\n\r\n");
}

}  // namespace

TEST_CASE("A wrong password is entered with the account, the address and whether the device is known") {
  WatchedPost it;
  Client guard = signed_in(it.post, "sari");
  CHECK(guard.login("sari", "bukan kata sandinya").status == 401);
  CHECK(Client(it.post).login("SARI", "bukan kata sandinya").status == 401);
  const auto found = it.wait_for("sign_in_refused", 1);  // the same account and address within a minute
  REQUIRE(found.size() == 1);
  CHECK(found[0].at("actor").as_string() == "system");  // who typed it is not known
  CHECK(member(found[0], "why") == "wrong");
  CHECK(member(found[0], "account") == "sari");
  CHECK(member(found[0], "address") == "127.0.0.1");
  CHECK(member(found[0], "device") == "known");
  CHECK(it.times(found) == 1);
  it.post.later(std::chrono::minutes(1));
  const auto later = it.wait_for("sign_in_refused", 2);
  REQUIRE(later.size() == 2);
  CHECK(member(later[1], "device") == "unknown");
  CHECK(it.times(later) == 2);
}

TEST_CASE("A name that is no account's is not written down: it may be a user's password") {
  WatchedPost it;
  const std::string typed = "tiga kerbau minum teh";
  CHECK(Client(it.post).login(typed, "x").status == 401);
  const auto found = it.wait_for("sign_in_refused", 1);
  REQUIRE(found.size() == 1);
  CHECK(member(found[0], "account") == "unknown");
  CHECK(json::serialize(found).find("kerbau") == std::string::npos);
}

TEST_CASE("Throttled sign-ins are entered once, and their number a minute later") {
  WatchedPost it;
  Client stranger(it.post);
  int throttled = 0;
  for (int i = 0; i < 45; ++i) throttled += stranger.login("sari", "tebakan nomor " + std::to_string(i)).status == 429;
  REQUIRE(throttled >= 39);  // a slow machine earns a try
  const auto of = [&](const char* why) {
    json::array some;
    for (const auto& entry : it.entries("sign_in_refused"))
      if (member(entry, "why") == why) some.push_back(entry);
    return some;
  };
  CHECK(wait_until([&] { return of("throttled").size() == 1; }));
  it.post.later(std::chrono::minutes(1));
  CHECK(wait_until([&] { return of("throttled").size() == 2; }));
  CHECK(it.times(of("throttled")) == throttled);
  CHECK(member(of("throttled").at(0), "account") == "sari");
  CHECK(wait_until([&] { return it.times(of("wrong")) == 45 - throttled; }));
}

TEST_CASE("A wrong setup code is entered") {
  WatchedPost it;
  REQUIRE(store_setup_code(it.post.folder, "K7QF-2M9X-PD4T"));
  CHECK(Client(it.post).post("/api/v1/setup", R"({"code":"K7QF-2M9X-PD4U","name":"w","password":"x"})").status == 403);
  const auto found = it.wait_for("sign_in_refused", 1);
  REQUIRE(found.size() == 1);
  CHECK(member(found[0], "why") == "code");
}

TEST_CASE("Made-up and ended sessions, other roles and other sites are entered with their route") {
  WatchedPost it;
  forged_from(it.post.port(), "127.0.5.1");
  auto found = it.wait_for("request_refused", 1);
  REQUIRE(found.size() == 1);
  CHECK(member(found[0], "why") == "no_session");
  CHECK(member(found[0], "address") == "127.0.5.1");
  CHECK(member(found[0], "route") == "GET /visits");
  CHECK(member(found[0], "account") == "unknown");

  Client guard = signed_in(it.post, "sari");
  CHECK(guard.get("/api/v1/users").status == 403);
  found = it.wait_for("request_refused", 2);
  REQUIRE(found.size() == 2);
  CHECK(member(found[1], "why") == "role");
  CHECK(member(found[1], "account") == "sari");
  CHECK(found[1].at("actor").as_string() == "sari");
  CHECK(member(found[1], "route") == "GET /users");

  CHECK(guard.post("/api/v1/shift/start", "{}", {"Sec-Fetch-Site: cross-site"}).status == 403);
  found = it.wait_for("request_refused", 3);
  REQUIRE(found.size() == 3);
  CHECK(member(found[2], "why") == "origin");

  // A body that is not read is refused, and entered, by the same words.
  Client aide = signed_in(it.post, "budi");
  CHECK(aide.request("POST", "/api/v1/pictures", std::string(70'000, 'x'), {"Content-Type: image/jpeg"}).status == 403);
  found = it.wait_for("request_refused", 4);
  REQUIRE(found.size() == 4);
  CHECK(member(found[3], "why") == "role");
  CHECK(member(found[3], "account") == "budi");

  CHECK(Client(it.post).get("/api/v1/visits").status == 401);  // no account was signed in: no entry
  it.post.later(std::chrono::minutes(31));
  CHECK(guard.get("/api/v1/visits").status == 401);
  it.admin = signed_in(it.post, "wayan");
  found = it.wait_for("request_refused", 5);
  REQUIRE(found.size() == 5);
  CHECK(member(found[4], "why") == "ended");
  CHECK(member(found[4], "account") == "sari");
}

TEST_CASE("Who signs in is entered with address and device") {
  WatchedPost it;
  Client guard = signed_in(it.post, "sari");
  REQUIRE(guard.login("sari").status == 200);
  const auto found = it.entries("session_opened");
  REQUIRE(found.size() == 3);
  CHECK(member(found[1], "address") == "127.0.0.1");
  CHECK(member(found[1], "device") == "unknown");
  CHECK(member(found[2], "device") == "known");
}

TEST_CASE("Three hundred devices with made-up sessions fill no journal, and none of them is forgotten") {
  WatchedPost it;
  for (int i = 0; i < 300; ++i)
    forged_from(it.post.port(), "127.1." + std::to_string(i / 100) + "." + std::to_string(1 + i % 100));
  const auto first = it.entries("request_refused").size();
  CHECK(first >= 20);
  CHECK(first <= 60);
  it.post.later(std::chrono::minutes(1));
  CHECK(wait_until([&] { return it.times(it.entries("request_refused")) == 300; }));
  const auto found = it.entries("request_refused");
  CHECK(found.size() <= first + 30);
  const auto several = [](const auto& entry) { return member(entry, "address") == "several"; };
  CHECK(std::count_if(found.begin(), found.end(), several) >= 1);
}
