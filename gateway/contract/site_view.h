// SPDX-License-Identifier: Apache-2.0
// A snapshot of the site's live state for screens: made by the core after each step; immutable.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/base/device_event.h"
#include "models/base/ids.h"
#include "models/base/time.h"
#include "models/record/site_state.h"

namespace gapura::gateway {

struct PortalView {
  PortalId id;
  std::string mode = "locked";
  bool by_schedule = false;               // the mode was set by the portal's schedule
  std::optional<UtcTime> unlocked_until;  // by schedule
  std::optional<UtcTime> unlocks;         // when the schedule next unlocks it
  Level contact = Level::unknown;
  bool lock_commanded = false;           // a release is under way
  Level lock_observed = Level::unknown;  // the release output, read back: on: the door can be opened
  BootTime observed_at;
  bool online = false;
  std::vector<std::string> alarms;
};

struct DetectorView {
  DetectorId id;
  std::string trouble;  // why its lane is manual; empty: it is automatic
};

struct SiteView {
  Now at;
  bool granting = false;
  std::vector<std::string> why_not;  // sentences, when not granting
  std::uint64_t entries = 0;         // the next journal number
  std::vector<PortalView> portals;
  std::vector<DetectorView> detectors;
  SiteFacts facts;
  std::map<AreaId, int> people;  // in each area by last evidence
};
using SiteViewPtr = std::shared_ptr<const SiteView>;

// From the health reports and the drivers' statistics.
struct DeviceView {
  std::string id, kind;
  bool online = false;
  UtcTime since;
  std::string detail, fault;  // fault: a code; empty: no fault, or an unknown one
  int outages = 0;            // within the last minute; from three on it is shown as intermittent
  std::map<std::string, double> stats;
};

// Called after every commit, on the core thread. Must not block.
class CommitListener {
 public:
  virtual ~CommitListener() = default;
  virtual void committed(std::uint64_t next_number) = 0;
};

}  // namespace gapura::gateway
