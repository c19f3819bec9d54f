// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "drivers/camera.h"
#include "gateway/settings/settings.h"

namespace gapura::gateway {

using MakeCamera =
    std::function<Result<std::unique_ptr<drivers::Camera>>(drivers::CameraSettings settings, drivers::DeviceSink& sink)>;
// A camera with a child process of this program.
Result<std::unique_ptr<drivers::Camera>> make_camera(drivers::CameraSettings settings, drivers::DeviceSink& sink);

// Runs the daemon until SIGINT or SIGTERM. Returns the process's exit code (4: another daemon uses this folder).
int serve(const Settings& settings, const std::string& data_folder, const MakeCamera& make = make_camera);

}  // namespace gapura::gateway
