// SPDX-License-Identifier: Apache-2.0
// What an idle camera costs: a 1080p25 H.264 stream of an empty gate over RTSP, read by the whole pipeline (decoder, motion
// gate, search, judgement of the picture, ring of packets) and, at the same time, by what everybody writes first:
// VideoCapture and ZXing on every frame. Both in processes of their own, in CPU time for each frame that came.
#include <ZXing/ReadBarcode.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>
#include <sstream>
#include <string_view>
#include <thread>
#include <vector>

#include "bench/targets.h"
#include "drivers/camera.h"
#include "drivers/camera/video_source.h"
#include "simulated/devices/rtsp_camera.h"
#include "support/collecting_sink.h"
#include "support/wait_until.h"

using namespace gapura;
using namespace std::chrono_literals;

extern char** environ;

namespace {

constexpr int peer_frames = 150;

double own_cpu_ms() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

// The peer's process: prints its CPU milliseconds for each frame.
int run_peer(const std::string& url) {
  cv::setNumThreads(1);
  cv::VideoCapture capture(url, cv::CAP_FFMPEG);
  cv::Mat frame, grey;
  for (int i = 0; i < 10; ++i)
    if (!capture.read(frame)) return 1;
  const double begin = own_cpu_ms();
  for (int i = 0; i < peer_frames; ++i) {
    if (!capture.read(frame)) return 1;
    cv::cvtColor(frame, grey, cv::COLOR_BGR2GRAY);
    const ZXing::ImageView view(grey.data, grey.cols, grey.rows, ZXing::ImageFormat::Lum, static_cast<int>(grey.step));
    (void)ZXing::ReadBarcodes(view, ZXing::DecodeHints().setFormats(ZXing::BarcodeFormat::QRCode));
  }
  fmt::print("{}\n", (own_cpu_ms() - begin) / peer_frames);
  return 0;
}

double cpu_ms_of(int pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  std::string line;
  std::getline(file, line);
  std::istringstream rest(line.substr(line.rfind(')') + 1));
  const std::vector<std::string> fields{std::istream_iterator<std::string>(rest), {}};
  return (std::stod(fields.at(11)) + std::stod(fields.at(12))) * 1000 / static_cast<double>(sysconf(_SC_CLK_TCK));
}

// First picture from nothing: ours, and VideoCapture's with its defaults.
void bench_first_picture(const std::string& url, bench::Targets& targets) {
  const auto since = [](auto begin) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  const auto begin = std::chrono::steady_clock::now();
  {
    auto source = drivers::open_source(url, {}, {});
    if (!source || !(*source)->next()) {
      fmt::print("first picture: none\n");
      std::exit(1);
    }
  }
  const double ours = since(begin);
  const auto again = std::chrono::steady_clock::now();
  cv::VideoCapture capture(url, cv::CAP_FFMPEG);
  cv::Mat frame;
  capture.read(frame);
  fmt::print("first picture: {:.2f} s, VideoCapture {:.2f} s\n", ours, since(again));
  targets.at_most("first picture, s", ours, 0.6);
}

int run(const char* program, bench::Targets targets) {
  auto server = simulated::RtspServer::create(0);
  if (!server) return fmt::print("{}\n", server.error().message), 1;
  for (const char* name : {"idle", "first"}) (void)(*server)->add_camera({name, simulated::Place::gate, 1920, 1080, 25, 5});
  bench_first_picture((*server)->url("first"), targets);

  tests::CollectingSink sink;
  drivers::CameraSettings settings;
  settings.id = CameraId{"idle"};
  settings.reader = ReaderId{"r"};
  settings.url = (*server)->url("idle");
  settings.keeps_clips = true;
  const auto camera = std::move(*drivers::Camera::create(settings, sink, program));
  // A minute: then the motion gate has learned the clock that the camera prints into its picture.
  if (!tests::wait_until([&] { return camera->stats().online && camera->stats().frames > 1500; }, 180s))
    return fmt::print("the camera shows nothing: {}\n", camera->stats().detail), 1;

  int out[2];
  if (pipe(out) != 0) return 1;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  std::string name = program, role = "peer", url = settings.url;
  char* arguments[] = {name.data(), role.data(), url.data(), nullptr};
  pid_t pid = 0;
  if (posix_spawn(&pid, program, &actions, nullptr, arguments, environ) != 0) return 1;
  ::close(out[1]);

  const double cpu = cpu_ms_of(camera->child_pid());
  const auto frames = camera->stats().frames;
  int status = 0;
  waitpid(pid, &status, 0);
  const double ours = (cpu_ms_of(camera->child_pid()) - cpu) / static_cast<double>(camera->stats().frames - frames);
  char text[64] = {};
  [[maybe_unused]] const auto got = ::read(out[0], text, sizeof text - 1);
  const double peer = std::atof(text);
  const auto stats = camera->stats();
  fmt::print("idle 1080p25, CPU for each frame: {:.2f} ms, VideoCapture + ZXing {:.2f} ms: {:.2f} of it\n", ours, peer,
             ours / peer);
  fmt::print("  decode {:.2f} ms, search {:.2f} ms, {:.1f} frames a second, {} dropped, {} late\n", stats.decode_ms,
             stats.search_ms, stats.fps, stats.dropped, stats.late);
  targets.at_most("idle camera, CPU x VideoCapture + ZXing", ours / peer, 0.3);
  return targets.report();
}

}  // namespace

int main(int argc, char* argv[]) {
  const std::string_view role = argc > 1 ? argv[1] : "";
  if (role == "camera-worker") return drivers::camera_worker_main();
  if (role == "peer" && argc == 3) return run_peer(argv[2]);
  return run("/proc/self/exe", bench::Targets(argc, argv));
}
