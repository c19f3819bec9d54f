// SPDX-License-Identifier: Apache-2.0
// The events of the journal, each declared once: its stored name and its particulars, which are few, coded and never
// personal. The order of the fields is the leaf's order, and the leaf's bytes are hashed: new fields are added at the end,
// and existing fields stay. An optional field is left out where it is empty, a Sparse one where it has its default value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/decision_reason.h"
#include "models/base/device_event.h"
#include "models/base/fields.h"
#include "models/base/ids.h"
#include "models/base/time.h"
#include "models/site/site.h"
#include "models/sop/deviation.h"
#include "models/visit/credential.h"
#include "models/visit/visit.h"

namespace gapura {

using Texts = std::vector<std::string>;
using Flag = Sparse<bool>;

// ---- The site

struct SiteOpened {
  std::string version;
  GAPURA_FIELDS(version);
};
struct GrantingStopped {
  std::string why;
  GAPURA_FIELDS(why);
};
struct ClockChanged {
  ClockQuality quality = ClockQuality::ok;
  GAPURA_FIELDS(quality);
};
struct DayClosed {
  std::int64_t unaccounted = 0, lost = 0;  // visits; badges
  GAPURA_FIELDS(unaccounted, lost);
};
GAPURA_ENUM(LeaderState, receiving, in_a_meeting, resting, away);
struct LeaderChanged {
  LeaderState state{};
  GAPURA_FIELDS(state);
};

// ---- Visits

// `form` is the commitment to the personal fields of the form.
struct VisitPlanned {
  GuestId guest;
  std::string category, form;
  Sparse<std::int64_t> party;  // people, where there are more than one
  UtcTime from, until;
  Flag merged;  // joined to a visit of a guest who was here already
  GAPURA_FIELDS(guest, category, form, party, from, until, merged);
};
// The particulars of the visit_planned of a visit that a reschedule of the visit `of` creates.
struct VisitInvitedAgain {
  GuestId guest;
  std::string category;
  UtcTime from, until;
  VisitId of;
  Sparse<std::int64_t> party;
  GAPURA_FIELDS(guest, category, from, until, of, party);
};
struct VisitRegistered {
  GuestId guest;
  std::string category, form;
  Sparse<std::int64_t> party;
  Sparse<std::string> portrait, sop;  // SHA-256 of the picture; id of the version in force
  Flag quick, extended;
  Sparse<std::string> notice;        // id of the privacy notice
  Sparse<std::string> out_of_hours;  // the rule that closed the post: a word of HoursVerdict
  std::optional<Attention> attention;
  GAPURA_FIELDS(guest, category, form, party, portrait, sop, quick, extended, notice, out_of_hours, attention);
};
struct VisitCompleted {
  GuestId guest;
  std::string category, form;
  Sparse<std::int64_t> party;
  GAPURA_FIELDS(guest, category, form, party);
};
struct VisitMoved {
  VisitState from{}, to = VisitState::unaccounted;
  Sparse<std::string> why;  // of a plan: decision_changed | undone
  Sparse<VisitId> of;       // the visit whose decision created the plan and now ends it
  GAPURA_FIELDS(from, to, why, of);
};
struct VisitClosed {
  VisitState outcome = VisitState::departed, was{};
  std::string where;  // as to_text(Whereabouts) writes it, before the end
  Presence presence{};
  GAPURA_FIELDS(outcome, was, where, presence);
};
struct PortraitSet {
  std::string portrait;
  GAPURA_FIELDS(portrait);
};
struct StepAttested {
  std::string step, sop;
  Sparse<std::string> answer;  // of a decision
  Sparse<std::string> was;     // the answer that this one replaces
  GAPURA_FIELDS(step, sop, answer, was);
};
struct DeviationNoted {
  Deviation kind{};
  std::optional<std::string> sop;  // where a person noted it
  GAPURA_FIELDS(kind, sop);
};
// The values from before the undone entry, which are in force again. `of` is that entry's type.
struct Undone {
  std::string of;
  std::optional<Approval> approval;
  std::optional<VisitState> state;
  Sparse<std::string> where;
  std::optional<Presence> presence;
  Flag reopened;
  std::optional<Screening> screening;
  Sparse<std::int64_t> version;  // of the decision
  Sparse<std::string> step;      // an attested one
  Sparse<std::string> answer;    // that it had before
  GAPURA_FIELDS(of, approval, state, where, presence, reopened, screening, version, step, answer);
};
struct AttentionListed {
  std::string attention;
  bool blocks = false;
  GAPURA_FIELDS(attention, blocks);
};
struct AttentionDecided {
  Attention attention{};
  GAPURA_FIELDS(attention);
};

// ---- Approval

// approval_asked and approval_answered. `to`: the aide on duty; none: all aides.
struct QuestionPut {
  std::int64_t version = 0;
  Sparse<std::string> to;
  Flag again;  // asked again by the timer of a decision that was put off
  GAPURA_FIELDS(version, to, again);
};
struct ApprovalReceived {
  Approval receipt{};  // delivered | seen
  GAPURA_FIELDS(receipt);
};
struct ApprovalEscalated {
  std::int64_t level = 0;
  Sparse<std::string> to;  // the second aide, where one is asked now
  Flag no_second;          // there is no second aide
  GAPURA_FIELDS(level, to, no_second);
};
GAPURA_ENUM(AideDecision, accept_now, accept_later, hold, refer, reschedule, ask, decline);
struct ApprovalDecided {
  AideDecision decision{};
  std::int64_t version = 0;
  Sparse<std::int64_t> minutes;
  std::optional<UtcTime> when;
  Sparse<VisitId> next;  // the plan that a reschedule creates
  Flag all_members, verbal, hours_permit;
  Approval was{};
  VisitState was_state{};
  GAPURA_FIELDS(decision, version, minutes, when, next, all_members, verbal, hours_permit, was, was_state);
};
struct ApprovalWithdrawn {
  std::int64_t version = 0;
  GAPURA_FIELDS(version);
};
struct VerbalReviewed {
  bool confirmed = false;
  GAPURA_FIELDS(confirmed);
};
struct LimitPermitted {
  std::string measure;  // members_inside
  Flag verbal;
  GAPURA_FIELDS(measure, verbal);
};
struct DutyChanged {
  std::string first, second, why;  // user ids; appointed | taken | taken_over | handed_over | left
  GAPURA_FIELDS(first, second, why);
};
struct DutyOffered {
  std::string to;
  std::int64_t open_questions = 0;
  GAPURA_FIELDS(to, open_questions);
};

// ---- Badges

struct BadgeStocked {
  Hash token{};
  GAPURA_FIELDS(token);
};
struct BadgeIssued {
  Hash token{};
  UtcTime valid_until;
  std::optional<BadgeKind> kind;  // none: paper
  Sparse<std::string> host;
  Flag duress;
  Sparse<std::string> printer;
  Sparse<std::int64_t> uses;
  GAPURA_FIELDS(token, valid_until, kind, host, duress, printer, uses);
};
struct BadgePrintOrdered {
  std::string printer;
  GAPURA_FIELDS(printer);
};
struct BadgePrintEnded {
  PrintState outcome{};
  std::string detail;
  GAPURA_FIELDS(outcome, detail);
};
struct BadgePrinted {
  bool printed = false;
  GAPURA_FIELDS(printed);
};
GAPURA_ENUM(BadgePicture, qr, page);
struct BadgeShown {
  BadgePicture as{};
  GAPURA_FIELDS(as);
};
struct BadgeChanged {
  BadgeState from{}, to = BadgeState::suspended;
  Sparse<std::string> why;  // not_returned
  GAPURA_FIELDS(from, to, why);
};
struct BadgeRevoked {
  std::string why;  // revoked | replaced | not_printed | not_returned
  GAPURA_FIELDS(why);
};
struct BadgePresented {
  std::string is;  // a word of BadgeState, or ambiguous_scan | malformed_payload | unknown_badge
  std::optional<std::string> reject;
  PostReaderKind desk{};
  GAPURA_FIELDS(is, reject, desk);
};

// ---- The post

struct ScreeningRecorded {
  Screening result{};
  std::optional<bool> same_gender;
  Screening was{};
  GAPURA_FIELDS(result, same_gender, was);
};
struct DetectorTested {
  bool alarmed = false;
  GAPURA_FIELDS(alarmed);
};
struct EscortMoved {
  EscortState to{};
  Sparse<std::string> by;  // user or host
  GAPURA_FIELDS(to, by);
};
struct DepositMoved {
  std::string deposit;
  DepositState to{};
  GAPURA_FIELDS(deposit, to);
};
struct ShiftHandedOver {
  std::string to;
  std::int64_t open_visits = 0, inside = 0, badges_out = 0, deposits = 0, alarms = 0, devices_down = 0;
  GAPURA_FIELDS(to, open_visits, inside, badges_out, deposits, alarms, devices_down);
};
struct ShiftAccepted {
  std::string from;
  GAPURA_FIELDS(from);
};
struct PostChanged {
  bool attended = true;
  Sparse<std::string> why;  // escort
  GAPURA_FIELDS(attended, why);
};

// ---- Access

struct AccessGranted {
  std::string by;  // badge | guard
  Sparse<BadgeId> partner;
  Sparse<std::vector<DenialReason>> tolerated;
  Sparse<std::string> over, permitted_by;  // members_inside; the user who permitted it
  GAPURA_FIELDS(by, partner, tolerated, over, permitted_by);
};
// access_taken, access_not_taken and access_unknown.
struct AccessEnded {
  std::string why;
  std::optional<Level> readback;
  std::optional<std::int64_t> relay_ms;
  GAPURA_FIELDS(why, readback, relay_ms);
};
struct AccessDenied {
  std::vector<DenialReason> reasons;
  Sparse<Texts> steps;  // of sop_step_missing
  std::optional<std::string> reject;
  std::optional<std::int64_t> bytes;
  Sparse<std::int64_t> codes;
  GAPURA_FIELDS(reasons, steps, reject, bytes, codes);
};
struct ModeChanged {
  PortalMode mode{}, was{};
  Sparse<std::string> by;  // schedule
  std::optional<UtcTime> until;
  GAPURA_FIELDS(mode, was, by, until);
};
struct LockdownStarted {
  std::string plan;
  std::optional<UtcTime> until;
  GAPURA_FIELDS(plan, until);
};
struct LockdownEnded {
  std::string plan, why;  // ended | reverted
  GAPURA_FIELDS(plan, why);
};
struct MusterStarted {
  std::int64_t inside = 0;
  GAPURA_FIELDS(inside);
};
struct MusterMarked {
  UtcTime at;
  GAPURA_FIELDS(at);
};
struct MusterEnded {
  std::int64_t safe = 0;
  GAPURA_FIELDS(safe);
};

// ---- Alarms, devices, evidence

GAPURA_ENUM(AlarmKind, forced_open, panic, visitor_astray, revoked_or_lost_used, unbound_badge_at_door,
            screening_undisposed, attention_list, released_by_unknown, tamper, held_open, fault, device_offline,
            decision_overdue, overstay, unaccounted);
GAPURA_ENUM(AlarmPriority, critical, high, medium);
GAPURA_ENUM(AlarmHandling, handled, false_alarm, passed_on);
struct AlarmRaised {
  AlarmKind kind{};
  AlarmPriority priority = AlarmPriority::medium;
  Flag silent;
  GAPURA_FIELDS(kind, priority, silent);
};
struct AlarmCleared {
  AlarmKind kind{};
  GAPURA_FIELDS(kind);
};
struct AlarmAcknowledged {
  AlarmKind kind{};
  AlarmHandling handling{};
  GAPURA_FIELDS(kind, handling);
};
// device_online and device_offline.
struct DeviceChanged {
  DeviceHealth::Kind kind{};
  std::optional<std::string> detail;
  Sparse<std::string> fault;
  Sparse<std::int64_t> outages;
  Sparse<std::string> view;  // accepted
  GAPURA_FIELDS(kind, detail, fault, outages, view);
};
// picture_kept and clip_kept.
struct EvidenceKept {
  std::string hash, camera, role;
  std::int64_t bytes = 0;
  Sparse<std::int64_t> ms;  // of a clip
  GAPURA_FIELDS(hash, camera, role, bytes, ms);
};

// ---- Accounts

GAPURA_ENUM(Role, guard, aide, admin);
struct UserAdded {
  UserId user;
  Role role{};
  GAPURA_FIELDS(user, role);
};
// user_disabled, user_password_set, pin_removed and pin_failed.
struct UserChanged {
  UserId user;
  GAPURA_FIELDS(user);
};
struct SessionOpened {
  UserId user;
  Flag api_token;
  Sparse<std::string> address, device;
  GAPURA_FIELDS(user, api_token, address, device);
};
struct PinSet {
  UserId user;
  std::string device;
  GAPURA_FIELDS(user, device);
};
// Of a sign-in: wrong to code. Of a request: no_session to origin.
GAPURA_ENUM(RefusalReason, wrong, disabled, throttled, code, no_session, ended, role, origin);
// sign_in_refused and request_refused.
struct Refused {
  RefusalReason why{};
  std::string account, address;
  std::optional<std::string> device, route;  // of a sign-in; of a request
  std::int64_t times = 1;
  GAPURA_FIELDS(why, account, address, device, route, times);
};

// ---- The record itself

struct LogKeyChanged {
  std::string vkey;
  GAPURA_FIELDS(vkey);
};
struct LogContinued {
  std::string from;
  std::int64_t signed_size = 0;
  std::string signed_root, note;
  Sparse<std::string> first;
  Flag alone;
  GAPURA_FIELDS(from, signed_size, signed_root, note, first, alone);
};
struct BackupMade {
  std::int64_t entries = 0;
  GAPURA_FIELDS(entries);
};

// ---- Personal data

struct RetentionApproved {
  std::string run;
  Texts rules;
  GAPURA_FIELDS(run, rules);
};
struct RetentionAgreed {
  std::string rule, was;
  bool in_force = false;
  Sparse<std::string> first;
  GAPURA_FIELDS(rule, was, in_force, first);
};
struct RetentionChanged {
  Sparse<Texts> rules, waiting, withdrawn;
  GAPURA_FIELDS(rules, waiting, withdrawn);
};
struct RetentionDone {
  std::string run;
  std::int64_t visits = 0, persons = 0, notes = 0, deposits = 0, pictures = 0, clips = 0;
  GAPURA_FIELDS(run, visits, persons, notes, deposits, pictures, clips);
};
struct DataErased {
  std::string run, class_;
  std::int64_t visits = 0, persons = 0, notes = 0, deposits = 0, pictures = 0, clips = 0;
  Sparse<Texts> ids;
  GAPURA_FIELDS(run, class_, visits, persons, notes, deposits, pictures, clips, ids);
};
GAPURA_ENUM(ReadingKind, visit, day, search, export_, certificate, breach);
struct DataRead {
  ReadingKind what{};
  Sparse<GuestId> guest;
  Sparse<std::string> about;
  GAPURA_FIELDS(what, guest, about);
};
// hold_set and hold_released.
struct HoldChanged {
  std::string hold;
  Sparse<std::string> guest;
  GAPURA_FIELDS(hold, guest);
};
GAPURA_ENUM(CaseKind, access, correct, restrict, erase, object);
GAPURA_ENUM(CaseState, open, answered, refused);
struct CaseOpened {
  std::string case_, guest;
  CaseKind kind{};
  UtcTime due;
  GAPURA_FIELDS(case_, guest, kind, due);
};
struct CaseClosed {
  std::string case_, guest;
  CaseKind kind{};
  CaseState outcome = CaseState::answered;
  Sparse<std::string> run;  // of the destruction that the answer begins
  GAPURA_FIELDS(case_, guest, kind, outcome, run);
};
struct PersonCorrected {
  std::string guest, case_;
  Texts fields_;
  GAPURA_FIELDS(guest, case_, fields_);
};
struct PersonRestricted {
  std::string guest, case_;
  bool restricted = false;
  GAPURA_FIELDS(guest, case_, restricted);
};

// At the end of any event's particulars.
struct NoteAdded {
  std::string note;  // the commitment to the words, which are in an erasable row
  GAPURA_FIELDS(note);
};
// The version of the procedure that was in force for the visit, and the step that the visit was at.
struct Procedure {
  std::string sop;
  Sparse<std::string> at_step;
  GAPURA_FIELDS(sop, at_step);
};

// For an event that needs nothing beyond its type and place.
struct NoParticulars {
  static constexpr std::string_view field_list() { return ""; }
  std::tuple<> fields() const { return {}; }
};

// Every event: X(stored type, its particulars). access_granted is the intent; its outcome is exactly one of access_taken,
// access_not_taken, access_unknown.
#define GAPURA_EVENTS(X)                    \
  X(site_opened, SiteOpened)                \
  X(site_closed, NoParticulars)             \
  X(granting_stopped, GrantingStopped)      \
  X(clock_changed, ClockChanged)            \
  X(visit_planned, VisitPlanned)            \
  X(visit_registered, VisitRegistered)      \
  X(visit_completed, VisitCompleted)        \
  X(visit_moved, VisitMoved)                \
  X(visit_closed, VisitClosed)              \
  X(approval_asked, QuestionPut)            \
  X(approval_received, ApprovalReceived)    \
  X(approval_escalated, ApprovalEscalated)  \
  X(approval_decided, ApprovalDecided)      \
  X(approval_answered, QuestionPut)         \
  X(approval_withdrawn, ApprovalWithdrawn)  \
  X(verbal_reviewed, VerbalReviewed)        \
  X(limit_permitted, LimitPermitted)        \
  X(portrait_set, PortraitSet)              \
  X(step_attested, StepAttested)            \
  X(deviation_noted, DeviationNoted)        \
  X(undone, Undone)                         \
  X(attention_listed, AttentionListed)      \
  X(attention_decided, AttentionDecided)    \
  X(badge_stocked, BadgeStocked)            \
  X(badge_issued, BadgeIssued)              \
  X(badge_print_ordered, BadgePrintOrdered) \
  X(badge_print_ended, BadgePrintEnded)     \
  X(badge_printed, BadgePrinted)            \
  X(badge_shown, BadgeShown)                \
  X(badge_changed, BadgeChanged)            \
  X(badge_returned, NoParticulars)          \
  X(badge_revoked, BadgeRevoked)            \
  X(badge_presented, BadgePresented)        \
  X(screening_passage, NoParticulars)       \
  X(screening_alarm, NoParticulars)         \
  X(screening_recorded, ScreeningRecorded)  \
  X(detector_tested, DetectorTested)        \
  X(escort_moved, EscortMoved)              \
  X(deposit_moved, DepositMoved)            \
  X(access_granted, AccessGranted)          \
  X(access_taken, AccessEnded)              \
  X(access_not_taken, AccessEnded)          \
  X(access_unknown, AccessEnded)            \
  X(access_denied, AccessDenied)            \
  X(exit_requested, NoParticulars)          \
  X(door_state_unknown, NoParticulars)      \
  X(passback_forgiven, NoParticulars)       \
  X(passback_exempted, NoParticulars)       \
  X(passback_reset, NoParticulars)          \
  X(mode_changed, ModeChanged)              \
  X(lockdown_started, LockdownStarted)      \
  X(lockdown_ended, LockdownEnded)          \
  X(duress_signalled, NoParticulars)        \
  X(muster_started, MusterStarted)          \
  X(muster_marked, MusterMarked)            \
  X(muster_ended, MusterEnded)              \
  X(shift_started, NoParticulars)           \
  X(shift_handed_over, ShiftHandedOver)     \
  X(shift_accepted, ShiftAccepted)          \
  X(post_changed, PostChanged)              \
  X(leader_changed, LeaderChanged)          \
  X(duty_changed, DutyChanged)              \
  X(duty_offered, DutyOffered)              \
  X(day_closed, DayClosed)                  \
  X(picture_kept, EvidenceKept)             \
  X(clip_kept, EvidenceKept)                \
  X(alarm_raised, AlarmRaised)              \
  X(alarm_cleared, AlarmCleared)            \
  X(alarm_acknowledged, AlarmAcknowledged)  \
  X(device_online, DeviceChanged)           \
  X(device_offline, DeviceChanged)          \
  X(user_added, UserAdded)                  \
  X(user_disabled, UserChanged)             \
  X(user_password_set, UserChanged)         \
  X(session_opened, SessionOpened)          \
  X(pin_set, PinSet)                        \
  X(pin_removed, UserChanged)               \
  X(pin_failed, UserChanged)                \
  X(sign_in_refused, Refused)               \
  X(request_refused, Refused)               \
  X(log_key_changed, LogKeyChanged)         \
  X(log_continued, LogContinued)            \
  X(retention_approved, RetentionApproved)  \
  X(retention_agreed, RetentionAgreed)      \
  X(retention_changed, RetentionChanged)    \
  X(retention_done, RetentionDone)          \
  X(data_erased, DataErased)                \
  X(data_read, DataRead)                    \
  X(hold_set, HoldChanged)                  \
  X(hold_released, HoldChanged)             \
  X(case_opened, CaseOpened)                \
  X(case_closed, CaseClosed)                \
  X(person_corrected, PersonCorrected)      \
  X(person_restricted, PersonRestricted)    \
  X(backup_made, BackupMade)                \
  X(granting_resumed, NoParticulars)

// Stored as `typ`.
#define GAPURA_EVENT_TYPE(type, Particulars) type,
enum class EventType { GAPURA_EVENTS(GAPURA_EVENT_TYPE) };
#undef GAPURA_EVENT_TYPE
#define GAPURA_EVENT_WORD(type, Particulars) #type ","
constexpr std::string_view gapura_words_of(EventType) {
  constexpr std::string_view all = GAPURA_EVENTS(GAPURA_EVENT_WORD);
  return all.substr(0, all.size() - 1);
}
#undef GAPURA_EVENT_WORD

// Whether `type` is an event of these particulars.
template <class Particulars>
constexpr bool is_event_of(EventType type) {
  switch (type) {
#define GAPURA_EVENT_CASE(name, Of) \
  case EventType::name:             \
    return std::is_same_v<Of, Particulars>;
    GAPURA_EVENTS(GAPURA_EVENT_CASE)  // NOLINT(bugprone-branch-clone): several events may have the same particulars
#undef GAPURA_EVENT_CASE
  }
  return false;
}

}  // namespace gapura
