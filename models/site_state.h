// SPDX-License-Identifier: Apache-2.0
// What the journal adds up to. apply() is the fold: entries in, state out, and nothing else ever changes a SiteState.
#pragma once

#include <cstdint>
#include <map>
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
  bool operator==(const OpenIntent&) const = default;
};

enum class AlarmPriority { critical, high, medium };
template <>
inline constexpr auto words<AlarmPriority> = std::to_array<const char*>({"critical", "high", "medium"});

struct Alarm {
  std::uint64_t number = 0;  // of the entry that raised it
  std::string kind;
  AlarmPriority priority = AlarmPriority::medium;
  std::string subject;
  bool active = true;
  std::string acknowledged_by, handling;
  UtcTime raised;
  std::optional<UtcTime> cleared;
  bool standing() const { return active || acknowledged_by.empty(); }
  bool operator==(const Alarm&) const = default;
};

struct HashOfHash {
  std::size_t operator()(const Hash& hash) const noexcept;
};

struct SiteState {
  std::unordered_map<VisitId, Visit> visits;  // the open ones, and the closed ones whose badge is still out
  std::unordered_map<BadgeId, Badge> badges;  // all that the registry keeps
  std::unordered_map<Hash, BadgeId, HashOfHash> badge_by_token;
  std::map<std::uint64_t, OpenIntent> open_intents;
  std::map<std::uint64_t, Alarm> alarms;  // the standing ones
  std::uint64_t next_number = 0;

  const Visit* find_visit(const VisitId& id) const;
  const Badge* find_badge(const BadgeId& id) const;
  const Badge* find_badge(const Hash& token) const;
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
  Visit& add_visit(const VisitId& id);
  Badge& add_badge(const BadgeId& id);
  Alarm& alarm(std::uint64_t number);
  void open(OpenIntent intent) { opened.emplace(intent.number, std::move(intent)); }
  void close(std::uint64_t intent);
  void merge_into(SiteState& state) const;

  std::unordered_map<VisitId, Visit> visits;
  std::unordered_map<BadgeId, Badge> badges;
  std::map<std::uint64_t, OpenIntent> opened;
  std::vector<std::uint64_t> closed;
  std::map<std::uint64_t, Alarm> alarms;
  std::uint64_t next_number = 0;

 private:
  const SiteState& base_;
};

// Folds one stamped entry in. Entries must come in the order of their numbers. `config` gives an access point's areas.
void apply(SiteEdit& edit, const Entry& entry, const SiteConfig& config);

}  // namespace gapura
