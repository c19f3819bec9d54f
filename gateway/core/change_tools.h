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
// Takes a user off the aides' roster; the second stands in for the first. Nothing where they are not on it.
void leave_roster(Change& change, const AideDuty& duty, const UserId& user, const Actor& actor);
// A guest's form: what is wrong with it, and what an entry says of it.
inline constexpr std::size_t longest_field = 200;
std::optional<Change> mistake_in(const std::string& phone);  // what a spreadsheet made of a number
std::optional<Change> mistake_in(const GuestForm& form, bool quick);
std::string form_commitment(const GuestForm& form, const std::string& salt);
// Of a form: how many people, as an entry has it.
inline std::int64_t party_of(int people) { return people > 1 ? people : 0; }
inline Change refuse_off_duty() {
  return refuse(ErrorKind::not_on_duty,
                "you are not on duty, and this guest was not put to you. Take the duty over first; that is entered in the "
                "journal");
}
inline Change no_visit() { return refuse(ErrorKind::not_found, "no such open visit"); }

// Where an entry is asked for, its type is enough for an event without particulars, and the particulars for a type that
// alone has them.
inline Entry as_entry(Entry entry) { return entry; }
inline Entry as_entry(EventType type) { return make_entry(type); }
template <class Particulars>
Entry as_entry(const Particulars& particulars) {
  return make_entry(particulars);
}
// By the gateway itself.
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

// The question to the aide. A question says whom it was put to; without anybody on duty it is put to all. `again`: by the
// timer of a decision that was put off.
Entry question(const SiteContext& site, EventType type, const Actor& actor, const Visit& visit, bool again = false);
// A reschedule that no longer stands takes its invitation along, unless the guest has come on it.
void uninvite(const SiteContext& site, Change& change, const Visit& visit, const Actor& actor, const char* why);
// The end of a visit: its badges end with it, what stood because of it is over.
void leave(const SiteContext& site, Change& change, const Visit& visit, const Actor& actor, VisitState outcome);
// Back at the post or in the return box. The last badge of a guest who went out through the exit ends the visit.
void bring_back(const SiteContext& site, Change& change, const Badge& badge, const Actor& actor);

inline bool is_among(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// The earlier of both into `next`.
template <class Time>
void earliest(std::optional<Time>& next, std::optional<Time> at) {
  if (at) next = next ? std::min(*next, *at) : *at;
}

// The next local midnight.
inline UtcTime end_of_day(UtcTime utc, std::chrono::minutes offset) {
  return UtcTime(std::chrono::floor<std::chrono::days>(utc + offset) + std::chrono::days(1)) - offset;
}

}  // namespace gapura::gateway
