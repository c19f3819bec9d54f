// SPDX-License-Identifier: Apache-2.0
// A visit: milestones plus independent state machines (approval, screening, badge, escort, deposited items) plus presence
// by physical evidence. Each machine is a table of allowed moves. The words are those of the schema, the API and the
// screens (models/README.md has the Indonesian ones).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/base/ids.h"
#include "models/base/sha256.h"
#include "models/base/time.h"
#include "models/base/words.h"

namespace gapura {

GAPURA_ENUM(VisitState, planned, arrived, registered, waiting, called, escorted, in_meeting, away, finished, departed,
            declined, rescheduled, referred, turned_away, no_show, cancelled, left_early, unaccounted);

// Whether the table of moves allows it. Both people's commands and doors' evidence are held to the table.
bool may_move(VisitState from, VisitState to);
// True for departed, turned_away, no_show and cancelled, which no move leaves.
bool is_end(VisitState state);

// sent → delivered → seen → a decision. Side exits: withdrawn (the post takes the question back), asked_back (the aide asks
// a question of their own; the answer sends the first one again).
GAPURA_ENUM(Approval, none, sent, delivered, seen, accepted, accepted_later, held, referred, rescheduled, asked_back,
            declined, withdrawn);
// The aide has been asked and has not answered.
inline bool is_open(Approval approval) {
  return approval == Approval::sent || approval == Approval::delivered || approval == Approval::seen;
}

// Whether the aide later confirms a decision that a guard took down by telephone.
GAPURA_ENUM(Verbal, none, unconfirmed, confirmed, disputed);

GAPURA_ENUM(Screening,  //
            pending,
            passed_through,  // the device saw a person walk through
            clear, alarm, rewalk, manual_check, cleared_by_check,
            item_deposited,  // the item is in a locker; the guest still has to be cleared
            refused,
            held_and_reported,  // a prohibited item
            alternative         // pacemaker, wheelchair, pregnancy, infant: a coded path, no deviation
);
inline bool is_cleared(Screening screening) {
  return screening == Screening::clear || screening == Screening::cleared_by_check || screening == Screening::alternative;
}
// Whether a guard may record `to`. At most `rewalks_allowed` walks after the first.
bool may_record(Screening from, Screening to, int rewalks_done, int rewalks_allowed);

GAPURA_ENUM(Presence, outside, at_post, waiting_room, inside, unknown);

GAPURA_ENUM(EscortState, none, requested, started, at_door, handed_over, returned);
bool may_move(EscortState from, EscortState to);

GAPURA_ENUM(BadgeKind, paper, card, staff);

GAPURA_ENUM(BadgeState, in_stock, issued, active, suspended, returned, expired, revoked, lost, quarantine, destroyed);
// What is known about the printing of a badge. ordered … unknown: reported by the printer; confirmed: a person saw the
// badge.
GAPURA_ENUM(PrintState, none, ordered, printed, sent, refused, unknown, confirmed);

bool may_move(BadgeState from, BadgeState to, BadgeKind kind);

GAPURA_ENUM(DepositState, received, stored, returned);

// A possible match with the attention list, and how a person decided it.
GAPURA_ENUM(Attention, none, possible, no_match, match, blocked);

// How many people of a party were last seen where, by physical evidence. The sum is always the party's size. People whose
// passage was not observed count under `unknown_area` and may be anywhere: anti-passback does not apply to them.
using Whereabouts = std::map<AreaId, int>;
inline constexpr int largest_party = 500;
inline const AreaId unknown_area{"unknown"};
inline const AreaId outside_area{"outside"};
inline const AreaId waiting_room_area{"waiting_room"};
// Outside, the waiting room and unknown have a presence of their own; every other area is inside (config/README.md).
Presence presence_in(const AreaId& area);
// True outside and in the waiting room.
inline bool is_front(const AreaId& area) { return area == outside_area || area == waiting_room_area; }
int count_in(const Whereabouts& where, const AreaId& area);
// Moves one person. When the party has no one in `from`, one of the unknown moves, else one of the largest other group, so
// that the sum stays right. When all are in `to` already, nothing changes.
void move_one(Whereabouts& where, const AreaId& from, const AreaId& to);
std::string to_text(const Whereabouts& where);           // "outside=2 residence=1"
Whereabouts parse_whereabouts(const std::string& text);  // ignores what is not "area=number"
// Repairs the counts of a row that was damaged or edited by hand: missing people count as unknown; with too many, all do.
void complete(Whereabouts& where, int party);

// Without the personal fields, which are only in the registry's tables.
struct Visit {
  VisitId id;
  GuestId guest;
  std::string category;  // general | special
  std::string sop;       // id of the version in force at arrival; empty: none
  VisitState state = VisitState::registered;
  int party = 1;
  bool invited = false;       // planned before the arrival by a person who may invite
  bool in_debt = false;       // admitted now, the form is completed later
  bool out_of_hours = false;  // arrived outside the hours of this category
  bool hours_permit = false;  // an aide accepted nevertheless, or the invitation permits it
  bool extended = false;      // needs more time at a door (disability)
  bool passback_exempt = false;
  bool passback_free = false;  // forgiven: the next passage may be from anywhere
  Attention attention = Attention::none;

  Approval approval = Approval::none;
  std::int64_t approval_version = 0;
  int escalation = 0;  // how often the question was repeated: 1 the same aide again, 2 a second aide, 3 telephone
  Verbal verbal = Verbal::none;
  std::string second_aide;     // the user whom T2 asked besides the aide on duty
  VisitId next_plan;           // the plan that a reschedule created
  std::string members_permit;  // user who permitted more of the party inside than the SOP's limit

  Screening screening = Screening::pending;
  int rewalks = 0;
  std::optional<UtcTime> screened;     // when it was cleared
  std::optional<UtcTime> metal_found;  // an alarm without a disposition yet
  bool alarm_deviation = false;        // that alarm is already recorded as a deviation

  Presence presence = Presence::at_post;
  std::optional<UtcTime> presence_at;
  Whereabouts where;

  EscortState escort = EscortState::none;
  std::string escorted_by;  // user or host
  int deposits_open = 0;
  std::vector<std::string> attested;  // SOP steps that a person attested, each as attestation() writes it

  BadgeId badge;                    // the latest one
  std::vector<BadgeId> badges_out;  // all that have to be returned, sorted
  std::string portrait, waiting_still;
  UtcTime arrived;
  std::optional<UtcTime> expected, expected_until;  // planned
  // hold_until: of a held question, when it is asked again; of accepted_later, from when the guest may enter (no timer runs
  // for it).
  std::optional<UtcTime> asked, decided, hold_until, entered, finished, closed;
  bool overstay_told = false;
  std::uint64_t last_entry = 0;
  bool operator==(const Visit&) const = default;
};

// Returns "step", or "step:answer" of a decision: the form in which a visit has it and a SOP's gate requires it.
std::string attestation(const std::string& step, const std::string& answer);
std::string answer_in(const std::string& attestation);  // empty: it has none
// Returns what the visit has of this step, in that form; empty: no person has attested it.
std::string find_attestation(const Visit& visit, const std::string& step);

// The aide accepted, the named time (if any) has come, and the aide does not dispute a decision taken down by telephone.
bool is_accepted(const Visit& visit, UtcTime now);
// Met or refused: only the way out is left.
bool is_leaving(const Visit& visit);

struct Badge {
  BadgeId id;
  Hash token{};  // badge_hash()
  BadgeKind kind = BadgeKind::paper;
  BadgeState state = BadgeState::issued;
  PrintState print = PrintState::none;
  VisitId visit;                   // empty: staff, or a card in stock
  std::string host;                // staff: the host who owns it
  bool duress = false;             // staff: opens as usual and raises a silent alarm
  int uses_allowed = 0, uses = 0;  // entries; 0: any number
  AreaId area{"outside"};          // staff: where its host was last seen
  bool passback_free = false;      // staff: the next passage may be from anywhere
  std::optional<UtcTime> passed;   // time of its last passage, and the area it led into
  AreaId passed_into;
  UtcTime issued, valid_until;
  std::optional<UtcTime> ended;
  std::uint64_t last_entry = 0;
  bool operator==(const Badge&) const = default;
};

// A badge that may still open something: issued and not ended.
inline bool is_out(const Badge& badge) { return badge.state == BadgeState::issued || badge.state == BadgeState::active; }
// A badge that still has to be returned.
inline bool is_outstanding(const Badge& badge) { return is_out(badge) || badge.state == BadgeState::suspended; }

// An item left at the post. Its description and place are in the registry's tables.
struct Deposit {
  std::string id;
  VisitId visit;
  DepositState state = DepositState::received;
  std::uint64_t last_entry = 0;
  bool operator==(const Deposit&) const = default;
};

}  // namespace gapura
