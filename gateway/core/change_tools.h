// SPDX-License-Identifier: Apache-2.0
// Helpers that the parts share.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "gateway/core/notes.h"
#include "gateway/core/site_context.h"

namespace gapura::gateway {

inline Change refuse(Error error) {
  Change change;
  change.refusal = std::move(error);
  return change;
}
inline Change refuse(ErrorKind kind, std::string message) { return refuse(Error{kind, std::move(message)}); }
// Removes a user from the aides' roster; the second takes the first's place. Does nothing when the user is not on it.
void leave_roster(Change& change, const AideDuty& duty, const UserId& user, const Actor& actor);
// A guest's form: its mistakes, and its fields in an entry.
inline constexpr std::size_t longest_field = 200;
std::optional<Change> mistake_in(const std::string& phone);  // a number spoilt by a spreadsheet
std::optional<Change> mistake_in(const GuestForm& form, bool quick);
std::string form_commitment(const GuestForm& form, const std::string& salt);
// Returns the number of people of a form as an entry has it.
inline std::int64_t party_of(int people) { return people > 1 ? people : 0; }
inline Change refuse_off_duty() {
  return refuse(ErrorKind::not_on_duty,
                "you are not on duty, and this guest was not put to you. Take the duty over first; that is entered in the "
                "journal");
}
inline Change no_visit() { return refuse(ErrorKind::not_found, "no such open visit"); }

// An argument that is an entry may also be an event type without particulars, or the particulars of a type that alone has
// them.
inline Entry as_entry(Entry entry) { return entry; }
inline Entry as_entry(EventType type) { return make_entry(type); }
template <class Particulars>
Entry as_entry(const Particulars& particulars) {
  return make_entry(particulars);
}
// Makes an entry of the gateway itself.
template <class Event>
Entry site_entry(std::string point, const Event& event) {
  Entry entry = as_entry(event);
  entry.point = std::move(point);
  return entry;
}
template <class Event>
Entry device_entry(std::string point, const Event& event) {
  Entry entry = site_entry(std::move(point), event);
  entry.actor = "device";
  return entry;
}
template <class Event>
Entry command_entry(const Actor& actor, const Event& event) {
  Entry entry = as_entry(event);
  entry.actor = actor.user.str();
  return entry;
}
template <class Event>
Entry visit_entry(const Actor& actor, const VisitId& visit, const Event& event) {
  Entry entry = command_entry(actor, event);
  entry.visit = visit;
  return entry;
}

template <class Event>
Entry badge_entry(const Actor& actor, const Badge& badge, const Event& event) {
  Entry entry = visit_entry(actor, badge.visit, event);
  entry.badge = badge.id;
  return entry;
}
inline Actor by_device() { return {UserId("device"), std::nullopt}; }
inline Actor by_timer() { return {UserId("system"), std::nullopt}; }

// Makes an entry of the question to the aide, with the user that it is put to; without an aide on duty it is put to all.
// `again`: asked by the timer of a decision that was put off.
Entry question(const SiteContext& site, EventType type, const Actor& actor, const Visit& visit, bool again = false);
// Withdraws the invitation of a reschedule that no longer applies, unless the guest has come on it.
void withdraw_invitation(const SiteContext& site, Change& change, const Visit& visit, const Actor& actor, const char* why);
// Ends a visit: its badges end with it, and its alarms are cleared.
void end_visit(const SiteContext& site, Change& change, const Visit& visit, const Actor& actor, VisitState outcome);
// Records a badge's return at the post or in the return box. With the last badge of a guest who went out through the exit
// the visit ends.
void record_return(const SiteContext& site, Change& change, const Badge& badge, const Actor& actor);

inline bool is_among(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// Sets `next` to the earlier of both.
template <class Time>
void earliest(std::optional<Time>& next, std::optional<Time> at) {
  if (at) next = next ? std::min(*next, *at) : *at;
}

// Returns the next local midnight.
inline UtcTime end_of_day(UtcTime utc, std::chrono::minutes offset) {
  return UtcTime(std::chrono::floor<std::chrono::days>(utc + offset) + std::chrono::days(1)) - offset;
}

}  // namespace gapura::gateway
