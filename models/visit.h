// SPDX-License-Identifier: Apache-2.0
// A visit: milestones plus orthogonal machines (approval, screening, badge) plus presence by physical evidence.
// The words are those of the schema, the API and the screens (models/README.md has the Indonesian ones).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "models/ids.h"
#include "models/sha256.h"
#include "models/time.h"
#include "models/words.h"

namespace gapura {

enum class VisitState {
  registered,
  waiting,
  called,
  in_meeting,
  finished,
  departed,
  declined,
  turned_away,
  left_early,
  unaccounted,
};
template <>
inline constexpr auto words<VisitState> = std::to_array<const char*>({
    "registered",
    "waiting",
    "called",
    "in_meeting",
    "finished",
    "departed",
    "declined",
    "turned_away",
    "left_early",
    "unaccounted",
});

enum class Approval { none, sent, accepted, accepted_later, held, declined };
template <>
inline constexpr auto words<Approval> = std::to_array<const char*>({"none", "sent", "accepted", "accepted_later", "held",
                                                                    "declined"});

enum class Screening { pending, passed_through, clear, alarm, cleared_by_check, refused };
template <>
inline constexpr auto words<Screening> = std::to_array<const char*>({"pending", "passed_through", "clear", "alarm",
                                                                     "cleared_by_check", "refused"});

enum class Presence { outside, at_post, waiting_room, inside, unknown };
template <>
inline constexpr auto words<Presence> = std::to_array<const char*>({"outside", "at_post", "waiting_room", "inside",
                                                                    "unknown"});

enum class BadgeState { issued, active, returned, revoked, expired, lost };
template <>
inline constexpr auto words<BadgeState> = std::to_array<const char*>({"issued", "active", "returned", "revoked", "expired",
                                                                      "lost"});

// Without the personal fields, which stand only in the registry's tables.
struct Visit {
  VisitId id;
  GuestId guest;
  std::string category;  // general | special
  VisitState state = VisitState::registered;
  Approval approval = Approval::none;
  std::int64_t approval_version = 0;
  Screening screening = Screening::pending;
  Presence presence = Presence::at_post;
  BadgeId badge;
  std::string portrait, waiting_still;
  UtcTime arrived;
  std::optional<UtcTime> asked, decided, hold_until, closed;
  std::uint64_t last_entry = 0;
  bool operator==(const Visit&) const = default;
};

struct Badge {
  BadgeId id;
  Hash token{};  // badge_hash()
  BadgeState state = BadgeState::issued;
  VisitId visit;
  UtcTime issued, valid_until;
  std::optional<UtcTime> ended;
  std::uint64_t last_entry = 0;
  bool operator==(const Badge&) const = default;
};

// A badge that may still open something: given out, not ended.
inline bool is_out(const Badge& badge) { return badge.state == BadgeState::issued || badge.state == BadgeState::active; }

}  // namespace gapura
