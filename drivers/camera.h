// SPDX-License-Identifier: Apache-2.0
// A camera, decoded and searched for badges in a child process of its own. The child has no database and no bus; when it
// hangs or crashes it is killed and started anew, and nothing else notices.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "drivers/reader.h"
#include "models/device_event.h"
#include "models/ids.h"
#include "models/result.h"

namespace gapura::drivers {

struct CameraSettings {
  CameraId id;
  std::string url;           // rtsp://…, http://… (MJPEG), /dev/video0, or a file (played in a loop at its own rate)
  bool reads_badges = true;  // false: pictures only (a waiting room)
  ReaderId reader;           // under which reads are reported; empty when reads_badges is false
  double fps = 0;            // upper bound of frames searched per second; 0: every frame
  Millis frame_limit{2000};  // no fresh frame for this long: the camera is offline (noticed within 3 s)
};

struct CameraStats {
  bool online = false;
  std::uint64_t frames = 0, dropped = 0, reads = 0, restarts = 0;
  double fps = 0;        // over the last two seconds
  double decode_ms = 0;  // mean per frame over the last two seconds: video decoding
  double search_ms = 0;  // the same: searching for codes
  double cpu = 0;        // of the child process, 1.0 = one core, over the last two seconds
  Millis frame_age{0};   // since the newest frame was captured; meaningless while offline
  int width = 0, height = 0;
  std::string detail;  // the last reason for being offline
};

// Thread-safe. Owns one supervising thread and one child process.
class Camera {
 public:
  // `program` is the executable that, started as `program camera-worker`, calls camera_worker_main() (gapura itself).
  static Result<std::unique_ptr<Camera>> create(CameraSettings settings, DeviceSink& sink, std::string program);
  virtual ~Camera() = default;  // ends the child

  virtual const CameraSettings& settings() const = 0;
  virtual CameraStats stats() const = 0;
  // The newest picture, at most `max_age` old; null when there is none (offline, or nobody watched so far).
  // Asking marks the camera as watched for ten seconds, so that its child encodes previews (5 per second at most).
  virtual StillPtr latest(Millis max_age) = 0;
  // Waits up to `limit` for a picture captured after this call. Not for the core thread.
  virtual Result<StillPtr> take_still(Millis limit) = 0;
  // For tests: the child's process id, 0 while there is none.
  virtual int child_pid() const = 0;
};

// The child's main: reads its settings from the socket on descriptor 3, never returns before the parent closes it.
int camera_worker_main();

}  // namespace gapura::drivers
