// SPDX-License-Identifier: Apache-2.0
// What cameras tell and keep, on the real daemon: faults by name, and the clip of a denial.
#include <algorithm>
#include <fstream>
#include <opencv2/videoio.hpp>

#include "models/base/sha256.h"
#include "running_post.h"

using namespace gapura;
using namespace gapura::tests;

namespace {

// The ring of the camera's child holds some seconds of the lane before anybody comes.
void wait_for_pictures(RunningPost& post, const std::string& camera, double pictures) {
  REQUIRE(wait_until([&] {
    const auto answer = post.get("admin", "/api/v1/devices");
    for (const auto& device : answer.at("devices").as_array())
      if (text(device.as_object(), "id") == camera) return device.at("stats").at("frames").to_number<double>() > pictures;
    return false;
  }));
}

// The clip as a screen gets it, played to its end: what it shows lasts as long as the record says, without a hole.
void check_plays(RunningPost& post, const json::object& kept, cv::Size size) {
  const std::string hash = text(kept, "data", "hash");
  const std::string clip = post.get_bytes("guard", "/api/v1/clips/" + hash + ".mp4");
  CHECK(clip.size() == kept.at("data").at("bytes").to_number<std::size_t>());
  const Hash found = sha256(clip);
  CHECK(to_hex({reinterpret_cast<const char*>(found.data()), found.size()}) == hash);

  const TemporaryFolder folder;
  const std::string file = folder.path() + "/clip.mp4";
  std::ofstream(file, std::ios::binary) << clip;
  cv::VideoCapture capture(file, cv::CAP_FFMPEG);
  REQUIRE(capture.isOpened());
  CHECK(capture.get(cv::CAP_PROP_FRAME_WIDTH) == size.width);
  CHECK(capture.get(cv::CAP_PROP_FRAME_HEIGHT) == size.height);
  cv::Mat picture;
  double first = -1, last = 0, longest_gap = 0;
  while (capture.read(picture)) {
    const double at = capture.get(cv::CAP_PROP_POS_MSEC);
    if (first < 0) first = last = at;
    longest_gap = std::max(longest_gap, at - last);
    last = at;
  }
  const auto ms = kept.at("data").at("ms").to_number<double>();
  INFO("recorded " << ms << " ms, shown " << first << " to " << last << " ms, longest gap " << longest_gap);
  CHECK(ms >= 14'000);  // ten before and five after, cut at a key frame before
  CHECK(ms <= 18'000);
  CHECK(last - first >= ms - 1'000);
  CHECK(last - first <= ms + 1'000);
  CHECK(longest_gap <= 1'000);
}

}  // namespace

TEST_CASE("a denial at a camera that films is kept as a clip from before to after, by its hash") {
  RunningPost post;
  wait_for_pictures(post, "cam-gate", 170);
  post.mark();
  post.hold("gate", "bukan kartu", 2500ms);
  const auto denied = post.wait_event("access_denied");
  const auto kept = post.wait_event("clip_kept");
  CHECK(kept.at("ref").to_number<std::int64_t>() == denied.at("number").to_number<std::int64_t>());
  check_plays(post, kept, {1280, 720});
  // The event itself leads to it.
  const auto again = post.get("guard", "/api/v1/events?limit=1000&type=access_denied");
  CHECK(again.at("events").as_array().back().at("clips").as_array().at(0).as_string() == text(kept, "data", "hash"));
}

TEST_CASE("a door forced open is kept as a clip of the camera that watches it") {
  RunningPost post(
      {.instead = {{"/door\"\nroles = [\"badge\"]", "/door\"\nroles = [\"badge\", \"evidence\"]\nclip = [\"forced\"]"}}});
  wait_for_pictures(post, "cam-door", 170);
  post.mark();
  post.bus().set_input(2, 0, true);  // the door's contact, without a grant
  const auto forced = post.wait_event(
      "alarm_raised", [](const json::object& event) { return text(event, "data", "kind") == "forced_open"; });
  const auto kept = post.wait_event("clip_kept");
  CHECK(text(kept, "data", "camera") == "cam-door");
  CHECK(kept.at("ref").to_number<std::int64_t>() == forced.at("number").to_number<std::int64_t>());
  check_plays(post, kept, {1280, 720});
}

TEST_CASE("a camera whose picture is black or frozen is named in the journal, and so is its return") {
  RunningPost post({.instead = {{"clip = [\"denied\"]", "clip = [\"denied\"]\nfrozen_s = 4"}}});
  post.mark();
  REQUIRE(post.camera("exit").misbehave("black", Millis(0)));
  REQUIRE(post.camera("gate").misbehave("frozen", Millis(0)));
  const auto of = [](const char* camera) {
    return [camera](const json::object& event) { return text(event, "point") == camera; };
  };
  CHECK(text(post.wait_event("device_offline", of("cam-exit")), "data", "fault") == "black");
  CHECK(text(post.wait_event("device_offline", of("cam-gate")), "data", "fault") == "frozen");
  post.mark();
  REQUIRE(post.camera("exit").misbehave("normal", Millis(0)));
  REQUIRE(post.camera("gate").misbehave("normal", Millis(0)));
  const auto back = post.wait_event("device_online", of("cam-exit"));
  CHECK(back.at("data").as_object().if_contains("fault") == nullptr);
  post.wait_event("device_online", of("cam-gate"));
}

TEST_CASE("a camera that was turned is named at the post, goes on reading, and its new view is accepted by name") {
  RunningPost post({.instead = {{"clip = [\"denied\"]", "clip = [\"denied\"]\nmoved_s = 4"}}});
  const auto of_gate = [](const json::object& event) { return text(event, "point") == "cam-gate"; };
  const auto landmarks = [&] {
    const auto all = post.get("guard", "/api/v1/devices");
    for (const auto& device : all.at("devices").as_array())
      if (text(device.as_object(), "id") == "cam-gate") return device.at("stats").at("landmarks").to_number<double>();
    return 0.0;
  };
  REQUIRE(wait_until([&] { return landmarks() > 0; }));
  post.mark();
  REQUIRE(post.camera("gate").misbehave("moved", Millis(0)));
  CHECK(text(post.wait_event("device_online", of_gate), "data", "fault") == "moved");
  post.mark();
  post.post("guard", "/api/v1/cameras/cam-gate/view", {{"reason", "aimed_anew"}});
  const auto accepted = post.wait_event("device_online", of_gate);
  CHECK(text(accepted, "data", "view") == "accepted");
  CHECK(text(accepted, "note") == "aimed_anew");
  const auto well = [&](const json::object& event) {
    return of_gate(event) && event.at("data").as_object().if_contains("detail");
  };
  CHECK(post.wait_event("device_online", well).at("data").as_object().if_contains("fault") == nullptr);
}
