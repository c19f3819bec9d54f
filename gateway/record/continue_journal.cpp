// SPDX-License-Identifier: Apache-2.0
#include "gateway/record/continue_journal.h"

#include <sodium.h>

#include <filesystem>

#include "drivers/base64.h"
#include "gateway/contract/commitment.h"
#include "gateway/record/checkpoint_signer.h"
#include "gateway/registry/registry.h"
#include "gateway/registry/rows.h"
#include "gateway/settings/private_file.h"
#include "models/record/second_person.h"

namespace gapura::gateway {
namespace {

constexpr std::size_t longest_reason = 500;

Result<std::string> find_admin(const Database& db, const std::string& name) {
  auto row =
      TRY(db.prepare("SELECT id FROM user WHERE name = ?1 AND role = 'admin' AND disabled = 0 AND password_hash <> '*'"));
  const auto more = TRY(row.bind(1, name).step());
  if (!more) return fail(ErrorKind::not_found, "--officer: \"" + name + "\" is no active admin's account of this site");
  return row.text(0);
}

Result<bool> is_only_admin(const Database& db) {
  auto row = TRY(db.prepare("SELECT count(*) FROM user WHERE role = 'admin' AND disabled = 0 AND password_hash <> '*'"));
  TRY(row.step());
  return row.integer(0) < 2;
}

// What the first admin proposed, for one state of the journal: "<admin>\n<size> <root>\n<reason>".
struct Proposal {
  std::string officer, reason;
};

std::string proposal_file(const std::string& data_folder) { return data_folder + "/log/continuation"; }

std::string state_of(const Journal& journal) { return std::to_string(journal.size()) + ' ' + to_base64(journal.root()); }

std::optional<Proposal> find_proposal(const std::string& data_folder, const Journal& journal) {
  const auto text = read_small_file(proposal_file(data_folder));
  if (!text) return std::nullopt;
  const auto first = text->find('\n'), second = text->find('\n', first + 1);
  if (first == std::string::npos || second == std::string::npos) return std::nullopt;
  if (text->substr(first + 1, second - first - 1) != state_of(journal)) return std::nullopt;
  return Proposal{text->substr(0, first), text->substr(second + 1)};
}

// Returns what was signed last, as far as it can still be read: the admin's entry says what is given up.
Checkpoint last_signed(const CheckpointKeys& keys) {
  const auto kept = keys.kept_checkpoint();
  const auto parsed = kept && *kept ? parse_checkpoint_note(**kept) : Result<Checkpoint>(Checkpoint{});
  return parsed ? *parsed : Checkpoint{};
}

}  // namespace

Result<std::optional<Checkpoint>> continue_journal(const std::string& data_folder, const std::string& site,
                                                   const Continuation& act, const Now& now, const std::string& boot_id) {
  auto db = TRY(Database::open_writer(data_folder + "/gapura.db"));
  const auto officer = TRY(find_admin(db, act.officer));
  auto journal = TRY(Journal::open(db));
  auto keys = TRY(CheckpointKeys::open(data_folder, site));
  const auto sound = CheckpointSigner::open(db, journal, keys);
  if (sound)
    return fail(ErrorKind::conflict, "this journal goes on from what was signed last; nothing needs an officer's act");
  if (sound.error().kind != ErrorKind::conflict) return tl::unexpected(sound.error());

  const auto only = TRY(is_only_admin(db));
  const auto proposal = act.alone ? std::nullopt : find_proposal(data_folder, journal);
  const std::string& reason = proposal && act.reason.empty() ? proposal->reason : act.reason;
  if (reason.empty() || reason.size() > longest_reason)
    return fail(ErrorKind::bad_input,
                "--reason: say in 1 to 500 bytes why an older journal goes on; it stands in the record");
  if (proposal && proposal->officer == officer)
    return fail(ErrorKind::conflict, "you have proposed this already; a second admin goes on, or you alone with --alone");
  const bool alone = act.alone || only;
  if (!alone) {
    const auto state = TRY(load_state(db));
    TRY(may_agree(state.facts, officer, proposal ? proposal->officer : "", now));
  }
  if (!proposal && !alone) {
    TRY(write_file(proposal_file(data_folder), officer + '\n' + state_of(journal) + '\n' + reason, 0600));
    return std::nullopt;
  }

  const Checkpoint given_up = last_signed(keys);
  std::string origin = given_up.origin.empty() ? keys.current().verifier().name : given_up.origin;
  const auto announced = announced_keys(db);
  if (announced && given_up.origin.empty() && !announced->empty())
    if (const auto key = parse_verifier_key(announced->back().text)) origin = key->name;
  TRY(keys.make_next(next_origin(origin)));

  std::string salt(16, '\0');
  randombytes_buf(salt.data(), salt.size());
  Entry entry = make_entry(LogContinued{.from = origin,
                                        .signed_size = static_cast<std::int64_t>(given_up.size),
                                        .signed_root = to_base64(given_up.root),
                                        .note = note_commitment(salt, reason),
                                        .first = proposal ? proposal->officer : "",
                                        .alone = alone});
  Entry key = make_entry(LogKeyChanged{.vkey = keys.next()->verifier().text()});
  TRY(db.execute("BEGIN IMMEDIATE"));
  const std::uint64_t number = journal.size();
  for (Entry* one : {&entry, &key}) {
    one->actor = officer;
    one->number = journal.size();
    one->at = now;
    TRY(journal.append(*one, boot_id));
  }
  TRY(write_note(db, number, salt, reason));
  TRY(db.execute("COMMIT"));
  journal.commit();
  std::error_code gone_already;  // a proposal that remains is for another state of the journal
  std::filesystem::remove(proposal_file(data_folder), gone_already);
  auto signer = TRY(CheckpointSigner::open(db, journal, keys));
  signer.ask();
  TRY(signer.sign(now));
  const auto newest = TRY(parse_checkpoint_note(signer.newest()));
  return std::optional(newest);
}

}  // namespace gapura::gateway
