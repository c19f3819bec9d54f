// SPDX-License-Identifier: Apache-2.0
// When the tree's state is signed, with which key, and where that is kept.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/journal/journal.h"
#include "gateway/record/log_keys.h"
#include "models/site_event.h"

namespace gapura::gateway {

// Every 256 entries, or a minute after the first one that no checkpoint covers; at the change of a shift, and of the day in
// the site's zone; and when somebody asks. Never twice for the same size.
// Thread: core only, over the writer's connection and the journal, which outlive it.
class LogSigner final : public RecordSigner {
 public:
  // Looks whether the journal goes on from the checkpoint that is kept outside of it. Errors: conflict (an older or another
  // journal; the message says what to do), storage.
  static Result<LogSigner> open(const Database& db, const Journal& journal, LogKeys keys);

  // An entry that the journal has to carry now: the first key's, or a month later the next key's. Makes that key.
  Result<std::optional<Entry>> take_due_entry(const Now& now) override;
  void appended(const std::vector<Entry>& entries, const Now& now) override;
  void ask() override { asked_ = journal_.size() > signed_; }
  bool due(const Now& now) const override;
  std::optional<BootTime> next_deadline() const override;
  Status sign(const Now& now) override;
  const std::string& newest() const { return newest_; }  // the note; empty before the first

 private:
  LogSigner(const Database& db, const Journal& journal, LogKeys keys)
      : db_(db), journal_(journal), keys_(std::move(keys)) {}
  Status find_announced();
  Status check_continuity();
  Status check(const std::string& note, const char* which) const;
  Status store(const std::string& note, const Now& now);
  // The officer's act is recorded, and the new log's key not yet in its place.
  bool new_log_begins() const {
    return next_is_announced() && keys_.next()->verifier().name != keys_.current().verifier().name;
  }
  bool next_is_announced() const { return keys_.next() && keys_.next()->verifier().text() == announced_; }

  const Database& db_;
  const Journal& journal_;
  LogKeys keys_;
  std::string announced_;                // the verifier key of the newest log_key_changed
  std::optional<UtcTime> announced_at_;  // and when
  std::vector<VerifierKey> known_;       // all that the journal announces, and the key folder's
  std::uint64_t signed_ = 0;             // size of the newest checkpoint
  std::string newest_;
  bool asked_ = false;
  std::optional<Now> unsigned_since_;  // the first entry that no checkpoint covers
};

// The vkeys that the journal announces, in their order.
struct AnnouncedKey {
  std::uint64_t number = 0;
  UtcTime at;
  std::string text;
};
Result<std::vector<AnnouncedKey>> announced_keys(const Database& db);

}  // namespace gapura::gateway
