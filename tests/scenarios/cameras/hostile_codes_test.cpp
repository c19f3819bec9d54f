// SPDX-License-Identifier: Apache-2.0
// Five hundred and twelve hostile codes held to real cameras: RTSP, the camera's child, the core, the journal, the API.
#include <fmt/format.h>

#include <cstdio>
#include <deque>

#include "running_post.h"
#include "support/hostile_payloads.h"

using namespace gapura;
using namespace gapura::tests;

namespace {

constexpr std::uint32_t seed = 20261125;
constexpr std::size_t how_many = 512;

// One camera that is shown one code after another, the next as soon as the journal has the one before.
struct Lane {
  std::string camera, point;
  std::deque<std::string> waiting;
  std::string shown;
  std::chrono::steady_clock::time_point since;

  bool done() const { return shown.empty() && waiting.empty(); }
};

void show(RunningPost& post, Lane& lane) {
  lane.since = std::chrono::steady_clock::now();
  const Status held = post.camera(lane.camera).show_sheet(lane.shown, patience);
  INFO(escape_payload(lane.shown));
  REQUIRE(held);
}

void show_next(RunningPost& post, Lane& lane) {
  lane.shown.clear();
  if (lane.waiting.empty()) return post.camera(lane.camera).clear();
  lane.shown = std::move(lane.waiting.front());
  lane.waiting.pop_front();
  show(post, lane);
}

// Held until it is recorded.
void check_patience(const Lane& lane) {
  INFO("not recorded: " << lane.camera << " " << escape_payload(lane.shown) << ", " << lane.shown.size() << " bytes");
  REQUIRE(std::chrono::steady_clock::now() - lane.since < patience);
}

// Nothing in an answer may act in whatever shows it.
bool is_harmless(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte < 0x7f && std::string_view("\"'<>&`").find(c) == std::string_view::npos;
  });
}

}  // namespace

TEST_CASE("512 hostile codes held to real cameras open nothing, stop nothing, and are recorded escaped") {
  RunningPost post;
  std::vector<Lane> lanes{
      {"gate", "gate.in", {}, "", {}}, {"exit", "gate.out", {}, "", {}}, {"door", "inner-door.in", {}, "", {}}};
  const auto payloads = HostilePayloads(seed).make(how_many);
  REQUIRE(payloads.size() == how_many);
  for (std::size_t i = 0; i < payloads.size(); ++i) lanes[i % lanes.size()].waiting.push_back(payloads[i]);

  const int daemon = post.daemon().pid();
  const auto begin = std::chrono::steady_clock::now();
  std::size_t recorded = 0, badge_like = 0;
  for (auto& lane : lanes) show_next(post, lane);
  std::int64_t last = post.get("admin", "/api/v1/events?limit=1").at("last").to_number<std::int64_t>();
  while (!std::all_of(lanes.begin(), lanes.end(), [](const Lane& lane) { return lane.done(); })) {
    const auto answer = post.get("admin", fmt::format("/api/v1/events?limit=1000&after={}", last));
    last = answer.at("last").to_number<std::int64_t>();
    for (const auto& value : answer.at("events").as_array()) {
      const json::object& event = value.as_object();
      if (text(event, "type") != "access_denied") continue;
      for (auto& lane : lanes) {
        if (text(event, "point") != lane.point || lane.shown.empty()) continue;
        const bool ours = std::holds_alternative<TokenBytes>(parse_token(lane.shown));
        const auto reasons = reasons_of(event);
        const std::string note = text(event, "note");
        if (!ours && note != escape_payload(lane.shown)) continue;
        CAPTURE(note);
        CHECK(std::count(reasons.begin(), reasons.end(), ours ? "unknown_badge" : "malformed_payload") == 1);
        CHECK(is_harmless(note));
        CHECK(json::serialize(event).find('\x7f') == std::string::npos);
        ++recorded;
        badge_like += ours ? 1 : 0;
        show_next(post, lane);
      }
    }
    for (auto& lane : lanes)
      if (!lane.shown.empty()) check_patience(lane);
    // A frame of the camera; the answer to the next question will hold what it showed.
    (void)wait_until([] { return false; }, 30ms);
  }
  std::printf("%zu hostile codes (%zu in the form of a badge) in %.1f s\n", recorded, badge_like,
              std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());

  CHECK(recorded == how_many);
  CHECK(post.pulses() == 0);
  CHECK(post.get("admin", "/api/v1/events?type=access_granted").at("events").as_array().empty());
  CHECK(post.daemon().running());
  CHECK(post.daemon().pid() == daemon);
  const auto devices = post.get("admin", "/api/v1/devices");
  for (const auto& device : devices.at("devices").as_array())
    if (text(device.as_object(), "kind") == "camera") {
      CAPTURE(json::serialize(device));
      CHECK(device.at("online").as_bool());
      CHECK(device.at("stats").at("restarts").to_number<double>() == 0);
    }
  // The raw answer, as a script would read it, and the daemon's own log.
  const std::string raw = post.get_bytes("admin", "/api/v1/events?limit=1000&type=access_denied");
  CHECK(std::all_of(raw.begin(), raw.end(),
                    [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f && c != '<'; }));
  const std::string log = post.daemon().output();
  CHECK(std::all_of(log.begin(), log.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x20 || c == '\n'; }));
}
