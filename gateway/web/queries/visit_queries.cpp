// SPDX-License-Identifier: Apache-2.0
// Visits, badges, things left at the post and the attention list, as the API shows them.
#include <algorithm>

#include "gateway/registry/persons.h"
#include "gateway/registry/state_rows.h"
#include "gateway/web/queries/columns.h"
#include "gateway/web/queries/queries.h"
#include "models/sop/sop.h"
#include "models/visit/credential.h"

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

std::optional<std::string> some(std::string text) { return text.empty() ? std::nullopt : std::optional(std::move(text)); }

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

json::object where_json(const Whereabouts& where) {
  json::object all;
  for (const auto& [area, people] : where) all[area.str()] = people;
  return all;
}

// What a role does not need to see of a visit that is over.
void mask(answer::Visit& visit) {
  visit.name = visit.restricted ? "(dibatasi)" : masked_name(visit.name);
  visit.phone = visit.restricted ? "" : masked_phone(visit.phone);
  for (auto* text : {&visit.institution, &visit.purpose, &visit.members, &visit.approval_reason}) text->clear();
  if (visit.restricted) visit.whom.clear();
  for (auto* maybe : {&visit.vehicle, &visit.identity_type, &visit.identity_last4, &visit.portrait, &visit.waiting_still})
    maybe->reset();
  if (visit.badge) visit.badge->name = visit.name;
}

std::string host_name(const SiteConfig* site, const std::string& id) {
  if (site)
    for (const Host& host : site->hosts)
      if (host.id == id) return host.name;
  return id;
}

}  // namespace

std::vector<answer::StepAnswer> answer::answers_of(const gapura::SopStep& step) {
  std::vector<StepAnswer> all;
  for (const auto& [answer, text] : step.answers) all.push_back({answer, text});
  return all;
}

std::optional<answer::Next> Queries::next_of(const Visit& visit) const {
  if (!view_.site || visit.closed) return std::nullopt;
  const Sop* sop = find_sop(view_.site->sops, visit.sop);
  const SopStep* step = sop ? next_step(*sop, visit) : nullptr;
  if (!step) return std::nullopt;
  answer::Next next{step->id, step->activity, step->executor, step->evidence, {}};
  if (!step->answers.empty()) next.answers = answer::answers_of(*step);
  return next;
}

std::optional<std::int64_t> Queries::members_limit_of(const Visit& visit) const {
  const Sop* sop = view_.site ? find_sop(view_.site->sops, visit.sop) : nullptr;
  return sop ? members_inside_limit(*sop, !visit.members_permit.empty()) : std::nullopt;
}

std::vector<answer::Previous> Queries::previous_visits(const std::string& guest, std::int64_t before) {
  std::vector<answer::Previous> all;
  auto& row = prepared(
      "SELECT arrived_utc, state, approval FROM visit WHERE guest = ?1 AND arrived_utc < ?2 "
      "AND state NOT IN ('planned', 'cancelled') ORDER BY arrived_utc DESC LIMIT 10");
  row.bind(1, guest).bind(2, before);
  while (next(row)) all.push_back({UtcTime(Millis(row.integer(0))), row.text(1), row.text(2)});
  return all;
}

answer::Visit Queries::visit_from(const Statement& row) {
  Visit it = read_visit(row);
  answer::Visit visit;
  visit.id = it.id.str();
  visit.badges = badges_out_of(visit.id);
  for (const auto& badge : visit.badges) it.badges_out.emplace_back(badge.id);
  Columns columns(row, first_personal_column());
  for (auto* text : {&visit.name, &visit.phone, &visit.institution, &visit.purpose, &visit.whom, &visit.members})
    *text = columns.text();
  for (auto* maybe : {&visit.vehicle, &visit.identity_type, &visit.identity_last4}) *maybe = columns.text_or_none();
  visit.approval_reason = columns.text();
  visit.restricted = columns.flag() && it.closed;
  visit.masked = visit.restricted || (it.closed && it.arrived.time_since_epoch().count() < view_.masked_before);
  visit.category = it.category;
  visit.party = it.party;
  visit.sop = some(it.sop);
  visit.state = it.state;
  visit.invited = it.invited;
  visit.in_debt = it.in_debt;
  visit.extended = it.extended;
  visit.out_of_hours = it.out_of_hours;
  visit.hours_permit = it.hours_permit;
  visit.passback_exempt = it.passback_exempt;
  visit.attention = it.attention;
  visit.approval = it.approval;
  visit.approval_version = it.approval_version;
  visit.escalation = it.escalation;
  visit.verbal = it.verbal;
  if (!it.second_aide.empty()) visit.second_aide = answer::Person{it.second_aide, actor_name(it.second_aide)};
  visit.members_limit = members_limit_of(it);
  if (!it.members_permit.empty()) visit.members_permit = actor_name(it.members_permit);
  visit.screening = it.screening;
  visit.rewalks = it.rewalks;
  visit.screened = it.screened;
  visit.metal_found = it.metal_found;
  visit.presence = it.presence;
  visit.presence_at = it.presence_at;
  visit.where = where_json(it.where);
  visit.escort = it.escort;
  if (!it.escorted_by.empty()) visit.escorted_by = escort_name(it.escorted_by);
  visit.portrait = some(it.portrait);
  visit.waiting_still = some(it.waiting_still);
  visit.expected = it.expected;
  visit.expected_until = it.expected_until;
  visit.arrived = it.arrived;
  visit.asked = it.asked;
  visit.decided = it.decided;
  visit.hold_until = it.hold_until;
  visit.entered = it.entered;
  visit.finished = it.finished;
  visit.closed = it.closed;
  visit.attested = it.attested;
  visit.next = next_of(it);
  if (!it.badge.empty()) visit.badge = badge(it.badge.str());
  if (it.deposits_open > 0) visit.deposits = deposits(visit.id);
  visit.previous = previous_visits(it.guest.str(), it.arrived.time_since_epoch().count());
  if (visit.masked) mask(visit);
  return visit;
}

std::string Queries::escort_name(const std::string& who) {
  const std::string host = host_name(view_.site, who);
  return host == who ? actor_name(who) : host;
}

std::optional<answer::Visit> Queries::visit(std::string_view id) {
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

std::vector<answer::Inside> Queries::people_inside() {
  std::vector<answer::Inside> all;
  auto& row = prepared(
      "SELECT v.id, g.full_name, v.party, v.presence, v.presence_utc, v.whereabouts FROM visit v "
      "JOIN guest g ON g.id = v.guest WHERE v.closed_utc IS NULL AND v.state <> 'planned' ORDER BY g.full_name");
  while (next(row)) {
    Whereabouts where = parse_whereabouts(row.text(5));
    where.erase(outside_area);
    std::erase_if(where, [](const auto& group) { return group.second <= 0; });
    if (where.empty()) continue;
    Columns columns(row);
    answer::Inside& one = all.emplace_back();
    one.visit = columns.text();
    one.name = columns.text();
    one.party = columns.number();
    one.presence = columns.text();
    one.presence_at = columns.time();
    one.where = where_json(where);
  }
  return all;
}

answer::Badge Queries::badge_from(const Statement& row) const {
  Columns columns(row);
  answer::Badge badge;
  badge.id = columns.text();
  badge.kind = columns.word(BadgeKind::paper);
  badge.state = columns.word(BadgeState::revoked);
  badge.visit = columns.text();
  badge.host = columns.text_or_none();
  const bool duress = columns.flag();
  if (view_.sees_silent) badge.duress = duress;
  badge.uses_allowed = columns.number();
  badge.uses = columns.number();
  const std::string area = columns.text();
  if (badge.host) badge.area = area;
  badge.passed = columns.time();
  badge.issued = columns.instant();
  badge.valid_until = columns.instant();
  badge.ended = columns.time();
  badge.suspended = badge.state == BadgeState::suspended;
  badge.reason = columns.text();
  badge.print = columns.word(PrintState::none);
  badge.code = badge_code(badge.id);
  const std::string guest = columns.text();
  const bool restricted = columns.flag(), masked = columns.flag();
  badge.name = badge.host   ? host_name(view_.site, *badge.host)
               : restricted ? "(dibatasi)"
               : masked     ? masked_name(guest)
                            : guest;
  if (restricted || masked) badge.reason.clear();
  return badge;
}

Statement& Queries::masked_rows(const char* sql) {
  return prepared(sql).bind(8, view_.off_duty).bind(9, view_.masked_before);
}

std::vector<answer::Badge> Queries::badges_of(Statement& rows) {
  std::vector<answer::Badge> all;
  while (next(rows)) all.push_back(badge_from(rows));
  return all;
}

std::optional<answer::Badge> Queries::badge(std::string_view id) {
  auto& row = masked_rows(BADGE_COLUMNS "WHERE b.id = ?1").bind(1, id);
  return first(row, [this](const Statement& it) { return badge_from(it); });
}

std::vector<answer::Badge> Queries::badges_out_by_code(const std::string& code) {
  std::vector<answer::Badge> all;
  auto& rows = masked_rows(BADGE_COLUMNS "WHERE b.state IN ('issued', 'active', 'suspended')");
  while (next(rows))
    if (badge_code(rows.text(0)) == code) all.push_back(badge_from(rows));
  return all;
}

std::vector<answer::Badge> Queries::badges_out_of(const std::string& visit) {
  return badges_of(masked_rows(BADGE_COLUMNS "WHERE b.visit = ?1 AND b.state IN ('issued', 'active', 'suspended') "
                                             "ORDER BY b.issued_utc, b.id")
                       .bind(1, visit));
}

std::vector<answer::Badge> Queries::staff_inside() {
  return badges_of(masked_rows(BADGE_COLUMNS "WHERE b.kind = 'staff' AND b.area <> 'outside' AND b.ended_utc IS NULL "
                                             "ORDER BY b.host, b.id"));
}

SiteFacts Queries::facts() {
  std::map<std::string, std::string> all;
  auto& row = prepared("SELECT key, value FROM site_fact");
  while (next(row)) all.emplace(row.text(0), row.text(1));
  return parse_facts(all);
}

std::vector<answer::Deposit> Queries::deposits(std::string_view visit) {
  std::vector<answer::Deposit> all;
  auto& row = visit.empty() ? masked_rows(DEPOSIT_COLUMNS "WHERE d.state <> 'returned' ORDER BY d.id")
                            : masked_rows(DEPOSIT_COLUMNS "WHERE d.visit = ?1 ORDER BY d.id");
  if (!visit.empty()) row.bind(1, visit);
  while (next(row)) all.push_back(deposit_from(row));
  return all;
}

answer::Deposit Queries::deposit_from(const Statement& row) const {
  Columns columns(row);
  answer::Deposit deposit;
  for (auto* text : {&deposit.id, &deposit.visit, &deposit.name}) *text = columns.text();
  deposit.state = columns.word(DepositState::received);
  for (auto* text : {&deposit.what, &deposit.tag, &deposit.locker}) *text = columns.text();
  const bool restricted = columns.flag(), masked = columns.flag();
  if (restricted || masked) deposit.what.clear();
  if (restricted || masked) deposit.name = restricted ? "(dibatasi)" : masked_name(deposit.name);
  return deposit;
}

std::optional<answer::Deposit> Queries::deposit(std::string_view id) {
  auto& row = masked_rows(DEPOSIT_COLUMNS "WHERE d.id = ?1").bind(1, id);
  return first(row, [this](const Statement& it) { return deposit_from(it); });
}

std::vector<answer::ListedPerson> Queries::attention() {
  std::vector<answer::ListedPerson> all;
  auto& row = prepared("SELECT id, full_name, phone, why, blocks, made_utc FROM attention ORDER BY full_name, id");
  while (next(row)) {
    Columns columns(row);
    answer::ListedPerson& one = all.emplace_back();
    for (auto* text : {&one.id, &one.name, &one.phone, &one.why}) *text = columns.text();
    one.blocks = columns.flag();
    one.made = columns.instant();
  }
  return all;
}

}  // namespace gapura::gateway
