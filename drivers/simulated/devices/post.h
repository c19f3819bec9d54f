// SPDX-License-Identifier: Apache-2.0
// The devices of one simulated guard post, as config/demo.toml expects them: cameras gate, exit, door, inside and waiting;
// on the Modbus line unit 1 a turnstile, unit 2 a door, unit 3 a metal detector. Optionally the same three on a serial line
// and on a converter from RTU to TCP, and two scanners at the post.
#pragma once

#include <memory>
#include <string>

#include "models/base/result.h"
#include "simulated/devices/escpos_printer.h"
#include "simulated/devices/hid_scanner.h"
#include "simulated/devices/mjpeg_server.h"
#include "simulated/devices/modbus_device.h"
#include "simulated/devices/rtsp_camera.h"
#include "simulated/devices/serial_scanner.h"

namespace gapura::simulated {

struct PostPlan {
  int rtsp_port = 0, modbus_port = 0;  // 0: any free one
  std::string trace_file;              // one JSON line per change of a coil; empty: none
  std::string device_folder = "";      // for the scanners' nodes serial-scanner and hid-scanner; empty: no scanners
  int printer_port = -1;               // of the receipt printer; 0: any free one, -1: no printer
  std::string paper_folder = "";       // every printed badge as a PNG; empty: none
  bool kernel_input = false;           // the typing scanner through /dev/uinput instead of a socket in that folder
  int mjpeg_port = 0;
  double fps = 12;                  // of the cameras gate, exit and door; at least 5
  std::string board = "waveshare";  // the family of all boards, see modbus_boards.h
  std::string rtu_link;             // a serial line at this path; empty: none
  int baud = 0;                     // of that line; 0: no delay
  int rtu_tcp_port = -1;            // RTU over TCP; 0: any free port, -1: none
};

constexpr int kTurnstile = 1, kDoor = 2, kDetector = 3;

struct Post {
  std::unique_ptr<RtspServer> cameras;
  std::unique_ptr<MjpegCameras> mjpeg;                   // the same cameras
  std::unique_ptr<SimulatedBus> bus, serial, converter;  // the last two may be null
  std::unique_ptr<SerialScanner> serial_scanner;         // null without a device_folder
  std::unique_ptr<HidScanner> hid_scanner;
  std::unique_ptr<EscPosPrinter> printer;  // null without a printer_port

  static Result<std::unique_ptr<Post>> open(const PostPlan& plan);
  // bad_input: unknown name; the message lists the existing ones.
  Result<RtspCamera*> camera(const std::string& name) const;
  // `name`: tcp, rtu or rtu-tcp.
  Result<SimulatedBus*> line(const std::string& name) const;
  static Status check_unit(int unit);
};

}  // namespace gapura::simulated
