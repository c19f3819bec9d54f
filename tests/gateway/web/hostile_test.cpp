// SPDX-License-Identifier: Apache-2.0
// What no proper client sends.
#include <algorithm>
#include <catch2/catch.hpp>

#include "gateway/web/client.h"
#include "gateway/web/http/throttle.h"

using namespace gapura;
using namespace gapura::test;

namespace {

std::string status_of(const Post& post, const std::string& bytes) {
  RawClient raw(post.socket());
  raw.send(bytes);
  raw.read_until("\r\n\r\n");
  return raw.received.substr(0, 12);
}

}  // namespace

TEST_CASE("Requests that are not exactly HTTP/1.1 are refused and the connection is closed") {
  Post post;
  const std::string host = "Host: localhost\r\n";
  CHECK(status_of(post, "GET /healthz HTTP/1.1\r\n" + host + "\r\n") == "HTTP/1.1 200");
  const std::string post_users = "POST /api/v1/users HTTP/1.1\r\n" + host;
  const std::vector<std::string> broken{"GET /healthz\r\n\r\n",
                                        post_users + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
                                        post_users + "Content-Length: -1\r\n\r\n",
                                        post_users + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                                        "GET /healthz HTTP/1.1\r\nHost : localhost\r\n\r\n",
                                        "GET /healthz HTTP/1.1\nHost: localhost\n\n",
                                        "GET http://evil.example/ HTTP/1.1\r\n" + host + "\r\n",
                                        std::string("\x16\x03\x01\x02\x00\x01\r\n\r\n", 10)};
  for (const std::string& bytes : broken) {
    INFO(bytes);
    CHECK(status_of(post, bytes) == "HTTP/1.1 400");
  }
  CHECK(status_of(post, "POST /api/v1/users HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n") ==
        "HTTP/1.1 411");
  CHECK(status_of(post, "GET /healthz HTTP/1.0\r\n" + host + "\r\n") == "HTTP/1.1 505");
  CHECK(status_of(post, "GET /healthz HTTP/1.1\r\n" + host + "X: " + std::string(9'000, 'a') + "\r\n\r\n") ==
        "HTTP/1.1 431");
  CHECK(status_of(post, "POST /api/v1/pictures HTTP/1.1\r\n" + host + "Content-Length: 99000000\r\n\r\n") ==
        "HTTP/1.1 413");
  RawClient raw(post.socket());
  raw.send("BROKEN\r\n\r\n");
  CHECK(raw.closed_within(patience));
}

TEST_CASE("Two requests in one packet get two answers in order") {
  Post post;
  RawClient raw(post.socket());
  raw.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n");
  REQUIRE(raw.read_until("ready\n"));
  CHECK(raw.received.find("ok\n") < raw.received.find("ready\n"));
}

TEST_CASE("Only this site's names and the address that was reached are answered") {
  Post post;
  Client browser(post);
  for (const char* good : {"localhost", "127.0.0.1", "LOCALHOST:8443", "pos.example:1"})
    CHECK(browser.get("/healthz", {"Host: " + std::string(good)}).status == 200);
  for (const char* bad : {"evil.example", "192.168.1.1", "localhost.evil.example", "[::1", "localhost@evil"})
    CHECK(browser.get("/healthz", {"Host: " + std::string(bad)}).status == 421);
  RawClient raw(post.port());
  raw.send("GET /healthz HTTP/1.1\r\n\r\n");
  CHECK(raw.read_until("HTTP/1.1 421"));
  RawClient twice(post.port());
  twice.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n");
  CHECK(twice.read_until("HTTP/1.1 4"));
}

TEST_CASE("Every response carries the security headers, also those of errors") {
  Post post;
  Client browser(post);
  for (const char* path : {"/", "/api/v1/session", "/api/v1/setup", "/nothing.js", "/healthz"}) {
    const Answer answer = browser.get(path);
    INFO(path);
    CHECK(answer.header("content-security-policy").starts_with("default-src 'none'; script-src 'self'"));
    CHECK(answer.header("content-security-policy").find("unsafe") == std::string::npos);
    CHECK(answer.header("x-content-type-options") == "nosniff");
    CHECK(answer.header("referrer-policy") == "no-referrer");
    CHECK(answer.header("cross-origin-opener-policy") == "same-origin");
    CHECK(answer.header("cross-origin-resource-policy") == "same-origin");
    CHECK(answer.header("server").empty());
  }
  CHECK(browser.get("/api/v1/setup").header("cache-control") == "no-store");
}

TEST_CASE("No path leads out of the console or around the table") {
  Post post;
  Client browser(post);
  for (const char* path : {"/../gapura.db", "/%2e%2e/gapura.db", "/..%2fgapura.db", "/a/../../etc/passwd", "/%00", "/..\\x",
                           "/a%2fb", "/api/v1/../v1/users", "/api/v1/%2e%2e/users"}) {
    INFO(path);
    const int status = browser.get(path).status;
    CHECK((status == 400 || status == 404));
  }
  CHECK(browser.get("/visits").status == 200);  // a screen of the console
  CHECK(browser.get("/none.js").status == 404);
  CHECK(browser.post("/visits", "{}").status == 405);
  CHECK(browser.request("HEAD", "/healthz", "", {}).status == 200);
}

TEST_CASE("Three hundred slow clients delay no guard") {
  Post post;
  Client guard = signed_in(post, "sari");
  std::vector<RawClient> slow;
  for (int i = 0; i < 300; ++i) {
    slow.emplace_back(post.port(), "127.0.2." + std::to_string(1 + i / 50));
    REQUIRE(slow.back().connected());
    slow.back().send("GET /healthz HTTP/1.1\r\nX-Slow: ");
  }
  auto worst = std::chrono::steady_clock::duration::zero();
  for (int round = 0; round < 20; ++round) {
    for (auto& client : slow) client.send("x");
    const auto asked = std::chrono::steady_clock::now();
    CHECK(guard.get("/api/v1/visits").status == 200);
    worst = std::max(worst, std::chrono::steady_clock::now() - asked);
  }
  CHECK(worst < WebPace().http.header / 2);  // one that was waited for would have cost all of it
  WARN("slowest answer among 300 slow clients: " << std::chrono::duration_cast<Millis>(worst).count() << " ms");
}

TEST_CASE("A client that sends its header byte by byte is cut when its time is over") {
  WebPace pace;
  CHECK(pace.http.header <= std::chrono::seconds(10));
  pace.http.header = std::chrono::milliseconds(700);
  Post post(false, {}, pace);
  const auto begin = std::chrono::steady_clock::now();
  RawClient slow(post.port());
  slow.send("GET /healthz HTTP/1.1\r\nX-Slow: ");
  CHECK(tests::wait_until([&] { return !slow.send("x"); }));
  CHECK(std::chrono::steady_clock::now() - begin >= pace.http.header);
}

TEST_CASE("One address gets so many connections and no more, and others are not touched") {
  Post post;
  const auto crowd = crowd_from(post, "127.0.3.1", 70);
  CHECK(std::ranges::count_if(crowd, &RawClient::connected) == 64);
  CHECK(RawClient(post.port(), "127.0.3.2").connected());
}

TEST_CASE("A house full of silent clients still has room for a guard") {
  Post post;
  Client guard = signed_in(post, "sari");
  std::vector<RawClient> silent;
  for (int i = 0; i < 600; ++i) {
    silent.emplace_back(post.port(), "127.0.4." + std::to_string(1 + i / 60));
    REQUIRE(silent.back().connected());
  }
  CHECK(guard.get("/api/v1/visits").status == 200);
  CHECK(silent.front().closed_within(patience));
  CHECK(silent.back().send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  CHECK(silent.back().read_until("HTTP/1.1 200"));
}

TEST_CASE("Old versions of TLS are refused") {
  Post post;
  const std::string port = std::to_string(post.port());
  RawClient now(post.port());
  CHECK(now.connected());
  CHECK(RawClient::try_version(post.port(), 0x0303));        // 1.2
  CHECK_FALSE(RawClient::try_version(post.port(), 0x0302));  // 1.1
}

TEST_CASE("A bucket refills with time and never above its size") {
  gateway::Throttle throttle;
  const gateway::Throttle::Rate rate{2, std::chrono::seconds(10)};
  BootTime now{};
  CHECK(throttle.take("a", rate, now));
  CHECK(throttle.take("a", rate, now));
  CHECK_FALSE(throttle.take("a", rate, now));
  CHECK(throttle.take("b", rate, now));
  now += std::chrono::seconds(10);
  CHECK(throttle.take("a", rate, now));
  CHECK_FALSE(throttle.take("a", rate, now));
  now += std::chrono::hours(1);
  for (int i = 0; i < 2; ++i) CHECK(throttle.take("a", rate, now));
  CHECK_FALSE(throttle.take("a", rate, now));
  for (int i = 0; i < 20'000; ++i) throttle.take(std::to_string(i), rate, now);
  CHECK(throttle.size() <= 10'000);
}
