// SPDX-License-Identifier: Apache-2.0
#include "gateway/record/checkpoint_signer.h"

#include <sodium.h>

#include <algorithm>

#include "gateway/journal/leaf_reader.h"

namespace gapura::gateway {
namespace {

constexpr std::uint64_t most_unsigned = 256;
constexpr Millis longest_unsigned{60'000};
constexpr std::chrono::days key_life{30};

std::int64_t local_day(const Now& now) {
  return std::chrono::floor<std::chrono::days>(now.utc + now.offset).time_since_epoch().count();
}

Entry announcement(const VerifierKey& key) { return make_entry(LogKeyChanged{.vkey = key.text()}); }

// A message for the person at the post whose gateway does not start: in both languages, with what to do.
tl::unexpected<Error> no_continuation(const std::string& indonesian, const std::string& english) {
  const std::string act = "gapura log continue --officer NAMA --reason \"…\"";
  return fail(ErrorKind::conflict,
              indonesian +
                  " Pasang kembali berkas yang terbaru. Bila memang tidak ada lagi, penanggung jawab yang disebut "
                  "namanya meneruskan catatan dengan: " +
                  act + " / " + english +
                  " Put the newest file back. If there is none, a named officer goes on with: " + act);
}

Result<std::optional<std::string>> newest_stored(const Database& db, const std::string& origin) {
  auto row = TRY(db.prepare("SELECT note FROM checkpoint WHERE origin = ?1 ORDER BY size DESC LIMIT 1"));
  const auto more = TRY(row.bind(1, origin).step());
  return more ? std::optional(row.blob(0)) : std::optional<std::string>();
}

}  // namespace

Result<std::vector<AnnouncedKey>> announced_keys(const Database& db) {
  auto row = TRY(db.prepare("SELECT leaf FROM entry WHERE type = 'log_key_changed' ORDER BY number"));
  std::vector<AnnouncedKey> keys;
  for (;;) {
    const auto more = TRY(row.step());
    if (!more) return keys;
    const auto entry = TRY(read_leaf(row.blob(0)));
    keys.push_back({entry.number, entry.at.utc, particulars_of<LogKeyChanged>(entry).vkey});
  }
}

Result<CheckpointSigner> CheckpointSigner::open(const Database& db, const Journal& journal, CheckpointKeys keys) {
  CheckpointSigner signer(db, journal, std::move(keys));
  TRY(signer.find_announced());
  TRY(signer.check_continuity());
  return signer;
}

Status CheckpointSigner::find_announced() {
  auto keys = TRY(announced_keys(db_));
  for (const auto& key : keys) {
    announced_ = key.text;
    announced_at_ = key.at;
    if (auto parsed = parse_verifier_key(key.text)) known_.push_back(std::move(*parsed));
  }
  known_.push_back(keys_.current().verifier());
  if (keys_.next()) known_.push_back(keys_.next()->verifier());
  const bool is_current = announced_ == keys_.current().verifier().text();
  if (is_current && keys_.next()) return keys_.drop_next();  // made, but never announced
  if (announced_.empty() || is_current || next_is_announced()) return {};
  return no_continuation("Kunci penanda tangan catatan (folder log) bukan kunci yang terakhir diumumkan dalam jurnal ini.",
                         "The signing key in the folder log is not the one that this journal announced last.");
}

Status CheckpointSigner::check_continuity() {
  if (new_log_begins()) return {};
  auto stored = TRY(newest_stored(db_, keys_.current().verifier().name));
  if (stored) {
    TRY(check(*stored, "database"));
    newest_ = *stored;
    signed_ = parse_checkpoint_note(newest_)->size;
  }
  auto kept = TRY(keys_.kept_checkpoint());
  if (kept) return check(*kept, "log/checkpoint");
  if (!stored) return {};
  return no_continuation("Titik periksa terakhir (log/checkpoint) hilang dari folder data.",
                         "The last checkpoint (log/checkpoint) is missing from the data folder.");
}

// Checks that the journal is the one that was signed, or continues from it.
Status CheckpointSigner::check(const std::string& note, const char* which) const {
  const auto opened = open_note(note, known_);
  const auto checkpoint = opened ? parse_checkpoint(opened->text) : Result<Checkpoint>(tl::unexpected(opened.error()));
  if (!checkpoint)
    return no_continuation(std::string("Titik periksa (") + which + ") tidak sah: " + checkpoint.error().message + ".",
                           std::string("The checkpoint (") + which + ") is not valid: " + checkpoint.error().message + ".");
  const std::string sizes = std::to_string(journal_.size()) + " / " + std::to_string(checkpoint->size);
  if (checkpoint->size > journal_.size())
    return no_continuation("Jurnal ini lebih tua daripada yang sudah ditandatangani (entri: " + sizes + ").",
                           "This journal is older than what was signed (entries: " + sizes + ").");
  const auto root = root_of(checkpoint->size, stored_nodes(db_));
  if (!root && root.error().kind != ErrorKind::not_found) return tl::unexpected(root.error());
  if (!root || *root != checkpoint->root)
    return no_continuation("Jurnal ini bukan yang sudah ditandatangani (entri: " + sizes + ").",
                           "This journal is not the one that was signed (entries: " + sizes + ").");
  return {};
}

Result<std::optional<Entry>> CheckpointSigner::take_due_entry(const Now& now) {
  if (announced_.empty()) return std::optional(announcement(keys_.current().verifier()));
  if (next_is_announced() || now.quality == ClockQuality::suspect || now.utc - *announced_at_ < key_life)
    return std::optional<Entry>();
  if (!keys_.next()) TRY(keys_.make_next(keys_.current().verifier().name));
  return std::optional(announcement(keys_.next()->verifier()));
}

void CheckpointSigner::appended(const std::vector<Entry>& entries, const Now& now) {
  if (!unsigned_since_) unsigned_since_ = now;
  for (const auto& entry : entries) {
    if (entry.type == EventType::shift_started || entry.type == EventType::shift_accepted) asked_ = true;
    if (entry.type != EventType::log_key_changed) continue;
    announced_ = particulars_of<LogKeyChanged>(entry).vkey;
    announced_at_ = entry.at.utc;
    asked_ = true;
  }
}

bool CheckpointSigner::due(const Now& now) const {
  const std::uint64_t waiting = journal_.size() - signed_;
  if (waiting == 0) return next_is_announced();
  if (asked_ || waiting >= most_unsigned) return true;
  return unsigned_since_ &&
         (now.boot >= unsigned_since_->boot + longest_unsigned || local_day(now) != local_day(*unsigned_since_));
}

std::optional<BootTime> CheckpointSigner::next_deadline() const {
  if (!unsigned_since_) return std::nullopt;
  return unsigned_since_->boot + longest_unsigned;
}

Status CheckpointSigner::sign(const Now& now) {
  asked_ = false;
  // The key of a new log does not follow the old one, which could not sign this tree.
  if (new_log_begins()) TRY(keys_.take_next());
  if (journal_.size() > signed_) {
    const auto stored = TRY(root_of(journal_.size(), stored_nodes(db_)));
    if (stored != journal_.root())
      return fail(ErrorKind::storage,
                  "the stored tree is not the one that was written: the file was changed or is damaged");
    const Checkpoint checkpoint{keys_.current().verifier().name, journal_.size(), journal_.root()};
    const std::string note = keys_.current().sign(to_text(checkpoint));
    TRY(store(note, now));
    newest_ = note;
    signed_ = checkpoint.size;
  }
  unsigned_since_.reset();
  // The old key has signed the tree that announces the new one, and is not needed any more.
  return next_is_announced() ? keys_.take_next() : Status{};
}

Status CheckpointSigner::store(const std::string& note, const Now& now) {
  auto row = TRY(db_.prepared("INSERT INTO checkpoint (origin, size, utc, note) VALUES (?1, ?2, ?3, ?4)"));
  row->bind(1, keys_.current().verifier().name).bind(2, static_cast<std::int64_t>(journal_.size()));
  row->bind(3, now.utc.time_since_epoch().count());
  TRY(row->bind_blob(4, note).run());
  return keys_.keep_checkpoint(note);
}

}  // namespace gapura::gateway
