// SPDX-License-Identifier: Apache-2.0
// What the API answers, declared once (answer.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/contract/command.h"
#include "gateway/web/answer.h"
#include "models/sop.h"
#include "models/visit.h"

namespace gapura::gateway::answer {

struct Person {
  static constexpr const char* schema = "Person";
  std::string id, name;
  GAPURA_FIELDS(id, name);
};

// `data`: the particulars, as the journal has them.
struct Event {
  static constexpr const char* schema = "Event";
  std::int64_t number = 0;
  UtcTime time;
  std::string type;
  std::optional<std::string> point;
  std::string actor, actor_id;
  std::optional<std::string> visit, badge;
  std::optional<std::int64_t> ref;
  boost::json::object data;
  std::optional<std::string> note;
  std::vector<std::string> pictures, clips;
  GAPURA_FIELDS(number, time, type, point, actor, actor_id, visit, badge, ref, data, note, pictures, clips);
};

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

struct Deposit {
  static constexpr const char* schema = "Deposit";
  std::string id, visit, name;
  DepositState state = DepositState::received;
  std::string what, tag, locker;
  GAPURA_FIELDS(id, visit, name, state, what, tag, locker);
};

struct Next {
  static constexpr const char* schema = "Next";
  std::string step, activity, executor;
  Evidence evidence{};
  GAPURA_FIELDS(step, activity, executor, evidence);
};

struct Previous {
  static constexpr const char* schema = "Previous";
  UtcTime arrived;
  std::string state, approval;
  GAPURA_FIELDS(arrived, state, approval);
};

struct Hours {
  static constexpr const char* schema = "Hours";
  bool open = false;
  std::optional<std::string> reason, rule;
  std::optional<UtcTime> sunset, next_open;
  GAPURA_FIELDS(open, reason, rule, sunset, next_open);
};

// `where`: people by area.
struct Visit {
  static constexpr const char* schema = "Visit";
  std::string id, name, phone, institution, purpose, whom;
  WordText<GuestCategory> category;
  std::int64_t party = 1;
  std::string members;
  std::optional<std::string> vehicle, identity_type, identity_last4, sop;
  VisitState state = VisitState::registered;
  bool invited = false, in_debt = false, out_of_hours = false, hours_permit = false, passback_exempt = false,
       extended = false;
  Attention attention = Attention::none;
  Approval approval = Approval::none;
  std::int64_t approval_version = 0;
  std::string approval_reason;
  std::int64_t escalation = 0;
  Verbal verbal = Verbal::none;
  std::optional<Person> second_aide;
  std::optional<std::int64_t> members_limit;
  std::optional<std::string> members_permit;
  Screening screening = Screening::pending;
  std::int64_t rewalks = 0;
  std::optional<UtcTime> screened, metal_found;
  Presence presence = Presence::unknown;
  std::optional<UtcTime> presence_at;
  boost::json::object where;
  EscortState escort = EscortState::none;
  std::optional<std::string> escorted_by, portrait, waiting_still;
  std::optional<UtcTime> expected, expected_until;
  UtcTime arrived;
  std::optional<UtcTime> asked, decided, hold_until, entered, finished, closed;
  std::vector<std::string> attested;
  std::optional<Next> next;
  std::optional<Badge> badge;
  std::vector<Badge> badges;
  std::vector<Deposit> deposits;
  std::vector<Previous> previous;
  bool masked = false, restricted = false;
  LeftOut<std::vector<Event>> events;
  LeftOut<std::int64_t> events_total;
  LeftOut<Hours> hours;
  GAPURA_FIELDS(id, name, phone, institution, purpose, whom, category, party, members, vehicle, identity_type,
                identity_last4, sop, state, invited, in_debt, out_of_hours, hours_permit, passback_exempt, extended,
                attention, approval, approval_version, approval_reason, escalation, verbal, second_aide, members_limit,
                members_permit, screening, rewalks, screened, metal_found, presence, presence_at, where, escort,
                escorted_by, portrait, waiting_still, expected, expected_until, arrived, asked, decided, hold_until,
                entered, finished, closed, attested, next, badge, badges, deposits, previous, masked, restricted, events,
                events_total, hours);
};

}  // namespace gapura::gateway::answer
