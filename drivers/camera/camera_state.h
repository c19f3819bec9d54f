// SPDX-License-Identifier: Apache-2.0
// The figures and the fault of a camera, and when its health is reported.
#pragma once

#include <optional>
#include <string>

#include "drivers/camera.h"
#include "drivers/camera/link.h"
#include "drivers/reader.h"

namespace gapura::drivers {

// One health message and the process time at that moment; rates are differences of two.
struct HealthSample {
  BootTime at;
  link::Health health;
  double cpu_seconds = 0;
};

// Not thread-safe.
class CameraState {
 public:
  // `name`: its address, without a password.
  CameraState(const CameraSettings& settings, std::string name) : settings_(settings), name_(std::move(name)) {}

  CameraStats stats;

  void update(const HealthSample& first, const HealthSample& last);
  void child_lost(std::string why);
  // The camera is online while fresh frames come that show something; an open socket alone does not count. Returns the
  // health to report, or none when nothing changed.
  std::optional<DeviceHealth> judge(BootTime now);

 private:
  CameraFault fault_now(bool fresh) const;
  std::string reason(CameraFault fault) const;

  const CameraSettings& settings_;
  const std::string name_;
  const BootTime born_ = boot_now();
  std::uint64_t frames_before_ = 0, dropped_before_ = 0, late_before_ = 0;
  CameraFault child_fault_ = CameraFault::none;
  bool announced_ = false, fresh_ = false;
  std::optional<BootTime> newest_;
  std::string why_;
};

}  // namespace gapura::drivers
