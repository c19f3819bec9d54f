// SPDX-License-Identifier: Apache-2.0
// The cameras of an RtspServer, also as MJPEG over HTTP: http://127.0.0.1:PORT/NAME.
#pragma once

#include <memory>
#include <string>

#include "models/base/result.h"
#include "simulated/devices/rtsp_camera.h"

namespace gapura::simulated {

// Thread-safe. Owns its threads, one per viewer (16 at most). The cameras must outlive it.
class MjpegCameras {
 public:
  static Result<std::unique_ptr<MjpegCameras>> create(RtspServer& cameras, int port);  // port 0: any free one
  virtual ~MjpegCameras() = default;
  virtual int port() const = 0;
  virtual std::string url(const std::string& camera) const = 0;
};

}  // namespace gapura::simulated
