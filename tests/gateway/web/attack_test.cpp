// SPDX-License-Identifier: Apache-2.0
// The server while a client on the network tries to lock others out, at the socket.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

#include "gateway/web/client.h"
#include "support/skip.h"
#include "support/wait_until.h"

using namespace gapura;
using namespace gapura::test;
using gapura::tests::wait_until;

namespace {

constexpr std::size_t large = std::size_t{5} * 1024 * 1024;  // the largest picture

std::string post_head(const std::string& path, std::size_t length, const std::string& more = "") {
  return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nX-Gapura: 1\r\nContent-Length: " + std::to_string(length) +
         "\r\n" + more + "\r\n";
}
std::string sign_in(const std::string& name, const std::string& password, const std::string& more = "") {
  const std::string body = R"({"name":")" + name + R"(","password":")" + password + "\"}";
  return post_head("/api/v1/session", body.size(), "Content-Type: application/json\r\n" + more) + body;
}
std::string cookie_line(const Client& of) {
  std::string jar;
  for (const auto& [name, value] : of.cookies) jar += (jar.empty() ? "" : "; ") + name + '=' + value;
  return "Cookie: " + jar + "\r\n";
}
std::string picture_head(const Client* of, std::size_t length, const std::string& more = "") {
  return post_head("/api/v1/pictures", length, "Content-Type: image/jpeg\r\n" + more + (of ? cookie_line(*of) : ""));
}
// A picture whose scan is long, with the end's marker.
std::string large_jpeg() {
  const std::string small = small_jpeg();
  return small.substr(0, small.size() - 2) + std::string(large - small.size(), 'x') + "\xff\xd9";
}

bool has_answer(RawClient& raw) { return raw.read_until("\r\n\r\n", Millis(5)); }
std::string address(int net, int host) { return "127.0." + std::to_string(net) + "." + std::to_string(host); }

}  // namespace

TEST_CASE("On an IPv6 listener each IPv4 address counts alone, and the post answers by its IPv4 address") {
  if (!std::filesystem::exists("/proc/net/if_inet6")) SKIP_TEST("this machine has no IPv6");
  Post post(false, [](Settings& settings) { settings.http.listen = "::"; });
  const auto status_of = [&](const std::string& path, const std::string& host) {
    RawClient raw(post.port());
    raw.send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    raw.read_until("\r\n\r\n");
    return raw.received.substr(0, 12);
  };
  CHECK(status_of("/healthz", "127.0.0.1:8443") == "HTTP/1.1 200");
  CHECK(status_of("/healthz", "[::ffff:127.0.0.1]:8443") == "HTTP/1.1 200");
  CHECK(status_of("/healthz", "127.0.0.9") == "HTTP/1.1 421");
  CHECK(status_of("/metrics", "localhost") == "HTTP/1.1 200");  // this machine, also through a mapped address
  const auto crowd = crowd_from(post, "127.0.3.1", 70);
  CHECK(std::ranges::count_if(crowd, &RawClient::connected) == 64);
  CHECK(RawClient(post.port(), "127.0.3.2").connected());
}

TEST_CASE("Strangers who fill the queue of sign-ins keep out no known device, and throttled tries take no place in it") {
  Post post;
  Client guard = signed_in(post, "sari");
  for (int i = 0; i < 5; ++i) REQUIRE(Client(post).login("made", "tebakan nomor " + std::to_string(i)).status == 401);
  // The one hashing thread is held: a sign-in waits for the core.
  post.core->hold();
  const int before = post.core->commands();
  RawClient blocker(post.port(), address(7, 1));
  blocker.send(sign_in("budi", good_password));
  REQUIRE(wait_until([&] { return post.core->commands() > before; }));
  std::vector<RawClient> strangers;
  for (int i = 0; i < 32; ++i) {
    strangers.emplace_back(post.port(), address(8, 1 + i / 4));
    REQUIRE(strangers.back().send(sign_in("orang" + std::to_string(i), "bukan kata sandinya")));
  }
  const auto answered = [&] { return std::count_if(strangers.begin(), strangers.end(), has_answer); };
  REQUIRE(wait_until([&] { return answered() == 8; }));
  for (RawClient& one : strangers)
    if (has_answer(one)) CHECK(one.received.starts_with("HTTP/1.1 503"));

  RawClient throttled(post.port(), address(9, 1));
  throttled.send(sign_in("made", good_password));
  CHECK(throttled.read_until("\r\n\r\n"));
  CHECK(throttled.received.starts_with("HTTP/1.1 429"));

  // The known device waits behind the request being hashed, and before all unknown devices.
  RawClient known(post.port(), address(9, 2));
  known.send(sign_in("sari", good_password, cookie_line(guard)));
  CHECK_FALSE(known.read_until("\r\n\r\n", std::chrono::milliseconds(200)));
  post.core->go_on();
  CHECK(known.read_until("\r\n\r\n"));
  CHECK(known.received.starts_with("HTTP/1.1 200"));
  CHECK(answered() < 8 + 12);
  CHECK(wait_until([&] { return answered() == 32; }));
}

TEST_CASE("While ten addresses sign in without end, a guard on a known device signs in every time") {
  Post post;
  Client guard = signed_in(post, "sari");
  std::atomic<bool> over{false};
  std::atomic<int> refused{0};
  std::vector<std::thread> crowd;
  for (int from = 1; from <= 10; ++from)
    crowd.emplace_back([&, from] {
      std::vector<RawClient> mine;
      for (int i = 0; i < 5; ++i) mine.emplace_back(post.port(), address(6, from));
      for (int round = 0; !over; ++round) {
        // Invented names, and that of the guard.
        for (std::size_t i = 0; i < mine.size(); ++i)
          mine[i].send(sign_in(i == 0 ? "sari" : "orang" + std::to_string(from * 1000 + round), "bukan kata sandinya"));
        for (RawClient& one : mine) {
          one.read_until("\"}");
          refused += !one.received.starts_with("HTTP/1.1 401");
          one.received.clear();
        }
      }
    });
  CHECK(wait_until([&] { return refused > 20; }));
  for (int i = 0; i < 5; ++i) CHECK(guard.login("sari").status == 200);
  over = true;
  for (auto& thread : crowd) thread.join();
}

TEST_CASE("A large body is read only of those who are signed in and may send it") {
  Post post;
  std::vector<RawClient> strangers;
  for (int i = 0; i < 100; ++i) {
    strangers.emplace_back(post.port(), address(5, 1 + i / 50));
    REQUIRE(strangers.back().send(picture_head(nullptr, large)));
  }
  for (RawClient& one : strangers) {
    REQUIRE(one.read_until("\r\n\r\n"));
    CHECK(one.received.starts_with("HTTP/1.1 401"));
  }
  const auto judged = [&](const std::string& head) {
    RawClient raw(post.port(), address(5, 9));
    raw.send(head);
    raw.read_until("\r\n\r\n");
    CHECK(raw.closed_within(patience));
    return raw.received.substr(0, 12);
  };
  Client guard = signed_in(post, "sari"), aide = signed_in(post, "budi"), forged(post);
  forged.cookies["__Host-sid"] = std::string(43, 'A');
  CHECK(judged(picture_head(&forged, large)) == "HTTP/1.1 401");
  CHECK(judged(picture_head(&aide, large)) == "HTTP/1.1 403");
  CHECK(judged(picture_head(&guard, large, "Origin: https://evil.example\r\n")) == "HTTP/1.1 403");
  CHECK(judged(picture_head(nullptr, large, "Expect: 100-continue\r\n")) == "HTTP/1.1 401");
  CHECK(judged(post_head("/api/v1/visits", 60'000)) == "HTTP/1.1 401");   // every route
  CHECK(judged(post_head("/api/v1/nothing", 60'000)) == "HTTP/1.1 413");  // also those that do not exist
  RawClient proper(post.port(), address(5, 9));
  proper.send(picture_head(&guard, large, "Expect: 100-continue\r\n"));
  REQUIRE(proper.read_until("HTTP/1.1 100 Continue\r\n\r\n"));
  proper.send(large_jpeg());
  CHECK(proper.read_until("HTTP/1.1 201"));
}

TEST_CASE("All bodies together have a limit, which is given back when they are answered or cut") {
  Post post;
  Client guard = signed_in(post, "sari");
  const std::string head = picture_head(&guard, large, "Expect: 100-continue\r\n");
  const auto begun = [&](int host) {
    RawClient raw(post.port(), address(4, host));
    raw.send(head);
    raw.read_until("\r\n\r\n");
    return raw;
  };
  std::vector<RawClient> slow;
  for (int i = 0; i < 12; ++i) {  // 60 of 64 MiB
    slow.push_back(begun(1 + i));
    REQUIRE(slow.back().received.starts_with("HTTP/1.1 100"));
  }
  RawClient refused = begun(20);
  CHECK(refused.received.starts_with("HTTP/1.1 503"));
  CHECK(refused.received.find("Retry-After: ") != std::string::npos);
  // A guard's acts are small and go on.
  CHECK(guard.post("/api/v1/visits", R"({"name":"A","purpose":"b","whom":"c","category":"general"})").status == 201);
  slow.pop_back();  // cut
  CHECK(wait_until([&] { return begun(21).received.starts_with("HTTP/1.1 100"); }));
  slow.clear();
  const std::string picture = large_jpeg();
  for (int i = 0; i < 14; ++i) {  // answered
    INFO(i);
    const Answer kept = guard.request("POST", "/api/v1/pictures", picture, {"Content-Type: image/jpeg", "Expect:"});
    CHECK(kept.status == 201);
  }
}

TEST_CASE("A body that is too slow is cut, and its part of the limit is given back") {
  WebPace pace;
  CHECK(pace.http.body <= std::chrono::seconds(10));
  pace.http.body = Millis(700);
  pace.http.large_bodies = large;  // room for one
  Post post(false, {}, pace);
  Client guard = signed_in(post, "sari");
  for (int i = 0; i < 3; ++i) {
    RawClient slow(post.port());
    slow.send(picture_head(&guard, large, "Expect: 100-continue\r\n"));
    REQUIRE(slow.read_until("\r\n\r\n"));
    CHECK(slow.received.starts_with("HTTP/1.1 100"));
    CHECK(slow.closed_within(patience));
  }
}
