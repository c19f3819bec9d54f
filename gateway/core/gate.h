// SPDX-License-Identifier: Apache-2.0
// The functional core: inputs and time in, entries and orders out. It does no I/O, reads no clock and starts no thread;
// what it remembers durably (SiteState) changes only by commit(), after the entries are on disk.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "gateway/clock.h"
#include "gateway/core/command.h"
#include "gateway/core/site_view.h"
#include "models/decision.h"
#include "models/detector.h"
#include "models/device_event.h"
#include "models/portal.h"
#include "models/site_state.h"

namespace gapura::gateway {

class Database;

struct CommandInput {
  Command command;
  Actor actor;
  Done done;
};

// A picture that the core asked for is on disk (or is not: `hash` empty).
struct PictureKept {
  std::uint64_t entry = 0;
  VisitId visit;
  BadgeId badge;
  std::string hash, camera, role;  // role: scan | waiting_room
  std::uint64_t bytes = 0;
};

using Input = std::variant<BadgeRead, LevelReport, PulseReport, DeviceHealth, CommandInput, PictureKept>;

// Carried out after the commit, in their order. `entry` is the index of the entry that allows it within its Change.
struct PulseOrderOut {
  std::size_t entry;
  std::string signal;
  Millis length;
  BootTime deadline;
};
struct KeepStillOut {
  std::size_t entry;
  StillPtr still;
  std::string reader, role;
  VisitId visit;
  BadgeId badge;
};
struct TakeStillOut {
  std::size_t entry;
  std::string role;
  VisitId visit;
};
using OrderOut = std::variant<PulseOrderOut, KeepStillOut, TakeStillOut>;

// Rows that no leaf may carry (personal data, secrets), written in the entries' transaction. `first` is the number of the
// Change's first entry.
using RowWrite = std::function<Status(const Database& db, std::uint64_t first)>;

// What one input leads to. With `refusal` set nothing happens and the asker is told.
struct Change {
  std::vector<Entry> entries;
  std::vector<OrderOut> orders;
  std::vector<RowWrite> rows;
  Reply reply;
  std::optional<Error> refusal;
  bool empty() const { return entries.empty() && rows.empty(); }
};

// The few questions to the registry that the state in memory cannot answer. Read only.
class RegistryLookup {
 public:
  virtual ~RegistryLookup() = default;
  virtual std::optional<GuestId> find_guest(const std::string& phone, const std::string& full_name) = 0;
  virtual bool has_open_visit(const GuestId& guest) = 0;
  virtual bool has_admin() = 0;
  virtual bool has_user(const UserId& user) = 0;
  virtual bool is_last_admin(const UserId& user) = 0;
};

// Thread: core only.
class Gate {
 public:
  Gate(SiteConfig config, SiteState state, RegistryLookup& registry, Randomness randomness, BootTime started);

  // Closes every open intent of an earlier run as unknown and says that the site is open.
  Change start(const Now& now, const std::string& version);
  Change step(const Input& input, const Now& now);
  Change tick(const Now& now);
  std::optional<BootTime> next_deadline() const;

  // The Change is on disk as these stamped entries.
  void commit(const SiteEdit& edit, const std::vector<Entry>& entries);
  void stop_granting(std::string why) { storage_problem_ = std::move(why); }

  const SiteState& state() const { return state_; }
  const SiteConfig& config() const { return config_; }
  bool granting() const { return storage_problem_.empty(); }
  SiteView view(const Now& now) const;

 private:
  Change on_badge(const BadgeRead& read, const Now& now);
  Change on_level(const LevelReport& report, const Now& now);
  Change on_pulse(const PulseReport& report, const Now& now);
  Change on_health(const DeviceHealth& health, const Now& now);
  Change on_picture(const PictureKept& kept);
  Change on_command(const Command& command, const Actor& actor, const Now& now);
  Change run(const RegisterVisit&, const Actor&, const Now&);
  Change run(const AskAide&, const Actor&, const Now&);
  Change run(const DecideVisit&, const Actor&, const Now&);
  Change run(const SetPortrait&, const Actor&, const Now&);
  Change run(const IssueBadge&, const Actor&, const Now&);
  Change run(const RevokeBadge&, const Actor&, const Now&);
  Change run(const ReturnBadge&, const Actor&, const Now&);
  Change run(const RecordScreening&, const Actor&, const Now&);
  Change run(const CloseVisit&, const Actor&, const Now&);
  Change run(const ReleasePortal&, const Actor&, const Now&);
  Change run(const AcknowledgeAlarm&, const Actor&, const Now&);
  Change run(const AddUser&, const Actor&, const Now&);
  Change run(const DisableUser&, const Actor&, const Now&);
  Change run(const SetPassword&, const Actor&, const Now&);
  Change run(const OpenSession&, const Actor&, const Now&);
  Change run(const TouchSession&, const Actor&, const Now&);
  Change run(const CloseSession&, const Actor&, const Now&);

  void grant(Change& change, const AccessPointConfig& point, Entry entry, BootTime asked);
  void portal_facts(Change& change, Portal& portal, const PortalFacts& facts);
  void detector_fact(Change& change, const Detector& detector, DetectorFact fact);
  void raise(Change& change, const std::string& kind, AlarmPriority priority, const std::string& subject);
  void clear(Change& change, const std::string& kind, const std::string& subject);
  const Alarm* find_alarm(const std::string& kind, const std::string& subject, bool active) const;
  const AccessPointConfig* find_point(const ReaderId& reader) const;
  const AccessPointConfig* find_point(const AccessPointId& id) const;
  Portal* find_portal(const PortalId& id);
  const Visit* find_open_visit(const VisitId& id) const;
  const Visit* only_visit_to_screen() const;
  bool too_many_useless(const ReaderId& reader, BootTime at);
  std::string random_id(const char* prefix);
  std::string random_bytes(std::size_t count);

  const SiteConfig config_;
  SiteState state_;
  RegistryLookup& registry_;
  Randomness randomness_;
  std::vector<Portal> portals_;
  std::vector<Detector> detectors_;
  std::map<std::string, DeviceHealth> devices_;
  // Devices that have not been up yet are no alarm before this instant: at a start all of them are still connecting.
  BootTime devices_due_;
  bool devices_seen_to_ = false;
  std::map<ReaderId, std::vector<BootTime>> useless_reads_;  // the recent ones, per reader
  ClockQuality clock_ = ClockQuality::ok;
  std::string storage_problem_;
};

}  // namespace gapura::gateway
