// SPDX-License-Identifier: Apache-2.0
// What people ask of the core: the only way that site state changes, besides devices and time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "gateway/contract/row_fault.h"
#include "gateway/contract/scrub_step.h"
#include "models/ids.h"
#include "models/result.h"
#include "models/retention.h"
#include "models/time.h"

namespace gapura::gateway {

// Who asks. `user` goes into the journal as the actor; "system" and "device" are reserved.
struct Actor {
  UserId user;
  std::string role;  // guard | aide | admin
};

// ---- Visits. Personal fields stay in the registry's tables; the journal gets ids only.

struct GuestForm {
  std::string full_name, phone, institution, purpose, whom, category;  // category: general | special
  std::string portrait = {};                                           // SHA-256 of a picture in the media store, or empty
  int party = 1;                                                       // people, the leader included
  std::string members = {};                                            // names, one a line; may be empty
  std::string vehicle = {};                                            // plate; may be empty
  std::string identity_type = {}, identity_last4 = {};  // ktp | sim | passport | other; four characters; may be empty
  bool extended = false;                                // needs more time at a door
  std::string portrait_of = {};                         // the person under whose key the picture is sealed; empty: none
  // Who it is: the id of a guest or of one of their visits, or "new": none of those who could be meant. Empty: whom the
  // telephone number and the name say; where that leaves a doubt, the command is refused as same_person.
  std::string person = {};
};
// A line of a list of expected guests.
struct GuestRow {
  std::size_t line = 0;  // in the file, from 1
  GuestForm form;
  UtcTime from, until;
};
// Expected by name. Merges with an open visit or an earlier plan of the same person.
struct PlanVisit {
  GuestForm form;
  UtcTime from, until;
};
// A list of expected guests, stored whole or not at all: Reply::import says which. `dry_run`: only the check.
struct ImportGuests {
  std::vector<GuestRow> rows;
  bool dry_run = false;
};
// A guest at the post. Merges with the plan of the same person. `quick`: let in now, completed later (a visible debt).
struct RegisterVisit : GuestForm {
  bool quick = false;
};
struct CompleteVisit {
  VisitId visit;
  GuestForm form;
};
// Along the table of visits.md: arrived, waiting, called, in_meeting, finished, away, no_show, cancelled, left_early …
struct MoveVisit {
  VisitId visit;
  std::string to, reason;
};
struct CloseVisit {
  VisitId visit;
  std::string outcome, reason;
};  // departed | left_early | turned_away
// Refused when the picture is another guest's. That it may be shown at all is the asker's to find out.
struct SetPortrait {
  VisitId visit;
  std::string portrait;
  std::string portrait_of = {};  // as in GuestForm
};
// A step of the SOP that no device proves.
struct AttestStep {
  VisitId visit;
  std::string step;
};
// Why something was not done as the SOP says.
struct NoteDeviation {
  VisitId visit;
  std::string kind, reason;  // kind: a deviation of docs/api.md
};
// Takes back visit_moved, visit_closed, screening_recorded or approval_decided within five minutes, by a new entry.
struct Undo {
  std::uint64_t entry = 0;
};
struct ListAttention {
  std::string full_name, phone, why;
  bool blocks = false;  // a confirmed match opens nothing
};
struct DecideAttention {
  VisitId visit;
  bool is_match = false;
  std::string reason;
};

// ---- Approval

struct AskAide {
  VisitId visit;
};
// The aide's phone has it on screen or not yet.
struct ReceiveQuestion {
  VisitId visit;
  bool seen = false;
};
struct DecideVisit {
  VisitId visit;
  std::string decision;      // accept_now | accept_later | hold | refer | reschedule | ask | decline
  int minutes = 0;           // accept_later, hold
  std::string reason;        // decline: coded reason; refer: to whom; ask: the question; verbal: who, channel
  std::int64_t version = 0;  // approval_version that the decider saw; a different one is a conflict
  bool verbal = false;       // taken down by a guard on the aide's word
  std::optional<UtcTime> when = std::nullopt;  // reschedule
  bool all_members = false;                    // accept: the whole party at once, over the SOP's limit
};
// More of a party inside at once than the SOP's limit, where it stands unless = "aide_permission".
struct PermitMembers {
  VisitId visit;
  std::string reason;
  bool verbal = false;  // taken down by a guard on the aide's word
};
// The aides' roster. `user` empty: the asker; else an admin appoints.
struct TakeDuty {
  bool second = false;
  UserId user = {};
  bool over = false;  // also where another aide is on duty
};
struct OfferDuty {
  UserId to;
};
struct AcceptDuty {};
struct LeaveDuty {};
struct AnswerAide {
  VisitId visit;
  std::string answer;
};
struct WithdrawQuestion {
  VisitId visit;
  std::string reason;
};
struct ReviewVerbal {
  VisitId visit;
  bool confirmed = false;
  std::string reason;
};
struct SetLeaderState {
  std::string state;  // receiving | in_a_meeting | resting | away
};

// ---- Badges

// Makes a new token and binds it to the visit. An earlier badge of the visit is revoked (reprint kills the old token), but
// a party gets one for each member who asks: `another`.
struct IssueBadge {
  VisitId visit;
  std::string reason;
  Millis valid_for{0};   // 0: until the end of the day
  int uses = 0;          // entries; 0: any number
  bool another = false;  // a further badge of a party
  BadgeId card = {};     // not empty: this card of the stock is bound instead of a new token
};
struct StockCards {
  int count = 1;
};  // Reply::tokens has their texts, to be printed once
struct IssueStaffBadge {
  std::string host;
  bool duress = false;
  Millis valid_for{0};  // 0: a year
};
struct RevokeBadge {
  BadgeId badge;
  std::string reason;
};
struct ReturnBadge {
  BadgeId badge;
};
// suspended | active (resume) | lost | quarantine (found) | in_stock | destroyed
struct ChangeBadge {
  BadgeId badge;
  std::string to, reason;
};
// Once more the same badge, which certainly is on no paper yet. `token` is its text, which only the web's memory has.
struct PrintBadge {
  BadgeId badge;
  std::string token;
};
// Did paper come out? A printer can say yes and print nothing.
struct ConfirmPrint {
  BadgeId badge;
  bool printed = false;
};

// ---- Screening, escort, deposited items

struct RecordScreening {
  VisitId visit;
  std::string result, note;  // a word of Screening
  bool same_gender = false;  // manual_check, cleared_by_check: the officer is of the guest's gender
};
struct TestDetector {
  DetectorId detector;
  bool alarmed = false;  // the test piece was found
};
struct AcceptView {  // what a camera shows now is right, whatever it showed before
  CameraId camera;
  std::string reason;
};
struct MoveEscort {
  VisitId visit;
  std::string to;    // a word of EscortState
  std::string host;  // requested, started: who escorts; empty: the asking guard
};
struct DepositItem {
  VisitId visit;
  std::string what, tag, locker;
};
struct MoveDeposit {
  std::string deposit, to, locker;  // stored | returned
};

// ---- Access rules

struct ReleasePortal {
  AccessPointId point;
  std::string reason;
  std::optional<BootTime> asked = std::nullopt;  // when it was posted: a release that waited too long opens nothing
};                                               // a guard opens by hand: named, reasoned
struct ForgivePassback {
  VisitId visit;
  BadgeId staff;  // one of the two
  std::string reason;
};
struct ExemptPassback {
  VisitId visit;
  std::string reason;
};
struct SetPortalMode {
  PortalId portal;
  std::string mode, reason;
};
struct StartLockdown {
  std::string plan, reason;
};
struct EndLockdown {
  std::string plan, reason;
};
struct Panic {
  std::string where;
  bool silent = false;  // duress
};
struct StartMuster {
  std::string reason;
};
struct MarkSafe {
  VisitId visit;
  std::optional<UtcTime> at = std::nullopt;  // when a phone without network took the mark
};
struct EndMuster {
  std::string reason;
};

// ---- Shift

struct StartShift {};
struct HandOver {
  UserId to;
  std::string note;
};
struct AcceptShift {};
struct SetPost {
  bool attended = true;
};

struct AcknowledgeAlarm {
  std::uint64_t alarm = 0;
  std::string handling;
};  // handled | false_alarm | passed_on

// Accounts live in the same file, so their writes go through the core's connection too.
struct AddUser {
  std::string name, role, password_hash;
  bool first = false;
};  // first: only while there is no admin
struct DisableUser {
  UserId user;
};
struct SetPassword {
  UserId user;
  std::string password_hash;
};
// Sessions and tokens of programs: stored as SHA-256. Not journalled, except openings.
struct OpenSession {
  UserId user;
  std::string hash;
  UtcTime idle_until, absolute_until;
  bool is_api_token = false;
  std::string name;
  std::string address = {};   // of the device; empty: not entered
  bool known_device = false;  // it has signed in to the account before
  std::string device = {};    // hash of the cookie that the device's PINs belong to; empty: it has none
};
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
// A wrong PIN was given; `last`: the session ends with it.
struct FailPin {
  std::string session;
  bool last = false;
};
// The right one was: the session is fresh again.
struct ProvePin {
  std::string session;
  UtcTime idle_until;
};
struct CloseSession {
  std::string hash;
};
// After a failure of the disk: an officer says that it is sound and has room. The gateway starts anew in place, which reads
// the journal from the device; it grants again only where that finds it whole.
struct ResumeGranting {
  std::string reason;
};
// The tree's state is signed now, if something was appended since it last was.
struct SignCheckpoint {};
// Whoever seals a picture needs its owner's key, and only the core writes. Not journalled.
struct MakeKey {
  std::string owner;  // as in gateway/vault: a guest's id, or "day:2026-01-31"
};

// ---- Personal data

// The configuration's periods. What keeps less than before waits for two admins.
struct AdoptRetention {
  std::vector<RetentionRule> rules;
};
// An admin agrees that a class is kept for less; the second one, another person, puts it in force.
struct AgreeRetention {
  std::string what;
};
// Begins the destruction of what is due now. `classes` empty: of all of them.
struct ApproveRetention {
  std::vector<std::string> classes;
};
// The next bounded part of a run. Reply::id is empty when nothing is left.
struct EraseNext {
  std::string run;
};
struct FilesGone {  // deleted from the disk
  std::vector<std::string> hashes;
};
struct ScrubPages {
  std::shared_ptr<ScrubStep> step;
};
struct FinishErasure {
  std::string run;
};
struct SetHold {
  GuestId guest;
  VisitId visit;  // one of the two
  std::string reason;
};
struct ReleaseHold {
  std::string hold, reason;
};
struct OpenCase {
  GuestId guest;
  std::string kind;  // access | correct | restrict | erase | object
  std::string requester, purpose;
};
// correct: the new values of those fields that are not empty. restrict: `lift` ends the restriction.
struct CloseCase {
  std::string id, outcome, reason;  // answered | refused; the answer or the ground
  std::string full_name = {}, phone = {}, institution = {};
  bool lift = false;
};
// Somebody looked at what their role does not show by itself.
struct NoteReading {
  std::string what;  // visit | day | search | export | certificate | breach
  VisitId visit;
  GuestId guest;
  std::string about;  // a day, a run, a case: never personal
  std::string reason;
};
struct NoteBadgeShown {
  BadgeId badge;
  std::string as;  // qr | page
};
struct NoteBackup {
  std::string name;
  std::int64_t entries = 0;
};
// A sign-in or request was refused at the web, which limits how many are entered (gateway/web/refusal_log.h).
struct NoteRefusal {
  bool sign_in = false;      // a sign-in, else a request
  std::string why = {};      // sign-in: wrong | disabled | throttled | code; request: no_session | ended | role | origin
  UserId account = {};       // that was meant or that asked; empty: unknown
  std::string address = {};  // of the device; "several"
  std::string route = {};    // of a request, as in docs/api.md: "POST /users"; "several"
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

// ImportGuests: nothing is stored while there is a mistake.
struct ImportResult {
  std::vector<RowMistake> mistakes;
  std::size_t planned = 0;  // visits that are new
  std::size_t merged = 0;   // lines that joined a visit that was there already, or that an earlier line made
};

// What a committed command made. Reached only after the commit.
struct Reply {
  std::uint64_t entry = 0;  // number of the (first) journal entry, 0 when none was due
  std::string id;           // of the visit, badge or user that was made or changed
  std::string token;        // IssueBadge only: the badge's text, shown once and stored nowhere
  std::vector<std::pair<std::string, std::string>> tokens;  // StockCards: (badge id, text) of each card
  // RegisterVisit outside visiting hours: what closed, in the words of HoursVerdict. The visit is registered all the same.
  std::string out_of_hours;
  ImportResult import;
};

using Done = std::function<void(Result<Reply>)>;

// Thread-safe. The web, the command line and the scenario tests speak to the core through this alone.
class CorePort {
 public:
  virtual ~CorePort() = default;
  // Calls `done` on the core thread after the commit, or at once (on the caller's thread) when the mailbox is full.
  virtual void post(Command command, Actor actor, Done done) = 0;
  // The same, waiting. Not for the core thread.
  Result<Reply> call(Command command, Actor actor);
};

}  // namespace gapura::gateway
