// SPDX-License-Identifier: Apache-2.0
#include "drivers/camera/link.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <random>

#include "drivers/camera/video_source.h"

using namespace gapura;
using namespace gapura::drivers::link;

namespace {

template <class Message>
void push(Inbox<Message>& inbox, std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const auto room = inbox.room();
    const std::size_t n = std::min(room.size(), bytes.size());
    std::memcpy(room.data(), bytes.data(), n);
    inbox.filled(n);
    bytes = bytes.subspan(n);
  }
}

Still picture(std::size_t size = 100) {
  Still still;
  still.jpeg.assign(size, 7);
  still.jpeg[0] = still.jpeg[size - 1] = 0xFF;
  still.jpeg[1] = 0xD8;
  still.jpeg[size - 2] = 0xFF;
  still.jpeg[size - 1] = 0xD9;
  still.width = 640;
  still.height = 360;
  still.captured = BootTime{Millis{1234}};
  return still;
}

}  // namespace

TEST_CASE("Messages arrive as they were sent, however the stream is cut", "[link]") {
  const Reading reading{BootTime{Millis{77}}, {"A", std::string("b\0c", 3)}, picture()};
  auto stream = encode(FromChild{reading});
  const auto health =
      encode(FromChild{Health{5, 4, 3, 2, BootTime{Millis{9}}, std::nullopt, std::nullopt, 1920, 1080, "why"}});
  stream.insert(stream.end(), health.begin(), health.end());
  Inbox<FromChild> inbox;
  std::vector<FromChild> messages;
  for (const auto byte : stream) {
    push(inbox, std::span(&byte, 1));
    auto next = inbox.next();
    REQUIRE(next.has_value());
    if (*next) messages.push_back(std::move(**next));
  }
  REQUIRE(messages.size() == 2);
  const auto& read = std::get<Reading>(messages[0]);
  CHECK(read.payloads == reading.payloads);
  CHECK(read.captured == reading.captured);
  CHECK(read.still.jpeg == reading.still.jpeg);
  const auto& heard = std::get<Health>(messages[1]);
  CHECK(heard.frames == 5);
  CHECK(heard.newest == BootTime{Millis{9}});
  CHECK_FALSE(heard.searching_since.has_value());
  CHECK(heard.detail == "why");
}

TEST_CASE("A learned view goes to the parent, and to the next child, whole", "[link]") {
  drivers::ViewBytes view(100'000);
  for (std::size_t i = 0; i < view.size(); ++i) view[i] = static_cast<std::uint8_t>(i * 7);
  Inbox<FromChild> parent;
  push(parent, encode(FromChild{LearnedView{view}}));
  CHECK(std::get<LearnedView>(parent.next().value().value()).view == view);
  Settings settings;
  settings.picture.moved = Millis{12'345};
  settings.view = view;
  Inbox<ToChild> child;
  push(child, encode(ToChild{settings}));
  push(child, encode(ToChild{AcceptView{}}));
  const ToChild heard = child.next().value().value();
  CHECK(std::get<Settings>(heard).picture.moved == Millis{12'345});
  CHECK(std::get<Settings>(heard).view == view);
  CHECK(std::holds_alternative<AcceptView>(child.next().value().value()));
}

TEST_CASE("What a child must not say ends the conversation", "[link]") {
  auto refused = [](std::vector<std::uint8_t> bytes) {
    Inbox<FromChild> inbox;
    push(inbox, bytes);
    return !inbox.next().has_value();
  };
  SECTION("a message longer than any") { CHECK(refused({0xFF, 0xFF, 0xFF, 0xFF, 16})); }
  SECTION("an unknown type") { CHECK(refused({0, 0, 0, 0, 99})); }
  SECTION("an order to itself") { CHECK(refused(encode(ToChild{Watch{BootTime{Millis{1}}}}))); }
  SECTION("a reading without payloads") { CHECK(refused(encode(FromChild{Reading{{}, {}, picture()}}))); }
  SECTION("a picture that is no JPEG") {
    Still still = picture();
    still.jpeg[0] = '<';
    CHECK(refused(encode(FromChild{Picture{true, still}})));
  }
  SECTION("a view larger than any") {
    auto bytes = encode(FromChild{LearnedView{drivers::ViewBytes(largest_view)}});
    bytes[5] = 1;  // low byte of the view's length
    bytes.push_back(0);
    ++bytes[0];
    CHECK(refused(bytes));
  }
  SECTION("bytes after the end of a message") {
    auto bytes = encode(FromChild{Picture{true, picture()}});
    bytes.push_back(0);
    ++bytes[0];
    CHECK(refused(bytes));
  }
  SECTION("a payload that claims to be longer than its message") {
    auto bytes = encode(FromChild{Reading{{}, {"A"}, picture()}});
    bytes[5 + 8 + 8] = 0xFF;  // low byte of the payload's length
    CHECK(refused(bytes));
  }
}

TEST_CASE("Oversized fields are cut or left out by the sender", "[link]") {
  Inbox<FromChild> inbox;
  push(inbox, encode(FromChild{Reading{{}, {std::string(9000, 'x')}, picture(largest_jpeg + 1)}}));
  auto next = inbox.next();
  REQUIRE(next.has_value());
  REQUIRE(next->has_value());
  const auto& reading = std::get<Reading>(**next);
  CHECK(reading.payloads[0].size() == 4096);
  CHECK(reading.still.jpeg.empty());
}

TEST_CASE("Any damage to a message is refused or gives values within bounds", "[link]") {
  std::mt19937 random(20260117);
  const auto whole = encode(FromChild{Reading{BootTime{Millis{77}}, {"AB", "C"}, picture(40)}});
  for (int round = 0; round < 20'000; ++round) {
    auto bytes = whole;
    for (unsigned change = 0; change <= random() % 3; ++change)
      bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
    Inbox<FromChild> inbox;
    push(inbox, bytes);
    auto next = inbox.next();
    if (!next || !*next) continue;
    if (const auto* reading = std::get_if<Reading>(&**next)) {
      REQUIRE(reading->payloads.size() <= 8);
      REQUIRE(reading->still.width <= 16384);
    }
  }
}

TEST_CASE("An address is shown without its password", "[link]") {
  using drivers::without_credentials;
  CHECK(without_credentials("rtsp://admin:se@cret@10.0.0.9:554/ch1") == "rtsp://10.0.0.9:554/ch1");
  CHECK(without_credentials("rtsp://10.0.0.9/user@home") == "rtsp://10.0.0.9/user@home");
  CHECK(without_credentials("/dev/video0") == "/dev/video0");
}
