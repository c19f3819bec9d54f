// SPDX-License-Identifier: Apache-2.0
// What cameras tell and keep, on the real daemon: faults by name, and the clip of a denial.
#include <opencv2/videoio.hpp>

#include "models/sha256.h"
#include "running_post.h"

using namespace gapura;
using namespace gapura::tests;

TEST_CASE("a denial at a camera that films is kept as a clip from before to after, by its hash") {
  RunningPost post;
  // Some seconds of the lane before anybody comes.
  REQUIRE(wait_until(
      [&] {
        const auto answer = post.get("admin", "/api/v1/devices");
        for (const auto& device : answer.at("devices").as_array())
          if (text(device.as_object(), "id") == "cam-gate") return device.at("stats").at("frames").to_number<double>() > 60;
        return false;
      },
      30s));
  post.mark();
  post.hold("gate", "bukan kartu", 2500ms);
  const auto denied = post.wait_event("access_denied", 10s);
  const auto kept = post.wait_event("clip_kept", 20s);
  CHECK(kept.at("ref").to_number<std::int64_t>() == denied.at("number").to_number<std::int64_t>());
  const auto ms = kept.at("data").at("ms").to_number<std::int64_t>();
  CHECK(ms >= 8'000);
  CHECK(ms <= 17'000);
  const std::string hash = text(kept, "data", "hash");
  const std::string clip = post.get_bytes("guard", "/api/v1/clips/" + hash + ".mp4");
  CHECK(clip.size() == kept.at("data").at("bytes").to_number<std::size_t>());
  const Hash found = sha256(clip);
  CHECK(to_hex({reinterpret_cast<const char*>(found.data()), found.size()}) == hash);
  // The event itself leads to it.
  const auto again = post.get("guard", "/api/v1/events?limit=1000&type=access_denied");
  CHECK(again.at("events").as_array().back().at("clips").as_array().at(0).as_string() == hash);

  cv::VideoCapture capture(post.data() + "/media/" + hash.substr(0, 2) + "/" + hash + ".mp4", cv::CAP_FFMPEG);
  REQUIRE(capture.isOpened());
  cv::Mat picture;
  int pictures = 0;
  while (capture.read(picture)) ++pictures;
  CHECK(capture.get(cv::CAP_PROP_FRAME_WIDTH) == 1280);
  CHECK(pictures >= 60);
}

TEST_CASE("a camera whose picture is black or frozen is named in the journal, and so is its return") {
  RunningPost post({.instead = {{"clip = [\"denied\"]", "clip = [\"denied\"]\nfrozen_s = 4"}}});
  post.mark();
  REQUIRE(post.camera("exit").misbehave("black", Millis(0)));
  REQUIRE(post.camera("gate").misbehave("frozen", Millis(0)));
  const auto of = [](const char* camera) {
    return [camera](const json::object& event) { return text(event, "point") == camera; };
  };
  CHECK(text(post.wait_event("device_offline", 12s, of("cam-exit")), "data", "fault") == "black");
  CHECK(text(post.wait_event("device_offline", 15s, of("cam-gate")), "data", "fault") == "frozen");
  post.mark();
  REQUIRE(post.camera("exit").misbehave("normal", Millis(0)));
  REQUIRE(post.camera("gate").misbehave("normal", Millis(0)));
  const auto back = post.wait_event("device_online", 12s, of("cam-exit"));
  CHECK(back.at("data").as_object().if_contains("fault") == nullptr);
  post.wait_event("device_online", 12s, of("cam-gate"));
}
