// SPDX-License-Identifier: Apache-2.0
// The devices of one simulated guard post, as config/demo.toml expects them: cameras gate, exit, door and waiting; on the
// Modbus line unit 1 a turnstile, unit 2 a door, unit 3 a metal detector. The same three on a serial line and on a
// converter from RTU to TCP, where they are wanted.
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
  std::string board = "waveshare";     // the family of all boards, see modbus_boards.h
  std::string rtu_link;                // a serial line at this path; empty: none
  int baud = 0;                        // of it; 0: as fast as it goes
  int rtu_tcp_port = -1;               // RTU over TCP; 0: any free port, -1: none
};

constexpr int kTurnstile = 1, kDoor = 2, kDetector = 3;

struct Post {
  std::unique_ptr<RtspServer> cameras;
  std::unique_ptr<SimulatedBus> bus, serial, converter;  // the last two may be null

  static Result<std::unique_ptr<Post>> open(const PostPlan& plan);
  // bad_input with a sentence that lists what there is.
  Result<RtspCamera*> camera(const std::string& name) const;
  // tcp, rtu or rtu-tcp.
  Result<SimulatedBus*> line(const std::string& name) const;
  static Status check_unit(int unit);
};

}  // namespace gapura::simulated
