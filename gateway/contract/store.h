// SPDX-License-Identifier: Apache-2.0
// The storage of the core's decisions, and the signer of the record.
#pragma once

#include <optional>
#include <vector>

#include "gateway/contract/change.h"
#include "gateway/contract/lookup.h"
#include "models/base/sha256.h"
#include "models/record/site_state.h"

namespace gapura::gateway {

// The Merkle tree over the journal's entries.
class RecordTree {
 public:
  virtual ~RecordTree() = default;
  virtual std::uint64_t size() const = 0;
  virtual Hash root() const = 0;
};

// Signs the tree's state when due. Thread: core only.
class RecordSigner {
 public:
  virtual ~RecordSigner() = default;
  // Returns an entry that the journal has to carry now: the announcement of a key. Returns the same entry until it is
  // appended.
  virtual Result<std::optional<Entry>> take_due_entry(const Now& now) = 0;
  virtual void appended(const std::vector<Entry>& entries, const Now& now) = 0;  // after the commit
  virtual void ask() = 0;
  virtual bool due(const Now& now) const = 0;
  virtual std::optional<BootTime> next_deadline() const = 0;
  // Signs in a transaction of its own; does nothing when nothing was appended. Errors: storage.
  virtual Status sign(const Now& now) = 0;
};

// Thread: core only.
class SiteStore {
 public:
  virtual ~SiteStore() = default;
  // Returns the state after the last commit. Called once, before anything is written.
  virtual SiteState take_state() = 0;
  // Writes in one transaction, durable when it returns: the stamped entries, their rows, the tables of `edit`, the picture.
  // After an error nothing was written. Errors: conflict (a row's), storage; bug, where a number is not the next one.
  virtual Status write(const std::vector<Entry>& entries, const std::vector<Row>& rows, const SiteEdit& edit,
                       const PictureKept* picture) = 0;
  // Copies the WAL into the database file once it is long enough. Errors: storage.
  virtual Status copy_wal() = 0;
  // Carried out outside every transaction; the outcome is in the step.
  virtual void scrub(ScrubStep& step) = 0;

  virtual const RecordTree& tree() const = 0;
  virtual RecordSigner* signer() = 0;  // null: the record is not signed
  virtual RegistryLookup& registry() = 0;
  virtual PersonalDataLookup& personal_data() = 0;
};

}  // namespace gapura::gateway
