// SPDX-License-Identifier: Apache-2.0
// What people ask for. Each run() either refuses with a sentence or returns the entries and rows of the whole change.
#include <algorithm>

#include "gateway/core/gate.h"
#include "gateway/core/notes.h"
#include "gateway/journal/database.h"

namespace gapura::gateway {
namespace {

Change refuse(ErrorKind kind, std::string message) {
  Change change;
  change.refusal = Error{kind, std::move(message)};
  return change;
}

Change no_visit() { return refuse(ErrorKind::not_found, "no such visit"); }

Entry command_entry(EventType type, const Actor& actor) {
  Entry entry;
  entry.type = type;
  entry.actor = actor.user.str();
  return entry;
}

Status run_sql(const Database& db, std::string_view sql, std::initializer_list<std::string_view> texts,
               std::initializer_list<std::int64_t> integers = {}) {
  auto statement = db.prepare(sql);
  if (!statement) return tl::unexpected(statement.error());
  int index = 1;
  for (const auto text : texts) statement->bind(index++, text);
  for (const auto integer : integers) statement->bind(index++, integer);
  return statement->run();
}

std::int64_t millis(UtcTime time) { return time.time_since_epoch().count(); }

// The next local midnight.
UtcTime end_of_day(const Now& now) {
  const auto local = now.utc + now.offset;
  return UtcTime(std::chrono::floor<std::chrono::days>(local) + std::chrono::days(1)) - now.offset;
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> allowed) {
  return std::find(allowed.begin(), allowed.end(), text) != allowed.end();
}

constexpr std::size_t longest_field = 200;
constexpr std::size_t longest_note = 500;
// A badge given shortly before midnight is good for a meeting all the same.
constexpr std::chrono::hours shortest_validity{4};

}  // namespace

Change Gate::on_command(const Command& command, const Actor& actor, const Now& now) {
  const bool too_long = std::visit(
      [](const auto& asked) {
        if constexpr (requires { asked.reason; }) return asked.reason.size() > longest_note;
        if constexpr (requires { asked.note; }) return asked.note.size() > longest_note;
        return false;
      },
      command);
  if (too_long) return refuse(ErrorKind::bad_input, "the reason or note is longer than 500 bytes");
  return std::visit([&](const auto& asked) { return run(asked, actor, now); }, command);
}

const Visit* Gate::find_open_visit(const VisitId& id) const {
  const Visit* visit = state_.find_visit(id);
  return visit && !visit->closed ? visit : nullptr;
}

Change Gate::run(const RegisterVisit& form, const Actor& actor, const Now& now) {
  for (const auto& field : {form.full_name, form.phone, form.institution, form.purpose, form.whom})
    if (field.size() > longest_field) return refuse(ErrorKind::bad_input, "a field is longer than 200 bytes");
  if (form.full_name.empty() || form.purpose.empty() || form.whom.empty())
    return refuse(ErrorKind::bad_input, "name, purpose and whom are needed");
  if (!is_one_of(form.category, {"general", "special"}))
    return refuse(ErrorKind::bad_input, "category: expected general or special");

  const auto known = form.phone.empty() ? std::nullopt : registry_.find_guest(form.phone, form.full_name);
  if (known && registry_.has_open_visit(*known)) return refuse(ErrorKind::conflict, "this guest already has an open visit");
  const GuestId guest = known.value_or(GuestId(random_id("g-")));
  const VisitId visit(random_id("v-"));
  const std::string salt = random_bytes(16);

  Change change;
  Entry entry = command_entry(EventType::visit_registered, actor);
  entry.visit = visit;
  entry.data = {{"guest", guest.str()},
                {"category", form.category},
                {"form", commitment("gapura.form.v1", salt,
                                    {form.full_name, form.phone, form.institution, form.purpose, form.whom})}};
  if (!form.portrait.empty()) entry.data.emplace_back("portrait", form.portrait);
  change.entries.push_back(std::move(entry));
  change.reply.id = visit.str();
  const auto arrived = millis(now.utc);
  change.rows.emplace_back([=, is_new = !known](const Database& db, std::uint64_t first) -> Status {
    if (is_new) {
      if (auto done = run_sql(db, "INSERT INTO guest (id, full_name, phone, institution, made_utc) VALUES (?,?,?,?,?)",
                              {guest.str(), form.full_name, form.phone, form.institution}, {arrived});
          !done)
        return done;
    }
    auto row = db.prepare(
        "INSERT INTO visit (id, guest, category, purpose, whom, state, approval, screening, presence, form_salt, "
        "arrived_utc, last_entry) "
        "VALUES (?,?,?,?,?,'registered','none','pending','at_post',?,?,?)");
    if (!row) return tl::unexpected(row.error());
    return row->bind(1, visit.str())
        .bind(2, guest.str())
        .bind(3, form.category)
        .bind(4, form.purpose)
        .bind(5, form.whom)
        .bind_blob(6, salt)
        .bind(7, arrived)
        .bind(8, static_cast<std::int64_t>(first))
        .run();
  });
  return change;
}

Change Gate::run(const AskAide& asked, const Actor& actor, const Now&) {
  const Visit* visit = find_open_visit(asked.visit);
  if (!visit) return no_visit();
  if (visit->approval == Approval::sent) return refuse(ErrorKind::conflict, "the aide has been asked already");
  if (visit->state != VisitState::registered && visit->state != VisitState::waiting)
    return refuse(ErrorKind::conflict, "this visit waits for no decision");
  Change change;
  Entry entry = command_entry(EventType::approval_asked, actor);
  entry.visit = visit->id;
  entry.data = {{"version", visit->approval_version + 1}};
  change.entries.push_back(std::move(entry));
  change.orders.emplace_back(TakeStillOut{0, "waiting_room", visit->id});
  change.reply.id = visit->id.str();
  return change;
}

Change Gate::run(const DecideVisit& asked, const Actor& actor, const Now&) {
  const Visit* visit = find_open_visit(asked.visit);
  if (!visit) return no_visit();
  if (!is_one_of(asked.decision, {"accept_now", "accept_later", "hold", "decline"}))
    return refuse(ErrorKind::bad_input, "decision: expected accept_now, accept_later, hold or decline");
  const bool timed = is_one_of(asked.decision, {"accept_later", "hold"});
  if (timed && (asked.minutes < 1 || asked.minutes > 480))
    return refuse(ErrorKind::bad_input, "minutes: expected 1 to 480");
  if (asked.decision == "decline" && asked.reason.empty()) return refuse(ErrorKind::bad_input, "a decline needs a reason");
  if (asked.verbal && asked.reason.empty())
    return refuse(ErrorKind::bad_input, "a verbal decision needs who said it, and how");
  if (asked.version != visit->approval_version)
    return refuse(ErrorKind::conflict, "somebody else decided in the meantime; look again before you decide");
  if (visit->presence == Presence::inside || visit->state == VisitState::finished)
    return refuse(ErrorKind::conflict, "the guest is already inside; the decision can no longer change");
  if (visit->approval == Approval::none) return refuse(ErrorKind::conflict, "the post has not asked yet");

  Change change;
  Entry entry = command_entry(EventType::approval_decided, actor);
  entry.visit = visit->id;
  entry.data = {{"decision", asked.decision}, {"version", visit->approval_version + 1}};
  if (timed) entry.data.emplace_back("minutes", static_cast<std::int64_t>(asked.minutes));
  if (asked.verbal) entry.data.emplace_back("verbal", true);
  change.entries.push_back(std::move(entry));
  add_note(change, 0, asked.reason, random_bytes(16));
  change.rows.emplace_back([id = visit->id.str(), reason = asked.reason](const Database& db, std::uint64_t) -> Status {
    return run_sql(db, "UPDATE visit SET approval_reason = ?1 WHERE id = ?2", {reason, id});
  });
  change.reply.id = visit->id.str();
  return change;
}

Change Gate::run(const SetPortrait& asked, const Actor& actor, const Now&) {
  const Visit* visit = find_open_visit(asked.visit);
  if (!visit) return no_visit();
  if (asked.portrait.size() != 64) return refuse(ErrorKind::bad_input, "portrait: expected the hash of a picture");
  Change change;
  Entry entry = command_entry(EventType::portrait_set, actor);
  entry.visit = visit->id;
  entry.data = {{"portrait", asked.portrait}};
  change.entries.push_back(std::move(entry));
  change.reply.id = visit->id.str();
  return change;
}

Change Gate::run(const IssueBadge& asked, const Actor& actor, const Now& now) {
  const Visit* visit = find_open_visit(asked.visit);
  if (!visit) return no_visit();
  if (visit->approval == Approval::declined)
    return refuse(ErrorKind::conflict, "the visit was declined: no badge is given");
  Change change;
  const Badge* earlier = state_.find_badge(visit->badge);
  if (earlier && is_out(*earlier)) {
    if (asked.reason.empty())
      return refuse(ErrorKind::conflict,
                    "this visit already has a badge; give the reason for another one, the first will be revoked");
    Entry revoked = command_entry(EventType::badge_revoked, actor);
    revoked.visit = visit->id;
    revoked.badge = earlier->id;
    revoked.data = {{"why", std::string("replaced")}};
    change.entries.push_back(std::move(revoked));
    add_note(change, 0, asked.reason, random_bytes(16));
  }
  TokenBytes token{};
  randomness_(token);
  const BadgeId badge(random_id("b-"));
  const Hash hash = badge_hash(token);
  const UtcTime until =
      asked.valid_for > Millis(0) ? now.utc + asked.valid_for : std::max(end_of_day(now), now.utc + shortest_validity);
  Entry issued = command_entry(EventType::badge_issued, actor);
  issued.visit = visit->id;
  issued.badge = badge;
  issued.data = {{"token", to_hex(as_bytes(hash))}, {"valid_until", millis(until)}};
  change.entries.push_back(std::move(issued));
  change.reply.id = badge.str();
  change.reply.token = make_token(token);
  return change;
}

Change Gate::run(const RevokeBadge& asked, const Actor& actor, const Now&) {
  const Badge* badge = state_.find_badge(asked.badge);
  if (!badge) return refuse(ErrorKind::not_found, "no such badge");
  if (!is_out(*badge)) return refuse(ErrorKind::conflict, "this badge opens nothing any more");
  if (asked.reason.empty()) return refuse(ErrorKind::bad_input, "a revocation needs a reason");
  Change change;
  Entry entry = command_entry(EventType::badge_revoked, actor);
  entry.visit = badge->visit;
  entry.badge = badge->id;
  entry.data = {{"why", std::string("revoked")}};
  change.entries.push_back(std::move(entry));
  add_note(change, 0, asked.reason, random_bytes(16));
  change.rows.emplace_back([id = badge->id.str(), reason = asked.reason](const Database& db, std::uint64_t) -> Status {
    return run_sql(db, "UPDATE badge SET reason = ?1 WHERE id = ?2", {reason, id});
  });
  change.reply.id = badge->id.str();
  return change;
}

Change Gate::run(const ReturnBadge& asked, const Actor& actor, const Now&) {
  const Badge* badge = state_.find_badge(asked.badge);
  if (!badge) return refuse(ErrorKind::not_found, "no such badge");
  if (!is_out(*badge) && badge->state != BadgeState::revoked) return refuse(ErrorKind::conflict, "this badge is not out");
  Change change;
  Entry entry = command_entry(EventType::badge_returned, actor);
  entry.visit = badge->visit;
  entry.badge = badge->id;
  change.entries.push_back(std::move(entry));
  // Out through the exit and the badge back: that is a departure (visits.md).
  const Visit* visit = find_open_visit(badge->visit);
  if (visit && visit->presence == Presence::outside) {
    Entry closed = command_entry(EventType::visit_closed, actor);
    closed.visit = visit->id;
    closed.data = {{"outcome", std::string("departed")}};
    change.entries.push_back(std::move(closed));
  }
  change.reply.id = badge->id.str();
  return change;
}

Change Gate::run(const RecordScreening& asked, const Actor& actor, const Now&) {
  const Visit* visit = find_open_visit(asked.visit);
  if (!visit) return no_visit();
  if (!is_one_of(asked.result, {"clear", "alarm", "cleared_by_check", "refused", "pending"}))
    return refuse(ErrorKind::bad_input, "result: expected clear, alarm, cleared_by_check, refused or pending (walk again)");
  Change change;
  Entry entry = command_entry(EventType::screening_recorded, actor);
  entry.visit = visit->id;
  entry.data = {{"result", asked.result}};
  change.entries.push_back(std::move(entry));
  add_note(change, 0, asked.note, random_bytes(16));
  change.reply.id = visit->id.str();
  return change;
}

Change Gate::run(const CloseVisit& asked, const Actor& actor, const Now&) {
  const Visit* visit = find_open_visit(asked.visit);
  if (!visit) return no_visit();
  if (!is_one_of(asked.outcome, {"departed", "left_early", "turned_away"}))
    return refuse(ErrorKind::bad_input, "outcome: expected departed, left_early or turned_away");
  Change change;
  const Badge* badge = state_.find_badge(visit->badge);
  const bool outstanding = badge && is_out(*badge);
  if (outstanding && asked.reason.empty())
    return refuse(ErrorKind::conflict, "the guest's badge is still out: take it back, or say why not");
  if (outstanding) {
    Entry revoked = command_entry(EventType::badge_revoked, actor);
    revoked.visit = visit->id;
    revoked.badge = badge->id;
    revoked.data = {{"why", std::string("not_returned")}};
    change.entries.push_back(std::move(revoked));
  }
  Entry entry = command_entry(EventType::visit_closed, actor);
  entry.visit = visit->id;
  entry.data = {{"outcome", asked.outcome}};
  change.entries.push_back(std::move(entry));
  add_note(change, change.entries.size() - 1, asked.reason, random_bytes(16));
  change.reply.id = visit->id.str();
  return change;
}

Change Gate::run(const ReleasePortal& asked, const Actor& actor, const Now& now) {
  const AccessPointConfig* point = find_point(asked.point);
  if (!point) return refuse(ErrorKind::not_found, "no such access point");
  if (asked.reason.empty()) return refuse(ErrorKind::bad_input, "opening by hand needs a reason");
  const Portal* portal = find_portal(point->portal);
  if (!granting()) return refuse(ErrorKind::storage, storage_problem_);
  if (!portal || !portal->ready(point->direction))
    return refuse(ErrorKind::unavailable, "its controller does not answer: open with the key and note it in the shift log");
  if (portal->pending()) return refuse(ErrorKind::conflict, "a release is under way there; wait a moment");
  Change change;
  Entry entry = command_entry(EventType::access_granted, actor);
  entry.point = point->id.str();
  entry.data = {{"by", std::string("guard")}};
  grant(change, *point, std::move(entry), asked.asked ? *asked.asked : now.boot);
  add_note(change, 0, asked.reason, random_bytes(16));
  change.reply.id = point->id.str();
  return change;
}

Change Gate::run(const AcknowledgeAlarm& asked, const Actor& actor, const Now&) {
  const auto found = state_.alarms.find(asked.alarm);
  if (found == state_.alarms.end()) return refuse(ErrorKind::not_found, "no such standing alarm");
  const Alarm& alarm = found->second;
  if (!alarm.acknowledged_by.empty()) return refuse(ErrorKind::conflict, "somebody acknowledged it already");
  if (!is_one_of(asked.handling, {"handled", "false_alarm", "passed_on"}))
    return refuse(ErrorKind::bad_input, "handling: expected handled, false_alarm or passed_on");
  Change change;
  Entry entry = command_entry(EventType::alarm_acknowledged, actor);
  entry.point = alarm.subject;
  entry.ref = alarm.number;
  entry.data = {{"kind", alarm.kind}, {"handling", asked.handling}};
  change.entries.push_back(std::move(entry));
  if (alarm.active && alarm.kind == "revoked_or_lost_used") clear(change, alarm.kind, alarm.subject);
  change.reply.id = std::to_string(alarm.number);
  return change;
}

// ---- Accounts

Change Gate::run(const AddUser& asked, const Actor& actor, const Now& now) {
  if (asked.name.empty() || asked.name.size() > 60) return refuse(ErrorKind::bad_input, "name: expected 1 to 60 bytes");
  if (!is_one_of(asked.role, {"guard", "aide", "admin"}))
    return refuse(ErrorKind::bad_input, "role: expected guard, aide or admin");
  if (asked.first && registry_.has_admin()) return refuse(ErrorKind::conflict, "the first admin exists already");
  const std::string id = random_id("u-");
  Change change;
  Entry entry = command_entry(EventType::user_added, asked.first ? Actor{UserId(id), "admin"} : actor);
  entry.data = {{"user", id}, {"role", asked.role}};
  change.entries.push_back(std::move(entry));
  change.rows.emplace_back([=, made = millis(now.utc)](const Database& db, std::uint64_t) -> Status {
    auto done = run_sql(db, "INSERT INTO user (id, name, role, password_hash, made_utc) VALUES (?,?,?,?,?)",
                        {id, asked.name, asked.role, asked.password_hash}, {made});
    if (!done && done.error().kind == ErrorKind::conflict)
      return fail(ErrorKind::conflict, "an account of this name exists already");
    return done;
  });
  change.reply.id = id;
  return change;
}

Change Gate::run(const DisableUser& asked, const Actor& actor, const Now&) {
  if (!registry_.has_user(asked.user)) return refuse(ErrorKind::not_found, "no such account");
  if (registry_.is_last_admin(asked.user))
    return refuse(ErrorKind::conflict, "this is the last admin: make another one first, or nobody can");
  Change change;
  Entry entry = command_entry(EventType::user_disabled, actor);
  entry.data = {{"user", asked.user.str()}};
  change.entries.push_back(std::move(entry));
  change.rows.emplace_back([id = asked.user.str()](const Database& db, std::uint64_t) -> Status {
    if (auto done = run_sql(db, "UPDATE user SET disabled = 1 WHERE id = ?", {id}); !done) return done;
    return run_sql(db, "DELETE FROM session WHERE user = ?", {id});
  });
  change.reply.id = asked.user.str();
  return change;
}

Change Gate::run(const SetPassword& asked, const Actor& actor, const Now&) {
  if (!registry_.has_user(asked.user)) return refuse(ErrorKind::not_found, "no such account");
  Change change;
  Entry entry = command_entry(EventType::user_password_set, actor);
  entry.data = {{"user", asked.user.str()}};
  change.entries.push_back(std::move(entry));
  change.rows.emplace_back(
      [id = asked.user.str(), hash = asked.password_hash](const Database& db, std::uint64_t) -> Status {
        if (auto done = run_sql(db, "UPDATE user SET password_hash = ?1 WHERE id = ?2", {hash, id}); !done) return done;
        return run_sql(db, "DELETE FROM session WHERE user = ? AND is_api_token = 0", {id});
      });
  change.reply.id = asked.user.str();
  return change;
}

Change Gate::run(const OpenSession& asked, const Actor& actor, const Now& now) {
  Change change;
  Entry entry = command_entry(EventType::session_opened, actor);
  entry.data = {{"user", asked.user.str()}};
  if (asked.is_api_token) entry.data.emplace_back("api_token", true);
  change.entries.push_back(std::move(entry));
  change.rows.emplace_back([asked, today = millis(now.utc)](const Database& db, std::uint64_t) -> Status {
    if (auto done = run_sql(db, "DELETE FROM session WHERE absolute_until_utc < ?1 OR idle_until_utc < ?1", {}, {today});
        !done)
      return done;
    return run_sql(
        db, "INSERT INTO session (hash, user, name, is_api_token, idle_until_utc, absolute_until_utc) VALUES (?,?,?,?,?,?)",
        {asked.hash, asked.user.str(), asked.name},
        {asked.is_api_token ? 1 : 0, millis(asked.idle_until), millis(asked.absolute_until)});
  });
  change.reply.id = asked.user.str();
  return change;
}

Change Gate::run(const TouchSession& asked, const Actor&, const Now&) {
  Change change;
  change.rows.emplace_back([asked](const Database& db, std::uint64_t) -> Status {
    auto row = db.prepare("UPDATE session SET idle_until_utc = ?1 WHERE hash = ?2");
    if (!row) return tl::unexpected(row.error());
    return row->bind(1, millis(asked.idle_until)).bind(2, asked.hash).run();
  });
  return change;
}

Change Gate::run(const CloseSession& asked, const Actor&, const Now&) {
  Change change;
  change.rows.emplace_back([hash = asked.hash](const Database& db, std::uint64_t) -> Status {
    return run_sql(db, "DELETE FROM session WHERE hash = ?", {hash});
  });
  return change;
}

}  // namespace gapura::gateway
