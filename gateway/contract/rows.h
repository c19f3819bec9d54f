// SPDX-License-Identifier: Apache-2.0
// Rows with data that no leaf may carry (personal data, secrets, sessions), as values. The core decides them;
// gateway/registry/rows.cpp writes them in order, in the transaction of their entries.
#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "gateway/contract/command.h"
#include "gateway/contract/personal_data.h"

namespace gapura::gateway {

// The words of an entry, whose leaf has their commitment. `entry`: its index in the Change.
struct NoteRow {
  std::size_t entry = 0;
  std::string salt, text;
};

// ---- Visits

// The fields of a form: those of the guest, and those of one visit.
struct FormRow {
  GuestForm form;
  GuestId guest;
  VisitId visit;
  bool new_guest = false, new_visit = false;
  std::string salt;  // of the form's commitment
  UtcTime arrived;
};
// The privacy notice that the guest was shown.
struct NoticeRow {
  VisitId visit;
  std::string notice;
};
// The visit `visit`, made from the form of `of`. `entry`: index of the entry that plans it.
struct InvitationRow {
  VisitId visit, of;
  std::size_t entry = 0;
};
struct ApprovalReasonRow {
  VisitId visit;
  std::string reason;
};
struct AttentionRow {
  std::string id;
  ListAttention person;
  UtcTime made;
};
// A person's answer about a possible match.
struct AttentionAnswerRow {
  std::string attention;
  GuestId guest;
  bool is_match = false;
};

// ---- Badges and deposited items

struct BadgeReasonRow {
  BadgeId badge;
  std::string reason;
};
struct DepositRow {
  std::string id;
  DepositItem item;
};
struct LockerRow {
  std::string deposit, locker;
};

// ---- Accounts. Commands that change no state in memory are rows themselves: TouchSession, ProvePin, FailPin,
//   CloseSession.

struct UserRow {
  std::string id;
  AddUser account;
  UtcTime made;
};
struct UserDisabledRow {  // deletes its sessions and PINs
  UserId user;
};
struct PasswordRow {  // deletes its PINs, and its sessions except those of programs
  UserId user;
  std::string hash;
};
struct NewSessionRow {  // deletes sessions that have ended
  OpenSession session;
  UtcTime opened;
};
struct PinRow {
  UserId user;
  SetPin pin;
  UtcTime made;
};
struct PinsRemovedRow {
  UserId user;
};

// ---- Personal data

// The period of a class: in force, or proposed, or agreed to by the first of two admins.
struct PeriodRow {
  RetentionRule rule;
};
struct ProposedPeriodRow {
  RetentionRule rule;
};
struct AgreedPeriodRow {
  RetentionClass what = RetentionClass::visit;
  UserId by;
};
struct RunRow {  // begins with the Change's first entry
  std::string id, guest;
  UserId by;
  UtcTime approved;
  std::vector<RetentionRule> rules;
};
struct ErasureRow {
  std::string run;
  ErasureBatch batch;
  UtcTime at;
};
struct RunFinishedRow {
  std::string run;
  UtcTime at;
};
struct HoldRow {
  std::string id;
  SetHold hold;
  UserId by;
  UtcTime at;
};
struct HoldReleasedRow {
  std::string id;
  UtcTime at;
};
struct CaseRow {
  std::string id;
  GuestId guest;
  CaseKind kind{};
  UserId by;
  UtcTime at, due;
};
struct CaseClosedRow {
  std::string id;
  CaseState outcome = CaseState::answered;
  UserId by;
  UtcTime at;
};
struct CorrectionRow {
  std::string guest;
  PersonFields fields;
};
struct RestrictionRow {
  std::string guest;
  std::optional<UtcTime> since;  // none: ended
};
struct BackupRow {
  NoteBackup backup;
  UtcTime at;
};

using Row = std::variant<NoteRow, FormRow, NoticeRow, InvitationRow, ApprovalReasonRow, AttentionRow, AttentionAnswerRow,
                         BadgeReasonRow, DepositRow, LockerRow, UserRow, UserDisabledRow, PasswordRow, NewSessionRow,
                         TouchSession, PinRow, PinsRemovedRow, FailPin, ProvePin, CloseSession, MakeKey, PeriodRow,
                         ProposedPeriodRow, AgreedPeriodRow, RunRow, ErasureRow, FilesGone, RunFinishedRow, HoldRow,
                         HoldReleasedRow, CaseRow, CaseClosedRow, CorrectionRow, RestrictionRow, BackupRow>;

}  // namespace gapura::gateway
