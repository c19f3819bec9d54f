// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <regex>

#include "gateway/web/client.h"

using namespace gapura;
using namespace gapura::test;

namespace {

RawClient stream(const Post& post, Client& who, const std::string& more = "", const std::string& from = "127.0.0.1",
                 const std::string& query = "") {
  RawClient raw(post.port(), from);
  raw.send("GET /api/v1/events/stream" + query +
           " HTTP/1.1\r\nHost: localhost\r\nCookie: __Host-sid=" + who.cookies["__Host-sid"] + "\r\n" + more + "\r\n");
  return raw;
}

std::vector<int> numbers(const std::string& received) {
  std::vector<int> all;
  const std::regex id("\nid: ([0-9]+)\n");
  for (std::sregex_iterator it(received.begin(), received.end(), id), end; it != end; ++it)
    all.push_back(std::stoi((*it)[1]));
  return all;
}

std::string frame(int number) { return "id: " + std::to_string(number) + "\n"; }

}  // namespace

TEST_CASE("A stream says hello at once and then sends every commit") {
  Post post;
  Client guard = signed_in(post, "sari");
  auto live = stream(post, guard);
  REQUIRE(live.read_until(": hello\n\n"));
  CHECK(live.received.find("HTTP/1.1 200") == 0);
  CHECK(live.received.find("Content-Type: text/event-stream") != std::string::npos);
  CHECK(live.received.find("retry: 1000") != std::string::npos);
  // "Starts at the next entry" counts from when the feed has taken the stream in; the first entry tells that it has.
  const auto first = static_cast<int>(post.core->append("access_denied", R"({"reasons":["revoked"]})", "", "u-sari"));
  auto second = static_cast<int>(post.core->append("device_online"));
  REQUIRE(live.read_until("\"number\":" + std::to_string(second)));
  CHECK(live.received.find("event: entry\n") != std::string::npos);
  if (live.received.find(frame(first)) != std::string::npos) {
    CHECK(live.received.find("\"actor\":\"sari\"") != std::string::npos);
    CHECK(live.received.find("\"reasons\":[\"revoked\"]") != std::string::npos);
  }
}

TEST_CASE("Last-Event-ID resumes without loss or duplicate, over many entries and while new ones come") {
  Post post;
  Client guard = signed_in(post, "sari");
  for (int i = 0; i < 700; ++i) post.core->append("device_online");
  auto live = stream(post, guard, "Last-Event-ID: 49\r\n");
  for (int i = 0; i < 50; ++i) post.core->append("device_offline");
  REQUIRE(live.read_until(frame(750)));
  const auto got = numbers(live.received);
  REQUIRE(got.size() >= 701);
  for (std::size_t i = 0; i < got.size(); ++i) REQUIRE(got[i] == static_cast<int>(i) + 50);
}

TEST_CASE("?after= resumes as well, and what is no number is refused") {
  Post post;
  Client guard = signed_in(post, "sari");
  post.core->append("device_online");
  auto live = stream(post, guard, "", "127.0.0.1", "?after=-1");
  CHECK(live.read_until(frame(1)));
  CHECK(numbers(live.received).front() == 1);  // 0 is the sign-in, which is not for a guard
  auto wrong = stream(post, guard, "Last-Event-ID: x\r\n");
  CHECK(wrong.read_until("HTTP/1.1 400"));
}

TEST_CASE("A stream says again and again up to which entry it has everything, also over one that is not for a guard") {
  WebPace pace;
  CHECK(pace.heartbeat < std::chrono::seconds(5));
  pace.heartbeat = Millis(100);
  Post post(false, {}, pace);
  Client guard = signed_in(post, "sari");
  auto live = stream(post, guard, "", "127.0.0.1", "?after=-1");
  const auto seen = post.core->append("device_online");
  REQUIRE(live.read_until(frame(static_cast<int>(seen))));
  const auto hidden = post.core->append("duress_signalled");
  REQUIRE(live.read_until("event: beat\ndata: {\"last\":" + std::to_string(hidden) + "}\n\n"));
  CHECK(live.received.find(frame(static_cast<int>(hidden))) == std::string::npos);
  live.received.clear();
  CHECK(live.read_until("event: beat\n"));
}

TEST_CASE("A stream ends when its account is disabled") {
  Post post;
  Client admin = signed_in(post, "wayan"), guard = signed_in(post, "sari");
  auto live = stream(post, guard);
  REQUIRE(live.read_until(": hello"));
  REQUIRE(admin.post("/api/v1/users/u-sari/disable", "{}").status == 200);
  CHECK(live.closed_within(patience));
}

TEST_CASE("A viewer that never reads is cut, and the others hear everything") {
  Post post;
  Client guard = signed_in(post, "sari");
  auto deaf = stream(post, guard), live = stream(post, guard);
  REQUIRE(deaf.read_until(": hello"));
  REQUIRE(live.read_until(": hello"));
  const std::string large = R"({"payload":")" + std::string(3'500, 'x') + "\"}";
  int last = 0;
  const auto metrics = [&] { return guard.get("/metrics").body; };
  bool cut = false;
  for (int round = 0; round < 60 && !cut; ++round) {
    for (int i = 0; i < 40; ++i) last = static_cast<int>(post.core->append("access_denied", large));
    REQUIRE(live.read_until(frame(last)));
    live.received.clear();
    cut = metrics().find("gapura_http_cut_streams_total 1\n") != std::string::npos;
  }
  CHECK(cut);
}

TEST_CASE("Five hundred viewers hear of an entry, and a guard is answered beside them") {
  Post post;
  Client guard = signed_in(post, "sari");
  std::vector<RawClient> viewers;
  for (int i = 0; i < 500; ++i) {
    viewers.push_back(stream(post, guard, "", "127.0.1." + std::to_string(1 + i / 50)));
    REQUIRE(viewers.back().connected());
  }
  for (auto& viewer : viewers) REQUIRE(viewer.read_until(": hello"));
  const auto last = static_cast<int>(post.core->append("device_online"));
  for (auto& viewer : viewers) REQUIRE(viewer.read_until(frame(last)));
  CHECK(guard.get("/api/v1/visits").status == 200);
}

TEST_CASE("The journal is read in pages that fit together") {
  Post post;
  Client guard = signed_in(post, "sari");
  for (int i = 0; i < 30; ++i) post.core->append(i % 2 ? "device_online" : "device_offline", "{}", i == 7 ? "v9" : "");
  const auto page = [&](const std::string& query) { return guard.get("/api/v1/events" + query).json(); };
  auto first = page("?after=-1&limit=20");
  CHECK(first.at("events").as_array().size() == 20);
  CHECK(first.at("last").as_int64() == 20);  // from 1: the sign-in is not for a guard
  auto rest = page("?after=20&limit=20");
  CHECK(rest.at("events").as_array().size() == 10);
  CHECK(rest.at("last").as_int64() == 30);
  auto newest = page("?limit=3").at("events").as_array();
  CHECK(newest.front().at("number").as_int64() == 28);
  CHECK(newest.back().at("number").as_int64() == 30);
  CHECK(page("?type=device_online").at("events").as_array().size() == 15);
  CHECK(page("?visit=v9").at("events").as_array().size() == 1);
  CHECK(guard.get("/api/v1/events?limit=x").status == 400);
}

TEST_CASE("An event names its pictures, and a kept picture names itself") {
  Post post;
  Client guard = signed_in(post, "sari");
  const auto scan = post.core->append("access_denied");
  const auto kept = post.core->append("picture_kept", R"({"hash":"abc","camera":"cam-gate"})");
  post.core->run_sql("INSERT INTO picture VALUES ('abc', " + std::to_string(scan) + ", 'cam-gate', 1)");
  const auto events = guard.get("/api/v1/events?after=" + std::to_string(scan - 1)).json().at("events").as_array();
  REQUIRE(events.size() == 2);
  CHECK(events[0].at("pictures").as_array().at(0).as_string() == "abc");
  CHECK(events[1].at("pictures").as_array().at(0).as_string() == "abc");
  CHECK(events[1].at("number").as_int64() == static_cast<std::int64_t>(kept));
}
