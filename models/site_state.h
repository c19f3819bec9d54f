// SPDX-License-Identifier: Apache-2.0
// What the journal adds up to. apply() is the fold: entries in, state out, and nothing else ever changes a SiteState.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <unordered_map>

#include "models/ids.h"
#include "models/site.h"
#include "models/site_event.h"
#include "models/visit.h"

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
  bool silent = false;  // duress: not shown where it was given
  bool active = true;
  std::string acknowledged_by, handling;
  UtcTime raised;
  std::optional<UtcTime> cleared;
  bool standing() const { return active || acknowledged_by.empty(); }
  bool operator==(const Alarm&) const = default;
};

struct ActiveLockdown {
  std::string plan;
  std::uint64_t number = 0;  // of the entry that started it
  std::optional<UtcTime> until;
  bool operator==(const ActiveLockdown&) const = default;
};

// A roll call. Who was inside when it started, and who was seen safe since.
struct Muster {
  std::uint64_t number = 0;  // of the entry that started it
  std::set<VisitId> safe;
  bool operator==(const Muster&) const = default;
};

// Guards on duty, and whether somebody is at the post.
struct Shift {
  std::uint64_t number = 0;      // 0: none started
  std::set<std::string> guards;  // user ids
  std::string handed_to;         // offered to, not accepted yet
  std::string handed_by;
  bool attended = true;
  bool operator==(const Shift&) const = default;
};

struct ActiveMode {
  PortalMode mode = PortalMode::locked;
  std::uint64_t number = 0;  // of the entry that set it: what an unlocked portal's pulses refer to
  UtcTime since{};
  bool by_schedule = false;  // else a person set it
  bool operator==(const ActiveMode&) const = default;
};

// The aides' roster of this moment. Questions go to the first; the second is asked when the first does not answer.
struct AideDuty {
  std::string first, second;  // user ids; empty: nobody
  std::string offered_to;     // the duty is offered to, not accepted yet
  bool operator==(const AideDuty&) const = default;
};

// Who gave an account its password last, by making the account or by resetting it, and when.
struct PasswordGiven {
  std::string by;  // user id, "local" (at the machine) or "setup" (with the set-up code)
  UtcTime at;
  bool operator==(const PasswordGiven&) const = default;
};

// The small facts about the whole site; one row each in the table `site_fact`.
struct SiteFacts {
  std::map<PortalId, ActiveMode> modes;  // of portals whose mode was ever set; the others are locked
  std::map<std::string, ActiveLockdown> lockdowns;
  std::optional<Muster> muster;
  Shift shift;
  AideDuty duty;
  std::map<std::string, PasswordGiven> admins;  // every account that was made as an admin's, by user id
  std::string leader;  // receiving | in_a_meeting | resting | away; empty: not said. Suggests, never decides.
  std::optional<UtcTime> passback_reset;  // the last one
  std::optional<UtcTime> day_closed;      // the last close of day
  bool operator==(const SiteFacts&) const = default;
};

struct HashOfHash {
  std::size_t operator()(const Hash& hash) const noexcept;
};

struct SiteState {
  std::unordered_map<VisitId, Visit> visits;  // the open ones; the closed ones whose badge is still out, or just closed
  std::unordered_map<BadgeId, Badge> badges;  // all that the registry keeps
  std::unordered_map<Hash, BadgeId, HashOfHash> badge_by_token;
  std::map<std::string, Deposit> deposits;  // not returned yet
  std::map<std::uint64_t, OpenIntent> open_intents;
  std::map<std::uint64_t, Alarm> alarms;  // the standing ones
  SiteFacts facts;
  std::map<AreaId, int> people;  // in each area by last evidence, guests and staff; kept by merge_into
  std::deque<std::pair<UtcTime, VisitId>> lately_closed;
  std::uint64_t next_number = 0;

  const Visit* find_visit(const VisitId& id) const;
  const Badge* find_badge(const BadgeId& id) const;
  const Badge* find_badge(const Hash& token) const;
  void count_people();  // anew, after a load
  void forget_closed(UtcTime now);
  int people_in(const AreaId& area) const;
};

// New values of what a group of entries touches, laid over a state. Written to the tables in the entries' transaction and
// merged into the state only after the commit, so a failed commit leaves no trace.
class SiteEdit {
 public:
  explicit SiteEdit(const SiteState& base) : base_(base) {}
  // A copy of the present value to change; null when neither the state nor this edit knows it: a closed visit, long gone
  // from memory, is not brought back by a late picture or passage.
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

// A closed visit stays in memory this long, so that its closing can be undone.
inline constexpr std::chrono::minutes undo_limit{5};

// Folds one stamped entry in. Entries must come in the order of their numbers. `config` gives an access point's areas.
void apply(SiteEdit& edit, const Entry& entry, const SiteConfig& config);

}  // namespace gapura
