// SPDX-License-Identifier: Apache-2.0
// Cameras against real sources: a video file, an HTTP MJPEG server that misbehaves, servers that never speak.
#include "drivers/camera.h"

#include <dirent.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>
#include <future>
#include <mutex>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>

#include "support/collecting_sink.h"
#include "support/hostile_frames.h"
#include "support/mjpeg_server.h"
#include "support/qr_pictures.h"
#include "support/temporary_folder.h"
#include "support/wait_until.h"

using namespace gapura;
using namespace std::chrono_literals;
using tests::CollectingSink;
using tests::MjpegServer;
using tests::wait_until;

namespace {

const std::string program = "/proc/self/exe";

cv::Mat scene_with(const std::string& payload) {
  cv::Mat scene(720, 1280, CV_8U, cv::Scalar(120));
  for (int x = 40; x < 1280; x += 160) cv::rectangle(scene, {x, 560, 70, 140}, cv::Scalar(80 + x / 20), cv::FILLED);
  if (!payload.empty()) {
    const cv::Mat code = tests::qr_picture(payload, 8);
    code.copyTo(scene(cv::Rect({500, 200}, code.size())));
  }
  return scene;
}

drivers::CameraSettings settings_for(const std::string& url) {
  drivers::CameraSettings settings;
  settings.id = CameraId{"cam"};
  settings.url = url;
  settings.reader = ReaderId{"r"};
  return settings;
}

std::unique_ptr<drivers::Camera> start(drivers::CameraSettings settings, CollectingSink& sink) {
  auto camera = drivers::Camera::create(std::move(settings), sink, program);
  REQUIRE(camera.has_value());
  return std::move(*camera);
}

int open_descriptors() {
  int count = 0;
  DIR* folder = opendir("/proc/self/fd");
  while (readdir(folder) != nullptr) ++count;
  closedir(folder);
  return count;
}

Millis since(BootTime begin) { return drivers::boot_now() - begin; }

}  // namespace

TEST_CASE("A badge on a camera is one reading with its still and its instant", "[camera]") {
  MjpegServer server(scene_with(""));
  CollectingSink sink;
  const auto camera = start(settings_for(server.url()), sink);
  REQUIRE(wait_until([&] { return camera->stats().online; }));
  const BootTime shown = drivers::boot_now();
  server.show(scene_with("G1:held"));
  REQUIRE(sink.wait_reads(1));
  const auto read = sink.reads()[0];
  CHECK(read.reader == ReaderId{"r"});
  CHECK(read.payloads == std::vector<std::string>{"G1:held"});
  CHECK(read.captured >= shown);
  CHECK(since(read.captured) < tests::patience);
  REQUIRE(read.still);
  CHECK(read.still->width == 1280);
  CHECK(read.still->captured == read.captured);
  const cv::Mat still = cv::imdecode(read.still->jpeg, cv::IMREAD_COLOR);
  REQUIRE(still.cols == 1280);
  // The outline is green, and nothing else in this grey scene is.
  cv::Mat channels[3];
  cv::split(still, channels);
  CHECK(cv::countNonZero((channels[1] - channels[2]) > 60) > 200);

  // Held on for two more seconds: 50 frames, no second reading.
  const auto frames = camera->stats().frames;
  REQUIRE(wait_until([&] { return camera->stats().frames > frames + 50; }));
  CHECK(sink.reads().size() == 1);
  CHECK(camera->stats().reads == 1);
}

TEST_CASE("Two badges on a camera are one ambiguous reading", "[camera]") {
  cv::Mat scene = scene_with("G1:one");
  const cv::Mat other = tests::qr_picture("G1:two", 8);
  other.copyTo(scene(cv::Rect({100, 220}, other.size())));
  MjpegServer server(scene);
  CollectingSink sink;
  const auto camera = start(settings_for(server.url()), sink);
  REQUIRE(sink.wait_reads(1));
  CHECK(sink.reads()[0].payloads == std::vector<std::string>{"G1:one", "G1:two"});
}

TEST_CASE("A video file is played in a loop at its own rate", "[camera]") {
  const tests::TemporaryFolder folder;
  const std::string clip = folder / "clip.avi";
  cv::VideoWriter writer(clip, cv::VideoWriter::fourcc('M', 'J', 'P', 'G'), 25, {1280, 720}, false);
  REQUIRE(writer.isOpened());
  for (int i = 0; i < 40; ++i) writer.write(scene_with(i < 5 ? "G1:loop" : ""));
  writer.release();
  CollectingSink sink;
  const BootTime begin = drivers::boot_now();
  const auto camera = start(settings_for(clip), sink);
  // 40 frames are 1.6 s: each round is a new presentation, after more than a second without the badge.
  REQUIRE(sink.wait_reads(3));
  CHECK(since(begin) > 3s);
  CHECK(camera->stats().fps > 15);
  CHECK(camera->stats().fps < 30);
  CHECK(camera->stats().width == 1280);
}

TEST_CASE("A camera without badges gives stills on request and previews while watched", "[camera]") {
  MjpegServer server(scene_with("G1:not for reading"));
  CollectingSink sink;
  auto settings = settings_for(server.url());
  settings.reads_badges = false;
  settings.reader = ReaderId{};
  const auto camera = start(settings, sink);
  const BootTime asked = drivers::boot_now();
  const auto still = camera->take_still(8s);
  REQUIRE(still.has_value());
  CHECK((*still)->captured >= asked);
  CHECK((*still)->width == 1280);
  REQUIRE(wait_until([&] {
    const auto p = camera->latest(2s);
    return p && p->width == 640;
  }));
  const auto preview = camera->latest(2s);
  CHECK(preview->height == 360);
  CHECK(cv::imdecode(preview->jpeg, cv::IMREAD_COLOR).cols == 640);
  CHECK(sink.reads().empty());
}

namespace {

// Noticed within three seconds and back within two, where nothing else is at work.
void check_outage(const std::string& what, Millis noticed, Millis back, bool in_time) {
  std::printf("%s: noticed after %.2f s, back after %.2f s\n", what.c_str(), std::chrono::duration<double>(noticed).count(),
              std::chrono::duration<double>(back).count());
  if (!in_time) return;
  CHECK(noticed <= 3s);
  CHECK(back <= 2s);
}

void stall_and_go_on(bool in_time) {
  MjpegServer server(scene_with(""));
  CollectingSink sink;
  const auto camera = start(settings_for(server.url()), sink);
  REQUIRE(wait_until([&] { return camera->stats().online; }));
  server.stall(true);
  const BootTime stalled = drivers::boot_now();
  REQUIRE(wait_until([&] { return !camera->stats().online; }));
  const Millis noticed = since(stalled);
  CHECK_FALSE(camera->take_still(50ms).has_value());
  // Only a fresh frame counts as up: the connection that is still there does not.
  CHECK_FALSE(wait_until([&] { return camera->stats().online; }, 3s));
  server.stall(false);
  const BootTime back = drivers::boot_now();
  REQUIRE(wait_until([&] { return camera->stats().online; }));
  check_outage("a stalled stream", noticed, since(back), in_time);
  const auto healths = sink.healths();
  REQUIRE(healths.size() == 3);
  CHECK(healths[0].online);
  CHECK_FALSE(healths[1].online);
  CHECK(healths[1].detail.size() > 20);
  CHECK(healths[2].online);
}

void die_and_return(bool in_time) {
  CollectingSink sink;
  auto server = std::make_unique<MjpegServer>(scene_with(""));
  const int port = server->port();
  const auto camera = start(settings_for(server->url()), sink);
  REQUIRE(wait_until([&] { return camera->stats().online; }));
  server.reset();
  const BootTime died = drivers::boot_now();
  REQUIRE(wait_until([&] { return !camera->stats().online; }));
  const Millis noticed = since(died);
  CHECK_FALSE(wait_until([&] { return camera->stats().online; }, 6s));
  server = std::make_unique<MjpegServer>(scene_with(""), port);
  const BootTime back = drivers::boot_now();
  REQUIRE(wait_until([&] { return camera->stats().online; }));
  check_outage("a dead server", noticed, since(back), in_time);
}

}  // namespace

TEST_CASE("A camera that stalls is offline until a fresh picture comes", "[camera]") { stall_and_go_on(false); }
TEST_CASE("A camera whose server dies is back after its return", "[camera]") { die_and_return(false); }
TEST_CASE("A stalled camera is noticed within three seconds and back within two", "[.bench]") { stall_and_go_on(true); }
TEST_CASE("A dead server is noticed within three seconds, and its camera back within two", "[.bench]") {
  die_and_return(true);
}

TEST_CASE("A server that accepts and says nothing leaves a camera offline, not hanging", "[camera]") {
  const tests::SilentServer silent;
  const std::string scheme = GENERATE(std::string("rtsp"), std::string("http"));
  CAPTURE(scheme);
  CollectingSink sink;
  const BootTime begin = drivers::boot_now();
  {
    const auto camera =
        start(settings_for(scheme + "://admin:secret@127.0.0.1:" + std::to_string(silent.port()) + "/x"), sink);
    REQUIRE(sink.wait_healths(1));
    const auto health = sink.healths()[0];
    CHECK(health.device == "cam");
    CHECK_FALSE(health.online);
    // The reason arrives when the attempt to open has failed; no password in it.
    REQUIRE(wait_until([&] { return camera->stats().detail.find("127.0.0.1") != std::string::npos; }));
    CHECK(camera->stats().detail.find("secret") == std::string::npos);
    CHECK(health.detail.find("secret") == std::string::npos);
  }
  CHECK(since(begin) < tests::patience);
}

TEST_CASE("A child that crashes or hangs is started again, and leaves nothing behind", "[camera]") {
  MjpegServer server(scene_with("G1:survivor"));
  const int before = open_descriptors();
  {
    CollectingSink sink;
    const auto camera = start(settings_for(server.url()), sink);
    REQUIRE(sink.wait_reads(1));
    const int descriptors = open_descriptors();
    for (const int signal : {SIGKILL, SIGSTOP, SIGSEGV}) {
      CAPTURE(signal);
      const int pid = camera->child_pid();
      const auto reads = sink.reads().size();
      REQUIRE(pid > 0);
      REQUIRE(kill(pid, signal) == 0);
      REQUIRE(wait_until([&] { return camera->child_pid() != 0 && camera->child_pid() != pid; }));
      CHECK(kill(pid, 0) != 0);  // reaped, no zombie
      REQUIRE(sink.wait_reads(reads + 1));
    }
    CHECK(camera->stats().restarts == 3);
    CHECK(open_descriptors() <= descriptors);
  }
  // The server may still hold one connection of a dead child.
  CHECK(wait_until([&] { return open_descriptors() <= before; }));
}

TEST_CASE("A picture that is made to stop the search costs frames, and neither its camera nor the others", "[camera]") {
  MjpegServer hostile(scene_with("")), peaceful(scene_with(""));
  CollectingSink sink, others;
  const auto camera = start(settings_for(hostile.url()), sink);
  const auto neighbour = start(settings_for(peaceful.url()), others);
  REQUIRE(wait_until([&] { return camera->stats().online && neighbour->stats().online; }));
  const int pid = camera->child_pid(), other_pid = neighbour->child_pid();
  for (const char* kind : {"finders", "mixed_finders", "turned_finders", "grey_finders"}) {
    hostile.show(tests::hostile_frame(kind, 1, {1280, 720}));
    const auto frames = camera->stats().frames;
    REQUIRE(wait_until([&] { return camera->stats().frames > frames + 40; }));
  }
  peaceful.show(scene_with("G1:neighbour"));
  REQUIRE(others.wait_reads(1));
  hostile.show(scene_with("G1:after the attack"));
  REQUIRE(sink.wait_reads(1));
  CHECK(sink.reads()[0].payloads == std::vector<std::string>{"G1:after the attack"});
  CHECK(camera->child_pid() == pid);
  CHECK(camera->stats().restarts == 0);
  CHECK(neighbour->child_pid() == other_pid);
  CHECK(neighbour->stats().restarts == 0);
}

TEST_CASE("A live viewer gets every picture, encoded once, and nothing after leaving", "[camera]") {
  MjpegServer server(scene_with(""));
  CollectingSink sink;
  const auto camera = start(settings_for(server.url()), sink);
  REQUIRE(wait_until([&] { return camera->stats().online; }));
  std::mutex mutex;
  std::vector<StillPtr> first, second;
  const auto collect = [&](std::vector<StillPtr>& into) {
    return [&](const StillPtr& picture) {
      const std::lock_guard lock(mutex);
      into.push_back(picture);
    };
  };
  const auto count = [&](const std::vector<StillPtr>& from) {
    const std::lock_guard lock(mutex);
    return from.size();
  };
  const auto one = camera->add_listener(collect(first)), other = camera->add_listener(collect(second));
  REQUIRE(wait_until([&] { return count(first) >= 15 && count(second) >= 15; }));
  {
    const std::lock_guard lock(mutex);
    CHECK(first.back()->width == 640);
    // The very same object: one encoding, however many look.
    CHECK(std::find(second.begin(), second.end(), first[10]) != second.end());
    for (std::size_t i = 1; i < first.size(); ++i) CHECK(first[i]->captured - first[i - 1]->captured >= 75ms);
  }
  camera->remove_listener(one);
  const auto left = count(first), stays = count(second);
  REQUIRE(wait_until([&] { return count(second) >= stays + 5; }));
  CHECK(count(first) == left);
  camera->remove_listener(other);
}

TEST_CASE("A clip holds the stream around an instant as the camera compressed it", "[camera]") {
  MjpegServer server(scene_with("G1:in the clip"));
  CollectingSink sink;
  auto settings = settings_for(server.url());
  settings.keeps_clips = true;
  const auto camera = start(settings, sink);
  REQUIRE(wait_until([&] { return camera->stats().online && camera->stats().frames > 50; }));
  const BootTime middle = drivers::boot_now();
  std::promise<Result<ClipPtr>> promise;
  camera->take_clip(middle - 1000ms, middle + 500ms, [&](Result<ClipPtr> clip) { promise.set_value(std::move(clip)); });
  auto future = promise.get_future();
  REQUIRE(future.wait_for(tests::patience) == std::future_status::ready);
  const auto clip = future.get();
  REQUIRE(clip.has_value());
  CHECK((*clip)->from <= middle - 900ms);
  CHECK((*clip)->until >= middle + 300ms);
  CHECK((*clip)->until <= middle + 500ms);

  const tests::TemporaryFolder folder;
  const std::string file = folder / "clip.mp4";
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>((*clip)->bytes.data()), static_cast<std::streamsize>((*clip)->bytes.size()));
  cv::VideoCapture capture(file, cv::CAP_FFMPEG);
  REQUIRE(capture.isOpened());
  CHECK(capture.get(cv::CAP_PROP_FRAME_WIDTH) == 1280);
  cv::Mat picture;
  int pictures = 0;
  while (capture.read(picture)) ++pictures;
  CHECK(pictures >= 15);
  // The pictures take as long as they took.
  CHECK(std::abs(pictures / capture.get(cv::CAP_PROP_FPS) -
                 std::chrono::duration<double>((*clip)->until - (*clip)->from).count()) < 0.5);
}

TEST_CASE("Who asks for a clip that there is not hears so once", "[camera]") {
  MjpegServer server(scene_with(""));
  CollectingSink sink;
  std::atomic<int> told{0};
  std::string why;
  const auto done = [&](Result<ClipPtr> clip) {
    REQUIRE_FALSE(clip.has_value());
    why = clip.error().message;
    ++told;
  };
  const BootTime now = drivers::boot_now();
  SECTION("of a camera that keeps none") {
    const auto camera = start(settings_for(server.url()), sink);
    camera->take_clip(now, now + 100ms, done);
    REQUIRE(wait_until([&] { return told == 1; }));
    CHECK(why.find("keeps no clips") != std::string::npos);
  }
  SECTION("of a file") {
    CHECK_FALSE(drivers::can_keep_clips("/dev/video0"));
    CHECK_FALSE(drivers::can_keep_clips("clip.avi"));
    CHECK(drivers::can_keep_clips("rtsp://10.0.0.9/1"));
  }
  SECTION("of a time that is gone, of a crashed child, and when the camera is closed") {
    auto settings = settings_for(server.url());
    settings.keeps_clips = true;
    {
      const auto camera = start(settings, sink);
      REQUIRE(wait_until([&] { return camera->stats().frames > 10; }));
      const BootTime later = drivers::boot_now() + 30s;
      camera->take_clip(drivers::boot_now() - 300s, drivers::boot_now() - 290s, done);
      REQUIRE(wait_until([&] { return told == 1; }));
      camera->take_clip(later - 40s, later, done);
      REQUIRE(wait_until([&] { return camera->stats().frames > 30; }));
      kill(camera->child_pid(), SIGKILL);
      REQUIRE(wait_until([&] { return told == 2; }));
      camera->take_clip(later - 40s, later, done);
      CHECK(told == 2);
    }
    CHECK(told == 3);
  }
}

TEST_CASE("A program that is not there is a camera that is offline with the reason", "[camera]") {
  CollectingSink sink;
  auto camera = drivers::Camera::create(settings_for("/nowhere.avi"), sink, "/nonexistent/program");
  REQUIRE(camera.has_value());
  REQUIRE(sink.wait_healths(1));
  CHECK_FALSE(sink.healths()[0].online);
  CHECK(sink.healths()[0].detail.find("/nonexistent/program") != std::string::npos);
  CHECK((*camera)->latest(10s) == nullptr);
}

TEST_CASE("Impossible settings are refused", "[camera]") {
  CollectingSink sink;
  CHECK(drivers::Camera::create(settings_for(""), sink, program).error().kind == ErrorKind::bad_input);
  CHECK(drivers::Camera::create(settings_for(std::string(3000, 'x')), sink, program).error().kind == ErrorKind::bad_input);
}
