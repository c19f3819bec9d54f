// SPDX-License-Identifier: Apache-2.0
// Small words that the gate's files share.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>

#include "gateway/core/gate.h"
#include "gateway/core/notes.h"
#include "gateway/journal/statements.h"
#include "models/planted.h"

namespace gapura::gateway {

inline Change refuse(Error error) {
  Change change;
  change.refusal = std::move(error);
  return change;
}
inline Change refuse(ErrorKind kind, std::string message) { return refuse(Error{kind, std::move(message)}); }
// Takes a user off the aides' roster; the second stands in for the first. Nothing where they are not on it.
void leave_roster(Change& change, const AideDuty& duty, const UserId& user, const Actor& actor);
// A guest's form: what is wrong with it, and what an entry says of it.
inline constexpr std::size_t longest_field = 200;
std::optional<Change> mistake_in(const std::string& phone);  // what a spreadsheet made of a number
std::optional<Change> mistake_in(const GuestForm& form, bool quick);
Fields form_fields(const GuestForm& form, const GuestId& guest, const std::string& salt);
inline Change refuse_off_duty() {
  return refuse(ErrorKind::not_on_duty,
                "you are not on duty, and this guest was not put to you. Take the duty over first; that is entered in the "
                "journal");
}
inline Change no_visit() { return refuse(ErrorKind::not_found, "no such open visit"); }

inline Entry make_entry(EventType type, std::string point) {
  Entry entry;
  entry.type = type;
  entry.point = std::move(point);
  return entry;
}
inline Entry command_entry(EventType type, const Actor& actor) {
  Entry entry;
  entry.type = type;
  entry.actor = actor.user.str();
  return entry;
}
inline Entry visit_entry(EventType type, const Actor& actor, const VisitId& visit, Fields data = {}) {
  Entry entry = command_entry(type, actor);
  entry.visit = visit;
  entry.data = std::move(data);
  return entry;
}

inline bool is_one_of(std::string_view text, std::initializer_list<std::string_view> allowed) {
  return std::find(allowed.begin(), allowed.end(), text) != allowed.end();
}

// The next local midnight.
inline UtcTime end_of_day(UtcTime utc, std::chrono::minutes offset) {
  return UtcTime(std::chrono::floor<std::chrono::days>(utc + offset) + std::chrono::days(1)) - offset;
}

}  // namespace gapura::gateway
