// SPDX-License-Identifier: Apache-2.0
#include "gateway/registry/persons.h"

#include "gateway/registry/people_search.h"
#include "gateway/registry/personal_sql.h"

namespace gapura::gateway {
namespace {

std::optional<UtcTime> time_or_none(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return UtcTime(Millis(row.integer(column)));
}
std::string text_or_empty(const Statement& row, int column) {
  return row.is_null(column) ? std::string() : row.text(column);
}

#define PERSON_COLUMNS                                                                                                     \
  "SELECT g.id, g.full_name, g.phone, g.institution, g.erased_utc, g.restricted_utc, (SELECT count(*) FROM visit v WHERE " \
  "v.guest = g.id), (SELECT max(arrived_utc) FROM visit v WHERE v.guest = g.id), EXISTS (SELECT 1 FROM legal_hold h "      \
  "WHERE h.released_utc IS NULL AND (h.guest = g.id OR h.visit IN (SELECT id FROM visit w WHERE w.guest = g.id))) "        \
  "FROM guest g "

Person person_from(const Statement& row) {
  return {row.text(0),          {row.text(1), row.text(2), row.text(3)},
          row.integer(6),       time_or_none(row, 7),
          time_or_none(row, 4), time_or_none(row, 5),
          row.integer(8) != 0};
}

#define HOLD_COLUMNS                                                                                                      \
  "SELECT h.id, h.guest, h.visit, h.made_by, coalesce(n.text, ''), h.made_utc, h.entry FROM legal_hold h LEFT JOIN note " \
  "n "                                                                                                                    \
  "ON n.entry = h.entry "

LegalHold hold_from(const Statement& row) {
  return {row.text(0),
          row.text(1),
          row.text(2),
          row.text(3),
          row.text(4),
          UtcTime(Millis(row.integer(5))),
          static_cast<std::uint64_t>(row.integer(6))};
}

#define CASE_COLUMNS                                                                                                    \
  "SELECT c.id, c.guest, c.kind, c.state, coalesce(n.text, ''), c.opened_by, c.closed_by, coalesce(m.text, ''), "       \
  "c.opened_utc, c.due_utc, c.closed_utc, c.entry FROM subject_case c LEFT JOIN note n ON n.entry = c.entry LEFT JOIN " \
  "note m ON m.entry = c.closed_entry "

SubjectCase case_from(const Statement& row) {
  const std::string asked = row.text(4);
  const auto line = asked.find('\n');
  return {row.text(0),
          row.text(1),
          find_word<CaseKind>(row.text(2)).value(),
          find_word<CaseState>(row.text(3)).value(),
          asked.substr(0, line),
          line == std::string::npos ? std::string() : asked.substr(line + 1),
          row.text(5),
          text_or_empty(row, 6),
          row.text(7),
          UtcTime(Millis(row.integer(8))),
          UtcTime(Millis(row.integer(9))),
          time_or_none(row, 10),
          static_cast<std::uint64_t>(row.integer(11))};
}

template <class T, class From>
Result<std::vector<T>> all(const Database& db, const char* sql, std::initializer_list<std::string_view> texts,
                           std::initializer_list<std::int64_t> integers, From from) {
  std::vector<T> found;
  TRY(each_row(db, sql, texts, integers, [&](const Statement& row) { found.push_back(from(row)); }));
  return found;
}
template <class T, class From>
Result<std::optional<T>> first(const Database& db, const char* sql, std::string_view id, From from) {
  auto found = TRY(all<T>(db, sql, {id}, {}, from));
  return found.empty() ? std::optional<T>() : std::optional<T>(std::move(found.front()));
}

bool is_letter_part(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }  // of a UTF-8 sequence

}  // namespace

Result<std::vector<Person>> find_persons(const Database& db, const PersonSearch& search, int limit) {
  if (search.phone.empty() && search.arrived)
    return all<Person>(db,
                       PERSON_COLUMNS
                       "WHERE g.id IN (SELECT guest FROM visit WHERE arrived_utc >= ?2 AND arrived_utc < ?3) AND "
                       "(?1 = '' OR instr(lower(g.full_name), lower(?1)) > 0) ORDER BY g.id LIMIT ?4",
                       {search.name}, {millis(search.arrived->first), millis(search.arrived->second), limit}, person_from);
  const auto people = TRY(search.phone.empty() ? find_by_name(db, search.name, limit) : find_by_phone(db, search.phone));
  std::vector<Person> found;
  for (const auto& one : people) {
    auto person = TRY(find_person(db, one.guest));
    if (person) found.push_back(std::move(*person));
  }
  return found;
}

Result<std::optional<Person>> find_person(const Database& db, const std::string& guest) {
  return first<Person>(db, PERSON_COLUMNS "WHERE g.id = ?1", guest, person_from);
}

Status correct_person(const Database& db, const std::string& guest, const PersonFields& fields) {
  return run_sql(
      db,
      "UPDATE guest SET full_name = CASE ?2 WHEN '' THEN full_name ELSE seal(?1, 'guest.full_name', ?1, ?2) END, "
      "name_index = coalesce(blind_index('name', ?2), name_index), "
      "phone = CASE ?3 WHEN '' THEN phone ELSE seal(?1, 'guest.phone', ?1, ?3) END, "
      "phone_index = coalesce(blind_index('phone', ?3), phone_index), "
      "institution = CASE ?4 WHEN '' THEN institution ELSE seal(?1, 'guest.institution', ?1, ?4) END WHERE id = ?1",
      {guest, fields.full_name, fields.phone, fields.institution});
}

Status restrict_person(const Database& db, const std::string& guest, std::optional<UtcTime> since) {
  return run_sql(db, "UPDATE guest SET restricted_utc = nullif(?2, 0) WHERE id = ?1", {guest},
                 {since ? millis(*since) : 0});
}

Result<std::vector<LegalHold>> load_holds(const Database& db) {
  return all<LegalHold>(db, HOLD_COLUMNS "WHERE h.released_utc IS NULL ORDER BY h.made_utc DESC", {}, {}, hold_from);
}

Result<std::optional<LegalHold>> find_hold(const Database& db, const std::string& id) {
  return first<LegalHold>(db, HOLD_COLUMNS "WHERE h.id = ?1 AND h.released_utc IS NULL", id, hold_from);
}

Result<std::vector<SubjectCase>> load_cases(const Database& db, int limit) {
  return all<SubjectCase>(db,
                          CASE_COLUMNS
                          "ORDER BY c.state <> 'open', CASE c.state WHEN 'open' THEN c.due_utc ELSE "
                          "-c.closed_utc END LIMIT ?1",
                          {}, {limit}, case_from);
}

Result<std::optional<SubjectCase>> find_case(const Database& db, const std::string& id) {
  return first<SubjectCase>(db, CASE_COLUMNS "WHERE c.id = ?1", id, case_from);
}

Result<bool> is_admin_person(const Database& db, const std::string& user) {
  bool found = false;
  TRY(each_row(db, "SELECT 1 FROM user WHERE id = ?1 AND role = 'admin' AND disabled = 0 AND password_hash <> '*'", {user},
               {}, [&](const Statement&) { found = true; }));
  return found;
}

Result<bool> exists(const Database& db, const char* table, const std::string& id) {
  bool found = false;
  TRY(each_row(db, std::string("SELECT 1 FROM ") + table + " WHERE id = ?1", {id}, {},
               [&](const Statement&) { found = true; }));
  return found;
}

std::string masked_name(const std::string& name) {
  std::string masked;
  bool word_begins = true, shown = false;
  for (const char c : name) {
    if (is_letter_part(c)) {  // belongs to the byte before it
      if (shown) masked += c;
    } else if (c == ' ') {
      masked += c;
      word_begins = true;
    } else {
      shown = word_begins;
      masked += shown ? c : '*';
      word_begins = false;
    }
  }
  return masked;
}

std::string masked_phone(const std::string& phone) {
  if (phone.size() <= 3) return std::string(phone.size(), '*');
  return std::string(phone.size() - 3, '*') + phone.substr(phone.size() - 3);
}

}  // namespace gapura::gateway
