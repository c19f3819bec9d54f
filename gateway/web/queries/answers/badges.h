// SPDX-License-Identifier: Apache-2.0
// Badges and the cards of the stock.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/web/queries/answers/record.h"
#include "models/visit/visit.h"

namespace gapura::gateway::answer {

// `duress` is left out for those whom it does not call.
struct Badge {
  static constexpr const char* schema = "Badge";
  std::string id;
  BadgeKind kind = BadgeKind::paper;
  BadgeState state = BadgeState::issued;
  std::string visit, name;
  std::optional<std::string> host;
  LeftOut<bool> duress;
  std::int64_t uses_allowed = 0, uses = 0;
  std::optional<std::string> area;
  std::optional<UtcTime> passed;
  UtcTime issued, valid_until;
  std::optional<UtcTime> ended;
  bool suspended = false;
  std::string reason;
  PrintState print = PrintState::none;
  std::string code;
  LeftOut<std::vector<Event>> events;
  LeftOut<std::int64_t> events_total;
  GAPURA_FIELDS(id, kind, state, visit, name, host, duress, uses_allowed, uses, area, passed, issued, valid_until, ended,
                suspended, reason, print, code, events, events_total);
};

struct Badges {
  std::vector<Badge> badges;
  GAPURA_FIELDS(badges);
};

struct BadgePage {
  std::vector<Badge> badges;
  std::int64_t total = 0;
  std::optional<std::string> more;
  GAPURA_FIELDS(badges, total, more);
};

// Null for a card of the stock, which was printed before: its text is not known any more.
struct IssuedBadge {
  Badge badge;
  std::optional<std::string> token, qr, page;
  GAPURA_FIELDS(badge, token, qr, page);
};

struct Card {
  static constexpr const char* schema = "Card";
  std::string badge, token, qr;
  GAPURA_FIELDS(badge, token, qr);
};

struct Cards {
  std::vector<Card> cards;
  GAPURA_FIELDS(cards);
};

// What is true of a door now that a badge was revoked.
GAPURA_ENUM(DoorNow, refuses, open, offline, unknown);

struct Refusal {
  static constexpr const char* schema = "Refusal";
  std::string point;
  bool refused = false;
  DoorNow door = DoorNow::unknown;
  std::optional<UtcTime> last_heard;
  GAPURA_FIELDS(point, refused, door, last_heard);
};

struct Revocation {
  Badge badge;
  std::vector<Refusal> doors;
  GAPURA_FIELDS(badge, doors);
};

}  // namespace gapura::gateway::answer
