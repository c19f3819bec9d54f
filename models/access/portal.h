// SPDX-License-Identifier: Apache-2.0
// The live state of one portal: the releases that were ordered, the levels that were observed, and what follows from the
// passing of time. Levels come in, facts come out; the core turns facts into entries. The state is not kept over a restart:
// all levels are read again then.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/base/device_event.h"
#include "models/site/site.h"

namespace gapura {

// A release that was ordered and has no outcome yet.
struct PendingRelease {
  std::uint64_t intent = 0;
  AccessPointId point;
  Direction direction = Direction::entry;
  VisitId visit;
  BadgeId badge;
  Millis extra{0};      // more time than usual, for the pulse and for the passage
  BootTime ordered;     // the stamp of its access_granted
  BootTime deadline{};  // set by Portal: the release has an outcome by then
  bool acknowledged = false;
  bool uncertain = false;  // the write was sent and not answered
  bool unseen = false;     // the passage input's line was lost meanwhile, so a passage may have been missed
  Level readback = Level::unknown;
  std::optional<Millis> acknowledged_after;
};

struct PortalFact {
  enum class Kind {
    taken,
    not_taken,
    unknown,  // these three are outcomes of a release, and `release` is set
    forced_open,
    held_open,
    released_by_unknown,
    forced_open_over,
    held_open_over,
    released_by_unknown_over,
    tamper,
    tamper_over,
    fault,
    fault_over,
    exit_requested,
    state_unknown,  // the contact's line was lost
  };
  Kind kind;
  const char* why = "";  // of an outcome: the words of docs/api.md
  std::optional<PendingRelease> release;
};
using PortalFacts = std::vector<PortalFact>;

// Thread: core only.
class Portal {
 public:
  explicit Portal(PortalConfig config);

  const PortalConfig& config() const { return config_; }
  bool uses(const std::string& signal) const { return levels_.contains(signal); }
  const std::string& release_signal(Direction direction) const;
  // True when the release output's level is known, that is, its controller answers. A portal that cannot be read back is
  // not released.
  bool ready(Direction direction) const;
  // While everybody may pass (unlocked, emergency_open), an open door raises no alarm.
  void set_mode(PortalMode mode, BootTime now);
  PortalMode mode() const { return mode_; }
  // An unlocked portal is a pulse that is renewed before it ends, so that it locks when the daemon dies. Returns true when
  // a renewal is due.
  bool take_renewal(BootTime now);
  const std::optional<PendingRelease>& pending() const { return pending_; }
  Level contact() const { return level_of(config_.contact); }
  Level lock_observed() const;  // of the release output: on, the door can be opened
  BootTime observed_at() const { return observed_at_; }
  bool forced() const { return forced_; }
  bool held() const { return held_; }
  bool released_by_unknown() const { return unknown_release_; }

  // Call at start. The device may still hold a release of the previous run, which is then not reported as unordered.
  void start(BootTime now);
  // Restores the alarms that were active when the previous run ended; the first level that contradicts one ends it.
  void restore(bool forced, bool held, bool released_by_unknown);
  void begin(PendingRelease release);  // INVARIANT: none is pending
  // unordered: the driver saw an output on without an order, or for longer than ordered.
  PortalFacts level(const std::string& signal, Level level, BootTime at, bool unordered = false);
  PortalFacts pulse_done(const PulseReport& report);
  PortalFacts tick(BootTime now);
  std::optional<BootTime> next_deadline() const;

 private:
  Level level_of(const std::string& signal) const;
  bool output_on() const;
  void released_unasked(PortalFacts& facts);
  void finish(PortalFacts& facts, PortalFact::Kind kind, const char* why);
  void passed(PortalFacts& facts, Direction direction, BootTime at);
  void contact_changed(PortalFacts& facts, Level before, Level now, BootTime at);
  void expire(PortalFacts& facts);
  void line_changed(PortalFacts& facts, const std::string& signal, Level level);
  bool open_to_all() const { return mode_ == PortalMode::unlocked || mode_ == PortalMode::emergency_open; }

  const PortalConfig config_;
  std::map<std::string, Level> levels_;
  std::optional<PendingRelease> pending_;
  BootTime observed_at_{};
  BootTime release_expected_until_{};  // an output that is on later than this was not switched on by us
  BootTime opening_allowed_until_{};   // an opening or a passage later than this was forced
  Direction allowed_ = Direction::entry;
  std::optional<BootTime> opened_at_;
  bool forced_ = false, held_ = false, unknown_release_ = false;
  PortalMode mode_ = PortalMode::locked;
  std::optional<BootTime> renew_at_;
};

}  // namespace gapura
