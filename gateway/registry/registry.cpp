// SPDX-License-Identifier: Apache-2.0
#include "gateway/registry/registry.h"

#include "gateway/journal/leaf_reader.h"
#include "gateway/journal/statements.h"
#include "gateway/registry/erasure.h"
#include "gateway/registry/people_rows.h"
#include "gateway/registry/persons.h"
#include "gateway/registry/retention.h"
#include "gateway/registry/state_rows.h"

namespace gapura::gateway {
namespace {

Status load_visits(const Database& db, SiteState& state) {
  // Closed ones too, while their badge is out or their closing could still be undone.
  const std::string sql =
      std::string("SELECT ") + visit_columns() +
      " FROM visit v WHERE closed_utc IS NULL OR EXISTS (SELECT 1 FROM badge b WHERE b.visit = v.id AND "
      "b.state IN ('issued','active','suspended')) OR closed_utc > "
      "(SELECT coalesce(max(utc), 0) - 300000 FROM entry WHERE number = (SELECT max(number) FROM entry)) "
      "ORDER BY closed_utc";
  return each_row(db, sql, {}, {}, [&](const Statement& row) {
    Visit visit = read_visit(row);
    complete(visit.where, visit.party);
    if (visit.closed) state.lately_closed.emplace_back(*visit.closed, visit.id);
    state.visits.emplace(visit.id, std::move(visit));
  });
}

Status load_badges(const Database& db, SiteState& state) {
  const std::string sql = std::string("SELECT ") + badge_columns() + " FROM badge ORDER BY id";
  return each_row(db, sql, {}, {}, [&](const Statement& row) {
    Badge badge = read_badge(row);
    state.badge_by_token.emplace(badge.token, badge.id);
    const auto visit = state.visits.find(badge.visit);
    if (visit != state.visits.end() && is_outstanding(badge)) visit->second.badges_out.push_back(badge.id);
    state.badges.emplace(badge.id, std::move(badge));
  });
}

Status load_rest(const Database& db, SiteState& state) {
  Status done =
      each_row(db, "SELECT number, point, visit, badge, partner FROM open_intent", {}, {}, [&](const Statement& row) {
        const auto number = static_cast<std::uint64_t>(row.integer(0));
        state.open_intents.emplace(number, OpenIntent{number, AccessPointId(row.text(1)), VisitId(row.text(2)),
                                                      BadgeId(row.text(3)), BadgeId(row.text(4))});
      });
  if (done)
    done =
        each_row(db, std::string("SELECT ") + alarm_columns() + " FROM alarm WHERE active = 1 OR acknowledged_by IS NULL",
                 {}, {}, [&](const Statement& row) {
                   Alarm alarm = read_alarm(row);
                   state.alarms.emplace(alarm.number, std::move(alarm));
                 });
  if (done)
    done = each_row(db, "SELECT id, visit, state, last_entry FROM deposit WHERE state <> 'returned'", {}, {},
                    [&](const Statement& row) {
                      Deposit deposit{row.text(0), VisitId(row.text(1)),
                                      find_word<DepositState>(row.text(2)).value_or(DepositState::received),
                                      static_cast<std::uint64_t>(row.integer(3))};
                      state.deposits.emplace(deposit.id, deposit);
                    });
  std::map<std::string, std::string> facts;
  if (done)
    done = each_row(db, "SELECT key, value FROM site_fact", {}, {},
                    [&](const Statement& row) { facts.emplace(row.text(0), row.text(1)); });
  state.facts = parse_facts(facts);
  if (done)
    done = each_row(db, "SELECT coalesce(max(number) + 1, 0) FROM entry", {}, {},
                    [&](const Statement& row) { state.next_number = static_cast<std::uint64_t>(row.integer(0)); });
  // A mode whose entry does not exist: the row is damaged, and its portal stays locked.
  std::erase_if(state.facts.modes, [&](const auto& mode) { return mode.second.number >= state.next_number; });
  return done;
}

}  // namespace

Result<SiteState> load_state(const Database& db) {
  SiteState state;
  Status done = load_visits(db, state);
  if (done) done = load_badges(db, state);
  if (done) done = load_rest(db, state);
  if (!done) return tl::unexpected(done.error());
  state.count_people();
  return state;
}

Status Registry::write(const SiteEdit& edit) {
  const auto with = [&](std::string_view sql, auto write_row) -> Status {
    auto found = TRY(db_.prepared(sql));
    return write_row(*found);
  };
  for (const auto& [id, visit] : edit.visits) {
    const Visit* before = edit.before().find_visit(id);
    const bool same_keys =
        before && before->guest == visit.guest && before->arrived == visit.arrived && before->closed == visit.closed;
    const auto write_row = [&v = visit](Statement& row) { return write_visit(row, v); };
    TRY(with(same_keys ? update_visit() : update_visit_and_keys(), write_row));
  }
  for (const auto& [id, badge] : edit.badges)
    TRY(with(upsert_badge(), [&b = badge](Statement& row) { return write_badge(row, b); }));
  for (const auto& [number, alarm] : edit.alarms)
    TRY(with(upsert_alarm(), [&a = alarm](Statement& row) { return write_alarm(row, a); }));
  for (const auto& [id, deposit] : edit.deposits) {
    const auto write_row = [&d = deposit](Statement& row) {
      return row.bind(1, d.id).bind(2, word(d.state)).bind(3, static_cast<std::int64_t>(d.last_entry)).run();
    };
    TRY(with("UPDATE deposit SET state = ?2, last_entry = ?3 WHERE id = ?1", write_row));
  }
  for (const auto& [number, intent] : edit.opened) TRY(write_intent(intent));
  for (const auto number : edit.closed) {
    const auto write_row = [number](Statement& row) { return row.bind(1, static_cast<std::int64_t>(number)).run(); };
    TRY(with("DELETE FROM open_intent WHERE number = ?1", write_row));
  }
  return edit.changed_facts() ? write_facts(*edit.changed_facts()) : Status{};
}

Status Registry::write_intent(const OpenIntent& intent) {
  auto found = TRY(db_.prepared("INSERT INTO open_intent (number, point, visit, badge, partner) VALUES (?1,?2,?3,?4,?5)"));
  Statement& row = *found;
  row.bind(1, static_cast<std::int64_t>(intent.number)).bind(2, intent.point.str());
  int index = 3;
  for (const auto& text : {intent.visit.str(), intent.badge.str(), intent.partner.str()}) {
    if (text.empty()) {
      row.bind_null(index++);
    } else {
      row.bind(index++, std::string_view(text));
    }
  }
  return row.run();
}

// A few short rows that change a few times a day, so all of them are rewritten.
Status Registry::write_facts(const SiteFacts& facts) {
  TRY(db_.execute("DELETE FROM site_fact"));
  for (const auto& [key, value] : to_rows(facts)) {
    auto found = TRY(db_.prepared("INSERT INTO site_fact (key, value) VALUES (?1, ?2)"));
    TRY(found->bind(1, key).bind(2, value).run());
  }
  return {};
}

Status Registry::write_picture(const PictureKept& kept) {
  const bool clip = kept.clip_ms > 0;
  auto found =
      TRY(db_.prepared(clip ? "INSERT OR REPLACE INTO clip (hash, entry, camera, bytes, ms) VALUES (?1,?2,?3,?4,?5)"
                            : "INSERT OR REPLACE INTO picture (hash, entry, camera, bytes) VALUES (?1,?2,?3,?4)"));
  if (clip) found->bind(5, kept.clip_ms);
  return found->bind(1, kept.hash)
      .bind(2, static_cast<std::int64_t>(kept.entry))
      .bind(3, kept.camera)
      .bind(4, static_cast<std::int64_t>(kept.bytes))
      .run();
}

std::string Registry::first_text(const char* sql, std::initializer_list<std::string_view> values) {
  auto found = db_.prepared(sql);
  if (!found) return "";
  int index = 1;
  for (const auto value : values) (*found)->bind(index++, value);
  const auto row = (*found)->step();
  std::string text = row && *row ? (*found)->text(0) : std::string();
  (*found)->reset();
  return text;
}

Result<std::vector<KnownPerson>> Registry::find_people(const std::string& phone, const std::string& full_name) {
  return read_people(db_, people_by_phone, {phone, full_name});
}

Result<std::vector<KnownPerson>> Registry::find_namesakes(const std::string& full_name) {
  return read_people(db_, people_by_name, {full_name});
}

Result<std::optional<KnownPerson>> Registry::find_person(const std::string& id) {
  auto found = TRY(read_people(db_, people_by_id, {id}));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::optional<VisitId> Registry::find_open_visit(const GuestId& guest) {
  const std::string id =
      first_text("SELECT id FROM visit WHERE guest = ?1 AND closed_utc IS NULL AND state <> 'planned'", {guest.str()});
  if (id.empty()) return std::nullopt;
  return VisitId(id);
}

std::optional<VisitId> Registry::find_plan(const GuestId& guest, UtcTime at) {
  constexpr std::int64_t half_a_day = 12 * 3'600'000;
  const std::int64_t now = at.time_since_epoch().count();
  auto found = db_.prepared(
      "SELECT id FROM visit WHERE guest = ?1 AND closed_utc IS NULL AND state = 'planned' AND expected_utc <= ?2 AND "
      "expected_until_utc >= ?3 ORDER BY expected_utc LIMIT 1");
  if (!found) return std::nullopt;
  Statement& row = **found;
  row.bind(1, guest.str()).bind(2, now + half_a_day).bind(3, now - half_a_day);
  const auto more = row.step();
  std::optional<VisitId> visit;
  if (more && *more) visit = VisitId(row.text(0));
  row.reset();
  return visit;
}

// Searches by number or by name; with a person's earlier answer about this guest.
Result<std::vector<AttentionMatch>> Registry::find_attention(const std::string& phone, const std::string& full_name,
                                                             const std::optional<GuestId>& guest) {
  std::vector<AttentionMatch> matches;
  auto found = TRY(db_.prepared(
      "SELECT a.id, a.blocks, w.is_match FROM attention a LEFT JOIN attention_answer w ON w.attention = a.id AND w.guest = "
      "?3 WHERE a.phone_index = coalesce(blind_index('phone', ?1), (SELECT phone_index FROM guest WHERE id = ?3)) OR "
      "a.name_index = coalesce(blind_index('name', ?2), (SELECT name_index FROM guest WHERE id = ?3)) ORDER BY a.id"));
  Statement& row = *found;
  row.bind(1, phone).bind(2, full_name).bind(3, guest ? guest->str() : std::string());
  auto more = row.step();
  for (; more && *more; more = row.step()) {
    AttentionMatch match{row.text(0), row.integer(1) != 0, std::nullopt};
    if (!row.is_null(2)) match.answered = row.integer(2) != 0;
    matches.push_back(std::move(match));
  }
  if (!more) return tl::unexpected(more.error());
  return matches;
}

std::optional<Entry> Registry::find_entry(std::uint64_t number) {
  auto found = db_.prepared("SELECT leaf, utc FROM entry WHERE number = ?1");
  if (!found) return std::nullopt;
  Statement& row = **found;
  const auto more = row.bind(1, static_cast<std::int64_t>(number)).step();
  std::optional<Entry> entry;
  if (more && *more)
    if (auto read = read_leaf(row.blob(0))) entry = std::move(*read);
  row.reset();
  if (entry && entry->number != number) return std::nullopt;  // a damaged file
  return entry;
}

// An account without a password is a program's token, and no person can sign in to it.
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

bool Registry::is_in_locker(const std::string& deposit, const std::string& locker) {
  return !first_text("SELECT id FROM deposit WHERE id = ?1 AND reveal('deposit.locker', id, locker) = ?2",
                     {deposit, locker})
              .empty();
}

Result<std::vector<GuestId>> Registry::owners_of_picture(const std::string& hash) {
  std::vector<GuestId> owners;
  TRY(each_row(
      db_,
      "SELECT guest FROM visit WHERE portrait = ?1 AND portrait <> '' UNION "
      "SELECT guest FROM visit WHERE waiting_still = ?1 AND waiting_still <> '' UNION "
      "SELECT coalesce(v.guest, '') FROM picture p JOIN entry e ON e.number = p.entry LEFT JOIN visit v ON v.id = e.visit "
      "WHERE p.hash = ?1",
      {hash}, {}, [&](const Statement& row) { owners.emplace_back(row.text(0)); }));
  return owners;
}

std::vector<std::string> Registry::aides() {
  std::vector<std::string> ids;
  auto found =
      db_.prepared("SELECT id FROM user WHERE role = 'aide' AND disabled = 0 AND password_hash <> '*' ORDER BY name");
  if (!found) return ids;
  Statement& row = **found;
  for (auto more = row.step(); more && *more; more = row.step()) ids.push_back(row.text(0));
  row.reset();
  return ids;
}

bool Registry::has_user(const UserId& user) {
  return !first_text("SELECT id FROM user WHERE id = ?1", {user.str()}).empty();
}

bool Registry::has_pin(const UserId& user) {
  return !first_text("SELECT device FROM device_pin WHERE user = ?1 LIMIT 1", {user.str()}).empty();
}

// ---- Personal data

Result<std::vector<StoredRule>> Registry::periods() { return load_rules(db_); }
Result<std::optional<ErasureRun>> Registry::unfinished_run() { return find_unfinished_run(db_); }
Result<ErasureBatch> Registry::next_batch(const ErasureRun& run, int limit, const InUse& in_use) {
  return gateway::next_batch(db_, run, limit, in_use);
}
Result<ErasureCounts> Registry::counts_of_run(const std::string& run) { return gateway::counts_of_run(db_, run); }
Result<std::string> Registry::why_not_erase(const std::string& guest, const std::string& but_case, const InUse& in_use) {
  return gateway::why_not_erase(db_, guest, but_case, in_use);
}
Result<bool> Registry::is_admin_person(const std::string& user) { return gateway::is_admin_person(db_, user); }
Result<bool> Registry::has_visit(const VisitId& id) { return exists(db_, "visit", id.str()); }
Result<bool> Registry::has_guest(const GuestId& id) { return exists(db_, "guest", id.str()); }
Result<std::optional<Person>> Registry::person(const GuestId& id) { return gateway::find_person(db_, id.str()); }
Result<std::optional<LegalHold>> Registry::standing_hold(const std::string& id) { return find_hold(db_, id); }
Result<std::optional<SubjectCase>> Registry::subject_case(const std::string& id) { return find_case(db_, id); }

}  // namespace gapura::gateway
