// SPDX-License-Identifier: Apache-2.0
// Accounts and sessions are in the same file, so they are written through the core's connection.
#include "gateway/core/accounts.h"

#include "gateway/core/change_tools.h"
#include "models/site/account_name.h"

namespace gapura::gateway {

Change AccountsPart::run(const AddUser& asked, const Actor& actor, const Now& now) {
  if (asked.name.empty() || asked.name.size() > 60) return refuse(ErrorKind::bad_input, "name: expected 1 to 60 bytes");
  if (looks_like_reserved_name(asked.name))
    return refuse(ErrorKind::bad_input, "name: this reads as a name that the record gives to no account; choose another");
  if (asked.first && site_.registry.has_admin()) return refuse(ErrorKind::conflict, "the first admin exists already");
  const std::string id = site_.random_id("u-");
  Change change;
  change.entries.push_back(command_entry(asked.first ? Actor{UserId(id), Role::admin} : actor,
                                         UserAdded{.user = UserId(id), .role = asked.role}));
  change.rows.emplace_back(UserRow{.id = id, .account = asked, .made = now.utc});
  change.reply.id = id;
  return change;
}

Change AccountsPart::run(const DisableUser& asked, const Actor& actor, const Now&) {
  if (!site_.registry.has_user(asked.user)) return refuse(ErrorKind::not_found, "no such account");
  if (site_.registry.is_last_admin(asked.user))
    return refuse(ErrorKind::conflict, "this is the last admin: make another one first, or nobody can");
  Change change;
  change.entries.push_back(command_entry(actor, make_entry(EventType::user_disabled, UserChanged{asked.user})));
  leave_roster(change, site_.state.facts.duty, asked.user, actor);  // a phone that cannot answer gets no question
  change.rows.emplace_back(UserDisabledRow{.user = asked.user});
  change.reply.id = asked.user.str();
  return change;
}

Change AccountsPart::run(const SetPassword& asked, const Actor& actor, const Now&) {
  if (!site_.registry.has_user(asked.user)) return refuse(ErrorKind::not_found, "no such account");
  Change change;
  change.entries.push_back(command_entry(actor, make_entry(EventType::user_password_set, UserChanged{asked.user})));
  change.rows.emplace_back(PasswordRow{.user = asked.user, .hash = asked.password_hash});
  change.reply.id = asked.user.str();
  return change;
}

Change AccountsPart::run(const OpenSession& asked, const Actor& actor, const Now& now) {
  Change change;
  SessionOpened opened{.user = asked.user, .api_token = asked.is_api_token, .address = asked.address.substr(0, 100)};
  if (!asked.address.empty() && !asked.is_api_token) opened.device = asked.known_device ? "known" : "unknown";
  change.entries.push_back(command_entry(actor, opened));
  change.rows.emplace_back(NewSessionRow{.session = asked, .opened = now.utc});
  change.reply.id = asked.user.str();
  return change;
}

Change AccountsPart::run(const TouchSession& asked, const Actor&, const Now&) {
  Change change;
  change.rows.emplace_back(asked);
  return change;
}

Change AccountsPart::run(const SetPin& asked, const Actor& actor, const Now& now) {
  Change change;
  change.entries.push_back(command_entry(actor, PinSet{.user = actor.user, .device = asked.device.substr(0, 8)}));
  change.rows.emplace_back(PinRow{.user = actor.user, .pin = asked, .made = now.utc});
  change.reply.id = actor.user.str();
  return change;
}

Change AccountsPart::run(const RemovePins& asked, const Actor& actor, const Now&) {
  if (!site_.registry.has_user(asked.user)) return refuse(ErrorKind::not_found, "no such account");
  if (!site_.registry.has_pin(asked.user)) return refuse(ErrorKind::conflict, "this account has no PIN on any device");
  Change change;
  change.entries.push_back(command_entry(actor, make_entry(EventType::pin_removed, UserChanged{asked.user})));
  change.rows.emplace_back(PinsRemovedRow{.user = asked.user});
  change.reply.id = asked.user.str();
  return change;
}

// The journal has the end of a session by wrong PINs; a single wrong entry is not recorded.
Change AccountsPart::run(const FailPin& asked, const Actor& actor, const Now&) {
  Change change;
  if (asked.last)
    change.entries.push_back(command_entry(actor, make_entry(EventType::pin_failed, UserChanged{actor.user})));
  change.rows.emplace_back(asked);
  return change;
}

Change AccountsPart::run(const ProvePin& asked, const Actor&, const Now&) {
  Change change;
  change.rows.emplace_back(asked);
  return change;
}

Change AccountsPart::run(const CloseSession& asked, const Actor&, const Now&) {
  Change change;
  change.rows.emplace_back(asked);
  return change;
}

Change AccountsPart::run(const NoteRefusal& asked, const Actor& actor, const Now&) {
  Change change;
  Refused refused{.why = asked.why,
                  .account = asked.account.empty() ? "unknown" : asked.account.str(),
                  .address = asked.address.substr(0, 100),
                  .times = asked.times};
  if (asked.sign_in)
    refused.device = asked.known_device ? "known" : "unknown";
  else
    refused.route = asked.route.substr(0, 100);
  const EventType type = asked.sign_in ? EventType::sign_in_refused : EventType::request_refused;
  change.entries.push_back(command_entry(actor, make_entry(type, refused)));
  return change;
}

Change AccountsPart::run(const SignCheckpoint&, const Actor&, const Now&) {
  Change change;
  change.orders.emplace_back(SignOut{});
  return change;
}

Change AccountsPart::run(const MakeKey& asked, const Actor&, const Now&) {
  Change change;
  change.rows.emplace_back(asked);
  return change;
}

// The confirmation that the disk is sound is recorded first: if that fails, the disk is not sound.
Change AccountsPart::run(const ResumeGranting& asked, const Actor& actor, const Now&) {
  if (asked.reason.empty()) return refuse(ErrorKind::bad_input, "say what was done about the disk");
  if (site_.granting()) return refuse(ErrorKind::conflict, "granting has not stopped");
  Change change;
  change.entries.push_back(command_entry(actor, EventType::granting_resumed));
  add_note(change, 0, asked.reason, site_.random_bytes(16));
  change.orders.emplace_back(RestartOut{});
  return change;
}

}  // namespace gapura::gateway
