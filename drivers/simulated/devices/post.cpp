// SPDX-License-Identifier: Apache-2.0
#include "simulated/devices/post.h"

#include <fmt/format.h>

#include <stdexcept>

namespace gapura::simulated {
namespace {

Status open_scanners(Post& post, const PostPlan& plan) {
  if (plan.device_folder.empty()) return {};
  post.serial_scanner = TRY(SerialScanner::create(plan.device_folder + "/serial-scanner"));
  post.hid_scanner =
      TRY(plan.kernel_input ? HidScanner::create_uinput() : HidScanner::create_stream(plan.device_folder + "/hid-scanner"));
  return {};
}

}  // namespace

Result<std::unique_ptr<Post>> Post::open(const PostPlan& plan) {
  auto post = std::make_unique<Post>();
  post->cameras = TRY(RtspServer::create(plan.rtsp_port));
  for (const CameraPlan& camera :
       {CameraPlan{"gate", Place::gate, 1280, 720, plan.fps, 11}, CameraPlan{"exit", Place::exit, 1280, 720, plan.fps, 12},
        CameraPlan{"door", Place::door, 1280, 720, plan.fps, 13}, CameraPlan{"inside", Place::door, 640, 480, 6, 15},
        CameraPlan{"waiting", Place::waiting_room, 640, 480, 5, 14}}) {
    TRY(post->cameras->add_camera(camera));
  }
  post->mjpeg = TRY(MjpegCameras::create(*post->cameras, plan.mjpeg_port));
  try {
    post->bus = std::make_unique<SimulatedBus>(LinePlan{LinePlan::Wire::tcp, plan.modbus_port, "", 0}, plan.trace_file);
    if (!plan.rtu_link.empty())
      post->serial =
          std::make_unique<SimulatedBus>(LinePlan{LinePlan::Wire::rtu, 0, plan.rtu_link, plan.baud}, plan.trace_file);
    if (plan.rtu_tcp_port >= 0)
      post->converter = std::make_unique<SimulatedBus>(
          LinePlan{LinePlan::Wire::rtu_over_tcp, plan.rtu_tcp_port, "", plan.baud}, plan.trace_file);
    for (SimulatedBus* bus : {post->bus.get(), post->serial.get(), post->converter.get()}) {
      if (bus == nullptr) continue;
      bus->add_turnstile(kTurnstile, plan.board);
      bus->add_door(kDoor, plan.board);
      bus->add_detector(kDetector, plan.board);
    }
  } catch (const std::runtime_error& error) {
    return fail(ErrorKind::unavailable, fmt::format("a Modbus line (port {}, serial {}) can't be opened: {}",
                                                    plan.modbus_port, plan.rtu_link, error.what()));
  } catch (const std::invalid_argument& error) {
    return fail(ErrorKind::bad_input, error.what());
  }
  TRY(open_scanners(*post, plan));
  if (plan.printer_port >= 0) {
    post->printer = TRY(EscPosPrinter::create({plan.printer_port, 576, plan.paper_folder}));
  }
  return post;
}

Result<RtspCamera*> Post::camera(const std::string& name) const {
  if (RtspCamera* found = cameras->find_camera(name)) return found;
  std::string names;
  for (const RtspCamera* camera : cameras->cameras()) names += (names.empty() ? "" : ", ") + camera->plan().name;
  return fail(ErrorKind::bad_input, fmt::format("there is no camera \"{}\"; there are {}", name, names));
}

Result<SimulatedBus*> Post::line(const std::string& name) const {
  if (name == "tcp") return bus.get();
  if (name == "rtu" && serial) return serial.get();
  if (name == "rtu-tcp" && converter) return converter.get();
  return fail(ErrorKind::bad_input, fmt::format("there is no line \"{}\"; there are tcp{}{}", name, serial ? ", rtu" : "",
                                                converter ? ", rtu-tcp" : ""));
}

Status Post::check_unit(int unit) {
  if (unit >= kTurnstile && unit <= kDetector) return {};
  return fail(ErrorKind::bad_input,
              fmt::format("there is no unit {}; 1 is the turnstile, 2 the door, 3 the detector", unit));
}

}  // namespace gapura::simulated
