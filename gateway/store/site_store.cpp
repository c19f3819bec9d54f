// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/site_store.h"

#include "gateway/journal/journal.h"
#include "gateway/journal/scrub.h"
#include "gateway/record/checkpoint_signer.h"
#include "gateway/registry/registry.h"
#include "gateway/registry/rows.h"

namespace gapura::gateway {
namespace {

// After a run that ended because the disk failed, the whole file is read before it is trusted.
Status check_after_a_stop(const Database& db) {
  auto stopped =
      TRY(db.prepare("SELECT coalesce((SELECT max(number) FROM entry WHERE type = 'granting_stopped'), -1) > "
                     "coalesce((SELECT max(number) FROM entry WHERE type = 'site_opened'), -1)"));
  auto row = stopped.step();
  if (!row) return tl::unexpected(row.error());
  if (stopped.integer(0) == 0) return {};
  stopped.reset();
  auto check = TRY(db.prepare("PRAGMA integrity_check(1)"));
  row = check.step();
  if (!row) return tl::unexpected(row.error());
  if (const std::string verdict = check.text(0); verdict != "ok")
    return fail(ErrorKind::storage, "the journal is damaged (" + verdict + "): restore a backup on a sound disk");
  return {};
}

class SqliteStore final : public SiteStore {
 public:
  explicit SqliteStore(StoreParts parts)
      : database_(std::move(parts.database)),
        boot_id_(std::move(parts.boot_id)),
        wal_pages_(parts.wal_pages),
        registry_(database_),
        begin_(*database_.prepare("BEGIN IMMEDIATE")),
        commit_(*database_.prepare("COMMIT")),
        rollback_(*database_.prepare("ROLLBACK")) {}

  Status open(std::optional<CheckpointKeys> keys) {
    state_ = TRY(load_state(database_));
    TRY(check_after_a_stop(database_));
    auto journal = TRY(Journal::open(database_));
    journal_.emplace(std::move(journal));
    if (!keys) return {};
    auto signer = TRY(CheckpointSigner::open(database_, *journal_, std::move(*keys)));
    signer_.emplace(std::move(signer));
    return {};
  }

  SiteState take_state() override { return std::move(state_); }

  Status write(const std::vector<Entry>& entries, const std::vector<Row>& rows, const SiteEdit& edit,
               const PictureKept* picture) override {
    Status done = write_all(entries, rows, edit, picture);
    if (done) {
      journal_->commit();
    } else {
      (void)rollback_.run();
      journal_->roll_back();
    }
    return done;
  }

  Status copy_wal() override { return database_.copy_wal(wal_pages_); }
  void scrub(ScrubStep& step) override { step.outcome = scrub_pages(database_, step); }
  const RecordTree& tree() const override { return *journal_; }
  RecordSigner* signer() override { return signer_ ? &*signer_ : nullptr; }
  RegistryLookup& registry() override { return registry_; }
  PersonalDataLookup& personal_data() override { return registry_; }

 private:
  Status write_all(const std::vector<Entry>& entries, const std::vector<Row>& rows, const SiteEdit& edit,
                   const PictureKept* picture) {
    TRY(begin_.run());
    for (const auto& entry : entries) TRY(journal_->append(entry, boot_id_));
    const std::uint64_t first = entries.empty() ? 0 : entries.front().number;
    for (const auto& row : rows) TRY(write_row(database_, row, first));
    TRY(registry_.write(edit));
    if (picture) TRY(registry_.write_picture(*picture));
    return commit_.run();
  }

  const Database database_;
  const std::string boot_id_;
  const int wal_pages_;
  Registry registry_;
  Statement begin_, commit_, rollback_;
  SiteState state_;                         // until take_state()
  std::optional<Journal> journal_;          // from open() on
  std::optional<CheckpointSigner> signer_;  // from open() on, where there are keys
};

}  // namespace

Result<std::unique_ptr<SiteStore>> open_site_store(StoreParts parts) {
  auto keys = std::move(parts.checkpoint_keys);
  auto store = std::make_unique<SqliteStore>(std::move(parts));
  TRY(store->open(std::move(keys)));
  return store;
}

}  // namespace gapura::gateway
