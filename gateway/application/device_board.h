// SPDX-License-Identifier: Apache-2.0
// What is known of every device of the configuration: its last report, kept on its way to the core, for the devices page
// and /metrics.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "drivers/camera.h"
#include "drivers/door_controller.h"
#include "drivers/mutex.h"
#include "drivers/printer.h"
#include "drivers/reader.h"
#include "drivers/scanner.h"
#include "gateway/contract/clock.h"
#include "gateway/contract/site_view.h"

namespace gapura::gateway {

// Thread-safe. Passes every report on to `next`.
class DeviceBoard : public drivers::DeviceSink {
 public:
  DeviceBoard(drivers::DeviceSink& next, Clock& clock) : next_(next), clock_(clock) {}
  // Call for each device before it is opened: it is listed from then on, offline until its first report.
  void expect(const std::string& id, DeviceHealth::Kind kind);
  void badge_read(BadgeRead read) override { next_.badge_read(std::move(read)); }
  void level(LevelReport report) override { next_.level(std::move(report)); }
  void pulse_done(PulseReport report) override { next_.pulse_done(std::move(report)); }
  void health(DeviceHealth health) override;

  // `detectors`: the core's judgement of their lanes; their boards are reported as controllers.
  std::vector<DeviceView> views(const std::vector<std::unique_ptr<drivers::Camera>>& cameras,
                                const std::vector<std::unique_ptr<drivers::ControllerBus>>& buses,
                                const std::vector<std::unique_ptr<drivers::Scanner>>& scanners,
                                const std::vector<std::unique_ptr<drivers::Printer>>& printers,
                                const std::vector<DetectorView>& detectors);

 private:
  drivers::DeviceSink& next_;
  Clock& clock_;
  Mutex mutex_;
  struct Known {
    DeviceView view;
    std::deque<BootTime> outages;  // of the last minute
  };
  DeviceView& learn(const std::string& id, DeviceHealth::Kind kind, bool online) REQUIRES(mutex_);

  std::map<std::string, Known> known_ GUARDED_BY(mutex_);
};

}  // namespace gapura::gateway
