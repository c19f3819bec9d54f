// SPDX-License-Identifier: Apache-2.0
// The state that the journal's entries add up to. apply() is the fold, and the only way to change a SiteState.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <unordered_map>

#include "models/base/ids.h"
#include "models/record/site_event.h"
#include "models/site/site.h"
#include "models/visit/visit.h"

namespace gapura {

// A release whose outcome is not recorded yet.
struct OpenIntent {
  std::uint64_t number = 0;
  AccessPointId point;
  VisitId visit;
  BadgeId badge;
  BadgeId partner;  // the second person's badge, of a two-person area
  bool operator==(const OpenIntent&) const = default;
};

struct Alarm {
  std::uint64_t number = 0;  // of the entry that raised it
  AlarmKind kind{};
  AlarmPriority priority = AlarmPriority::medium;
  std::string subject;
  bool silent = false;  // duress: not shown on the screen where it was given
  bool active = true;
  std::string acknowledged_by, handling;
  UtcTime raised;
  std::optional<UtcTime> cleared;
  // Active, or not yet acknowledged.
  bool standing() const { return active || acknowledged_by.empty(); }
  bool operator==(const Alarm&) const = default;
};

struct ActiveLockdown {
  std::string plan;
  std::uint64_t number = 0;  // of the entry that started it
  std::optional<UtcTime> until;
  bool operator==(const ActiveLockdown&) const = default;
};

// A roll call: who was inside when it started, and who has been marked safe since.
struct Muster {
  std::uint64_t number = 0;  // of the entry that started it
  std::set<VisitId> safe;
  bool operator==(const Muster&) const = default;
};

// The guards on duty, and whether a guard is at the post.
struct Shift {
  std::uint64_t number = 0;      // 0: none started
  std::set<std::string> guards;  // user ids
  std::string handed_to;         // offered to, not yet accepted
  std::string handed_by;
  bool attended = true;
  bool operator==(const Shift&) const = default;
};

struct ActiveMode {
  PortalMode mode = PortalMode::locked;
  std::uint64_t number = 0;  // of the entry that set it; the pulses of an unlocked portal carry it
  UtcTime since{};
  bool by_schedule = false;  // else a person set it
  bool operator==(const ActiveMode&) const = default;
};

// The aides on duty now. Questions go to the first; the second is asked when the first does not answer.
struct AideDuty {
  std::string first, second;  // user ids; empty: none
  std::string offered_to;     // the duty is offered to this user, who has not yet accepted
  bool operator==(const AideDuty&) const = default;
};

// Who last set an account's password, by making the account or by resetting it, and when.
struct PasswordGiven {
  std::string by;  // user id, "local" (at the machine) or "setup" (with the set-up code)
  UtcTime at;
  bool operator==(const PasswordGiven&) const = default;
};

// Facts about the whole site; one row each in the table `site_fact`.
struct SiteFacts {
  std::map<PortalId, ActiveMode> modes;  // of portals whose mode was ever set; the others are locked
  std::map<std::string, ActiveLockdown> lockdowns;
  std::optional<Muster> muster;
  Shift shift;
  AideDuty duty;
  std::map<std::string, PasswordGiven> admins;  // every account that was made as an admin's, by user id
  std::string leader;  // receiving | in_a_meeting | resting | away; empty: not set. A suggestion only, never a decision.
  std::optional<UtcTime> passback_reset;  // the last one
  std::optional<UtcTime> day_closed;      // the last close of day
  bool operator==(const SiteFacts&) const = default;
};

struct HashOfHash {
  std::size_t operator()(const Hash& hash) const noexcept;
};

struct SiteState {
  std::unordered_map<VisitId, Visit> visits;  // open ones, and the closed ones that forget_closed() keeps
  std::unordered_map<BadgeId, Badge> badges;  // all that the registry keeps
  std::unordered_map<Hash, BadgeId, HashOfHash> badge_by_token;
  std::map<std::string, Deposit> deposits;  // not returned yet
  std::map<std::uint64_t, OpenIntent> open_intents;
  std::map<std::uint64_t, Alarm> alarms;  // the standing ones
  SiteFacts facts;
  std::map<AreaId, int> people;  // in each area by last evidence, guests and staff; updated by merge_into
  std::deque<std::pair<UtcTime, VisitId>> lately_closed;
  std::uint64_t next_number = 0;

  const Visit* find_visit(const VisitId& id) const;
  const Badge* find_badge(const BadgeId& id) const;
  const Badge* find_badge(const Hash& token) const;
  void count_people();  // from the visits and badges, after a load
  // Drops closed visits once undo_limit has passed and their badges are returned.
  void forget_closed(UtcTime now);
  int people_in(const AreaId& area) const;
};

// The new values of everything that a group of entries changes, laid over a state. Written to the tables in the entries'
// transaction and merged into the state only after the commit, so a failed commit changes nothing.
class SiteEdit {
 public:
  explicit SiteEdit(const SiteState& base) : base_(base) {}
  // Returns a copy of the present value for changing; null when neither the state nor this edit has it. A closed visit that
  // is no longer in memory is not brought back by a late picture or passage.
  Visit* find_visit(const VisitId& id);
  Badge* find_badge(const BadgeId& id);
  Deposit* find_deposit(const std::string& id);
  const OpenIntent* find_intent(std::uint64_t number) const;
  Visit& add_visit(const VisitId& id);
  Badge& add_badge(const BadgeId& id);
  Deposit& add_deposit(const std::string& id);
  Alarm& alarm(std::uint64_t number);
  SiteFacts& change_facts();
  const SiteState& before() const { return base_; }
  void open(OpenIntent intent) { opened.emplace(intent.number, std::move(intent)); }
  void close(std::uint64_t intent);
  void merge_into(SiteState& state, UtcTime now) const;

  std::unordered_map<VisitId, Visit> visits;
  std::unordered_map<BadgeId, Badge> badges;
  std::map<std::string, Deposit> deposits;
  std::map<std::uint64_t, OpenIntent> opened;
  std::vector<std::uint64_t> closed;
  std::map<std::uint64_t, Alarm> alarms;
  const std::optional<SiteFacts>& changed_facts() const { return facts_; }
  std::uint64_t next_number = 0;

 private:
  const SiteState& base_;
  std::optional<SiteFacts> facts_;
};

// How long a closed visit stays in memory, so that its closing can be undone.
inline constexpr std::chrono::minutes undo_limit{5};

// Folds one stamped entry into `edit`. Entries must come in order of their numbers. `config` gives an access point's areas.
void apply(SiteEdit& edit, const Entry& entry, const SiteConfig& config);

}  // namespace gapura
