// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/queries/queries.h"

#include <algorithm>

#include "gateway/web/http/problem.h"
#include "gateway/web/queries/columns.h"

namespace gapura::gateway {
namespace json = boost::json;
namespace {

// What tells of a silent alarm: the signal, the alarm raised for it, and whatever refers to one of the two.
#define SILENT                                                                                                     \
  "(type = 'duress_signalled' OR EXISTS (SELECT 1 FROM alarm a WHERE a.silent = 1 AND a.number IN (entry.number, " \
  "entry.ref)) "                                                                                                   \
  "OR EXISTS (SELECT 1 FROM entry e WHERE e.number = entry.ref AND e.type = 'duress_signalled') "                  \
  "OR (type = 'alarm_raised' AND coalesce(json_extract(CAST(leaf AS TEXT), '$.d.silent'), 0)))"
// What a guard's journal leaves out. Accounts and looks at data are the admin's to see; and because of them numbers that a
// guard does not see are ordinary, and none of them reveals a silent alarm.
#define NOT_FOR_GUARDS                                                                                       \
  "(" SILENT                                                                                                 \
  " OR type IN "                                                                                             \
  "('user_added','user_disabled','user_password_set','session_opened','pin_set','pin_removed','pin_failed'," \
  "'sign_in_refused','request_refused','data_read','data_erased',"                                           \
  "'retention_changed','retention_agreed','retention_approved','retention_done','hold_set','hold_released'," \
  "'case_opened','case_closed','person_corrected','person_restricted','backup_made','log_key_changed','log_continued'))"
// The columns that event_from and session() expect, in their order.
#define EVENT_COLUMNS "SELECT number, utc, type, point, actor, visit, badge, ref, leaf, " NOT_FOR_GUARDS " FROM entry "
#define SESSION_COLUMNS                                                                                                \
  "SELECT u.id, u.name, u.role, u.password_hash, u.disabled, s.is_api_token, s.idle_until_utc, s.absolute_until_utc, " \
  "s.device, coalesce(p.pin_hash, ''), s.wrong_pins FROM session s JOIN user u ON u.id = s.user "                      \
  "LEFT JOIN device_pin p ON p.user = s.user AND p.device = s.device "

Account account_from(const Statement& row) {
  return {row.text(0), row.text(1), find_word<Role>(row.text(2)).value(), row.text(3), row.integer(4) != 0};
}

// Removes people's words and pictures. False when there were none.
bool redact(answer::Event& event) {
  const bool has = event.note || !event.pictures.empty() || !event.clips.empty() || event.data.contains("hash") ||
                   event.data.contains("portrait");
  event.note.reset();
  event.pictures.clear();
  event.clips.clear();
  event.data.erase("hash");
  event.data.erase("portrait");
  return has;
}

// The particulars of a leaf.
json::object data_of(const std::string& leaf) {
  boost::system::error_code code;
  const json::value parsed = json::parse(leaf, code);
  const json::value* data = !code && parsed.is_object() ? parsed.get_object().if_contains("d") : nullptr;
  return data && data->is_object() ? data->get_object() : json::object();
}

// A hash among an entry's particulars; empty: none.
std::string hash_in(const json::object& data) {
  const json::value* hash = data.if_contains("hash");
  return hash && hash->is_string() ? std::string(hash->get_string()) : std::string();
}

}  // namespace

std::int64_t start_of_day(const Now& now) {
  const auto midnight = std::chrono::floor<std::chrono::days>(now.utc + now.offset) - now.offset;
  return std::chrono::duration_cast<Millis>(midnight.time_since_epoch()).count();
}

answer::User user_of(const Account& account) { return {account.id, account.name, account.role, account.disabled}; }

Statement& Queries::prepared(std::string_view sql) {
  auto found = db_.prepared(sql);
  if (!found) throw Problem(found.error());
  (*found)->reset();
  return **found;
}

void Queries::release() { db_.reset_prepared(); }

bool Queries::next(Statement& statement) {
  auto row = statement.step();
  if (!row) throw Problem(row.error());
  return *row;
}

bool Queries::has_admin() {
  auto& row = prepared("SELECT 1 FROM user WHERE role = 'admin' LIMIT 1");
  const bool found = next(row);
  row.reset();
  return found;
}

std::optional<Account> Queries::account(std::string_view id) {
  auto& row = prepared("SELECT id, name, role, password_hash, disabled FROM user WHERE id = ?1").bind(1, id);
  return first(row, account_from);
}

std::optional<Account> Queries::account_named(std::string_view name) {
  auto& row = prepared("SELECT id, name, role, password_hash, disabled FROM user WHERE name = ?1").bind(1, name);
  return first(row, account_from);
}

std::vector<answer::User> Queries::users() {
  std::vector<answer::User> all;
  auto& row = prepared("SELECT id, name, role, password_hash, disabled FROM user ORDER BY name");
  while (next(row)) all.push_back(user_of(account_from(row)));
  return all;
}

std::vector<answer::Person> Queries::people(Role role) {
  std::vector<answer::Person> all;
  auto& row = prepared("SELECT id, name FROM user WHERE role = ?1 AND disabled = 0 AND password_hash <> '*' ORDER BY name");
  row.bind(1, word(role));
  while (next(row)) all.push_back({row.text(0), row.text(1)});
  return all;
}

std::int64_t Queries::count(std::string_view sql) {
  auto& row = prepared(sql);
  const auto found = next(row) ? row.integer(0) : 0;
  row.reset();
  return found;
}

std::optional<SessionRow> Queries::session(std::string_view hash) {
  auto& row = prepared(SESSION_COLUMNS "WHERE s.hash = ?1").bind(1, hash);
  if (!next(row)) return std::nullopt;
  SessionRow found{account_from(row), row.integer(5) != 0, row.integer(6), row.integer(7),
                   row.text(8),       row.text(9),         row.integer(10)};
  row.reset();
  return found;
}

Duty Queries::duty_of(std::string_view user) {
  const AideDuty roster = facts().duty;
  if (roster.first == user) return Duty::on;
  if (roster.second == user) return Duty::second;
  return roster.first.empty() ? Duty::vacant : Duty::off;
}

bool Queries::is_theirs(std::string_view aide, std::string_view visit) {
  auto& row = prepared("SELECT " THEIRS("v.id", "v.second_aide", "?2") " FROM visit v WHERE v.id = ?1");
  return first(row.bind(1, visit).bind(2, aide), [](const Statement& it) { return it.integer(0) != 0; }).value_or(true);
}

bool Queries::is_picture_theirs(std::string_view aide, std::string_view hash) {
  static const std::string sql =
      "SELECT 1 FROM (SELECT e.visit FROM picture p JOIN entry e ON e.number = p.entry WHERE p.hash = ?1 "
      "UNION ALL SELECT e.visit FROM clip c JOIN entry e ON e.number = c.entry WHERE c.hash = ?1 "
      "UNION ALL SELECT id FROM visit WHERE portrait = ?1 AND portrait <> '' "
      "UNION ALL SELECT id FROM visit WHERE waiting_still = ?1 AND waiting_still <> '') m "
      "JOIN visit v ON v.id = m.visit WHERE " THEIRS("v.id", "v.second_aide", "?2") " LIMIT 1";
  return first(prepared(sql).bind(1, hash).bind(2, aide), [](const Statement&) { return true; }).value_or(false);
}

bool Queries::may_see_cameras(std::string_view aide) {
  if (aide.empty() || duty_of(aide) != Duty::off) return true;
  auto& row = prepared("SELECT 1 FROM visit WHERE closed_utc IS NULL AND second_aide = ?1 LIMIT 1").bind(1, aide);
  return first(row, [](const Statement&) { return true; }).value_or(false);
}

std::string Queries::actor_name(const std::string& actor) {
  if (actor == "system" || actor == "device" || actor == "local") return actor;
  if (const auto known = names_.find(actor); known != names_.end()) return known->second;
  const auto found = account(actor);
  if (!found) return actor;
  return names_.emplace(actor, found->name).first->second;
}

std::vector<std::string> Queries::pictures_of(std::int64_t entry) {
  std::vector<std::string> all;
  auto& row = prepared("SELECT hash FROM picture WHERE entry = ?1 ORDER BY camera").bind(1, entry);
  while (next(row)) all.push_back(row.text(0));
  return all;
}

std::vector<std::string> Queries::clips_of(std::int64_t entry) {
  std::vector<std::string> all;
  auto& row = prepared("SELECT hash FROM clip WHERE entry = ?1 ORDER BY camera").bind(1, entry);
  while (next(row)) all.push_back(row.text(0));
  return all;
}

std::optional<std::string> Queries::note_of(std::int64_t entry) {
  auto& row = prepared("SELECT text FROM note WHERE entry = ?1").bind(1, entry);
  std::optional<std::string> text;
  while (next(row)) text = row.text(0);
  return text;
}

bool Queries::is_masked(std::int64_t entry) {
  auto& row = prepared(
      "SELECT 1 FROM entry e JOIN visit v ON v.id = e.visit JOIN guest g ON g.id = v.guest WHERE e.number = ?1 AND "
      "((v.closed_utc IS NOT NULL AND (v.arrived_utc < ?2 OR g.restricted_utc IS NOT NULL)) OR "
      "(?3 <> '' AND NOT " THEIRS("v.id", "v.second_aide", "?3") "))");
  const bool masked = next(row.bind(1, entry).bind(2, view_.masked_before).bind(3, view_.off_duty));
  row.reset();
  return masked;
}

// A picture of masked visits alone is shown to an account that unmasked one of them in the last minutes, as the journal
// says. What belongs to no visit any more (a portrait that was replaced) and lies under a person's key counts to all visits
// of that person.
bool Queries::may_load(const std::string& hash, const std::string& owner, const std::string& actor, std::int64_t since) {
  static const std::string shown =
      "SELECT count(*), coalesce(sum(v.closed_utc IS NULL OR (g.restricted_utc IS NULL AND "
      "(v.arrived_utc >= ?2 OR EXISTS (SELECT 1 FROM entry r WHERE r.visit = v.id AND r.type = 'data_read' AND r.actor = "
      "?3 AND r.utc >= ?4)))), 0) FROM ";
  static const std::string of_this =
      shown +
      "(SELECT e.visit FROM picture p JOIN entry e ON e.number = p.entry WHERE p.hash = ?1 "
      "UNION ALL SELECT e.visit FROM clip c JOIN entry e ON e.number = c.entry WHERE c.hash = ?1 "
      "UNION ALL SELECT id FROM visit WHERE portrait = ?1 AND portrait <> '' "
      "UNION ALL SELECT id FROM visit WHERE waiting_still = ?1 AND waiting_still <> '') m "
      "JOIN visit v ON v.id = m.visit LEFT JOIN guest g ON g.id = v.guest";
  static const std::string of_person = shown + "visit v JOIN guest g ON g.id = v.guest WHERE v.guest = ?1";
  for (const auto& [sql, of] : {std::pair(&of_this, &hash), std::pair(&of_person, &owner)}) {
    auto& row = prepared(*sql);
    row.bind(1, *of).bind(2, view_.masked_before).bind(3, actor).bind(4, since);
    const bool known = next(row) && row.integer(0) > 0, may = known && row.integer(1) > 0;
    row.reset();
    if (known) return may;
  }
  return true;
}

bool Queries::is_picture_of_visit(const std::string& hash) {
  auto& row = prepared(
      "SELECT 1 FROM visit WHERE portrait = ?1 AND portrait <> '' UNION ALL SELECT 1 FROM visit WHERE waiting_still = ?1 "
      "AND "
      "waiting_still <> '' UNION ALL SELECT 1 FROM picture p JOIN entry e ON e.number = p.entry WHERE p.hash = ?1 AND "
      "e.visit IS NOT NULL LIMIT 1");
  const bool found = next(row.bind(1, hash));
  row.reset();
  return found;
}

answer::Event Queries::event_from(const Statement& row) {
  answer::Event event;
  Columns columns(row);
  event.number = columns.number();
  event.time = columns.instant();
  event.type = columns.text();
  event.point = columns.text_or_none();
  event.actor_id = columns.text();
  event.actor = actor_name(event.actor_id);
  event.visit = columns.text_or_none();
  event.badge = columns.text_or_none();
  if (!row.is_null(7)) event.ref = row.integer(7);
  event.data = data_of(row.blob(8));
  // An account that called for help without a place of the configuration.
  if (event.point && event.point->starts_with("u-")) event.point = actor_name(*event.point);
  if (const json::value* account = event.data.if_contains("account"); account && account->is_string())
    event.data["account"] = actor_name(std::string(account->get_string()));
  // Which badge calls for help is for those alone whom it calls.
  if (!view_.sees_silent) event.data.erase("duress");
  if (is_masked(event.number)) {
    event.data.erase("hash");
    event.data.erase("portrait");
    return event;
  }
  event.note = note_of(event.number);
  event.pictures = pictures_of(event.number);
  event.clips = clips_of(event.number);
  // The entry that keeps a picture shows it itself; the picture's own row points at what it is evidence of.
  const std::string hash = hash_in(event.data);
  if (event.type == "picture_kept" && event.pictures.empty() && !hash.empty()) event.pictures.push_back(hash);
  if (event.type == "clip_kept" && !hash.empty()) event.clips.push_back(hash);
  return event;
}

// Only the conditions that are asked for go into the text, so that each combination uses its index. Values are bound.
std::string Queries::conditions_of(const EventFilter& filter) const {
  std::string sql = "WHERE number > ?1";
  if (!view_.sees_silent) sql += " AND NOT " NOT_FOR_GUARDS;
  if (!filter.type.empty()) sql += " AND type = ?2";
  if (!filter.visit.empty()) sql += " AND visit = ?3";
  if (!filter.badge.empty()) sql += " AND badge = ?4";
  return sql;
}

Statement& Queries::bound(Statement& row, const EventFilter& filter) const {
  row.bind(1, filter.after.value_or(-1));
  if (!filter.type.empty()) row.bind(2, filter.type);
  if (!filter.visit.empty()) row.bind(3, filter.visit);
  if (!filter.badge.empty()) row.bind(4, filter.badge);
  return row;
}

std::vector<answer::Event> Queries::events(const EventFilter& filter) {
  const char* order = filter.after ? " ORDER BY number LIMIT ?5" : " ORDER BY number DESC LIMIT ?5";
  auto& row = bound(prepared(EVENT_COLUMNS + conditions_of(filter) + order), filter).bind(5, filter.limit);
  std::vector<answer::Event> all;
  while (next(row)) all.push_back(event_from(row));
  if (!filter.after) std::reverse(all.begin(), all.end());
  return all;
}

std::int64_t Queries::count_events(const EventFilter& filter) {
  auto& row = bound(prepared("SELECT count(*) FROM entry " + conditions_of(filter)), filter);
  const auto counted = next(row) ? row.integer(0) : 0;
  row.reset();
  return counted;
}

std::optional<answer::Event> Queries::event(std::int64_t number) {
  auto& row = prepared(EVENT_COLUMNS "WHERE number = ?1 AND (?2 OR NOT " NOT_FOR_GUARDS ")");
  row.bind(1, number).bind(2, std::int64_t{view_.sees_silent});
  return first(row, [this](const Statement& it) { return event_from(it); });
}

std::vector<StoredEvent> Queries::events_after(std::int64_t after, int limit) {
  std::vector<StoredEvent> all;
  auto& row = prepared(EVENT_COLUMNS "WHERE number > ?1 ORDER BY number LIMIT ?2");
  row.bind(1, after).bind(2, limit);
  while (next(row)) {
    answer::Event event = event_from(row);
    const auto text = [&] { return json::serialize(to_json(event, view_.offset)); };
    StoredEvent stored{event.number, event.type, text(), row.integer(9) != 0, "", ""};
    if (!row.is_null(5)) stored.visit = row.text(5);
    if (!stored.visit.empty() && redact(event)) stored.redacted = text();
    all.push_back(std::move(stored));
  }
  return all;
}

std::int64_t Queries::last_event() {
  auto& row = prepared("SELECT max(number) FROM entry");
  (void)next(row);
  const auto last = row.is_null(0) ? -1 : row.integer(0);
  row.reset();
  return last;
}

}  // namespace gapura::gateway
