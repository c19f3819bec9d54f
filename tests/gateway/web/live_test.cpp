// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <regex>

#include "gateway/web/client.h"
#include "support/wait_until.h"

using namespace gapura;
using namespace gapura::test;
using namespace std::chrono_literals;

namespace {

RawClient look(const Post& post, Client& who, const std::string& camera = "cam-gate") {
  RawClient raw(post.port(), "127.0.0.1");
  raw.send("GET /api/v1/cameras/" + camera +
           "/live.mjpeg HTTP/1.1\r\nHost: localhost\r\nCookie: __Host-sid=" + who.cookies["__Host-sid"] + "\r\n\r\n");
  return raw;
}

StillPtr picture(int number) {
  auto still = std::make_shared<Still>();
  const std::string mark = "picture " + std::to_string(number) + ";";
  still->jpeg.assign(mark.begin(), mark.end());
  return still;
}

bool watched(Post& post, std::size_t listeners) {
  return tests::wait_until([&] { return post.camera.listeners() == listeners; });
}

}  // namespace

TEST_CASE("Live pictures go to every viewer, by one listener that is gone after the last") {
  Post post;
  Client guard = signed_in(post, "sari"), aide = signed_in(post, "budi");
  {
    auto one = look(post, guard), other = look(post, aide);
    REQUIRE(one.read_until("\r\n\r\n"));
    REQUIRE(other.read_until("\r\n\r\n"));
    CHECK(one.received.find("Content-Type: multipart/x-mixed-replace; boundary=frame") != std::string::npos);
    REQUIRE(watched(post, 1));
    int number = 0;
    const auto sees = [&](RawClient& viewer) {
      return tests::wait_until([&] {
        post.camera.picture(picture(++number));
        return viewer.read_until("picture ", 50ms);
      });
    };
    CHECK(sees(one));
    CHECK(sees(other));
    CHECK(one.received.find("Content-Length: ") != std::string::npos);
    CHECK(post.camera.listeners() == 1);
  }
  CHECK(watched(post, 0));
}

TEST_CASE("Who does not read misses pictures, and holds up neither the camera nor the others") {
  Post post;
  Client guard = signed_in(post, "sari"), aide = signed_in(post, "budi");
  auto slow = look(post, guard), quick = look(post, aide);
  REQUIRE(quick.read_until("\r\n\r\n"));
  REQUIRE(watched(post, 1));
  auto large = std::make_shared<Still>();
  large->jpeg.assign(200'000, 'x');
  for (int i = 0; i < 400; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    post.camera.picture(large);
    REQUIRE(std::chrono::steady_clock::now() - begin < patience);
  }
  // 80 MB were made; the one that reads gets the newest, however many the other has missed.
  REQUIRE(tests::wait_until([&] {
    post.camera.picture(picture(7));
    return quick.read_until("picture 7;", 100ms);
  }));
}

TEST_CASE("A third live picture of one session ends its first; unknown cameras and strangers get none") {
  Post post;
  Client guard = signed_in(post, "sari");
  auto first = look(post, guard);
  REQUIRE(first.read_until("\r\n\r\n"));
  auto second = look(post, guard);
  REQUIRE(second.read_until("\r\n\r\n"));
  auto third = look(post, guard);
  REQUIRE(third.read_until("\r\n\r\n"));
  CHECK(first.closed_within(patience));
  auto nowhere = look(post, guard, "cam-nowhere");
  REQUIRE(nowhere.read_until("\r\n\r\n"));
  CHECK(nowhere.received.find("HTTP/1.1 404") == 0);
  Client stranger = signed_in(post, "budi");
  stranger.cookies["__Host-sid"] = "nonsense";
  auto refused = look(post, stranger);
  REQUIRE(refused.read_until("\r\n\r\n"));
  CHECK(refused.received.find("HTTP/1.1 401") == 0);
}

TEST_CASE("A clip is served as it was kept, to any signed-in account") {
  Post post;
  Client guard = signed_in(post, "sari");
  auto store = PictureStore::open(post.folder, key_maker(*post.core));
  REQUIRE(store);
  const std::string bytes = std::string("\0\0\0\x18", 4) + "ftypisom" + std::string(500, 'v');
  const auto hash = store->keep_clip(bytes);
  REQUIRE(hash);
  CHECK_FALSE(store->keep_clip("<html>").has_value());
  const auto answer = guard.get("/api/v1/clips/" + *hash + ".mp4");
  CHECK(answer.status == 200);
  CHECK(answer.body == bytes);
  CHECK(guard.get("/api/v1/clips/" + std::string(64, '0') + ".mp4").status == 404);
  CHECK(guard.get("/api/v1/pictures/" + *hash + ".jpg").status == 404);  // a clip is no picture
}
