// SPDX-License-Identifier: Apache-2.0
// simulated_post: the daemon with simulated devices in one process, for the browser's tests and for work on the console.
// Everything but the cameras, the clocks and the disk's faults is the product's own; the boards, the desk's scanner and the
// printer speak their protocols. On the control port are gapura-sim's requests, and:
//   POST /clock {"pass_ms"} or {"jump_ms"} · /disk {"is": "full" | "broken" | "sound"} · /invariant {}
#include <sys/prctl.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <iostream>

#include "chaos/fault_injector.h"
#include "console/post/cameras.h"
#include "console/post/moved_clock.h"
#include "gateway/application/application.h"
#include "models/base/invariant.h"
#include "simulated/control/control.h"

namespace {

using namespace gapura;
using namespace gapura::tests;
namespace json = boost::json;

struct Options {
  std::string config, data, devices;
  int http = 0, control = 0;
};

int complain(const std::string& sentence) {
  std::cerr << "simulated_post: " << sentence << '\n';
  return 1;
}

Result<std::unique_ptr<simulated::Post>> open_devices(const std::string& folder) {
  auto post = std::make_unique<simulated::Post>();
  post->cameras = std::make_unique<PostCameras>();
  post->bus = std::make_unique<simulated::SimulatedBus>();
  post->bus->add_turnstile(simulated::kTurnstile);
  post->bus->add_door(simulated::kDoor);
  post->bus->add_detector(simulated::kDetector);
  post->serial_scanner = TRY(simulated::SerialScanner::create(folder + "/serial-scanner"));
  post->hid_scanner = TRY(simulated::HidScanner::create_stream(folder + "/hid-scanner"));
  post->printer = TRY(simulated::EscPosPrinter::create({0, 576, ""}));
  return post;
}

// The devices are where this process has them.
gateway::Settings with_devices(gateway::Settings settings, const simulated::Post& post, const Options& options) {
  settings.http.port = options.http;
  for (auto& bus : settings.buses) bus.port = post.bus->port();
  for (auto& scanner : settings.scanners) scanner.device = post.serial_scanner->path();
  for (auto& printer : settings.printers) printer.port = post.printer->port();
  return settings;
}

Result<json::value> move_clock(const json::object& body, PostCameras& cameras) {
  for (const auto& [key, value] : body) {
    if (!value.is_int64() || (key != "pass_ms" && key != "jump_ms"))
      return fail(ErrorKind::bad_input, "expected pass_ms or jump_ms, a whole number");
    key == "pass_ms" ? pass_time(Millis(value.get_int64())) : jump_time(Millis(value.get_int64()));
  }
  cameras.say_health();
  return json::value{{"moved", true}};
}

Result<json::value> set_disk(const json::object& body, FaultInjector& disk) {
  const json::value* is = body.if_contains("is");
  const std::string state = is && is->is_string() ? std::string(is->get_string()) : "";
  if (state != "full" && state != "broken" && state != "sound")
    return fail(ErrorKind::bad_input, "\"is\" must be full, broken or sound");
  state == "sound" ? disk.disarm() : disk.arm(1, state == "full" ? ENOSPC : EIO, true);
  return json::value{{"is", state}};
}

int run(const Options& options) {
  const auto report = gateway::load_settings(options.config, gateway::find_controllers_folder(options.config));
  for (const auto& mistake : report.mistakes) std::cerr << mistake.text() << '\n';
  if (!report.settings) return complain("the configuration has mistakes");
  auto post = open_devices(options.devices);
  if (!post) return complain(post.error().message);
  auto& cameras = static_cast<PostCameras&>(*(*post)->cameras);
  FaultInjector disk(options.data, options.devices + "/disk-faults");
  const auto control =
      simulated::Control::create(**post, options.control,
                                 {{"/clock", [&](const json::object& body) { return move_clock(body, cameras); }},
                                  {"/disk", [&](const json::object& body) { return set_disk(body, disk); }},
                                  {"/invariant", [](const json::object&) -> Result<json::value> {
                                     break_invariant(__FILE__, __LINE__, "a test asked for a broken invariant");
                                   }}});
  if (!control) return complain(control.error().message);
  return gateway::serve(with_devices(*report.settings, **post, options), options.data,
                        [&](drivers::CameraSettings settings, drivers::DeviceSink& sink) {
                          return cameras.connect(std::move(settings), sink);
                        });
}

}  // namespace

int main(int count, char** arguments) {
  // Blocked before any thread starts: the daemon reads them from a descriptor.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  prctl(PR_SET_PDEATHSIG, SIGTERM);  // it ends with the script that moves it

  CLI::App app("The daemon on simulated devices, in one process", "simulated_post");
  Options options;
  app.add_option("--config", options.config)->required();
  app.add_option("--data", options.data, "made by gapura init")->required();
  app.add_option("--devices", options.devices, "folder for the scanners, the clock and the disk's faults")->required();
  app.add_option("--http-port", options.http)->required();
  app.add_option("--control-port", options.control)->required();
  CLI11_PARSE(app, count, arguments);
  if (auto moved = move_clock_by_file(options.devices + "/clock"); !moved) return complain(moved.error().message);
  return run(options);
}
