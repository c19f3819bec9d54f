// SPDX-License-Identifier: Apache-2.0
// The post's cameras within the gate's own process: what is held to one is read at once, and a picture is drawn when it is
// asked for. No stream, no decoder, no child.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "drivers/camera.h"
#include "simulated/devices/rtsp_camera.h"

namespace gapura::tests {

class ShownCamera;

// Takes the place of gapura-sim's RTSP server, for the same control requests. Thread-safe.
class PostCameras : public simulated::RtspServer {
 public:
  PostCameras();
  ~PostCameras() override;

  // The gate's end of the camera that the last part of the url names. At most one at a time; bad_input: no such camera.
  Result<std::unique_ptr<drivers::Camera>> connect(drivers::CameraSettings settings, drivers::DeviceSink& sink);
  // Every connected camera says again how it is: the core then looks at its clock.
  void say_health();

  int port() const override { return 0; }
  std::string url(const std::string& camera) const override { return "drawn:/" + camera; }
  Result<simulated::RtspCamera*> add_camera(const simulated::CameraPlan& plan) override;
  simulated::RtspCamera* find_camera(const std::string& name) override;
  std::vector<simulated::RtspCamera*> cameras() override;
  Status set_listening(bool up) override;

 private:
  std::vector<std::unique_ptr<ShownCamera>> cameras_;  // constant once the gate runs
};

}  // namespace gapura::tests
