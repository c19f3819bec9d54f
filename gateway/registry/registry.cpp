// SPDX-License-Identifier: Apache-2.0
#include "gateway/registry/registry.h"

#include <cstring>

namespace gapura::gateway {
namespace {

void bind_text(Statement& row, int index, const std::string& text) {
  if (text.empty()) {
    row.bind_null(index);
  } else {
    row.bind(index, std::string_view(text));
  }
}

void bind_time(Statement& row, int index, const std::optional<UtcTime>& time) {
  if (time) {
    row.bind(index, time->time_since_epoch().count());
  } else {
    row.bind_null(index);
  }
}

UtcTime time_at(const Statement& row, int column) { return UtcTime(Millis(row.integer(column))); }

std::optional<UtcTime> optional_time_at(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return time_at(row, column);
}

template <class Read>
Status for_each_row(const Database& db, std::string_view sql, Read read) {
  auto row = db.prepare(sql);
  if (!row) return tl::unexpected(row.error());
  for (;;) {
    auto more = row->step();
    if (!more) return tl::unexpected(more.error());
    if (!*more) return {};
    read(*row);
  }
}

Visit read_visit(const Statement& row) {
  Visit visit;
  visit.id = VisitId(row.text(0));
  visit.guest = GuestId(row.text(1));
  visit.category = row.text(2);
  visit.state = find_word<VisitState>(row.text(3)).value_or(VisitState::unaccounted);
  visit.approval = find_word<Approval>(row.text(4)).value_or(Approval::none);
  visit.approval_version = row.integer(5);
  visit.screening = find_word<Screening>(row.text(6)).value_or(Screening::pending);
  visit.presence = find_word<Presence>(row.text(7)).value_or(Presence::unknown);
  visit.badge = BadgeId(row.text(8));
  visit.portrait = row.text(9);
  visit.waiting_still = row.text(10);
  visit.arrived = time_at(row, 11);
  visit.asked = optional_time_at(row, 12);
  visit.decided = optional_time_at(row, 13);
  visit.hold_until = optional_time_at(row, 14);
  visit.closed = optional_time_at(row, 15);
  visit.last_entry = static_cast<std::uint64_t>(row.integer(16));
  return visit;
}

Badge read_badge(const Statement& row) {
  Badge badge;
  badge.id = BadgeId(row.text(0));
  const std::string hash = row.blob(1);
  std::memcpy(badge.token.data(), hash.data(), std::min(hash.size(), badge.token.size()));
  badge.state = find_word<BadgeState>(row.text(2)).value_or(BadgeState::revoked);
  badge.visit = VisitId(row.text(3));
  badge.issued = time_at(row, 4);
  badge.valid_until = time_at(row, 5);
  badge.ended = optional_time_at(row, 6);
  badge.last_entry = static_cast<std::uint64_t>(row.integer(7));
  return badge;
}

Alarm read_alarm(const Statement& row) {
  Alarm alarm;
  alarm.number = static_cast<std::uint64_t>(row.integer(0));
  alarm.kind = row.text(1);
  alarm.priority = find_word<AlarmPriority>(row.text(2)).value_or(AlarmPriority::medium);
  alarm.subject = row.text(3);
  alarm.active = row.integer(4) != 0;
  alarm.acknowledged_by = row.text(5);
  alarm.handling = row.text(6);
  alarm.raised = time_at(row, 7);
  alarm.cleared = optional_time_at(row, 8);
  return alarm;
}

}  // namespace

Result<SiteState> load_state(const Database& db) {
  SiteState state;
  Status done = for_each_row(
      db,
      "SELECT id, guest, category, state, approval, approval_version, screening, presence, badge, portrait, "
      "waiting_still, arrived_utc, asked_utc, decided_utc, hold_until_utc, closed_utc, last_entry FROM visit v "
      "WHERE closed_utc IS NULL OR EXISTS (SELECT 1 FROM badge b WHERE b.id = v.badge AND b.ended_utc IS NULL)",
      [&](const Statement& row) {
        Visit visit = read_visit(row);
        state.visits.emplace(visit.id, std::move(visit));
      });
  if (done)
    done = for_each_row(
        db, "SELECT id, token_hash, state, visit, issued_utc, valid_until_utc, ended_utc, last_entry FROM badge",
        [&](const Statement& row) {
          Badge badge = read_badge(row);
          state.badge_by_token.emplace(badge.token, badge.id);
          state.badges.emplace(badge.id, std::move(badge));
        });
  if (done)
    done = for_each_row(db, "SELECT number, point, visit, badge FROM open_intent", [&](const Statement& row) {
      const auto number = static_cast<std::uint64_t>(row.integer(0));
      state.open_intents.emplace(
          number, OpenIntent{number, AccessPointId(row.text(1)), VisitId(row.text(2)), BadgeId(row.text(3))});
    });
  if (done)
    done = for_each_row(
        db,
        "SELECT number, kind, priority, subject, active, acknowledged_by, handling, raised_utc, cleared_utc FROM alarm "
        "WHERE active = 1 OR acknowledged_by IS NULL",
        [&](const Statement& row) {
          Alarm alarm = read_alarm(row);
          state.alarms.emplace(alarm.number, std::move(alarm));
        });
  if (done)
    done = for_each_row(db, "SELECT coalesce(max(number) + 1, 0) FROM entry",
                        [&](const Statement& row) { state.next_number = static_cast<std::uint64_t>(row.integer(0)); });
  if (!done) return tl::unexpected(done.error());
  return state;
}

Result<Statement*> Registry::statement(const char* sql) {
  const auto known = statements_.find(sql);
  if (known != statements_.end()) return &known->second;
  auto made = db_.prepare(sql);
  if (!made) return tl::unexpected(made.error());
  return &statements_.emplace(sql, std::move(*made)).first->second;
}

Status Registry::write_visit(const Visit& visit) {
  auto found = statement(
      "UPDATE visit SET state=?2, approval=?3, approval_version=?4, screening=?5, presence=?6, badge=?7, portrait=?8, "
      "waiting_still=?9, "
      "asked_utc=?10, decided_utc=?11, hold_until_utc=?12, closed_utc=?13, last_entry=?14 WHERE id=?1");
  if (!found) return tl::unexpected(found.error());
  Statement& row = **found;
  row.bind(1, visit.id.str()).bind(2, word(visit.state)).bind(3, word(visit.approval)).bind(4, visit.approval_version);
  row.bind(5, word(visit.screening)).bind(6, word(visit.presence)).bind(8, visit.portrait).bind(9, visit.waiting_still);
  bind_text(row, 7, visit.badge.str());
  bind_time(row, 10, visit.asked);
  bind_time(row, 11, visit.decided);
  bind_time(row, 12, visit.hold_until);
  bind_time(row, 13, visit.closed);
  return row.bind(14, static_cast<std::int64_t>(visit.last_entry)).run();
}

Status Registry::write_badge(const Badge& badge) {
  auto found = statement(
      "INSERT INTO badge (id, token_hash, state, visit, issued_utc, valid_until_utc, ended_utc, last_entry) VALUES "
      "(?1,?2,?3,?4,?5,?6,?7,?8) "
      "ON CONFLICT (id) DO UPDATE SET state=excluded.state, ended_utc=excluded.ended_utc, last_entry=excluded.last_entry");
  if (!found) return tl::unexpected(found.error());
  Statement& row = **found;
  row.bind(1, badge.id.str()).bind_blob(2, as_bytes(badge.token)).bind(3, word(badge.state)).bind(4, badge.visit.str());
  bind_time(row, 5, badge.issued);
  bind_time(row, 6, badge.valid_until);
  bind_time(row, 7, badge.ended);
  return row.bind(8, static_cast<std::int64_t>(badge.last_entry)).run();
}

Status Registry::write_alarm(const Alarm& alarm) {
  auto found = statement(
      "INSERT INTO alarm (number, kind, priority, subject, active, acknowledged_by, handling, raised_utc, cleared_utc) "
      "VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9) ON CONFLICT (number) DO UPDATE SET active=excluded.active, "
      "acknowledged_by=excluded.acknowledged_by, handling=excluded.handling, cleared_utc=excluded.cleared_utc");
  if (!found) return tl::unexpected(found.error());
  Statement& row = **found;
  row.bind(1, static_cast<std::int64_t>(alarm.number))
      .bind(2, alarm.kind)
      .bind(3, word(alarm.priority))
      .bind(4, alarm.subject);
  row.bind(5, std::int64_t{alarm.active});
  bind_text(row, 6, alarm.acknowledged_by);
  bind_text(row, 7, alarm.handling);
  bind_time(row, 8, alarm.raised);
  bind_time(row, 9, alarm.cleared);
  return row.run();
}

Status Registry::write(const SiteEdit& edit) {
  for (const auto& [id, visit] : edit.visits)
    if (auto done = write_visit(visit); !done) return done;
  for (const auto& [id, badge] : edit.badges)
    if (auto done = write_badge(badge); !done) return done;
  for (const auto& [number, alarm] : edit.alarms)
    if (auto done = write_alarm(alarm); !done) return done;
  for (const auto& [number, intent] : edit.opened) {
    auto found = statement("INSERT INTO open_intent (number, point, visit, badge) VALUES (?1,?2,?3,?4)");
    if (!found) return tl::unexpected(found.error());
    Statement& row = **found;
    row.bind(1, static_cast<std::int64_t>(number)).bind(2, intent.point.str());
    bind_text(row, 3, intent.visit.str());
    bind_text(row, 4, intent.badge.str());
    if (auto done = row.run(); !done) return done;
  }
  for (const auto number : edit.closed) {
    auto found = statement("DELETE FROM open_intent WHERE number = ?1");
    if (!found) return tl::unexpected(found.error());
    if (auto done = (*found)->bind(1, static_cast<std::int64_t>(number)).run(); !done) return done;
  }
  return {};
}

Status Registry::write_picture(const PictureKept& kept) {
  auto found = statement("INSERT OR REPLACE INTO picture (hash, entry, camera, bytes) VALUES (?1,?2,?3,?4)");
  if (!found) return tl::unexpected(found.error());
  return (*found)
      ->bind(1, kept.hash)
      .bind(2, static_cast<std::int64_t>(kept.entry))
      .bind(3, kept.camera)
      .bind(4, static_cast<std::int64_t>(kept.bytes))
      .run();
}

std::string Registry::first_text(const char* sql, std::initializer_list<std::string_view> values) {
  auto found = statement(sql);
  if (!found) return "";
  int index = 1;
  for (const auto value : values) (*found)->bind(index++, value);
  const auto row = (*found)->step();
  std::string text = row && *row ? (*found)->text(0) : std::string();
  (*found)->reset();
  return text;
}

std::optional<GuestId> Registry::find_guest(const std::string& phone, const std::string& full_name) {
  const std::string id =
      first_text("SELECT id FROM guest WHERE phone = ?1 AND full_name = ?2 COLLATE NOCASE", {phone, full_name});
  if (id.empty()) return std::nullopt;
  return GuestId(id);
}

bool Registry::has_open_visit(const GuestId& guest) {
  return !first_text("SELECT id FROM visit WHERE guest = ?1 AND closed_utc IS NULL", {guest.str()}).empty();
}

// An account without a password is a program's token, and no person who could sign in.
bool Registry::has_admin() {
  return !first_text("SELECT id FROM user WHERE role = 'admin' AND disabled = 0 AND password_hash <> '*'", {}).empty();
}

bool Registry::is_last_admin(const UserId& user) {
  return !first_text(
              "SELECT id FROM user u WHERE id = ?1 AND role = 'admin' AND disabled = 0 AND NOT EXISTS (SELECT 1 FROM user "
              "o "
              "WHERE o.id <> u.id AND o.role = 'admin' AND o.disabled = 0 AND o.password_hash <> '*')",
              {user.str()})
              .empty();
}

bool Registry::has_user(const UserId& user) {
  return !first_text("SELECT id FROM user WHERE id = ?1", {user.str()}).empty();
}

}  // namespace gapura::gateway
