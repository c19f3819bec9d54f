// SPDX-License-Identifier: Apache-2.0
#include "gateway/registry/rows.h"

#include "gateway/journal/statements.h"
#include "gateway/registry/erasure.h"
#include "gateway/registry/persons.h"
#include "gateway/registry/retention.h"
#include "gateway/vault/vault.h"

namespace gapura::gateway {
namespace {

std::int64_t stored(std::uint64_t number) { return static_cast<std::int64_t>(number); }

Status write(const Database& db, const NoteRow& row, std::uint64_t first) {
  return write_note(db, first + row.entry, row.salt, row.text);
}

// ---- Visits

Status write_guest(const Database& db, const FormRow& row) {
  const GuestForm& form = row.form;
  if (row.new_guest)
    return run_sql(db,
                   "INSERT INTO guest (id, full_name, phone, institution, made_utc, phone_index, name_index) "
                   "VALUES (?1, seal(?1, 'guest.full_name', ?1, ?2), seal(?1, 'guest.phone', ?1, ?3), "
                   "seal(?1, 'guest.institution', ?1, ?4), ?5, blind_index('phone', ?3), blind_index('name', ?2))",
                   {row.guest.str(), form.name, form.phone, form.institution}, {millis(row.arrived)});
  return run_sql(db,
                 "UPDATE guest SET full_name = seal(?1, 'guest.full_name', ?1, ?2), name_index = blind_index('name', ?2), "
                 "phone = CASE ?3 WHEN '' THEN phone ELSE seal(?1, 'guest.phone', ?1, ?3) END, "
                 "phone_index = coalesce(blind_index('phone', ?3), phone_index), institution = CASE ?4 "
                 "WHEN '' THEN institution ELSE seal(?1, 'guest.institution', ?1, ?4) END WHERE id = ?1",
                 {row.guest.str(), form.name, form.phone, form.institution});
}

Status write(const Database& db, const FormRow& row, std::uint64_t first) {
  TRY(write_guest(db, row));
  auto found = TRY(db.prepared(
      row.new_visit
          ? "INSERT INTO visit (id, guest, category, purpose, whom, members, vehicle, identity_type, identity_last4, "
            "form_salt, state, approval, screening, presence, arrived_utc, last_entry) "
            "VALUES (?1, ?2, ?3, seal(?2, 'visit.purpose', ?1, ?4), seal(?2, 'visit.whom', ?1, ?5), "
            "seal(?2, 'visit.members', ?1, ?6), seal(?2, 'visit.vehicle', ?1, ?7), ?8, "
            "seal(?2, 'visit.identity_last4', ?1, ?9), seal_salt(?2, ?10), 'registered', 'none', 'pending', 'at_post', "
            "?11, ?12)"
          : "UPDATE visit SET guest = ?2, category = ?3, purpose = seal(?2, 'visit.purpose', ?1, ?4), "
            "whom = seal(?2, 'visit.whom', ?1, ?5), members = seal(?2, 'visit.members', ?1, ?6), "
            "vehicle = seal(?2, 'visit.vehicle', ?1, ?7), identity_type = ?8, "
            "identity_last4 = seal(?2, 'visit.identity_last4', ?1, ?9), form_salt = seal_salt(?2, ?10), "
            "arrived_utc = ?11, last_entry = ?12 WHERE id = ?1"));
  const GuestForm& form = row.form;
  Statement& bound = *found;
  bound.bind(1, row.visit.str()).bind(2, row.guest.str()).bind(3, form.category).bind(4, form.purpose).bind(5, form.whom);
  bound.bind(6, form.members)
      .bind(7, form.vehicle)
      .bind(8, form.identity_type ? word(*form.identity_type) : "")
      .bind(9, form.identity_last4);
  return bound.bind_blob(10, row.salt).bind(11, millis(row.arrived)).bind(12, stored(first)).run();
}

Status write(const Database& db, const NoticeRow& row, std::uint64_t) {
  return run_sql(db, "UPDATE visit SET notice = ?2 WHERE id = ?1", {row.visit.str(), row.notice});
}

Status write(const Database& db, const InvitationRow& row, std::uint64_t first) {
  return run_sql(db,
                 "INSERT INTO visit (id, guest, category, purpose, whom, members, vehicle, identity_type, identity_last4, "
                 "form_salt, state, approval, screening, presence, arrived_utc, last_entry) SELECT ?1, guest, category, "
                 "seal(guest, 'visit.purpose', ?1, reveal('visit.purpose', id, purpose)), "
                 "seal(guest, 'visit.whom', ?1, reveal('visit.whom', id, whom)), "
                 "seal(guest, 'visit.members', ?1, reveal('visit.members', id, members)), "
                 "seal(guest, 'visit.vehicle', ?1, reveal('visit.vehicle', id, vehicle)), identity_type, "
                 "seal(guest, 'visit.identity_last4', ?1, reveal('visit.identity_last4', id, identity_last4)), form_salt, "
                 "'planned', 'none', 'pending', 'outside', arrived_utc, ?3 FROM visit WHERE id = ?2",
                 {row.visit.str(), row.of.str()}, {stored(first + row.entry)});
}

Status write(const Database& db, const ApprovalReasonRow& row, std::uint64_t) {
  return run_sql(db, "UPDATE visit SET approval_reason = seal(guest, 'visit.approval_reason', id, ?1) WHERE id = ?2",
                 {row.reason, row.visit.str()});
}

Status write(const Database& db, const AttentionRow& row, std::uint64_t) {
  return run_sql(db,
                 "INSERT INTO attention (id, full_name, phone, why, blocks, made_utc, phone_index, name_index) VALUES "
                 "(?1, seal(?1, 'attention.full_name', ?1, ?2), seal(?1, 'attention.phone', ?1, ?3), "
                 "seal(?1, 'attention.why', ?1, ?4), ?5, ?6, blind_index('phone', ?3), blind_index('name', ?2))",
                 {row.id, row.person.name, row.person.phone, row.person.why},
                 {row.person.blocks ? 1 : 0, millis(row.made)});
}

Status write(const Database& db, const AttentionAnswerRow& row, std::uint64_t) {
  return run_sql(db, "INSERT OR REPLACE INTO attention_answer (attention, guest, is_match) VALUES (?,?,?)",
                 {row.attention, row.guest.str()}, {row.is_match ? 1 : 0});
}

// ---- Badges and deposited items

Status write(const Database& db, const BadgeReasonRow& row, std::uint64_t) {
  return run_sql(db,
                 "UPDATE badge SET reason = seal(coalesce((SELECT guest FROM visit v WHERE v.id = badge.visit), "
                 "owner_of(last_entry)), 'badge.reason', id, ?1) WHERE id = ?2",
                 {row.reason, row.badge.str()});
}

Status write(const Database& db, const DepositRow& row, std::uint64_t first) {
  return run_sql(db,
                 "INSERT INTO deposit (id, visit, state, locker, what, tag, last_entry) SELECT ?1, id, 'received', "
                 "seal(guest, 'deposit.locker', ?1, ?3), seal(guest, 'deposit.what', ?1, ?4), "
                 "seal(guest, 'deposit.tag', ?1, ?5), ?6 FROM visit WHERE id = ?2",
                 {row.id, row.item.visit.str(), row.item.locker, row.item.what, row.item.tag}, {stored(first)});
}

Status write(const Database& db, const LockerRow& row, std::uint64_t) {
  return run_sql(db,
                 "UPDATE deposit SET locker = seal((SELECT guest FROM visit v WHERE v.id = deposit.visit), "
                 "'deposit.locker', id, ?2) WHERE id = ?1",
                 {row.deposit, row.locker});
}

// ---- Accounts

Status write(const Database& db, const UserRow& row, std::uint64_t) {
  auto done = run_sql(db, "INSERT INTO user (id, name, role, password_hash, made_utc) VALUES (?,?,?,?,?)",
                      {row.id, row.account.name, word(row.account.role), row.account.password_hash}, {millis(row.made)});
  if (!done && done.error().kind == ErrorKind::conflict)
    return fail(ErrorKind::conflict, "an account of this name exists already");
  return done;
}

Status write(const Database& db, const UserDisabledRow& row, std::uint64_t) {
  TRY(run_sql(db, "UPDATE user SET disabled = 1 WHERE id = ?", {row.user.str()}));
  TRY(run_sql(db, "DELETE FROM device_pin WHERE user = ?", {row.user.str()}));
  return run_sql(db, "DELETE FROM session WHERE user = ?", {row.user.str()});
}

Status write(const Database& db, const PasswordRow& row, std::uint64_t) {
  TRY(run_sql(db, "UPDATE user SET password_hash = ?1 WHERE id = ?2", {row.hash, row.user.str()}));
  TRY(run_sql(db, "DELETE FROM device_pin WHERE user = ?", {row.user.str()}));
  return run_sql(db, "DELETE FROM session WHERE user = ? AND is_api_token = 0", {row.user.str()});
}

Status write(const Database& db, const NewSessionRow& row, std::uint64_t) {
  // An idle session on a device with a PIN may continue (Auth).
  TRY(run_sql(db,
              "DELETE FROM session WHERE absolute_until_utc < ?1 OR (idle_until_utc < ?1 AND NOT EXISTS "
              "(SELECT 1 FROM device_pin p WHERE p.user = session.user AND p.device = session.device))",
              {}, {millis(row.opened)}));
  const OpenSession& session = row.session;
  return run_sql(db,
                 "INSERT INTO session (hash, user, name, device, is_api_token, idle_until_utc, absolute_until_utc) "
                 "VALUES (?,?,?,?,?,?,?)",
                 {session.hash, session.user.str(), session.name, session.device},
                 {session.is_api_token ? 1 : 0, millis(session.idle_until), millis(session.absolute_until)});
}

Status extend(const Database& db, const char* sql, const std::string& session, UtcTime idle_until) {
  auto row = TRY(db.prepare(sql));
  return row.bind(1, millis(idle_until)).bind(2, session).run();
}

Status write(const Database& db, const TouchSession& row, std::uint64_t) {
  return extend(db, "UPDATE session SET idle_until_utc = ?1 WHERE hash = ?2", row.hash, row.idle_until);
}

Status write(const Database& db, const ProvePin& row, std::uint64_t) {
  return extend(db, "UPDATE session SET idle_until_utc = ?1, wrong_pins = 0 WHERE hash = ?2", row.session, row.idle_until);
}

Status write(const Database& db, const PinRow& row, std::uint64_t) {
  TRY(run_sql(db, "INSERT OR REPLACE INTO device_pin (user, device, pin_hash, made_utc) VALUES (?,?,?,?)",
              {row.user.str(), row.pin.device, row.pin.pin_hash}, {millis(row.made)}));
  return run_sql(db, "UPDATE session SET device = ?1, wrong_pins = 0 WHERE hash = ?2", {row.pin.device, row.pin.session});
}

Status write(const Database& db, const PinsRemovedRow& row, std::uint64_t) {
  return run_sql(db, "DELETE FROM device_pin WHERE user = ?", {row.user.str()});
}

Status write(const Database& db, const FailPin& row, std::uint64_t) {
  return run_sql(
      db, row.last ? "DELETE FROM session WHERE hash = ?" : "UPDATE session SET wrong_pins = wrong_pins + 1 WHERE hash = ?",
      {row.session});
}

Status write(const Database& db, const CloseSession& row, std::uint64_t) {
  return run_sql(db, "DELETE FROM session WHERE hash = ?", {row.hash});
}

Status write(const Database& db, const MakeKey& row, std::uint64_t) {
  TRY(db.vault().find_or_make_key(row.owner));
  return {};
}

// ---- Personal data

Status write(const Database& db, const PeriodRow& row, std::uint64_t) { return put_rule(db, row.rule); }
Status write(const Database& db, const ProposedPeriodRow& row, std::uint64_t) { return propose_rule(db, row.rule); }
Status write(const Database& db, const AgreedPeriodRow& row, std::uint64_t) {
  return agree_rule(db, row.what, row.by.str());
}

Status write(const Database& db, const RunRow& row, std::uint64_t first) {
  return add_run(db, {row.id, row.guest, row.by.str(), row.approved, first}, row.rules);
}

Status write(const Database& db, const ErasureRow& row, std::uint64_t) {
  TRY(erase(db, row.batch, row.at));
  return count_batch(db, row.run, row.batch);
}

Status write(const Database& db, const FilesGone& row, std::uint64_t) {
  for (const auto& hash : row.hashes) TRY(run_sql(db, "DELETE FROM doomed_file WHERE hash = ?1", {hash}));
  return {};
}

Status write(const Database& db, const RunFinishedRow& row, std::uint64_t first) {
  return finish_run(db, row.run, row.at, first);
}

Status write(const Database& db, const HoldRow& row, std::uint64_t first) {
  return run_sql(db, "INSERT INTO legal_hold (id, guest, visit, made_by, made_utc, entry) VALUES (?1,?2,?3,?4,?5,?6)",
                 {row.id, row.hold.guest.str(), row.hold.visit.str(), row.by.str()}, {millis(row.at), stored(first)});
}

Status write(const Database& db, const HoldReleasedRow& row, std::uint64_t first) {
  return run_sql(db, "UPDATE legal_hold SET released_utc = ?2, released_entry = ?3 WHERE id = ?1", {row.id},
                 {millis(row.at), stored(first)});
}

Status write(const Database& db, const CaseRow& row, std::uint64_t first) {
  return run_sql(db,
                 "INSERT INTO subject_case (id, guest, kind, state, opened_by, opened_utc, due_utc, entry) VALUES "
                 "(?1,?2,?3,'open',?4,?5,?6,?7)",
                 {row.id, row.guest.str(), word(row.kind), row.by.str()}, {millis(row.at), millis(row.due), stored(first)});
}

Status write(const Database& db, const CaseClosedRow& row, std::uint64_t first) {
  return run_sql(db, "UPDATE subject_case SET state = ?2, closed_by = ?3, closed_utc = ?4, closed_entry = ?5 WHERE id = ?1",
                 {row.id, word(row.outcome), row.by.str()}, {millis(row.at), stored(first)});
}

Status write(const Database& db, const CorrectionRow& row, std::uint64_t) {
  return correct_person(db, row.guest, row.fields);
}
Status write(const Database& db, const RestrictionRow& row, std::uint64_t) {
  return restrict_person(db, row.guest, row.since);
}

Status write(const Database& db, const BackupRow& row, std::uint64_t first) {
  return run_sql(db, "INSERT INTO backup_made (name, entry, utc, entries) VALUES (?1,?2,?3,?4)",
                 {row.backup.name.substr(0, 200)}, {stored(first), millis(row.at), row.backup.entries});
}

}  // namespace

Status write_note(const Database& db, std::uint64_t entry, const std::string& salt, const std::string& text) {
  auto row = TRY(
      db.prepared("INSERT INTO note (entry, salt, text) SELECT ?1, seal_salt(owner, ?2), seal(owner, 'note.text', ?1, ?3) "
                  "FROM (SELECT owner_of(?1) AS owner)"));
  return row->bind(1, stored(entry)).bind_blob(2, salt).bind(3, text).run();
}

Status write_row(const Database& db, const Row& row, std::uint64_t first) {
  return std::visit([&](const auto& one) { return write(db, one, first); }, row);
}

}  // namespace gapura::gateway
