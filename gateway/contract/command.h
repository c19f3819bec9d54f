// SPDX-License-Identifier: Apache-2.0
// Commands of people and programs to the core. Site state changes only by commands, devices and time. A command that cannot
// be carried out is refused, with a reason for people, and changes nothing; the role that it takes is checked by the web
// (gateway/web/api/routes.cpp). A `reason` goes into an erasable note; the journal has its commitment. The fields of a
// command (GAPURA_FIELDS) come in a request's body, under the names of the members: the body's check, openapi.json and the
// filled command follow from the declaration (gateway/web/http/body.h). Values from the path or the session are members and
// not fields.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "gateway/contract/body_fields.h"
#include "gateway/contract/row_fault.h"
#include "gateway/contract/scrub_step.h"
#include "models/base/ids.h"
#include "models/base/result.h"
#include "models/base/time.h"
#include "models/record/events.h"
#include "models/record/retention.h"

namespace gapura::gateway {

// Who gives the command. `user` is recorded in the journal as the actor; "system" and "device" are reserved.
struct Actor {
  UserId user;
  std::optional<Role> role;  // none: the gateway itself
};

// ---- Visits. Personal fields are only in the registry's tables; the journal gets ids.

GAPURA_ENUM(GuestCategory, general, special);
GAPURA_ENUM(IdentityType, ktp, sim, passport, other);
struct GuestForm {
  Text<200> name;
  Maybe<Text<40>> phone;
  Maybe<Text<200>> institution;
  Lines<500> purpose;
  Text<200> whom;  // is visited: a person or a unit, in words
  WordText<GuestCategory> category;
  Maybe<Text<64>> portrait = {};    // SHA-256 of a picture in the media store, or empty
  Maybe<Whole<500>> party = 1;      // people, the leader included
  Maybe<Lines<4000>> members = {};  // names, one a line; may be empty
  Maybe<Text<20>> vehicle = {};     // plate; may be empty
  std::optional<IdentityType> identity_type = {};
  Maybe<Text<4>> identity_last4 = {};  // its last characters; may be empty
  Flag extended = false;               // needs more time at a door
  std::string portrait_of = {};        // the person under whose key the picture is sealed; empty: none
  // Who it is: the id of a guest or of one of their visits, or "new" for a person not yet known. Empty: decided by the
  // telephone number and the name; where they are ambiguous, the command is refused as same_person.
  Maybe<Text<64>> person = {};
  GAPURA_FIELDS(name, purpose, whom, category, phone, institution, portrait, party, members, vehicle, identity_type,
                identity_last4, extended, person);
};
// A line of a list of expected guests.
struct GuestRow {
  std::size_t line = 0;  // in the file, from 1
  GuestForm form;
  UtcTime from, until;
};
// Expects a guest by name. Joins an open visit or an earlier plan of the same person.
struct PlanVisit : GuestForm {
  UtcTime from, until;
  GAPURA_FIELDS_AFTER(GuestForm, from, until);
};
// A list of expected guests, stored as a whole or not at all: Reply::import has the result. `dry_run`: check only.
struct ImportGuests {
  std::vector<GuestRow> rows;
  bool dry_run = false;
};
// Registers a guest at the post. Joins the plan of the same person. `quick`: let in now, the form is completed later
// (Visit::in_debt until then); purpose and whom may be absent.
struct RegisterVisit : GuestForm {
  Flag quick = false;
  static constexpr bool may_lack(std::string_view field) { return field == "purpose" || field == "whom"; }
  GAPURA_FIELDS_AFTER(GuestForm, quick);
};
// Replaces the form of an open visit, such as one registered with `quick`. Category and party must stay.
struct CompleteVisit : GuestForm {
  VisitId visit;
};
// Moves a visit to another state, where may_move() of models/visit/visit.h allows it. no_show, cancelled and left_early
// need a reason; called needs the aide's acceptance.
struct MoveVisit {
  VisitId visit;
  OneOf<VisitState, VisitState::arrived, VisitState::registered, VisitState::waiting, VisitState::called,
        VisitState::escorted, VisitState::in_meeting, VisitState::away, VisitState::finished, VisitState::left_early,
        VisitState::no_show, VisitState::cancelled>
      to;
  Maybe<Lines<500>> reason;
  GAPURA_FIELDS(to, reason);
};
// Ends a visit: the guest has left, or was turned away.
struct CloseVisit {
  using Outcome = OneOf<VisitState, VisitState::departed, VisitState::left_early, VisitState::turned_away>;
  VisitId visit;
  Outcome outcome;
  Maybe<Lines<500>> reason;
  GAPURA_FIELDS(outcome, reason);
};
// Refused when the picture is another guest's. The web checks before that the actor took it, or that a visit or person has
// it already.
struct SetPortrait {
  VisitId visit;
  Text<64> portrait;
  std::string portrait_of = {};  // as in GuestForm
  GAPURA_FIELDS(portrait);
};
// A person states that a step of the visit's SOP (the office's written procedure) was done, which no device can prove; of a
// decision, with its answer. Another answer replaces the one before.
struct AttestStep {
  VisitId visit;
  Text<100> step;
  Maybe<Text<100>> answer = {};
  GAPURA_FIELDS(step, answer);
};
// Records that something was not done as the SOP says, and why.
struct NoteDeviation {
  VisitId visit;
  OneOf<Deviation, Deviation::step_skipped, Deviation::wrong_order, Deviation::late, Deviation::wrong_executor,
        Deviation::input_missing, Deviation::output_missing, Deviation::limit_exceeded, Deviation::out_of_hours,
        Deviation::without_approval, Deviation::alarm_without_action, Deviation::badge_not_returned,
        Deviation::not_screened>
      kind;
  Lines<500> reason;
  GAPURA_FIELDS(kind, reason);
};
// Takes back visit_moved, visit_closed, screening_recorded or approval_decided within five minutes, by a new entry.
struct Undo {
  std::uint64_t entry = 0;
};
// Adds a person to the attention list, with which a guest is compared at the registration.
struct ListAttention {
  Text<200> name;
  Maybe<Text<40>> phone;
  Lines<500> why;
  Flag blocks = false;  // a confirmed match prevents entry
  GAPURA_FIELDS(name, phone, why, blocks);
};
// A person decides whether the guest of a possible match is the one on the attention list.
struct DecideAttention {
  VisitId visit;
  bool is_match = false;
  Lines<500> reason;
  GAPURA_FIELDS(is_match, reason);
};

// ---- Approval

// Asks the aides whether the guest is received: the question that the commands below are about.
struct AskAide {
  VisitId visit;
};
// The aide's phone has received the question, or shown it (`seen`). Ignored: repetitions, and receipts of an aide who
// was not asked.
struct ReceiveQuestion {
  VisitId visit;
  bool seen = false;
  GAPURA_FIELDS(seen);
};
struct DecideVisit {
  VisitId visit;
  AideDecision decision{};
  Maybe<Whole<1440>> minutes;  // accept_later, hold: 1 to 480
  Maybe<Lines<500>> reason;    // decline: why; refer: to whom; ask: the question back; verbal: who said it, and how
  std::int64_t version = 0;    // approval_version that the decider saw; a different one is a conflict
  Flag verbal = false;         // entered by a guard as the aide said it; waits for ReviewVerbal
  std::optional<UtcTime> when = std::nullopt;  // reschedule
  Flag all_members = false;                    // accept: the whole party at once, over the SOP's limit
  GAPURA_FIELDS(decision, minutes, reason, version, verbal, when, all_members);
};
// Allows more of a party inside at once than the SOP's limit, where that has unless = "aide_permission".
struct PermitMembers {
  VisitId visit;
  Lines<500> reason;
  Flag verbal = false;  // entered by a guard as the aide said it
  GAPURA_FIELDS(reason, verbal);
};
// The aides' roster: the aide on duty, who is asked, and a second, who is asked next. `user`: whom an admin appoints;
// empty: the actor takes the place.
struct TakeDuty {
  Flag second = false;
  UserId user = {};
  Flag over = false;  // also where another aide has the place
  GAPURA_FIELDS(second, over);
};
// The aide on duty offers the duty to another aide, and keeps it until that one accepts.
struct OfferDuty {
  UserId to;
};
struct AcceptDuty {};
struct LeaveDuty {};  // of the aide on duty: the second follows
// The post answers what the aide asked back; the aide is asked again.
struct AnswerAide {
  VisitId visit;
  Lines<500> answer;
  GAPURA_FIELDS(answer);
};
// The post takes its question back.
struct WithdrawQuestion {
  VisitId visit;
  Lines<500> reason;
  GAPURA_FIELDS(reason);
};
// An aide confirms or denies a decision that a guard entered with `verbal`.
struct ReviewVerbal {
  VisitId visit;
  bool confirmed = false;
  Maybe<Lines<500>> reason;
  GAPURA_FIELDS(confirmed, reason);
};
// What the leader of the office is doing. Shown on the screens; no rule depends on it.
struct SetLeaderState {
  LeaderState state{};
  GAPURA_FIELDS(state);
};

// ---- Badges

// Makes a new token and binds it to the visit. An earlier badge of the visit is revoked (a reprint invalidates the old
// token), but with `another` a party gets one for each member.
struct IssueBadge {
  VisitId visit;
  Maybe<Lines<500>> reason;
  Maybe<Whole<1440>> minutes = 0;  // valid for so long; 0: until the end of the day
  Maybe<Whole<1000>> uses = 0;     // entries; 0: any number
  Flag another = false;            // a further badge of a party
  Maybe<BadgeId> card = {};        // not empty: this card of the stock is bound instead of a new token
  GAPURA_FIELDS(reason, minutes, uses, another, card);
};
// Makes `count` reusable cards without a visit. Reply::tokens has their texts, to be printed once.
struct StockCards {
  Whole<200> count = 1;
  GAPURA_FIELDS(count);
};
// Makes the badge of a host who escorts.
struct IssueStaffBadge {
  Text<64> host;                // id in the configuration
  Flag duress = false;          // the badge opens as usual and raises a silent alarm
  Maybe<Whole<1000>> days = 0;  // valid for so long; 0: a year
  GAPURA_FIELDS(host, duress, days);
};
struct RevokeBadge {
  BadgeId badge;
  Lines<500> reason;
  GAPURA_FIELDS(reason);
};
// A guest has given the badge back.
struct ReturnBadge {
  BadgeId badge;
};
// active: ends a suspension. quarantine: for a badge that was found.
struct ChangeBadge {
  BadgeId badge;
  OneOf<BadgeState, BadgeState::suspended, BadgeState::active, BadgeState::lost, BadgeState::quarantine,
        BadgeState::in_stock, BadgeState::destroyed>
      to;
  Lines<500> reason;
  GAPURA_FIELDS(to, reason);
};
// Prints a badge whose printing was never ordered, or refused; any other may be on paper already, and the command is
// refused. `token` is the badge's text, which only the web's memory has.
struct PrintBadge {
  BadgeId badge;
  std::string token;
};
// Whether paper came out: a printer may report success and print nothing.
struct ConfirmPrint {
  BadgeId badge;
  bool printed = false;
  GAPURA_FIELDS(printed);
};

// ---- Screening, escort, deposited items

struct RecordScreening {
  VisitId visit;
  OneOf<Screening, Screening::pending, Screening::clear, Screening::alarm, Screening::rewalk, Screening::manual_check,
        Screening::cleared_by_check, Screening::item_deposited, Screening::refused, Screening::held_and_reported,
        Screening::alternative>
      result;
  Maybe<Lines<500>> note;
  Flag same_gender = false;  // manual_check, cleared_by_check: the one who checked is of the guest's gender
  GAPURA_FIELDS(result, note, same_gender);
};
// A test of a metal detector with its test piece.
struct TestDetector {
  DetectorId detector;
  bool alarmed = false;  // it found the test piece
  GAPURA_FIELDS(alarmed);
};
struct AcceptView {  // the present view of a camera is the right one
  CameraId camera;
  Lines<500> reason;
  GAPURA_FIELDS(reason);
};
struct MoveEscort {
  VisitId visit;
  OneOf<EscortState, EscortState::requested, EscortState::started, EscortState::at_door, EscortState::handed_over,
        EscortState::returned>
      to;
  Maybe<Text<64>> host;  // started: who escorts, a host's id; empty: the actor
  GAPURA_FIELDS(to, host);
};
// A guest leaves an item at the post.
struct DepositItem {
  VisitId visit;
  Text<200> what;
  Text<40> tag;
  Maybe<Text<40>> locker;
  GAPURA_FIELDS(what, tag, locker);
};
struct MoveDeposit {
  std::string deposit;
  OneOf<DepositState, DepositState::stored, DepositState::returned> to;
  Maybe<Text<40>> locker;
  GAPURA_FIELDS(to, locker);
};

// ---- Access rules

// A guard opens a door by hand. Refused where a lockdown covers it.
struct ReleasePortal {
  AccessPointId point;
  Lines<500> reason;
  std::optional<BootTime> asked = std::nullopt;  // when it was posted: a release that waited too long is refused
  GAPURA_FIELDS(reason);
};
// The next passage of a guest or of a staff badge is not checked by anti-passback.
struct ForgivePassback {
  Maybe<VisitId> visit;
  Maybe<BadgeId> badge;  // of staff; either this or a visit
  Lines<500> reason;
  GAPURA_FIELDS(visit, badge, reason);
};
// No passage of the visit is checked by anti-passback.
struct ExemptPassback {
  VisitId visit;
  Lines<500> reason;
  GAPURA_FIELDS(reason);
};
struct SetPortalMode {
  PortalId portal;
  PortalMode mode{};
  Lines<500> reason;
  GAPURA_FIELDS(mode, reason);
};
struct StartLockdown {
  std::string plan;  // id in the configuration
  Lines<500> reason;
  GAPURA_FIELDS(reason);
};
struct EndLockdown {
  std::string plan;
  Lines<500> reason;
  GAPURA_FIELDS(reason);
};
// A call for help.
struct Panic {
  Text<100> where;
  Flag silent = false;  // duress: nothing shows it on the screen where it was given
  GAPURA_FIELDS(where, silent);
};
// Begins a roll call of the people inside; MarkSafe ticks off a visit.
struct StartMuster {
  Lines<500> reason;
  GAPURA_FIELDS(reason);
};
struct MarkSafe {
  VisitId visit;
  std::optional<UtcTime> at = std::nullopt;  // when a phone without network recorded the mark
  GAPURA_FIELDS(visit, at);
};
struct EndMuster {
  Lines<500> reason;
  GAPURA_FIELDS(reason);
};

// ---- Shift

struct StartShift {};
// A guard on duty hands the post over; the shift changes when `to` accepts it.
struct HandOver {
  UserId to;
  Maybe<Lines<500>> note;
  GAPURA_FIELDS(note);
};
struct AcceptShift {};
// Whether a guard is at the post.
struct SetPost {
  bool attended = true;
  GAPURA_FIELDS(attended);
};

struct AcknowledgeAlarm {
  std::uint64_t alarm = 0;  // number of the entry that raised it
  AlarmHandling handling{};
  GAPURA_FIELDS(handling);
};

// Accounts and sessions are in the journal's database, so they are written through the core's connection too.
struct AddUser {
  Text<64> name;
  Role role{};
  std::string password_hash;
  bool first = false;  // made with the setup code: refused when there is an admin
  GAPURA_FIELDS(name, role);
};
struct DisableUser {
  UserId user;
};
struct SetPassword {
  UserId user;
  std::string password_hash;
};
// Begins the session of a person or enters the token of a program. `hash`: SHA-256 of the secret, which is not stored. Of a
// session the journal has the opening, and an end by wrong PINs (FailPin).
struct OpenSession {
  UserId user;
  std::string hash;
  UtcTime idle_until, absolute_until;
  bool is_api_token = false;
  std::string name;
  std::string address = {};   // of the device; empty: not recorded
  bool known_device = false;  // it has signed in to the account before
  std::string device = {};    // hash of the cookie that the device's PINs belong to; empty: it has none
};
// Extends a session that is in use.
struct TouchSession {
  std::string hash;
  UtcTime idle_until;
};
// The PIN of an account on one device, for the session that it is set in. Replaces an earlier one of that device.
struct SetPin {
  std::string session, device, pin_hash;
};
struct RemovePins {  // of an account, on all devices
  UserId user;
};
// A wrong PIN was entered; `last`: the session ends with it.
struct FailPin {
  std::string session;
  bool last = false;
};
// The right PIN was entered: the session is fresh again.
struct ProvePin {
  std::string session;
  UtcTime idle_until;
};
struct CloseSession {
  std::string hash;
};
// After a disk failure: a guard or an admin confirms that the disk is sound and has room. The gateway restarts in place and
// reads the journal from the device; it grants again only if the journal is whole.
struct ResumeGranting {
  Lines<500> reason;
  GAPURA_FIELDS(reason);
};
// Signs the tree's state now, if anything was appended since the last signature.
struct SignCheckpoint {};
// Makes the key of an owner, which sealing a picture needs; only the core writes. Not journalled.
struct MakeKey {
  std::string owner;  // as in gateway/vault: a guest's id, or "day:2026-01-31"
};

// ---- Personal data

// The configured periods. A period that keeps less than before waits for two admins.
struct AdoptRetention {
  std::vector<RetentionRule> rules;
};
// An admin agrees to a shorter period of a class; the second admin, another person, puts it in force.
struct AgreeRetention {
  RetentionClass what = RetentionClass::visit;
};
// Begins the destruction of the data now due. `classes` empty: all of them.
struct ApproveRetention {
  Maybe<std::vector<Text<20>>> classes;
  GAPURA_FIELDS(classes);
};
// Destroys the next bounded part of a run (an approved destruction). Reply::id is empty when nothing is left.
struct EraseNext {
  std::string run;
};
// The files of erased pictures and clips, by their hashes, have been deleted from the disk.
struct FilesGone {
  std::vector<std::string> hashes;
};
// Overwrites what erased rows have left in the next pages of the database file. The outcome is in `step`.
struct ScrubPages {
  std::shared_ptr<ScrubStep> step;
};
// Ends a run, records its counts and signs a checkpoint.
struct FinishErasure {
  std::string run;
};
// A legal hold: the data of a person or a visit are not destroyed until it is released.
struct SetHold {
  Maybe<GuestId> guest;
  Maybe<VisitId> visit;  // exactly one of the two
  Lines<500> reason;
  GAPURA_FIELDS(guest, visit, reason);
};
struct ReleaseHold {
  std::string hold;
  Lines<500> reason;
  GAPURA_FIELDS(reason);
};
// A data subject requests something about their own data.
struct OpenCase {
  GuestId guest;
  CaseKind kind{};
  Text<200> requester;  // who asks, and how that was proven
  Lines<300> purpose;
  GAPURA_FIELDS(guest, kind, requester, purpose);
};
// correct: the new values of the fields that are not empty. restrict: `lift` ends the restriction.
struct CloseCase {
  std::string id;
  OneOf<CaseState, CaseState::answered, CaseState::refused> outcome;
  Lines<500> reason;  // answered: what was answered; refused: on what ground
  Maybe<Text<200>> name = {};
  Maybe<Text<40>> phone = {};
  Maybe<Text<200>> institution = {};
  Flag lift = false;
  GAPURA_FIELDS(outcome, reason, name, phone, institution, lift);
};
// A person read data that their role does not show by itself.
struct NoteReading {
  ReadingKind what{};
  VisitId visit;
  GuestId guest;
  std::string about;  // a day, a run, a case: never personal data
  Lines<500> reason;
  GAPURA_FIELDS(reason);
};
// A badge's code was shown on a screen or a printable page.
struct NoteBadgeShown {
  BadgeId badge;
  BadgePicture as{};
};
// A backup was made.
struct NoteBackup {
  Text<200> name;
  std::int64_t entries = 0;
  GAPURA_FIELDS(name, entries);
};
// A sign-in or request was refused by the web, which limits how many are recorded (gateway/web/api/refusal_log.h).
struct NoteRefusal {
  bool sign_in = false;  // a sign-in; else a request
  RefusalReason why{};
  UserId account = {};       // the account that was named or that asked; empty: unknown
  std::string address = {};  // of the device; "several" where an entry counts refusals of more than one
  std::string route = {};    // of a request, as in docs/api.md: "POST /users"; "several" likewise
  bool known_device = false;
  std::int64_t times = 1;  // refusals that this one entry counts
};

using Command =
    std::variant<PlanVisit, ImportGuests, RegisterVisit, CompleteVisit, MoveVisit, CloseVisit, SetPortrait, AttestStep,
                 NoteDeviation, Undo, ListAttention, DecideAttention, AskAide, ReceiveQuestion, DecideVisit, AnswerAide,
                 WithdrawQuestion, ReviewVerbal, SetLeaderState, PermitMembers, TakeDuty, OfferDuty, AcceptDuty, LeaveDuty,
                 IssueBadge, StockCards, IssueStaffBadge, RevokeBadge, ReturnBadge, ChangeBadge, PrintBadge, ConfirmPrint,
                 RecordScreening, TestDetector, AcceptView, MoveEscort, DepositItem, MoveDeposit, ReleasePortal,
                 ForgivePassback, ExemptPassback, SetPortalMode, StartLockdown, EndLockdown, Panic, StartMuster, MarkSafe,
                 EndMuster, StartShift, HandOver, AcceptShift, SetPost, AcknowledgeAlarm, AddUser, DisableUser, SetPassword,
                 OpenSession, TouchSession, SetPin, RemovePins, FailPin, ProvePin, CloseSession, SignCheckpoint,
                 AdoptRetention, AgreeRetention, ApproveRetention, EraseNext, FilesGone, ScrubPages, FinishErasure, SetHold,
                 ReleaseHold, OpenCase, CloseCase, NoteReading, NoteBadgeShown, NoteBackup, MakeKey, ResumeGranting,
                 NoteRefusal>;

// The result of ImportGuests: nothing is stored when there is a mistake.
struct ImportResult {
  std::vector<RowMistake> mistakes;
  std::size_t planned = 0;  // new visits
  std::size_t merged = 0;   // lines that joined an existing visit, or one made by an earlier line
};

// The result of a committed command. Available only after the commit.
struct Reply {
  std::uint64_t entry = 0;  // number of the (first) journal entry, 0 when there is none
  std::string id;           // of the visit, badge or user that was made or changed
  std::string token;        // IssueBadge, IssueStaffBadge: the badge's text, shown once and not stored; empty for a card
  std::vector<std::pair<std::string, std::string>> tokens;  // StockCards: (badge id, text) of each card
  // RegisterVisit outside visiting hours: the rule that closed the post, in the words of HoursVerdict. The visit is
  // registered nevertheless.
  std::string out_of_hours;
  ImportResult import;
};

using Done = std::function<void(Result<Reply>)>;

// Thread-safe. The web, the command line and the scenario tests use the core only through this.
class CorePort {
 public:
  virtual ~CorePort() = default;
  // Calls `done` on the core thread after the commit or the refusal; or at once on the caller's thread, with `unavailable`,
  // when the mailbox is full or closed.
  virtual void post(Command command, Actor actor, Done done) = 0;
  // Posts and waits for the reply, without limit. Not to be called on the core thread, which would wait for itself.
  Result<Reply> call(Command command, Actor actor);
};

}  // namespace gapura::gateway
