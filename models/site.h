// SPDX-License-Identifier: Apache-2.0
// What a site consists of, as configured: areas, portals, access points, readers, detectors. Constant while running.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/ids.h"
#include "models/time.h"
#include "models/words.h"

namespace gapura {

struct Area {
  AreaId id;
  std::string name;
};

enum class PortalKind { door, turnstile };
enum class Direction { entry, exit };
template <>
inline constexpr auto words<PortalKind> = std::to_array<const char*>({"door", "turnstile"});

// Signals are "controller.name"; empty where the portal has none.
struct PortalConfig {
  PortalId id;
  std::string name;
  PortalKind kind = PortalKind::door;
  std::string lock, contact, rex, tamper, fault;  // door: lock is the release output. contact: on = open
  std::string passage;                            // door: on while a person passes
  std::string entry_release, exit_release;        // turnstile outputs
  std::string entry_passage, exit_passage;        // turnstile inputs
  Millis pulse{1000};                             // how long the device holds the release
  Millis passage_limit{6000};                     // a grant without a passage in this time is access_not_taken
  Millis held_limit{15000};                       // door open longer than this: held_open
  Millis order_limit{1500};                       // an order older than this is dropped
};

struct AccessPointConfig {
  AccessPointId id;
  PortalId portal;
  Direction direction = Direction::entry;
  AreaId from, to;
  ReaderId reader;               // empty: no reader
  bool needs_decision = false;   // requires = ["decision"]: an aide accepted the visit
  bool needs_screening = false;  // requires = ["screening"]: cleared at the detector
};

struct DetectorConfig {
  DetectorId id;
  std::string name;
  std::string alarm, passage, fault;  // input signals
};

struct SiteConfig {
  std::vector<Area> areas;
  std::vector<PortalConfig> portals;
  std::vector<AccessPointConfig> points;
  std::vector<DetectorConfig> detectors;
};

}  // namespace gapura
