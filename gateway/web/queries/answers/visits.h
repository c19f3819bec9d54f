// SPDX-License-Identifier: Apache-2.0
// Visits, visiting hours, things at the post, the attention list, lists of guests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/contract/command.h"
#include "gateway/contract/row_fault.h"
#include "gateway/web/queries/answers/accounts.h"
#include "gateway/web/queries/answers/badges.h"
#include "models/sop/sop.h"
#include "models/visit/visit.h"

namespace gapura::gateway::answer {

struct Deposit {
  static constexpr const char* schema = "Deposit";
  std::string id, visit, name;
  DepositState state = DepositState::received;
  std::string what, tag, locker;
  GAPURA_FIELDS(id, visit, name, state, what, tag, locker);
};

struct Deposits {
  std::vector<Deposit> deposits;
  GAPURA_FIELDS(deposits);
};

// Of an attested decision of a SOP.
struct StepAnswer {
  static constexpr const char* schema = "StepAnswer";
  std::string answer, text;
  GAPURA_FIELDS(answer, text);
};
std::vector<StepAnswer> answers_of(const gapura::SopStep& step);

struct Next {
  static constexpr const char* schema = "Next";
  std::string step, activity, executor;
  Evidence evidence{};
  LeftOut<std::vector<StepAnswer>> answers;
  GAPURA_FIELDS(step, activity, executor, evidence, answers);
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

struct VisitPage {
  std::vector<Visit> visits;
  std::int64_t total = 0;
  std::optional<std::string> more;
  GAPURA_FIELDS(visits, total, more);
};

struct ListedPerson {
  static constexpr const char* schema = "Attention";
  std::string id, name, phone, why;
  bool blocks = false;
  UtcTime made;
  GAPURA_FIELDS(id, name, phone, why, blocks, made);
};

struct AttentionList {
  std::vector<ListedPerson> people;
  GAPURA_FIELDS(people);
};

struct RowMistake {
  static constexpr const char* schema = "RowMistake";
  std::size_t line = 0;
  std::optional<std::string> column;
  RowFault what = RowFault::refused;
  std::string why, why_id;
  std::optional<std::string> person;
  GAPURA_FIELDS(line, column, what, why, why_id, person);
};

struct Import {
  bool stored = false, dry_run = false;
  std::size_t planned = 0, merged = 0;
  std::vector<RowMistake> bad;
  GAPURA_FIELDS(stored, dry_run, planned, merged, bad);
};

// Who could be meant, in the problem same_person.
struct Candidate {
  std::string person, name;
  std::optional<std::string> visit;
  std::optional<VisitState> state;
  std::optional<UtcTime> expected;
  GAPURA_FIELDS(person, name, visit, state, expected);
};

}  // namespace gapura::gateway::answer
