// SPDX-License-Identifier: Apache-2.0
// gapura-sim: a guard post of simulated devices that speak the real protocols, and the people of a scripted day.
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <ctime>
#include <optional>
#include <thread>

#include "simulated/control/control.h"
#include "simulated/demo/scenario.h"
#include "simulated/devices/post.h"

namespace {

using namespace gapura::simulated;

struct Options {
  PostPlan post;
  int control_port = 8600;
  std::string scenario;
  PlayerSettings player;
};

void print_line(const std::string& line) {
  char clock[16] = "";
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  std::strftime(clock, sizeof clock, "%H:%M:%S", &local);
  fmt::print("{} {}\n", clock, line);
  std::fflush(stdout);
}

int complain(const std::string& sentence) {
  fmt::print(stderr, "gapura-sim: {}\n", sentence);
  return 1;
}

void add_options(CLI::App& app, Options& options) {
  options.post.rtsp_port = 8554;
  options.post.modbus_port = 1502;
  app.add_option("--rtsp-port", options.post.rtsp_port,
                 "port of the cameras: rtsp://127.0.0.1:PORT/gate, exit, door, inside, waiting")
      ->capture_default_str();
  app.add_option("--mjpeg-port", options.post.mjpeg_port,
                 "port of the same cameras as MJPEG, http://127.0.0.1:PORT/gate and so on; 0: any free one");
  app.add_option("--fps", options.post.fps, "pictures a second of the cameras gate, exit and door")
      ->check(CLI::Range(5, 25));
  app.add_option("--modbus-port", options.post.modbus_port, "port of units 1 (turnstile), 2 (door), 3 (metal detector)")
      ->capture_default_str();
  app.add_option("--rtu", options.post.rtu_link,
                 "a serial line (Modbus RTU on a pseudo terminal) with the same units, at this path");
  app.add_option("--rtu-tcp-port", options.post.rtu_tcp_port, "port of a converter (RTU over TCP) with the same units");
  app.add_option("--baud", options.post.baud, "answers of those two take as long as at this speed; 0: at once");
  app.add_option("--board", options.post.board,
                 "family of the boards: waveshare, adam-6050, adam-6060, kmtronic, r4d3b16, ed-588, wago")
      ->capture_default_str();
  app.add_option("--control-port", options.control_port, "port of the control requests, on the loopback address")
      ->capture_default_str();
  app.add_option("--devices", options.post.device_folder,
                 "folder for the desk's scanners: serial-scanner (a serial line) and hid-scanner (one that types)");
  app.add_option("--printer-port", options.post.printer_port,
                 "port of a receipt printer (ESC/POS); without it there is none");
  app.add_option("--papers", options.post.paper_folder, "folder that gets every printed badge as print-N.png");
  app.add_flag("--uinput", options.post.kernel_input, "the typing scanner is an input device of the kernel (/dev/uinput)");
  app.add_option("--trace", options.post.trace_file, "file that gets one JSON line per change of a coil");
  app.add_option("--scenario", options.scenario, "file of the people who come and go; without it nobody does");
  app.add_option("--api", options.player.api, "the daemon, for the scenario")->default_val("https://127.0.0.1:8443");
  app.add_option("--ca", options.player.ca_file, "certificate of the site's authority, by which the daemon is verified");
  app.add_option("--credentials", options.player.credentials_file,
                 "TOML or JSON: guard, aide and admin, each with name and password (or token)");
  app.add_flag("--once", options.player.once, "play the scenario once; exit 1 at the first unexpected result");
}

// Runs the scenario in a thread of its own; its end with --once, or a mistake in its settings, ends the program.
class Stage {
 public:
  Stage(const Scenario& scenario, Post& post, const PlayerSettings& settings)
      : thread_([this, &scenario, &post, &settings](const std::stop_token& stop) {
          result_ = play(scenario, post, settings, stop);
          if (!stop.stop_requested() && (settings.once || !result_)) kill(getpid(), SIGTERM);
        }) {}
  gapura::Status end() {
    thread_.request_stop();
    thread_.join();
    return result_;
  }

 private:
  gapura::Status result_;
  std::jthread thread_;
};

int run(Options& options, const sigset_t& signals) {
  options.player.print_line = print_line;
  auto post = Post::open(options.post);
  if (!post) return complain(post.error().message);
  auto control = Control::create(**post, options.control_port);
  if (!control) return complain(control.error().message);
  print_line(fmt::format("Kamera {} dan {}, Modbus 127.0.0.1:{}, kendali http://127.0.0.1:{}",
                         (*post)->cameras->url("gate"), (*post)->mjpeg->url("gate"), (*post)->bus->port(),
                         (*control)->port()));
  if ((*post)->serial_scanner)
    print_line(
        fmt::format("Pemindai {} (serial), {} (hid)", (*post)->serial_scanner->path(), (*post)->hid_scanner->path()));

  if ((*post)->serial) print_line(fmt::format("Modbus RTU {}", (*post)->serial->path()));
  if ((*post)->converter) print_line(fmt::format("Modbus RTU lewat TCP 127.0.0.1:{}", (*post)->converter->port()));

  gapura::Result<Scenario> scenario = Scenario{};
  std::optional<Stage> stage;
  if (!options.scenario.empty()) {
    scenario = load_scenario(options.scenario);
    if (!scenario) return complain(scenario.error().message);
    stage.emplace(*scenario, **post, options.player);
  }
  int signal = 0;
  sigwait(&signals, &signal);
  const gapura::Status played = stage ? stage->end() : gapura::Status{};
  return played ? 0 : complain(played.error().message);
}

}  // namespace

int main(int count, char** arguments) {
  // Blocked before any thread starts, so that only sigwait() receives them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);

  CLI::App app("Simulated cameras, turnstile, door and metal detector, speaking RTSP and Modbus TCP", "gapura-sim");
  Options options;
  add_options(app, options);
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return run(options, signals);
}
