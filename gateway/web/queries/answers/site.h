// SPDX-License-Identifier: Apache-2.0
// The site as it is now: devices, portals, areas, lockdowns, the roll call, and the status of all of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/web/queries/answers/accounts.h"
#include "models/base/device_event.h"
#include "models/site/site.h"

namespace gapura::gateway::answer {

// `roles`: what a camera is for. `stats`: numbers whose names are the driver's own.
struct Device {
  static constexpr const char* schema = "Device";
  std::string id, kind;
  bool online = false;
  UtcTime since;
  std::string detail, fault;
  int outages = 0;
  std::vector<std::string> roles;
  boost::json::object stats;
  GAPURA_FIELDS(id, kind, online, since, detail, fault, outages, roles, stats);
};

struct Devices {
  std::vector<Device> devices;
  GAPURA_FIELDS(devices);
};

struct Lock {
  static constexpr const char* schema = "Lock";
  bool commanded = false;
  Level observed = Level::unknown;
  GAPURA_FIELDS(commanded, observed);
};

struct Point {
  static constexpr const char* schema = "Point";
  std::string id, from, to;
  std::optional<std::string> reader, device;
  GAPURA_FIELDS(id, from, to, reader, device);
};

GAPURA_ENUM(ModeBy, schedule, person);

struct Portal {
  static constexpr const char* schema = "Portal";
  std::string id, name;
  PortalKind kind = PortalKind::door;
  std::string mode;
  std::optional<ModeBy> mode_by;
  std::optional<UtcTime> unlocked_until, unlocks;
  Level contact = Level::unknown;
  Lock lock;
  std::int64_t age_ms = 0;
  bool online = false;
  std::vector<Point> points;
  std::vector<std::string> alarms;
  GAPURA_FIELDS(id, name, kind, mode, mode_by, unlocked_until, unlocks, contact, lock, age_ms, online, points, alarms);
};

struct Portals {
  std::vector<Portal> portals;
  GAPURA_FIELDS(portals);
};

struct Area {
  static constexpr const char* schema = "Area";
  std::string id, name;
  int people = 0;
  std::optional<int> limit;
  Passback passback = Passback::off;
  bool two_person = false;
  EscortRule escort = EscortRule::off;
  GAPURA_FIELDS(id, name, people, limit, passback, two_person, escort);
};

struct Areas {
  std::vector<Area> areas;
  GAPURA_FIELDS(areas);
};

struct Lockdown {
  static constexpr const char* schema = "Lockdown";
  std::string id, name;
  std::vector<std::string> areas;
  int rank = 0;
  std::vector<std::string> may_pass;
  std::optional<std::int64_t> revert_minutes;
  bool active = false;
  std::optional<std::uint64_t> entry;
  std::optional<UtcTime> until;
  GAPURA_FIELDS(id, name, areas, rank, may_pass, revert_minutes, active, entry, until);
};

struct Lockdowns {
  std::vector<Lockdown> lockdowns;
  GAPURA_FIELDS(lockdowns);
};

// `where`: people by area.
struct Inside {
  static constexpr const char* schema = "Inside";
  std::string visit, name;
  std::int64_t party = 1;
  std::string presence;
  std::optional<UtcTime> presence_at;
  boost::json::object where;
  bool safe = false;
  GAPURA_FIELDS(visit, name, party, presence, presence_at, where, safe);
};

struct StaffInside {
  static constexpr const char* schema = "StaffInside";
  std::string badge, host, name, area;
  GAPURA_FIELDS(badge, host, name, area);
};

struct Muster {
  static constexpr const char* schema = "Muster";
  UnsaidNull<std::uint64_t> entry;  // no roll call runs
  std::optional<UtcTime> started;
  std::int64_t safe = 0;
  std::vector<Inside> people;
  std::vector<StaffInside> staff;
  GAPURA_FIELDS(entry, started, safe, people, staff);
};

struct JournalSize {
  std::int64_t entries = 0;
  std::uint64_t bytes = 0;
  GAPURA_FIELDS(entries, bytes);
};

struct DiskSpace {
  std::uint64_t free_bytes = 0;
  GAPURA_FIELDS(free_bytes);
};

struct Status {
  static constexpr const char* schema = "Status";
  std::string version;
  Site site;
  UtcTime started, time;
  ClockQuality clock = ClockQuality::ok;
  bool granting = false;
  std::vector<std::string> why_not;
  JournalSize journal;
  DiskSpace disk;
  std::vector<Device> devices;
  std::vector<Portal> portals;
  std::optional<std::string> leader;
  bool attended = false;
  std::vector<std::string> lockdowns;
  bool muster = false;
  GAPURA_FIELDS(version, site, started, time, clock, granting, why_not, journal, disk, devices, portals, leader, attended,
                lockdowns, muster);
};

}  // namespace gapura::gateway::answer
