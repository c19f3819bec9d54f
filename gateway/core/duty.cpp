// SPDX-License-Identifier: Apache-2.0
// The aides' roster: who is on duty, who is second, and the hand-over between them. It determines whom a question is put
// to; that aide decides. Of several who are asked, the first answer counts.
#include <utility>

#include "gateway/core/approvals.h"
#include "gateway/core/change_tools.h"

namespace gapura::gateway {
namespace {

void note_roster(Change& change, const Actor& actor, const AideDuty& duty, const char* why) {
  change.entries.push_back(command_entry(actor, DutyChanged{.first = duty.first, .second = duty.second, .why = why}));
}

Change become(const Actor& actor, const AideDuty& duty, const char* why) {
  Change change;
  note_roster(change, actor, duty, why);
  return change;
}

}  // namespace

// An aide takes a free place, or states that they take it over from its holder; an admin appoints any aide to any place.
Change ApprovalsPart::run(const TakeDuty& asked, const Actor& actor, const Now&) {
  const bool appointed = !asked.user.empty() && asked.user != actor.user;
  const std::string who = appointed ? asked.user.str() : actor.user.str();
  if (appointed && !is_among(site_.registry.aides(), who))
    return refuse(ErrorKind::bad_input, "user: expected an aide's account");
  AideDuty duty = site_.state.facts.duty;
  std::string& place = asked.second ? duty.second : duty.first;
  std::string& other = asked.second ? duty.first : duty.second;
  if (place == who) return refuse(ErrorKind::conflict, asked.second ? "already second" : "already on duty");
  const bool taken = !place.empty();
  if (taken && !appointed && !asked.over)
    return refuse(ErrorKind::conflict, asked.second
                                           ? "another aide is second: let them leave, or take it over"
                                           : "another aide is on duty: let them hand the duty over, or take it over");
  if (other == who && asked.second)
    return refuse(ErrorKind::conflict, "who is on duty cannot be second too: hand the duty over first");
  place = who;
  if (other == who) other.clear();
  return become(actor, duty, appointed ? "appointed" : taken ? "taken_over" : "taken");
}

Change ApprovalsPart::run(const OfferDuty& asked, const Actor& actor, const Now&) {
  const AideDuty& duty = site_.state.facts.duty;
  if (duty.first != actor.user.str()) return refuse(ErrorKind::conflict, "you are not on duty");
  if (asked.to == actor.user || !is_among(site_.registry.aides(), asked.to.str()))
    return refuse(ErrorKind::bad_input, "to: expected another aide's account");
  Change change;
  std::int64_t open = 0;
  for (const auto& [id, visit] : site_.state.visits) open += !visit.closed && is_open(visit.approval) ? 1 : 0;
  change.entries.push_back(command_entry(actor, DutyOffered{.to = asked.to.str(), .open_questions = open}));
  return change;
}

Change ApprovalsPart::run(const AcceptDuty&, const Actor& actor, const Now&) {
  AideDuty duty = site_.state.facts.duty;
  if (duty.offered_to != actor.user.str()) return refuse(ErrorKind::conflict, "nobody has handed the duty over to you");
  duty.first = actor.user.str();
  if (duty.second == duty.first) duty.second.clear();
  return become(actor, duty, "handed_over");
}

void leave_roster(Change& change, const AideDuty& duty, const UserId& user, const Actor& actor) {
  AideDuty next = duty;
  if (next.first == user.str())
    next.first = std::exchange(next.second, "");
  else if (next.second == user.str())
    next.second.clear();
  if (!(next == duty)) note_roster(change, actor, next, "left");
}

Change ApprovalsPart::run(const LeaveDuty&, const Actor& actor, const Now&) {
  Change change;
  leave_roster(change, site_.state.facts.duty, actor.user, actor);
  if (change.empty()) return refuse(ErrorKind::conflict, "you are not on the roster");
  return change;
}

}  // namespace gapura::gateway
