// SPDX-License-Identifier: Apache-2.0
// Every way in which a network camera goes wrong, over RTSP (H.264 by gst-rtsp-server) and over HTTP (MJPEG): noticed,
// called by its name, and forgotten when it is over. All of them at once, as they do not disturb each other either. How
// soon is for a machine without other work: the case "[.bench]" is part of ./test --bench.
#include <signal.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <functional>
#include <mutex>
#include <optional>

#include "drivers/camera.h"
#include "simulated/devices/mjpeg_server.h"
#include "support/collecting_sink.h"
#include "support/wait_until.h"

using namespace gapura;
using namespace std::chrono_literals;
using tests::CollectingSink;
using tests::patience;
using tests::wait_until;

namespace {

// A camera and its life as the guard's log tells it.
struct Watched {
  std::string conduct;
  Millis notice;                // from the misbehaviour to the word of it, in time; 0: it must not be called a fault
  std::vector<std::string> as;  // the codes that are right
  simulated::RtspCamera* device = nullptr;
  CollectingSink sink;
  std::unique_ptr<drivers::Camera> camera;
  std::size_t reported = 0;  // health messages before the misbehaviour
  std::optional<DeviceHealth> noticed, recovered;

  bool online() const { return camera->stats().online; }
  // The first health message after the misbehaviour that says `right`.
  std::optional<DeviceHealth> find(std::size_t after, const std::function<bool(const DeviceHealth&)>& right) const {
    const auto all = sink.healths();
    for (std::size_t i = after; i < all.size(); ++i)
      if (right(all[i])) return all[i];
    return std::nullopt;
  }
};

struct Studio {
  std::unique_ptr<simulated::RtspServer> rtsp;
  std::unique_ptr<simulated::MjpegCameras> mjpeg;
  std::vector<std::unique_ptr<Watched>> all;

  Studio() {
    auto made = simulated::RtspServer::create(0);
    REQUIRE(made);
    rtsp = std::move(*made);
    auto served = simulated::MjpegCameras::create(*rtsp, 0);
    REQUIRE(served);
    mjpeg = std::move(*served);
  }

  // Small pictures: a dozen cameras share this machine with their watchers.
  Watched& add(const std::string& scheme, const std::string& conduct, Millis notice, std::vector<std::string> as) {
    auto watched = std::make_unique<Watched>();
    watched->conduct = conduct;
    watched->notice = notice;
    watched->as = std::move(as);
    const auto number = static_cast<std::uint32_t>(all.size());
    auto device = rtsp->add_camera({conduct, simulated::Place::gate, 640, 360, 10, 20 + number});
    REQUIRE(device);
    watched->device = *device;
    drivers::CameraSettings settings;
    settings.id = CameraId{conduct};
    settings.reader = ReaderId{"r-" + conduct};
    settings.url = scheme == "rtsp" ? rtsp->url(conduct) : mjpeg->url(conduct);
    settings.picture.frozen = settings.picture.moved = 4s;
    watched->camera = std::move(*drivers::Camera::create(settings, watched->sink, "/proc/self/exe"));
    all.push_back(std::move(watched));
    return *all.back();
  }

  bool everybody(const std::function<bool(Watched&)>& is_so) {
    return wait_until([&] { return std::all_of(all.begin(), all.end(), [&](auto& each) { return is_so(*each); }); });
  }
  std::string missing(const std::function<bool(Watched&)>& is_so) {
    std::string names;
    for (auto& each : all)
      if (!is_so(*each)) names += each->conduct + " (" + each->camera->stats().detail + ") ";
    return names;
  }
};

}  // namespace

namespace {

constexpr Millis back = 2s;  // from the camera's return to its pictures, in time

// With `in_time` the first word of a misbehaviour is the right one, and nothing takes longer than it may.
void watch_all(const std::string& scheme, bool in_time) {
  CAPTURE(scheme);
  Studio studio;
  studio.add(scheme, "stall", 3s, {"no_picture"});
  studio.add(scheme, "mute", 3s, {"no_picture", "no_connection"});
  studio.add(scheme, "one_byte", 3s, {"no_picture", "no_connection"});
  studio.add(scheme, "offline", 3s, {"no_picture", "no_connection"});
  studio.add(scheme, "disconnect", 0s, {});
  studio.add(scheme, "black", 4s, {"black"});
  studio.add(scheme, "covered", 7s, {"covered"});
  studio.add(scheme, "frozen", 8s, {"frozen"});
  studio.add(scheme, "moved", 10s, {"moved"});
  studio.add(scheme, "resize", 0s, {});
  studio.add(scheme, "huge", 0s, {});
  // Older than a second after two seconds, and no picture for two more.
  if (scheme == "rtsp") studio.add(scheme, "late", 8s, {"late_picture"});
  if (scheme == "rtsp") studio.add(scheme, "wrong_clock", 12s, {"wrong_clock"});
  const auto is_online = [](Watched& each) { return each.online() && each.camera->stats().landmarks > 0; };
  REQUIRE(studio.everybody(is_online));

  for (auto& each : studio.all) each->reported = each->sink.healths().size();
  const BootTime began = drivers::boot_now();
  for (auto& each : studio.all) REQUIRE(each->device->misbehave(each->conduct, Millis(0)));
  const auto is_noticed = [in_time](Watched& each) {
    if (each.notice == 0s || each.noticed) return true;
    each.noticed = each.find(each.reported, [&](const DeviceHealth& health) {
      // A camera hangs up to change its clock: until it is connected again, no picture is what a guard is to read.
      const bool hung_up =
          each.conduct == "wrong_clock" && (health.fault == "no_picture" || health.fault == "no_connection");
      const bool right = std::count(each.as.begin(), each.as.end(), health.fault) == 1;
      return right || (in_time && !health.fault.empty() && !hung_up);
    });
    return each.noticed.has_value();
  };
  studio.everybody(is_noticed);
  INFO("not noticed: " << studio.missing(is_noticed));
  for (auto& each : studio.all) {
    CAPTURE(each->conduct, each->camera->stats().detail);
    if (each->notice == 0s) {
      // It changes its pictures, or hangs up once: nothing that a guard could do.
      CHECK(each->find(each->reported, [](const DeviceHealth& health) {
        return health.fault == "frozen" || health.fault == "covered" || health.fault == "moved";
      }) == std::nullopt);
      continue;
    }
    REQUIRE(each->noticed);
    CHECK(std::count(each->as.begin(), each->as.end(), each->noticed->fault) == 1);
    CHECK(each->noticed->online == (each->conduct == "wrong_clock" || each->conduct == "moved"));
    CHECK(each->noticed->detail.size() > 30);
    CHECK(each->noticed->detail.find(" 0 s ") == std::string::npos);
    if (in_time) CHECK(each->noticed->at - began <= each->notice);
    std::printf("%s %-11s noticed after %5.2f s as %s\n", scheme.c_str(), each->conduct.c_str(),
                std::chrono::duration<double>(each->noticed->at - began).count(), each->noticed->fault.c_str());
  }
  for (auto& each : studio.all) {
    const auto stats = each->camera->stats();
    if (each->conduct == "resize") CHECK(wait_until([&] { return each->camera->stats().width == 320; }));
    CHECK(stats.restarts == 0);  // all of it is the stream's fault, not the child's
  }

  const BootTime over = drivers::boot_now();
  for (auto& each : studio.all) {
    each->reported = each->sink.healths().size();
    REQUIRE(each->device->misbehave("normal", Millis(0)));
  }
  const auto is_well = [&](Watched& each) {
    const auto stats = each.camera->stats();
    const bool well = stats.online && stats.fault == drivers::CameraFault::none && stats.frame_age < 1s;
    if (well && !each.recovered) each.recovered = DeviceHealth{{}, "", true, "", drivers::boot_now()};
    return well;
  };
  CHECK(studio.everybody(is_well));
  INFO("not back: " << studio.missing(is_well));
  for (auto& each : studio.all) {
    CAPTURE(each->conduct);
    REQUIRE(each->recovered);
    if (in_time) CHECK(each->recovered->at - over <= back);
    std::printf("%s %-11s back after    %5.2f s\n", scheme.c_str(), each->conduct.c_str(),
                std::chrono::duration<double>(each->recovered->at - over).count());
  }
  // And they read again.
  for (auto& each : studio.all) REQUIRE(each->device->show_sheet("G1:QED8WEX0 TPF5H:CB9DJ1.RG", patience));
  const auto reads = [](Watched& each) { return !each.sink.reads().empty(); };
  CHECK(studio.everybody(reads));
  INFO("not read: " << studio.missing(reads));
  for (auto& each : studio.all) CHECK_FALSE(each->sink.reads().empty());
}

}  // namespace

TEST_CASE("every misbehaviour of a camera is noticed by its name, and forgotten when it is over") {
  watch_all(GENERATE(as<std::string>(), "rtsp", "http"), false);
}

TEST_CASE("a camera's misbehaviour is noticed within seconds, and the camera is back two seconds after its end",
          "[.bench]") {
  watch_all(GENERATE(as<std::string>(), "rtsp", "http"), true);
}

TEST_CASE("a camera whose stamps run away from its pictures stays online and reads", "[.bench]") {
  Studio studio;
  for (const char* conduct : {"slow_stamps", "fast_stamps"}) studio.add("rtsp", conduct, 0s, {});
  REQUIRE(studio.everybody([](Watched& each) { return each.online(); }));
  for (auto& each : studio.all) {
    each->reported = each->sink.healths().size();
    REQUIRE(each->device->misbehave(each->conduct, Millis(0)));
  }
  // Forty seconds: by 16 % that is more than six seconds astray.
  for (int badge = 0; badge < 8; ++badge) {
    const std::string code = "G1:QED8WEX0 TPF5H:CB9DJ1.R" + std::to_string(badge);
    const BootTime shown = drivers::boot_now();
    for (auto& each : studio.all) REQUIRE(each->device->show_sheet(code, patience));
    const auto reads = [&](Watched& each) {
      const auto all = each.sink.reads();
      return std::any_of(all.begin(), all.end(), [&](const BadgeRead& read) { return read.payloads.front() == code; });
    };
    CAPTURE(badge);
    CHECK(studio.everybody(reads));
    INFO("not read: " << studio.missing(reads));
    wait_until([&] { return drivers::boot_now() - shown >= 5s; });  // the stamps run away meanwhile
  }
  for (auto& each : studio.all) {
    CAPTURE(each->conduct);
    const auto stats = each->camera->stats();
    CHECK(stats.late == 0);
    CHECK(stats.restarts == 0);
    const auto away = each->find(each->reported, [](const DeviceHealth& health) { return !health.online; });
    INFO((away ? away->detail : ""));
    CHECK_FALSE(away);
  }
}

TEST_CASE("the newest reason why a camera is offline is reported, whatever it was at first") {
  Studio studio;
  studio.add("rtsp", "offline", 0s, {});
  auto& watched = *studio.all.front();
  REQUIRE(studio.everybody([](Watched& each) { return each.online(); }));
  REQUIRE(studio.rtsp->set_listening(false));  // no listener: refused
  const auto last = [&] { return watched.sink.healths().back(); };
  REQUIRE(wait_until([&] { return !last().online && last().detail.find("refused") != std::string::npos; }));
  REQUIRE(watched.device->misbehave("offline", Millis(0)));  // it is back, and has no such stream: 404
  REQUIRE(studio.rtsp->set_listening(true));
  REQUIRE(wait_until([&] { return last().detail.find("404") != std::string::npos; }));
  CHECK_FALSE(last().online);
  CHECK(watched.camera->stats().detail.find("404") != std::string::npos);
  REQUIRE(watched.device->misbehave("normal", Millis(0)));
  CHECK(wait_until([&] { return last().online; }));
}

TEST_CASE("a camera that was moved while the gateway was off is reported, until a person accepts its view") {
  Studio studio;
  const auto device = studio.rtsp->add_camera({"lobby", simulated::Place::gate, 640, 360, 10, 7});
  REQUIRE(device);
  std::mutex mutex;
  drivers::ViewBytes kept;
  drivers::CameraSettings settings;
  settings.id = CameraId{"lobby"};
  settings.reader = ReaderId{"r"};
  settings.url = studio.rtsp->url("lobby");
  settings.picture.moved = 4s;
  settings.keep_view = [&](const drivers::ViewBytes& view) {
    const std::lock_guard lock(mutex);
    kept = view;
  };
  const auto learned = [&] {
    const std::lock_guard lock(mutex);
    return kept;
  };
  {
    CollectingSink sink;
    const auto camera = std::move(*drivers::Camera::create(settings, sink, "/proc/self/exe"));
    REQUIRE(wait_until([&] { return !learned().empty(); }));
    CHECK(wait_until([&] { return camera->stats().landmarks > 0; }));
  }
  REQUIRE((*device)->misbehave("moved", Millis(0)));
  settings.view = learned();
  CollectingSink sink;
  const auto camera = std::move(*drivers::Camera::create(settings, sink, "/proc/self/exe"));
  const auto fault = [&] { return camera->stats().fault; };
  REQUIRE(wait_until([&] { return fault() == drivers::CameraFault::moved; }));
  CHECK(camera->stats().online);
  CHECK(sink.healths().back().online);
  CHECK(sink.healths().back().detail.find("another view") != std::string::npos);
  CHECK(learned() == settings.view);

  // A child that crashes forgets nothing.
  const auto reported = sink.healths().size();
  kill(camera->child_pid(), SIGKILL);
  REQUIRE(wait_until([&] { return camera->stats().restarts == 1; }));
  REQUIRE(wait_until([&] { return camera->stats().online && fault() == drivers::CameraFault::moved; }));
  CHECK(sink.healths().size() > reported);

  camera->accept_view();
  CHECK(wait_until([&] { return fault() == drivers::CameraFault::none; }));
  CHECK(wait_until([&] { return learned() != settings.view; }));
}
