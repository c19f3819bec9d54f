// SPDX-License-Identifier: Apache-2.0
// What people ask of the core: the only way that site state changes, besides devices and time.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "models/ids.h"
#include "models/result.h"
#include "models/time.h"

namespace gapura::gateway {

// Who asks. `user` goes into the journal as the actor; "system" and "device" are reserved.
struct Actor {
  UserId user;
  std::string role;  // guard | aide | admin
};

// Personal fields stay in the registry's tables; the journal gets ids only.
struct RegisterVisit {
  std::string full_name, phone, institution, purpose, whom, category;  // category: general | special
  std::string portrait;                                                // SHA-256 of a picture in the media store, or empty
};
struct AskAide {
  VisitId visit;
};
struct DecideVisit {
  VisitId visit;
  std::string decision;      // accept_now | accept_later | hold | decline
  int minutes = 0;           // accept_later, hold
  std::string reason;        // decline: coded reason; verbal: who, channel
  std::int64_t version = 0;  // approval_version that the decider saw; a different one is a conflict
  bool verbal = false;       // taken down by a guard on the aide's word
};
struct SetPortrait {
  VisitId visit;
  std::string portrait;
};
// Makes a new token and binds it to the visit. An earlier badge of the visit is revoked (reprint kills the old token).
struct IssueBadge {
  VisitId visit;
  std::string reason;
  Millis valid_for{0};
};  // 0: until the end of the day
struct RevokeBadge {
  BadgeId badge;
  std::string reason;
};
struct ReturnBadge {
  BadgeId badge;
};
struct RecordScreening {
  VisitId visit;
  std::string result, note;
};  // clear | alarm | cleared_by_check | refused
struct CloseVisit {
  VisitId visit;
  std::string outcome, reason;
};  // departed | left_early | turned_away
struct ReleasePortal {
  AccessPointId point;
  std::string reason;
  std::optional<BootTime> asked = std::nullopt;  // when it was posted: a release that waited too long opens nothing
};                                               // a guard opens by hand: named, reasoned
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
};
struct TouchSession {
  std::string hash;
  UtcTime idle_until;
};
struct CloseSession {
  std::string hash;
};

using Command = std::variant<RegisterVisit, AskAide, DecideVisit, SetPortrait, IssueBadge, RevokeBadge, ReturnBadge,
                             RecordScreening, CloseVisit, ReleasePortal, AcknowledgeAlarm, AddUser, DisableUser,
                             SetPassword, OpenSession, TouchSession, CloseSession>;

// What a committed command made. Reached only after the commit.
struct Reply {
  std::uint64_t entry = 0;  // number of the (first) journal entry, 0 when none was due
  std::string id;           // of the visit, badge or user that was made or changed
  std::string token;        // IssueBadge only: the badge's text, shown once and stored nowhere
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
