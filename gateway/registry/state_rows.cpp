// SPDX-License-Identifier: Apache-2.0
#include "gateway/registry/state_rows.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <type_traits>

#include "models/base/text.h"

namespace gapura::gateway {
namespace {

// ---- Values

std::int64_t count(UtcTime time) { return time.time_since_epoch().count(); }

template <class T>
void bind_value(Statement& row, int index, const T& value) {
  if constexpr (std::is_same_v<T, std::optional<UtcTime>>) {
    if (value) {
      row.bind(index, count(*value));
    } else {
      row.bind_null(index);
    }
  } else if constexpr (std::is_same_v<T, UtcTime>) {
    row.bind(index, count(value));
  } else if constexpr (std::is_enum_v<T>) {
    row.bind(index, std::string_view(word(value)));
  } else if constexpr (std::is_integral_v<T>) {
    row.bind(index, static_cast<std::int64_t>(value));
  } else if constexpr (std::is_same_v<T, Hash>) {
    row.bind_blob(index, as_bytes(value));
  } else if constexpr (std::is_same_v<T, Whereabouts>) {
    row.bind(index, to_text(value));
  } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
    row.bind(index, joined(value, " "));
  } else if constexpr (std::is_same_v<T, std::string>) {
    row.bind(index, std::string_view(value));
  } else {
    row.bind(index, std::string_view(value.str()));
  }
}

template <class T>
T read_value(const Statement& row, int column) {
  if constexpr (std::is_same_v<T, std::optional<UtcTime>>) {
    return row.is_null(column) ? std::nullopt : std::optional(read_value<UtcTime>(row, column));
  } else if constexpr (std::is_same_v<T, UtcTime>) {
    return UtcTime(Millis(row.integer(column)));
  } else if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(row.integer(column));
  } else if constexpr (std::is_same_v<T, Hash>) {
    const std::string bytes = row.blob(column);
    Hash hash{};
    std::memcpy(hash.data(), bytes.data(), std::min(bytes.size(), hash.size()));
    return hash;
  } else if constexpr (std::is_same_v<T, Whereabouts>) {
    return parse_whereabouts(row.text(column));
  } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
    return split(row.text(column), ' ');
  } else {
    return T(row.text(column));
  }
}

// ---- Columns

// Which UPDATE writes a column: none after the row is created; the one that writes keys; each.
enum class Written { once, with_keys, always };

template <class Of>
struct Column {
  const char* name;
  Written written;
  void (*bind)(Statement& row, int index, const Of& of);
  void (*read)(const Statement& row, int column, Of& of);
};

template <class Of, class Member>
Of owner(Member Of::*);
template <class Of, class Member>
Member member(Member Of::*);

template <auto Member>
constexpr auto column(const char* name, Written written = Written::always) {
  using Of = decltype(owner(Member));
  return Column<Of>{
      name, written, [](Statement& row, int index, const Of& of) { bind_value(row, index, of.*Member); },
      [](const Statement& row, int at, Of& of) { of.*Member = read_value<decltype(member(Member))>(row, at); }};
}

// `otherwise`: the value for an unknown word (of a newer version, or of a damaged row): one that opens nothing.
template <auto Member, auto otherwise>
constexpr auto word_column(const char* name, Written written = Written::always) {
  using Of = decltype(owner(Member));
  using Enum = decltype(member(Member));
  return Column<Of>{
      name, written, [](Statement& row, int index, const Of& of) { bind_value(row, index, of.*Member); },
      [](const Statement& row, int at, Of& of) { of.*Member = find_word<Enum>(row.text(at)).value_or(otherwise); }};
}

// An empty text is NULL.
template <auto Member>
constexpr auto nullable_column(const char* name) {
  using Of = decltype(owner(Member));
  auto made = column<Member>(name);
  made.bind = [](Statement& row, int index, const Of& of) {
    if (of.*Member == decltype(member(Member))()) {
      row.bind_null(index);
    } else {
      bind_value(row, index, of.*Member);
    }
  };
  return made;
}

constexpr auto once = Written::once, with_keys = Written::with_keys;

constexpr std::array visit_table{
    column<&Visit::id>("id", once),
    column<&Visit::guest>("guest", with_keys),
    column<&Visit::category>("category"),
    column<&Visit::sop>("sop"),
    word_column<&Visit::state, VisitState::unaccounted>("state"),
    column<&Visit::party>("party"),
    column<&Visit::invited>("invited"),
    column<&Visit::in_debt>("in_debt"),
    column<&Visit::out_of_hours>("out_of_hours"),
    column<&Visit::hours_permit>("hours_permit"),
    column<&Visit::passback_exempt>("passback_exempt"),
    column<&Visit::passback_free>("passback_free"),
    word_column<&Visit::attention, Attention::possible>("attention"),
    word_column<&Visit::approval, Approval::none>("approval"),
    column<&Visit::approval_version>("approval_version"),
    column<&Visit::escalation>("escalation"),
    word_column<&Visit::verbal, Verbal::none>("verbal"),
    word_column<&Visit::screening, Screening::pending>("screening"),
    column<&Visit::rewalks>("rewalks"),
    column<&Visit::screened>("screened_utc"),
    column<&Visit::metal_found>("metal_found_utc"),
    column<&Visit::alarm_deviation>("alarm_deviation"),
    word_column<&Visit::presence, Presence::unknown>("presence"),
    column<&Visit::presence_at>("presence_utc"),
    column<&Visit::where>("whereabouts"),
    word_column<&Visit::escort, EscortState::none>("escort"),
    column<&Visit::escorted_by>("escorted_by"),
    column<&Visit::deposits_open>("deposits_open"),
    column<&Visit::attested>("attested"),
    nullable_column<&Visit::badge>("badge"),
    column<&Visit::portrait>("portrait"),
    column<&Visit::waiting_still>("waiting_still"),
    column<&Visit::arrived>("arrived_utc", with_keys),
    column<&Visit::expected>("expected_utc"),
    column<&Visit::expected_until>("expected_until_utc"),
    column<&Visit::asked>("asked_utc"),
    column<&Visit::decided>("decided_utc"),
    column<&Visit::hold_until>("hold_until_utc"),
    column<&Visit::entered>("entered_utc"),
    column<&Visit::finished>("finished_utc"),
    column<&Visit::closed>("closed_utc", with_keys),
    column<&Visit::overstay_told>("overstay_told"),
    column<&Visit::last_entry>("last_entry"),
    column<&Visit::extended>("extended"),
    column<&Visit::second_aide>("second_aide"),
    column<&Visit::next_plan>("next_plan"),
    column<&Visit::members_permit>("members_permit"),
};

constexpr std::array badge_table{
    column<&Badge::id>("id", once),
    column<&Badge::token>("token_hash", once),
    word_column<&Badge::kind, BadgeKind::paper>("kind", once),
    word_column<&Badge::state, BadgeState::revoked>("state"),
    column<&Badge::visit>("visit"),
    column<&Badge::host>("host", once),
    column<&Badge::duress>("duress", once),
    column<&Badge::uses_allowed>("uses_allowed"),
    column<&Badge::uses>("uses"),
    column<&Badge::area>("area"),
    column<&Badge::passback_free>("passback_free"),
    column<&Badge::passed>("passed_utc"),
    column<&Badge::passed_into>("passed_into"),
    column<&Badge::issued>("issued_utc"),
    column<&Badge::valid_until>("valid_until_utc"),
    column<&Badge::ended>("ended_utc"),
    column<&Badge::last_entry>("last_entry"),
    word_column<&Badge::print, PrintState::none>("print"),
};

constexpr std::array alarm_table{
    column<&Alarm::number>("number", once),
    word_column<&Alarm::kind, AlarmKind::fault>("kind", once),
    word_column<&Alarm::priority, AlarmPriority::medium>("priority", once),
    column<&Alarm::subject>("subject", once),
    column<&Alarm::silent>("silent", once),
    column<&Alarm::active>("active"),
    nullable_column<&Alarm::acknowledged_by>("acknowledged_by"),
    nullable_column<&Alarm::handling>("handling"),
    column<&Alarm::raised>("raised_utc", once),
    column<&Alarm::cleared>("cleared_utc"),
};

// Returns `text` of each column of `table` that is written at least this often, separated by commas. A column's number is
// its position in the table, from 1.
template <class Table, class Text>
std::string listed(const Table& table, Written least, Text text) {
  std::string all;
  for (std::size_t i = 0; i < table.size(); ++i)
    if (table[i].written >= least) all += (all.empty() ? "" : ", ") + text(table[i].name, std::to_string(i + 1));
  return all;
}
template <class Table>
std::string names(const Table& table) {
  return listed(table, once, [](const char* name, const std::string&) { return std::string(name); });
}
template <class Table>
std::string update(const char* name, const Table& table, Written least) {
  const auto assignment = [](const char* column, const std::string& number) { return column + ("=?" + number); };
  return "UPDATE " + std::string(name) + " SET " + listed(table, least, assignment) + " WHERE id=?1";
}
// The first column is the key.
template <class Table>
std::string upsert(const char* name, const Table& table) {
  const auto number = [](const char*, const std::string& at) { return "?" + at; };
  const auto excluded = [](const char* column, const std::string&) {
    return column + ("=excluded." + std::string(column));
  };
  return "INSERT INTO " + std::string(name) + " (" + names(table) + ") VALUES (" + listed(table, once, number) +
         ") ON CONFLICT (" + table[0].name + ") DO UPDATE SET " + listed(table, Written::always, excluded);
}

template <class Table, class Of>
Status write_columns(Statement& row, const Table& table, const Of& of) {
  for (std::size_t i = 0; i < table.size(); ++i) table[i].bind(row, static_cast<int>(i) + 1, of);
  return row.run();
}
template <class Of, class Table>
Of read_columns(const Statement& row, const Table& table) {
  Of of;
  for (std::size_t i = 0; i < table.size(); ++i) table[i].read(row, static_cast<int>(i), of);
  return of;
}

}  // namespace

const std::string& visit_columns() {
  static const std::string columns = names(visit_table);
  return columns;
}
const std::string& update_visit() {
  static const std::string sql = update("visit", visit_table, Written::always);
  return sql;
}
const std::string& update_visit_and_keys() {
  static const std::string sql = update("visit", visit_table, Written::with_keys);
  return sql;
}
Status write_visit(Statement& row, const Visit& visit) { return write_columns(row, visit_table, visit); }
Visit read_visit(const Statement& row) { return read_columns<Visit>(row, visit_table); }

const std::string& badge_columns() {
  static const std::string columns = names(badge_table);
  return columns;
}
const std::string& upsert_badge() {
  static const std::string sql = upsert("badge", badge_table);
  return sql;
}
Status write_badge(Statement& row, const Badge& badge) { return write_columns(row, badge_table, badge); }
Badge read_badge(const Statement& row) { return read_columns<Badge>(row, badge_table); }

const std::string& alarm_columns() {
  static const std::string columns = names(alarm_table);
  return columns;
}
const std::string& upsert_alarm() {
  static const std::string sql = upsert("alarm", alarm_table);
  return sql;
}
Status write_alarm(Statement& row, const Alarm& alarm) { return write_columns(row, alarm_table, alarm); }
Alarm read_alarm(const Statement& row) { return read_columns<Alarm>(row, alarm_table); }

// ---- Facts

std::map<std::string, std::string> to_rows(const SiteFacts& facts) {
  std::map<std::string, std::string> rows;
  for (const auto& [portal, mode] : facts.modes)
    rows["mode." + portal.str()] = std::string(word(mode.mode)) + " " + std::to_string(mode.number) + " " +
                                   std::to_string(count(mode.since)) + (mode.by_schedule ? " schedule" : "");
  for (const auto& [plan, lockdown] : facts.lockdowns)
    rows["lockdown." + plan] =
        std::to_string(lockdown.number) + (lockdown.until ? " " + std::to_string(count(*lockdown.until)) : "");
  if (facts.muster) {
    std::string& text = rows["muster"] = std::to_string(facts.muster->number);
    for (const auto& visit : facts.muster->safe) text += " " + visit.str();
  }
  const Shift& shift = facts.shift;
  if (!(shift == Shift{})) {
    rows["shift"] = std::to_string(shift.number) + (shift.attended ? " attended" : " unattended");
    if (!shift.guards.empty())
      rows["shift.guards"] = joined(std::vector<std::string>(shift.guards.begin(), shift.guards.end()), " ");
    if (!shift.handed_to.empty()) rows["shift.handed"] = shift.handed_to + " " + shift.handed_by;
  }
  if (!facts.duty.first.empty()) rows["duty.first"] = facts.duty.first;
  if (!facts.duty.second.empty()) rows["duty.second"] = facts.duty.second;
  if (!facts.duty.offered_to.empty()) rows["duty.offered"] = facts.duty.offered_to;
  for (const auto& [user, given] : facts.admins) rows["admin." + user] = given.by + " " + std::to_string(count(given.at));
  if (!facts.leader.empty()) rows["leader"] = facts.leader;
  if (facts.passback_reset) rows["passback_reset"] = std::to_string(count(*facts.passback_reset));
  if (facts.day_closed) rows["day_closed"] = std::to_string(count(*facts.day_closed));
  return rows;
}

SiteFacts parse_facts(const std::map<std::string, std::string>& rows) {
  SiteFacts facts;
  const auto number = [](const std::string& text) {
    return static_cast<std::uint64_t>(std::strtoull(text.c_str(), nullptr, 10));
  };
  const auto time = [](const std::string& text) { return UtcTime(Millis(std::strtoll(text.c_str(), nullptr, 10))); };
  for (const auto& [key, value] : rows) {
    const auto words = split(value, ' ');
    if (words.empty()) continue;
    if (key.starts_with("mode.") && words.size() >= 2) {
      facts.modes[PortalId(key.substr(5))] = {find_word<PortalMode>(words[0]).value_or(PortalMode::blocked),
                                              number(words[1]), words.size() > 2 ? time(words[2]) : UtcTime{},
                                              words.size() > 3 && words[3] == "schedule"};
    } else if (key.starts_with("lockdown.")) {
      ActiveLockdown lockdown{key.substr(9), number(words[0]), std::nullopt};
      if (words.size() > 1) lockdown.until = time(words[1]);
      facts.lockdowns.emplace(lockdown.plan, lockdown);
    } else if (key == "muster") {
      facts.muster = Muster{number(words[0]), {}};
      for (std::size_t i = 1; i < words.size(); ++i) facts.muster->safe.insert(VisitId(words[i]));
    } else if (key == "shift" && words.size() == 2) {
      facts.shift.number = number(words[0]);
      facts.shift.attended = words[1] == "attended";
    } else if (key == "shift.guards") {
      facts.shift.guards.insert(words.begin(), words.end());
    } else if (key == "shift.handed" && words.size() == 2) {
      facts.shift.handed_to = words[0];
      facts.shift.handed_by = words[1];
    } else if (key == "duty.first") {
      facts.duty.first = value;
    } else if (key == "duty.second") {
      facts.duty.second = value;
    } else if (key == "duty.offered") {
      facts.duty.offered_to = value;
    } else if (key.starts_with("admin.") && words.size() == 2) {
      facts.admins[key.substr(6)] = {words[0], time(words[1])};
    } else if (key == "leader") {
      facts.leader = value;
    } else if (key == "passback_reset") {
      facts.passback_reset = time(value);
    } else if (key == "day_closed") {
      facts.day_closed = time(value);
    }
  }
  return facts;
}

}  // namespace gapura::gateway
