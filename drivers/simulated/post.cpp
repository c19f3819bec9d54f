// SPDX-License-Identifier: Apache-2.0
#include "simulated/post.h"

#include <fmt/format.h>

#include <system_error>

namespace gapura::simulated {
namespace {

Status open_scanners(Post& post, const PostPlan& plan) {
  if (plan.device_folder.empty()) return {};
  auto serial = SerialScanner::create(plan.device_folder + "/serial-scanner");
  if (!serial) return tl::unexpected(serial.error());
  post.serial_scanner = std::move(*serial);
  auto hid =
      plan.kernel_input ? HidScanner::create_uinput() : HidScanner::create_stream(plan.device_folder + "/hid-scanner");
  if (!hid) return tl::unexpected(hid.error());
  post.hid_scanner = std::move(*hid);
  return {};
}

}  // namespace

Result<std::unique_ptr<Post>> Post::open(const PostPlan& plan) {
  auto post = std::make_unique<Post>();
  auto cameras = RtspServer::create(plan.rtsp_port);
  if (!cameras) return tl::unexpected(cameras.error());
  post->cameras = std::move(*cameras);
  for (const CameraPlan& camera :
       {CameraPlan{"gate", Place::gate, 1280, 720, 12, 11}, CameraPlan{"exit", Place::exit, 1280, 720, 12, 12},
        CameraPlan{"door", Place::door, 1280, 720, 12, 13}, CameraPlan{"waiting", Place::waiting_room, 640, 480, 5, 14}}) {
    if (auto added = post->cameras->add_camera(camera); !added) return tl::unexpected(added.error());
  }
  try {
    post->bus = std::make_unique<SimulatedBus>(plan.modbus_port, plan.trace_file);
  } catch (const std::system_error& error) {
    return fail(ErrorKind::unavailable, fmt::format("Modbus port {} can't be opened: {}", plan.modbus_port, error.what()));
  }
  post->bus->add_turnstile(kTurnstile);
  post->bus->add_door(kDoor);
  post->bus->add_detector(kDetector);
  if (auto opened = open_scanners(*post, plan); !opened) return tl::unexpected(opened.error());
  if (plan.printer_port >= 0) {
    auto printer = EscPosPrinter::create({plan.printer_port, 576, plan.paper_folder});
    if (!printer) return tl::unexpected(printer.error());
    post->printer = std::move(*printer);
  }
  return post;
}

Result<RtspCamera*> Post::camera(const std::string& name) const {
  if (RtspCamera* found = cameras->find_camera(name)) return found;
  std::string names;
  for (const RtspCamera* camera : cameras->cameras()) names += (names.empty() ? "" : ", ") + camera->plan().name;
  return fail(ErrorKind::bad_input, fmt::format("there is no camera \"{}\"; there are {}", name, names));
}

Status Post::check_unit(int unit) {
  if (unit >= kTurnstile && unit <= kDetector) return {};
  return fail(ErrorKind::bad_input,
              fmt::format("there is no unit {}; 1 is the turnstile, 2 the door, 3 the detector", unit));
}

}  // namespace gapura::simulated
