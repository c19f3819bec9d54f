// SPDX-License-Identifier: Apache-2.0
// The aides' roster: who is on duty, who is second, and the hand-over between them. It says whom a question is put to, and
// that they decide; of several whom one is put to, who answers first.
#include <utility>

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

bool holds(const std::vector<std::string>& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

}  // namespace

// Whom the post asks when the aide on duty does not answer: the roster's second, else the first other aide by name.
std::string Gate::second_aide() const {
  const AideDuty& duty = state_.facts.duty;
  const auto aides = registry_.aides();
  if (!duty.second.empty() && holds(aides, duty.second)) return duty.second;
  if (duty.first.empty()) return "";  // the question was put to all of them already
  const auto other = std::find_if(aides.begin(), aides.end(), [&](const std::string& id) { return id != duty.first; });
  return other == aides.end() ? "" : *other;
}

// To the aide on duty, to the one whom T2 asked, and to all while no aide is on duty.
bool Gate::is_put_to(const UserId& aide, const Visit& visit) const {
  const AideDuty& duty = state_.facts.duty;
  return duty.first.empty() || duty.first == aide.str() || visit.second_aide == aide.str();
}

// An aide takes a place that is free, or states that they take it over from its holder; an admin puts any aide in any
// place.
Change Gate::run(const TakeDuty& asked, const Actor& actor, const Now&) {
  const bool appointed = !asked.user.empty() && asked.user != actor.user;
  const std::string who = appointed ? asked.user.str() : actor.user.str();
  if (appointed && !holds(registry_.aides(), who)) return refuse(ErrorKind::bad_input, "user: expected an aide's account");
  AideDuty duty = state_.facts.duty;
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

Change Gate::run(const OfferDuty& asked, const Actor& actor, const Now&) {
  const AideDuty& duty = state_.facts.duty;
  if (duty.first != actor.user.str()) return refuse(ErrorKind::conflict, "you are not on duty");
  if (asked.to == actor.user || !holds(registry_.aides(), asked.to.str()))
    return refuse(ErrorKind::bad_input, "to: expected another aide's account");
  Change change;
  std::int64_t open = 0;
  for (const auto& [id, visit] : state_.visits) open += !visit.closed && is_open(visit.approval) ? 1 : 0;
  change.entries.push_back(command_entry(actor, DutyOffered{.to = asked.to.str(), .open_questions = open}));
  return change;
}

Change Gate::run(const AcceptDuty&, const Actor& actor, const Now&) {
  AideDuty duty = state_.facts.duty;
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

Change Gate::run(const LeaveDuty&, const Actor& actor, const Now&) {
  Change change;
  leave_roster(change, state_.facts.duty, actor.user, actor);
  if (change.empty()) return refuse(ErrorKind::conflict, "you are not on the roster");
  return change;
}

}  // namespace gapura::gateway
