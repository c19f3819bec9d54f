// SPDX-License-Identifier: Apache-2.0
// When the tree's state is signed, with which key, and where the checkpoint is kept.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/journal/journal.h"
#include "gateway/record/checkpoint_keys.h"
#include "models/record/site_event.h"

namespace gapura::gateway {

// Signs every 256 entries, or a minute after the first entry that no checkpoint covers; at the change of a shift, and of
// the day in the site's zone; and on request. Never signs the same size twice. Thread: core only. Uses the writer's
// connection and the journal, which outlive it.
class CheckpointSigner final : public RecordSigner {
 public:
  // Checks that the journal continues from the checkpoint that is kept outside it. Errors: conflict (an older or another
  // journal; the message says what to do), storage.
  static Result<CheckpointSigner> open(const Database& db, const Journal& journal, CheckpointKeys keys);

  // Returns an entry that the journal has to carry now: the first key's, or a month later the next key's. Makes that key.
  Result<std::optional<Entry>> take_due_entry(const Now& now) override;
  void appended(const std::vector<Entry>& entries, const Now& now) override;
  void ask() override { asked_ = journal_.size() > signed_; }
  bool due(const Now& now) const override;
  std::optional<BootTime> next_deadline() const override;
  Status sign(const Now& now) override;
  const std::string& newest() const { return newest_; }  // the signed note; empty before the first

 private:
  CheckpointSigner(const Database& db, const Journal& journal, CheckpointKeys keys)
      : db_(db), journal_(journal), keys_(std::move(keys)) {}
  Status find_announced();
  Status check_continuity();
  Status check(const std::string& note, const char* which) const;
  Status store(const std::string& note, const Now& now);
  // Whether the admin's act is recorded, and the new log's key is not yet the current one.
  bool new_log_begins() const {
    return next_is_announced() && keys_.next()->verifier().name != keys_.current().verifier().name;
  }
  bool next_is_announced() const { return keys_.next() && keys_.next()->verifier().text() == announced_; }

  const Database& db_;
  const Journal& journal_;
  CheckpointKeys keys_;
  std::string announced_;                // the verifier key of the newest log_key_changed
  std::optional<UtcTime> announced_at_;  // and when
  std::vector<VerifierKey> known_;       // all keys announced by the journal, and the key folder's
  std::uint64_t signed_ = 0;             // size of the newest checkpoint
  std::string newest_;
  bool asked_ = false;
  std::optional<Now> unsigned_since_;  // the first entry that no checkpoint covers
};

// The verifier keys that the journal announces, in order.
struct AnnouncedKey {
  std::uint64_t number = 0;
  UtcTime at;
  std::string text;
};
Result<std::vector<AnnouncedKey>> announced_keys(const Database& db);

}  // namespace gapura::gateway
