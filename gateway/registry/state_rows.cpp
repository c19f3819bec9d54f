// SPDX-License-Identifier: Apache-2.0
#include "gateway/registry/state_rows.h"

#include <cstring>
#include <sstream>

namespace gapura::gateway {
namespace {

// Binds one value after the other, in the order of a list of columns.
class Binder {
 public:
  Binder(Statement& row, int first) : row_(row), index_(first) {}
  Binder& text(const std::string& value) { return row_.bind(index_++, std::string_view(value)), *this; }
  Binder& text_or_null(const std::string& value) {
    if (!value.empty()) return text(value);
    return row_.bind_null(index_++), *this;
  }
  Binder& integer(std::int64_t value) { return row_.bind(index_++, value), *this; }
  Binder& blob(std::string_view value) { return row_.bind_blob(index_++, value), *this; }
  Binder& time(UtcTime value) { return integer(value.time_since_epoch().count()); }
  Binder& time(const std::optional<UtcTime>& value) {
    if (value) return time(*value);
    return row_.bind_null(index_++), *this;
  }
  template <class Enum>
  Binder& word(Enum value) {
    return row_.bind(index_++, std::string_view(gapura::word(value))), *this;
  }

 private:
  Statement& row_;
  int index_;
};

// The same in the other direction.
class Columns {
 public:
  explicit Columns(const Statement& row) : row_(row) {}
  std::string text() { return row_.text(column_++); }
  std::string blob() { return row_.blob(column_++); }
  std::int64_t integer() { return row_.integer(column_++); }
  int number() { return static_cast<int>(integer()); }
  bool flag() { return integer() != 0; }
  UtcTime time() { return UtcTime(Millis(integer())); }
  std::optional<UtcTime> optional_time() {
    if (row_.is_null(column_)) return ++column_, std::nullopt;
    return time();
  }
  template <class Enum>
  Enum word(Enum fallback) {
    return find_word<Enum>(text()).value_or(fallback);
  }

 private:
  const Statement& row_;
  int column_ = 0;
};

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& one : words) text += (text.empty() ? "" : " ") + one;
  return text;
}

std::vector<std::string> split(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string one; in >> one;) words.push_back(one);
  return words;
}

std::int64_t count(UtcTime time) { return time.time_since_epoch().count(); }

}  // namespace

const char* const visit_columns =
    "id, guest, category, sop, state, party, invited, in_debt, out_of_hours, hours_permit, passback_exempt, passback_free, "
    "attention, approval, approval_version, escalation, verbal, screening, rewalks, screened_utc, metal_found_utc, "
    "alarm_deviation, presence, presence_utc, whereabouts, escort, escorted_by, deposits_open, attested, badge, portrait, "
    "waiting_still, arrived_utc, expected_utc, expected_until_utc, asked_utc, decided_utc, hold_until_utc, entered_utc, "
    "finished_utc, closed_utc, overstay_told, last_entry, extended, second_aide, next_plan, members_permit";
#define VISIT_FACTS                                                                                                        \
  "UPDATE visit SET category=?3, sop=?4, state=?5, party=?6, invited=?7, in_debt=?8, out_of_hours=?9, "                    \
  "hours_permit=?10, passback_exempt=?11, passback_free=?12, attention=?13, approval=?14, approval_version=?15, "          \
  "escalation=?16, verbal=?17, screening=?18, rewalks=?19, screened_utc=?20, metal_found_utc=?21, alarm_deviation=?22, "   \
  "presence=?23, presence_utc=?24, whereabouts=?25, escort=?26, escorted_by=?27, deposits_open=?28, attested=?29, "        \
  "badge=?30, portrait=?31, waiting_still=?32, expected_utc=?34, expected_until_utc=?35, asked_utc=?36, decided_utc=?37, " \
  "hold_until_utc=?38, entered_utc=?39, finished_utc=?40, overstay_told=?42, last_entry=?43, extended=?44, "               \
  "second_aide=?45, next_plan=?46, members_permit=?47"
const char* const update_visit = VISIT_FACTS " WHERE id=?1";
const char* const update_visit_and_keys = VISIT_FACTS ", guest=?2, arrived_utc=?33, closed_utc=?41 WHERE id=?1";

Status write_visit(Statement& row, const Visit& visit) {
  Binder bind(row, 1);
  bind.text(visit.id.str()).text(visit.guest.str()).text(visit.category).text(visit.sop).word(visit.state);
  bind.integer(visit.party).integer(visit.invited).integer(visit.in_debt).integer(visit.out_of_hours);
  bind.integer(visit.hours_permit).integer(visit.passback_exempt).integer(visit.passback_free).word(visit.attention);
  bind.word(visit.approval).integer(visit.approval_version).integer(visit.escalation).word(visit.verbal);
  bind.word(visit.screening).integer(visit.rewalks).time(visit.screened).time(visit.metal_found);
  bind.integer(visit.alarm_deviation).word(visit.presence).time(visit.presence_at).text(to_text(visit.where));
  bind.word(visit.escort).text(visit.escorted_by).integer(visit.deposits_open).text(joined(visit.attested));
  bind.text_or_null(visit.badge.str()).text(visit.portrait).text(visit.waiting_still).time(visit.arrived);
  bind.time(visit.expected).time(visit.expected_until).time(visit.asked).time(visit.decided).time(visit.hold_until);
  bind.time(visit.entered).time(visit.finished).time(visit.closed).integer(visit.overstay_told);
  bind.integer(static_cast<std::int64_t>(visit.last_entry)).integer(visit.extended);
  bind.text(visit.second_aide).text(visit.next_plan.str()).text(visit.members_permit);
  return row.run();
}

// An unknown word (a newer version's, a damaged row's) becomes the one that opens nothing.
Visit read_visit(const Statement& row) {
  Columns read(row);
  Visit visit;
  visit.id = VisitId(read.text());
  visit.guest = GuestId(read.text());
  visit.category = read.text();
  visit.sop = read.text();
  visit.state = read.word(VisitState::unaccounted);
  visit.party = read.number();
  visit.invited = read.flag();
  visit.in_debt = read.flag();
  visit.out_of_hours = read.flag();
  visit.hours_permit = read.flag();
  visit.passback_exempt = read.flag();
  visit.passback_free = read.flag();
  visit.attention = read.word(Attention::possible);
  visit.approval = read.word(Approval::none);
  visit.approval_version = read.integer();
  visit.escalation = read.number();
  visit.verbal = read.word(Verbal::none);
  visit.screening = read.word(Screening::pending);
  visit.rewalks = read.number();
  visit.screened = read.optional_time();
  visit.metal_found = read.optional_time();
  visit.alarm_deviation = read.flag();
  visit.presence = read.word(Presence::unknown);
  visit.presence_at = read.optional_time();
  visit.where = parse_whereabouts(read.text());
  visit.escort = read.word(EscortState::none);
  visit.escorted_by = read.text();
  visit.deposits_open = read.number();
  visit.attested = split(read.text());
  visit.badge = BadgeId(read.text());
  visit.portrait = read.text();
  visit.waiting_still = read.text();
  visit.arrived = read.time();
  visit.expected = read.optional_time();
  visit.expected_until = read.optional_time();
  visit.asked = read.optional_time();
  visit.decided = read.optional_time();
  visit.hold_until = read.optional_time();
  visit.entered = read.optional_time();
  visit.finished = read.optional_time();
  visit.closed = read.optional_time();
  visit.overstay_told = read.flag();
  visit.last_entry = static_cast<std::uint64_t>(read.integer());
  visit.extended = read.flag();
  visit.second_aide = read.text();
  visit.next_plan = VisitId(read.text());
  visit.members_permit = read.text();
  return visit;
}

const char* const badge_columns =
    "id, token_hash, kind, state, visit, host, duress, uses_allowed, uses, area, passback_free, passed_utc, passed_into, "
    "issued_utc, valid_until_utc, ended_utc, last_entry, print";
const char* const upsert_badge =
    "INSERT INTO badge (id, token_hash, kind, state, visit, host, duress, uses_allowed, uses, area, passback_free, "
    "passed_utc, "
    "passed_into, issued_utc, valid_until_utc, ended_utc, last_entry, print) VALUES "
    "(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18) ON CONFLICT (id) DO UPDATE SET state=excluded.state, "
    "visit=excluded.visit, uses_allowed=excluded.uses_allowed, uses=excluded.uses, area=excluded.area, "
    "passback_free=excluded.passback_free, passed_utc=excluded.passed_utc, passed_into=excluded.passed_into, "
    "issued_utc=excluded.issued_utc, valid_until_utc=excluded.valid_until_utc, ended_utc=excluded.ended_utc, "
    "last_entry=excluded.last_entry, print=excluded.print";

Status write_badge(Statement& row, const Badge& badge) {
  Binder bind(row, 1);
  bind.text(badge.id.str()).blob(as_bytes(badge.token)).word(badge.kind).word(badge.state).text(badge.visit.str());
  bind.text(badge.host).integer(badge.duress).integer(badge.uses_allowed).integer(badge.uses).text(badge.area.str());
  bind.integer(badge.passback_free).time(badge.passed).text(badge.passed_into.str()).time(badge.issued);
  bind.time(badge.valid_until).time(badge.ended).integer(static_cast<std::int64_t>(badge.last_entry));
  bind.word(badge.print);
  return row.run();
}

Badge read_badge(const Statement& row) {
  Columns read(row);
  Badge badge;
  badge.id = BadgeId(read.text());
  const std::string hash = read.blob();
  std::memcpy(badge.token.data(), hash.data(), std::min(hash.size(), badge.token.size()));
  badge.kind = read.word(BadgeKind::paper);
  badge.state = read.word(BadgeState::revoked);
  badge.visit = VisitId(read.text());
  badge.host = read.text();
  badge.duress = read.flag();
  badge.uses_allowed = read.number();
  badge.uses = read.number();
  badge.area = AreaId(read.text());
  badge.passback_free = read.flag();
  badge.passed = read.optional_time();
  badge.passed_into = AreaId(read.text());
  badge.issued = read.time();
  badge.valid_until = read.time();
  badge.ended = read.optional_time();
  badge.last_entry = static_cast<std::uint64_t>(read.integer());
  badge.print = read.word(PrintState::none);
  return badge;
}

const char* const alarm_columns =
    "number, kind, priority, subject, silent, active, acknowledged_by, handling, raised_utc, cleared_utc";
const char* const upsert_alarm =
    "INSERT INTO alarm (number, kind, priority, subject, silent, active, acknowledged_by, handling, raised_utc, "
    "cleared_utc) "
    "VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10) ON CONFLICT (number) DO UPDATE SET active=excluded.active, "
    "acknowledged_by=excluded.acknowledged_by, handling=excluded.handling, cleared_utc=excluded.cleared_utc";

Status write_alarm(Statement& row, const Alarm& alarm) {
  Binder bind(row, 1);
  bind.integer(static_cast<std::int64_t>(alarm.number)).word(alarm.kind).word(alarm.priority).text(alarm.subject);
  bind.integer(alarm.silent).integer(alarm.active).text_or_null(alarm.acknowledged_by).text_or_null(alarm.handling);
  bind.time(alarm.raised).time(alarm.cleared);
  return row.run();
}

Alarm read_alarm(const Statement& row) {
  Columns read(row);
  Alarm alarm;
  alarm.number = static_cast<std::uint64_t>(read.integer());
  alarm.kind = read.word(AlarmKind::fault);
  alarm.priority = read.word(AlarmPriority::medium);
  alarm.subject = read.text();
  alarm.silent = read.flag();
  alarm.active = read.flag();
  alarm.acknowledged_by = read.text();
  alarm.handling = read.text();
  alarm.raised = read.time();
  alarm.cleared = read.optional_time();
  return alarm;
}

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
      rows["shift.guards"] = joined(std::vector<std::string>(shift.guards.begin(), shift.guards.end()));
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
    const auto words = split(value);
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
