// SPDX-License-Identifier: Apache-2.0
// The devices of one simulated guard post, as config/demo.toml expects them: cameras gate, exit, door, inside and waiting;
// on the Modbus line unit 1 a turnstile, unit 2 a door, unit 3 a metal detector.
#pragma once

#include <memory>
#include <string>

#include "models/result.h"
#include "simulated/modbus_device.h"
#include "simulated/rtsp_camera.h"

namespace gapura::simulated {

struct PostPlan {
  int rtsp_port = 0, modbus_port = 0;  // 0: any free one
  std::string trace_file;              // one JSON line per change of a coil; empty: none
};

constexpr int kTurnstile = 1, kDoor = 2, kDetector = 3;

struct Post {
  std::unique_ptr<RtspServer> cameras;
  std::unique_ptr<SimulatedBus> bus;

  static Result<std::unique_ptr<Post>> open(const PostPlan& plan);
  // bad_input with a sentence that lists what there is.
  Result<RtspCamera*> camera(const std::string& name) const;
  static Status check_unit(int unit);
};

}  // namespace gapura::simulated
