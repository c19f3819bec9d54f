// SPDX-License-Identifier: Apache-2.0
// Visits, badges, things left at the post and the attention list, as the API shows them.
#include <algorithm>

#include "gateway/registry/persons.h"
#include "gateway/registry/state_rows.h"
#include "gateway/web/queries.h"
#include "models/credential.h"
#include "models/sop.h"

namespace gapura::gateway {
namespace json = boost::json;
namespace {

// Of another day, or not for an aide who is off duty (?8).
#define MASKED                                                                                           \
  "(v.closed_utc IS NOT NULL AND v.arrived_utc < ?9) OR (?8 <> '' AND v.id IS NOT NULL AND NOT " THEIRS( \
      "v.id", "v.second_aide", "?8") ")"
#define BADGE_COLUMNS                                                                                       \
  "SELECT b.id, b.kind, b.state, b.visit, b.host, b.duress, b.uses_allowed, b.uses, b.area, b.passed_utc, " \
  "b.issued_utc, b.valid_until_utc, b.ended_utc, b.reason, b.print, g.full_name, "                          \
  "v.closed_utc IS NOT NULL AND g.restricted_utc IS NOT NULL, " MASKED                                      \
  " FROM badge b LEFT JOIN visit v ON v.id = b.visit LEFT JOIN guest g ON g.id = v.guest "
#define DEPOSIT_COLUMNS                                                   \
  "SELECT d.id, d.visit, g.full_name, d.state, d.what, d.tag, d.locker, " \
  "v.closed_utc IS NOT NULL AND g.restricted_utc IS NOT NULL, " MASKED    \
  " FROM deposit d "                                                      \
  "JOIN visit v ON v.id = d.visit JOIN guest g ON g.id = v.guest "

// A row's columns, one after the other.
class Columns {
 public:
  explicit Columns(const Statement& row, int first = 0) : row_(row), at_(first) {}
  std::string text() {
    const int column = at_++;
    return row_.is_null(column) ? std::string() : row_.text(column);
  }
  std::int64_t number() { return row_.integer(at_++); }
  bool flag() { return number() != 0; }
  std::optional<UtcTime> time() {
    const int column = at_++;
    if (row_.is_null(column)) return std::nullopt;
    return UtcTime(Millis(row_.integer(column)));
  }
  json::value text_or_null() {
    std::string found = text();
    return found.empty() ? json::value(nullptr) : json::value(found);
  }

 private:
  const Statement& row_;
  int at_;
};

// read_visit()'s columns, then the personal ones, in the order in which visit_from() takes them.
const std::string& visit_sql() {
  static const std::string sql =
      std::string("SELECT ") + visit_columns() +
      ", full_name, phone, institution, purpose, whom, members, vehicle, identity_type, identity_last4, approval_reason, "
      "restricted_utc IS NOT NULL "
      "FROM visit JOIN (SELECT id AS guest_id, full_name, phone, institution, restricted_utc FROM guest) ON guest_id = "
      "guest ";
  return sql;
}
int first_personal_column() {
  const std::string_view columns = visit_columns();
  return static_cast<int>(std::count(columns.begin(), columns.end(), ',')) + 1;
}

json::value or_null(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }

json::object where_json(const Whereabouts& where) {
  json::object all;
  for (const auto& [area, people] : where) all[area.str()] = people;
  return all;
}

// What a role does not need to see of a visit that is over.
void mask(json::object& visit, bool restricted) {
  visit["name"] = restricted ? std::string("(dibatasi)") : masked_name(std::string(visit["name"].get_string()));
  visit["phone"] = restricted ? std::string() : masked_phone(std::string(visit["phone"].get_string()));
  for (const char* text : {"institution", "purpose", "members", "approval_reason"}) visit[text] = "";
  if (restricted) visit["whom"] = "";
  for (const char* maybe : {"vehicle", "identity_type", "identity_last4", "portrait", "waiting_still"})
    visit[maybe] = nullptr;
  if (auto* badge = visit["badge"].if_object()) (*badge)["name"] = visit["name"];
}

std::string host_name(const SiteConfig* site, const std::string& id) {
  if (site)
    for (const Host& host : site->hosts)
      if (host.id == id) return host.name;
  return id;
}

}  // namespace

json::value Queries::next_of(const Visit& visit) const {
  if (!view_.site || visit.closed) return nullptr;
  const Sop* sop = find_sop(view_.site->sops, visit.sop);
  const SopStep* step = sop ? next_step(*sop, visit) : nullptr;
  if (!step) return nullptr;
  return json::object{
      {"step", step->id}, {"activity", step->activity}, {"executor", step->executor}, {"evidence", word(step->evidence)}};
}

json::value Queries::members_limit_of(const Visit& visit) const {
  const Sop* sop = view_.site ? find_sop(view_.site->sops, visit.sop) : nullptr;
  const auto limit = sop ? members_inside_limit(*sop, !visit.members_permit.empty()) : std::nullopt;
  return limit ? json::value(*limit) : json::value(nullptr);
}

json::array Queries::previous_visits(const std::string& guest, std::int64_t before) {
  json::array all;
  auto& row = prepared(
      "SELECT arrived_utc, state, approval FROM visit WHERE guest = ?1 AND arrived_utc < ?2 "
      "AND state NOT IN ('planned', 'cancelled') ORDER BY arrived_utc DESC LIMIT 10");
  row.bind(1, guest).bind(2, before);
  while (next(row)) all.push_back({{"arrived", time_or_null(row, 0)}, {"state", row.text(1)}, {"approval", row.text(2)}});
  return all;
}

json::object Queries::visit_from(const Statement& row) {
  Visit it = read_visit(row);
  Columns columns(row, first_personal_column());
  json::array out = badges_out_of(it.id.str());
  for (const auto& badge : out) it.badges_out.emplace_back(std::string(badge.at("id").get_string()));
  json::object visit{{"id", it.id.str()}};
  for (const char* personal : {"name", "phone", "institution", "purpose", "whom"}) visit[personal] = columns.text();
  visit["category"] = it.category;
  visit["party"] = it.party;
  visit["members"] = columns.text();
  for (const char* personal : {"vehicle", "identity_type", "identity_last4"}) visit[personal] = columns.text_or_null();
  visit["sop"] = or_null(it.sop);
  visit["state"] = word(it.state);
  visit["invited"] = it.invited;
  visit["in_debt"] = it.in_debt;
  visit["extended"] = it.extended;
  visit["out_of_hours"] = it.out_of_hours;
  visit["hours_permit"] = it.hours_permit;
  visit["passback_exempt"] = it.passback_exempt;
  visit["attention"] = word(it.attention);
  visit["approval"] = word(it.approval);
  visit["approval_version"] = it.approval_version;
  visit["approval_reason"] = columns.text();
  const bool restricted = columns.flag() && it.closed;
  const bool masked = restricted || (it.closed && it.arrived.time_since_epoch().count() < view_.masked_before);
  visit["escalation"] = it.escalation;
  visit["verbal"] = word(it.verbal);
  visit["second_aide"] = nullptr;
  if (!it.second_aide.empty())
    visit["second_aide"] = json::object{{"id", it.second_aide}, {"name", actor_name(it.second_aide)}};
  visit["members_limit"] = members_limit_of(it);
  visit["members_permit"] = it.members_permit.empty() ? json::value(nullptr) : json::value(actor_name(it.members_permit));
  visit["screening"] = word(it.screening);
  visit["rewalks"] = it.rewalks;
  visit["screened"] = time_json(it.screened);
  visit["metal_found"] = time_json(it.metal_found);
  visit["presence"] = word(it.presence);
  visit["presence_at"] = time_json(it.presence_at);
  visit["where"] = where_json(it.where);
  visit["escort"] = word(it.escort);
  visit["escorted_by"] = it.escorted_by.empty() ? json::value(nullptr) : json::value(escort_name(it.escorted_by));
  visit["portrait"] = or_null(it.portrait);
  visit["waiting_still"] = or_null(it.waiting_still);
  const std::pair<const char*, std::optional<UtcTime>> times[] = {
      {"expected", it.expected}, {"expected_until", it.expected_until}, {"arrived", it.arrived}, {"asked", it.asked},
      {"decided", it.decided},   {"hold_until", it.hold_until},         {"entered", it.entered}, {"finished", it.finished},
      {"closed", it.closed}};
  for (const auto& [name, time] : times) visit[name] = time_json(time);
  visit["attested"] = json::array(it.attested.begin(), it.attested.end());
  visit["next"] = next_of(it);
  auto latest = it.badge.empty() ? std::nullopt : badge(it.badge.str());
  visit["badge"] = latest ? json::value(std::move(*latest)) : json::value(nullptr);
  visit["badges"] = std::move(out);
  visit["deposits"] = it.deposits_open > 0 ? deposits(it.id.str()) : json::array();
  visit["previous"] = previous_visits(it.guest.str(), it.arrived.time_since_epoch().count());
  visit["masked"] = masked;
  visit["restricted"] = restricted;
  if (masked) mask(visit, restricted);
  return visit;
}

std::string Queries::escort_name(const std::string& who) {
  const std::string host = host_name(view_.site, who);
  return host == who ? actor_name(who) : host;
}

std::optional<json::object> Queries::visit(std::string_view id) {
  auto& row = prepared(visit_sql() + "WHERE id = ?1").bind(1, id);
  return first(row, [this](const Statement& it) { return visit_from(it); });
}

std::optional<std::int64_t> Queries::visit_hidden_before(std::string_view id) {
  auto& row = prepared("SELECT arrived_utc FROM visit WHERE id = ?1 AND closed_utc IS NOT NULL").bind(1, id);
  if (!next(row)) return std::nullopt;
  const auto arrived = row.integer(0);
  row.reset();
  return arrived;
}

json::array Queries::people_inside() {
  json::array all;
  auto& row = prepared(
      "SELECT v.id, g.full_name, v.party, v.presence, v.presence_utc, v.whereabouts FROM visit v "
      "JOIN guest g ON g.id = v.guest WHERE v.closed_utc IS NULL AND v.state <> 'planned' ORDER BY g.full_name");
  while (next(row)) {
    Whereabouts where = parse_whereabouts(row.text(5));
    where.erase(outside_area);
    std::erase_if(where, [](const auto& group) { return group.second <= 0; });
    if (where.empty()) continue;
    all.push_back({{"visit", row.text(0)},
                   {"name", row.text(1)},
                   {"party", row.integer(2)},
                   {"presence", row.text(3)},
                   {"presence_at", time_or_null(row, 4)},
                   {"where", where_json(where)}});
  }
  return all;
}

json::object Queries::badge_from(const Statement& row) const {
  Columns columns(row);
  json::object badge{{"id", columns.text()}};
  for (const char* name : {"kind", "state", "visit"}) badge[name] = columns.text();
  const std::string host = columns.text();
  badge["host"] = or_null(host);
  const bool duress = columns.flag();
  if (view_.sees_silent) badge["duress"] = duress;
  badge["uses_allowed"] = columns.number();
  badge["uses"] = columns.number();
  const std::string area = columns.text();
  badge["area"] = host.empty() ? json::value(nullptr) : json::value(area);
  for (const char* name : {"passed", "issued", "valid_until", "ended"}) badge[name] = time_json(columns.time());
  badge["suspended"] = badge["state"].get_string() == "suspended";
  badge["reason"] = columns.text();
  badge["print"] = columns.text();
  badge["code"] = badge_code(badge["id"].get_string());
  const std::string guest = columns.text();
  const bool restricted = columns.flag(), masked = columns.flag();
  badge["name"] = !host.empty() ? host_name(view_.site, host)
                  : restricted  ? "(dibatasi)"
                  : masked      ? masked_name(guest)
                                : guest;
  if (restricted || masked) badge["reason"] = "";
  return badge;
}

Statement& Queries::masked_rows(const char* sql) {
  return prepared(sql).bind(8, view_.off_duty).bind(9, view_.masked_before);
}

json::array Queries::badges_of(Statement& rows) {
  json::array all;
  while (next(rows)) all.push_back(badge_from(rows));
  return all;
}

std::optional<json::object> Queries::badge(std::string_view id) {
  auto& row = masked_rows(BADGE_COLUMNS "WHERE b.id = ?1").bind(1, id);
  return first(row, [this](const Statement& it) { return badge_from(it); });
}

json::array Queries::badges_out_by_code(const std::string& code) {
  json::array all;
  auto& rows = masked_rows(BADGE_COLUMNS "WHERE b.state IN ('issued', 'active', 'suspended')");
  while (next(rows))
    if (badge_code(rows.text(0)) == code) all.push_back(badge_from(rows));
  return all;
}

json::array Queries::badges_out_of(const std::string& visit) {
  return badges_of(masked_rows(BADGE_COLUMNS "WHERE b.visit = ?1 AND b.state IN ('issued', 'active', 'suspended') "
                                             "ORDER BY b.issued_utc, b.id")
                       .bind(1, visit));
}

json::array Queries::staff_inside() {
  return badges_of(masked_rows(BADGE_COLUMNS "WHERE b.kind = 'staff' AND b.area <> 'outside' AND b.ended_utc IS NULL "
                                             "ORDER BY b.host, b.id"));
}

SiteFacts Queries::facts() {
  std::map<std::string, std::string> all;
  auto& row = prepared("SELECT key, value FROM site_fact");
  while (next(row)) all.emplace(row.text(0), row.text(1));
  return parse_facts(all);
}

json::array Queries::deposits(std::string_view visit) {
  json::array all;
  auto& row = visit.empty() ? masked_rows(DEPOSIT_COLUMNS "WHERE d.state <> 'returned' ORDER BY d.id")
                            : masked_rows(DEPOSIT_COLUMNS "WHERE d.visit = ?1 ORDER BY d.id");
  if (!visit.empty()) row.bind(1, visit);
  while (next(row)) all.push_back(deposit_from(row));
  return all;
}

json::object Queries::deposit_from(const Statement& row) const {
  json::object deposit;
  Columns columns(row);
  for (const char* name : {"id", "visit", "name", "state", "what", "tag", "locker"}) deposit[name] = columns.text();
  const bool restricted = columns.flag(), masked = columns.flag();
  if (restricted || masked) deposit["what"] = "";
  if (restricted || masked)
    deposit["name"] = restricted ? "(dibatasi)" : masked_name(std::string(deposit["name"].get_string()));
  return deposit;
}

std::optional<json::object> Queries::deposit(std::string_view id) {
  auto& row = masked_rows(DEPOSIT_COLUMNS "WHERE d.id = ?1").bind(1, id);
  return first(row, [this](const Statement& it) { return deposit_from(it); });
}

json::array Queries::attention() {
  json::array all;
  auto& row = prepared("SELECT id, full_name, phone, why, blocks, made_utc FROM attention ORDER BY full_name, id");
  while (next(row))
    all.push_back({{"id", row.text(0)},
                   {"name", row.text(1)},
                   {"phone", row.text(2)},
                   {"why", row.text(3)},
                   {"blocks", row.integer(4) != 0},
                   {"made", time_or_null(row, 5)}});
  return all;
}

}  // namespace gapura::gateway
