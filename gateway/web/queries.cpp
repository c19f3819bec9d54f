// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/queries.h"

#include <algorithm>

#include "gateway/web/problem.h"

namespace gapura::gateway {
namespace json = boost::json;
namespace {

// The columns that visit_from, badge_from, event_from and alarm_from expect, in their order.
#define VISIT_COLUMNS                                                                                      \
  "SELECT v.id, g.full_name, g.phone, g.institution, v.purpose, v.whom, v.category, v.state, v.approval, " \
  "v.approval_version, v.approval_reason, v.screening, v.presence, v.portrait, v.waiting_still, v.badge, " \
  "v.arrived_utc, v.asked_utc, v.decided_utc, v.hold_until_utc, v.closed_utc, v.guest "                    \
  "FROM visit v JOIN guest g ON g.id = v.guest "
#define BADGE_COLUMNS                                                                                   \
  "SELECT b.id, b.state, b.visit, g.full_name, b.issued_utc, b.valid_until_utc, b.ended_utc, b.reason " \
  "FROM badge b LEFT JOIN visit v ON v.id = b.visit LEFT JOIN guest g ON g.id = v.guest "
#define EVENT_COLUMNS "SELECT number, utc, type, point, actor, visit, badge, ref, leaf FROM entry "
#define ALARM_COLUMNS \
  "SELECT number, kind, priority, subject, active, raised_utc, cleared_utc, acknowledged_by, handling FROM alarm "
#define SESSION_COLUMNS                                                                                               \
  "SELECT u.id, u.name, u.role, u.password_hash, u.disabled, s.is_api_token, s.idle_until_utc, s.absolute_until_utc " \
  "FROM session s JOIN user u ON u.id = s.user "

Account account_from(const Statement& row) {
  return {row.text(0), row.text(1), row.text(2), row.text(3), row.integer(4) != 0};
}

json::value text_or_null(const Statement& row, int column) {
  if (row.is_null(column)) return nullptr;
  std::string text = row.text(column);
  if (text.empty()) return nullptr;
  return json::value(text);
}

}  // namespace

json::object user_json(const Account& account) {
  return {{"id", account.id}, {"name", account.name}, {"role", account.role}, {"disabled", account.disabled}};
}

Statement& Queries::prepared(std::string_view sql) {
  auto found = statements_.find(sql);
  if (found == statements_.end()) {
    auto statement = db_.prepare(sql);
    if (!statement) throw Problem(statement.error());
    found = statements_.emplace(std::string(sql), std::move(*statement)).first;
  }
  found->second.reset();
  return found->second;
}

void Queries::release() {
  for (auto& [sql, statement] : statements_) statement.reset();
}

bool Queries::next(Statement& statement) {
  auto row = statement.step();
  if (!row) throw Problem(row.error());
  return *row;
}

json::value Queries::time_or_null(const Statement& row, int column) const {
  if (row.is_null(column)) return nullptr;
  return json::value(format_rfc3339(UtcTime(Millis(row.integer(column))), offset_));
}

bool Queries::has_admin() {
  auto& row = prepared("SELECT 1 FROM user WHERE role = 'admin' LIMIT 1");
  const bool found = next(row);
  row.reset();
  return found;
}

std::optional<Account> Queries::account(std::string_view id) {
  auto& row = prepared("SELECT id, name, role, password_hash, disabled FROM user WHERE id = ?1").bind(1, id);
  if (!next(row)) return std::nullopt;
  auto found = account_from(row);
  row.reset();
  return found;
}

std::optional<Account> Queries::account_named(std::string_view name) {
  auto& row = prepared("SELECT id, name, role, password_hash, disabled FROM user WHERE name = ?1").bind(1, name);
  if (!next(row)) return std::nullopt;
  auto found = account_from(row);
  row.reset();
  return found;
}

json::array Queries::users() {
  json::array all;
  auto& row = prepared("SELECT id, name, role, password_hash, disabled FROM user ORDER BY name");
  while (next(row)) all.push_back(user_json(account_from(row)));
  return all;
}

std::optional<SessionRow> Queries::session(std::string_view hash) {
  auto& row = prepared(SESSION_COLUMNS "WHERE s.hash = ?1").bind(1, hash);
  if (!next(row)) return std::nullopt;
  SessionRow found{account_from(row), row.integer(5) != 0, row.integer(6), row.integer(7)};
  row.reset();
  return found;
}

std::string Queries::actor_name(const std::string& actor) {
  if (actor == "system" || actor == "device") return actor;
  if (const auto known = names_.find(actor); known != names_.end()) return known->second;
  const auto found = account(actor);
  if (!found) return actor;
  return names_.emplace(actor, found->name).first->second;
}

json::array Queries::previous_visits(const std::string& guest, std::int64_t before) {
  json::array all;
  auto& row = prepared(
      "SELECT arrived_utc, state, approval FROM visit WHERE guest = ?1 AND arrived_utc < ?2 "
      "ORDER BY arrived_utc DESC LIMIT 10");
  row.bind(1, guest).bind(2, before);
  while (next(row)) all.push_back({{"arrived", time_or_null(row, 0)}, {"state", row.text(1)}, {"approval", row.text(2)}});
  return all;
}

json::object Queries::visit_from(const Statement& row) {
  json::object visit{{"id", row.text(0)},
                     {"name", row.text(1)},
                     {"phone", row.text(2)},
                     {"institution", row.text(3)},
                     {"purpose", row.text(4)},
                     {"whom", row.text(5)},
                     {"category", row.text(6)},
                     {"state", row.text(7)},
                     {"approval", row.text(8)},
                     {"approval_version", row.integer(9)},
                     {"approval_reason", row.text(10)},
                     {"screening", row.text(11)},
                     {"presence", row.text(12)},
                     {"portrait", text_or_null(row, 13)},
                     {"waiting_still", text_or_null(row, 14)},
                     {"badge", nullptr},
                     {"arrived", time_or_null(row, 16)},
                     {"asked", time_or_null(row, 17)},
                     {"decided", time_or_null(row, 18)},
                     {"hold_until", time_or_null(row, 19)},
                     {"closed", time_or_null(row, 20)}};
  if (!row.is_null(15)) {
    if (auto bound = badge(row.text(15))) visit["badge"] = std::move(*bound);
  }
  visit["previous"] = previous_visits(row.text(21), row.integer(16));
  return visit;
}

std::optional<json::object> Queries::visit(std::string_view id) {
  auto& row = prepared(VISIT_COLUMNS "WHERE v.id = ?1").bind(1, id);
  if (!next(row)) return std::nullopt;
  auto found = visit_from(row);
  row.reset();
  return found;
}

json::array Queries::visits(bool open_only, int limit, std::int64_t since) {
  json::array all;
  auto& row = open_only ? prepared(VISIT_COLUMNS "WHERE v.closed_utc IS NULL ORDER BY v.arrived_utc LIMIT ?1")
                        : prepared(VISIT_COLUMNS
                                   "WHERE v.closed_utc IS NULL OR v.arrived_utc >= ?2 "
                                   "ORDER BY v.arrived_utc DESC LIMIT ?1");
  row.bind(1, limit);
  if (!open_only) row.bind(2, since);
  while (next(row)) all.push_back(visit_from(row));
  return all;
}

std::optional<std::int64_t> Queries::visit_hidden_before(std::string_view id) {
  auto& row = prepared("SELECT arrived_utc FROM visit WHERE id = ?1 AND closed_utc IS NOT NULL").bind(1, id);
  if (!next(row)) return std::nullopt;
  const auto arrived = row.integer(0);
  row.reset();
  return arrived;
}

json::object Queries::badge_from(const Statement& row) const {
  return {{"id", row.text(0)},
          {"state", row.text(1)},
          {"visit", row.text(2)},
          {"name", row.text(3)},
          {"issued", time_or_null(row, 4)},
          {"valid_until", time_or_null(row, 5)},
          {"ended", time_or_null(row, 6)},
          {"reason", row.text(7)}};
}

std::optional<json::object> Queries::badge(std::string_view id) {
  auto& row = prepared(BADGE_COLUMNS "WHERE b.id = ?1").bind(1, id);
  if (!next(row)) return std::nullopt;
  auto found = badge_from(row);
  row.reset();
  return found;
}

json::array Queries::badges(bool out_only) {
  json::array all;
  auto& row = out_only ? prepared(BADGE_COLUMNS "WHERE b.ended_utc IS NULL ORDER BY b.issued_utc LIMIT 500")
                       : prepared(BADGE_COLUMNS "ORDER BY b.issued_utc DESC LIMIT 500");
  while (next(row)) all.push_back(badge_from(row));
  return all;
}

json::object Queries::alarm_from(const Statement& row) {
  json::object alarm{
      {"number", row.integer(0)},        {"kind", row.text(1)},           {"priority", row.text(2)},
      {"subject", row.text(3)},          {"active", row.integer(4) != 0}, {"raised", time_or_null(row, 5)},
      {"cleared", time_or_null(row, 6)}, {"acknowledged_by", nullptr},    {"handling", text_or_null(row, 8)}};
  if (!row.is_null(7)) alarm["acknowledged_by"] = actor_name(row.text(7));
  return alarm;
}

json::array Queries::alarms() {
  json::array all;
  auto& row = prepared(ALARM_COLUMNS
                       "WHERE active = 1 OR acknowledged_by IS NULL ORDER BY active DESC, CASE priority WHEN 'critical' "
                       "THEN 0 WHEN 'high' THEN 1 ELSE 2 END, raised_utc DESC LIMIT 500");
  while (next(row)) all.push_back(alarm_from(row));
  return all;
}

std::optional<json::object> Queries::alarm(std::int64_t number) {
  auto& row = prepared(ALARM_COLUMNS "WHERE number = ?1").bind(1, number);
  if (!next(row)) return std::nullopt;
  auto found = alarm_from(row);
  row.reset();
  return found;
}

json::array Queries::pictures_of(std::int64_t entry) {
  json::array all;
  auto& row = prepared("SELECT hash FROM picture WHERE entry = ?1 ORDER BY camera").bind(1, entry);
  while (next(row)) all.push_back(json::value(row.text(0)));
  return all;
}

json::value Queries::note_of(std::int64_t entry) {
  auto& row = prepared("SELECT text FROM note WHERE entry = ?1").bind(1, entry);
  json::value text;
  while (next(row)) text = row.text(0);
  return text;
}

json::object Queries::event_from(const Statement& row) {
  const auto number = row.integer(0);
  const std::string type = row.text(2), actor = row.text(4);
  json::object event{{"number", number},
                     {"time", time_or_null(row, 1)},
                     {"type", type},
                     {"point", text_or_null(row, 3)},
                     {"actor", actor_name(actor)},
                     {"actor_id", actor},
                     {"visit", text_or_null(row, 5)},
                     {"badge", text_or_null(row, 6)},
                     {"ref", nullptr}};
  if (!row.is_null(7)) event["ref"] = row.integer(7);
  json::object data;
  boost::system::error_code code;
  const json::value leaf = json::parse(row.blob(8), code);
  if (!code && leaf.is_object()) {
    const json::value* d = leaf.get_object().if_contains("d");
    if (d && d->is_object()) data = d->get_object();
  }
  json::array pictures = pictures_of(number);
  // The entry that keeps a picture shows it itself; the picture's own row points at what it is evidence of.
  const json::value* hash = type == "picture_kept" ? data.if_contains("hash") : nullptr;
  if (hash && pictures.empty()) pictures.push_back(*hash);
  event["data"] = std::move(data);
  event["note"] = note_of(number);
  event["pictures"] = std::move(pictures);
  return event;
}

json::array Queries::events(const EventFilter& filter) {
  // Only the conditions that are asked for go into the text, so that each combination uses its index. Values are bound.
  std::string sql = EVENT_COLUMNS "WHERE number > ?1";
  if (!filter.type.empty()) sql += " AND type = ?2";
  if (!filter.visit.empty()) sql += " AND visit = ?3";
  if (!filter.badge.empty()) sql += " AND badge = ?4";
  sql += filter.after ? " ORDER BY number LIMIT ?5" : " ORDER BY number DESC LIMIT ?5";
  auto& row = prepared(sql);
  row.bind(1, filter.after.value_or(-1)).bind(5, filter.limit);
  if (!filter.type.empty()) row.bind(2, filter.type);
  if (!filter.visit.empty()) row.bind(3, filter.visit);
  if (!filter.badge.empty()) row.bind(4, filter.badge);
  json::array all;
  while (next(row)) all.push_back(event_from(row));
  if (!filter.after) std::reverse(all.begin(), all.end());
  return all;
}

std::vector<StoredEvent> Queries::events_after(std::int64_t after, int limit) {
  std::vector<StoredEvent> all;
  auto& row = prepared(EVENT_COLUMNS "WHERE number > ?1 ORDER BY number LIMIT ?2");
  row.bind(1, after).bind(2, limit);
  while (next(row)) all.push_back({row.integer(0), row.text(2), json::serialize(event_from(row))});
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
