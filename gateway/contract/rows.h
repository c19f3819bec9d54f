// SPDX-License-Identifier: Apache-2.0
// Rows that no leaf may carry (personal data, secrets, sessions), as values. The core decides them;
// gateway/registry/rows.cpp writes them in the transaction of the entries that they come with, in their order.
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

// A guest's form: of the guest, and of one visit.
struct FormRow {
  GuestForm form;
  GuestId guest;
  VisitId visit;
  bool new_guest = false, new_visit = false;
  std::string salt;  // of the form's commitment
  UtcTime arrived;
};
// Which privacy notice the guest was shown.
struct NoticeRow {
  VisitId visit;
  std::string notice;
};
// The visit `visit`, made of the form of `of`. `entry`: index of the entry that plans it.
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
// What a person said of a possible match.
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
// CloseSession.

struct UserRow {
  std::string id;
  AddUser account;
  UtcTime made;
};
struct UserDisabledRow {  // its sessions and PINs go
  UserId user;
};
struct PasswordRow {  // its PINs, and its sessions but those of programs, go
  UserId user;
  std::string hash;
};
struct NewSessionRow {  // sessions that have ended go
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

// The period of a class: in force from now on, or proposed, or agreed by the first of two admins.
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
struct RunRow {  // begins at the Change's first entry
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
  std::optional<UtcTime> since;  // none: it is lifted
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
