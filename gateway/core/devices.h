// SPDX-License-Identifier: Apache-2.0
// Whether devices are online: which changes become entries, and which become alarms.
#pragma once

#include <map>
#include <set>
#include <string>

#include "gateway/core/health_damper.h"
#include "gateway/core/site_context.h"
#include "models/access/detector.h"

namespace gapura::gateway {

// Thread: core only.
class DevicesPart {
 public:
  // After a start all devices are still connecting: for ten seconds none of them raises an alarm.
  explicit DevicesPart(SiteContext& site);
  Change take(const DeviceHealth& health, const Now& now);
  void tick(Change& change, const Now& now);
  std::optional<BootTime> next_deadline() const;

  // Returns null when the device has not reported since the start.
  const DeviceHealth* find(const std::string& device) const;
  int offline() const;
  // Whether the board of this signal chatters; its own entry then says so for its doors.
  bool chatters(const std::string& signal) const;

  // Records that a detector's lane became manual, because its lines contradict each other, or automatic again.
  void lane_changed(Change& change, const Detector& detector, const DetectorNews& news);
  // Records that the test piece was carried through `detector`.
  void tested(Change& change, const std::string& detector, bool found, bool manual);

 private:
  // The alarm state of one device. A line that is reopened at once raises no alarm; one that fails twice within a minute,
  // or stays down, does.
  struct Watched {
    HealthDamper damper;
    std::optional<BootTime> outage;  // start of the last one
    std::optional<BootTime> alarm_at;
  };
  void lane_well(Change& change, const std::string& detector);

  SiteContext& site_;
  const BootTime connected_by_;
  std::map<std::string, DeviceHealth> devices_;
  std::map<std::string, Watched> health_;      // by device
  std::map<std::string, HealthDamper> lanes_;  // of detectors
  std::set<std::string> failed_tests_;         // detectors that did not find the test piece, since this start
};

}  // namespace gapura::gateway
