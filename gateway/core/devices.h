// SPDX-License-Identifier: Apache-2.0
// Whether devices are up: what of it is entered, and what of it is an alarm.
#pragma once

#include <map>
#include <set>
#include <string>

#include "gateway/core/health_damper.h"
#include "gateway/core/site_context.h"
#include "models/detector.h"

namespace gapura::gateway {

// Thread: core only.
class DevicesPart {
 public:
  // At a start all devices are still connecting: for ten seconds none of them is an alarm.
  explicit DevicesPart(SiteContext& site);
  Change take(const DeviceHealth& health, const Now& now);
  void tick(Change& change, const Now& now);
  std::optional<BootTime> next_deadline() const;

  // Null: it has not said anything since the start.
  const DeviceHealth* find(const std::string& device) const;
  int offline() const;
  // Of the board that this signal is on: its own entry then says that its doors' states chatter.
  bool chatters(const std::string& signal) const;

  // The lane of a detector whose lines cannot be true is manual.
  void lane_changed(Change& change, const Detector& detector, const DetectorNews& news);
  // The test piece was carried through `detector`.
  void tested(Change& change, const std::string& detector, bool found, bool manual);

 private:
  // A line that is opened again at once is no alarm; twice within a minute it is, and so is one that stays down.
  struct Watched {
    HealthDamper damper;
    std::optional<BootTime> outage;  // when the last one began
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
