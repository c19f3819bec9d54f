// SPDX-License-Identifier: Apache-2.0
// The writer's side of the journal: writes an entry, its leaf and the tree's new nodes as rows of the caller's transaction.
#pragma once

#include "gateway/contract/store.h"
#include "gateway/journal/database.h"
#include "models/record/merkle.h"
#include "models/record/site_event.h"

namespace gapura::gateway {

// Thread: core only. Uses the writer's connection, which outlives it.
class Journal final : public RecordTree {
 public:
  // When there are entries beyond the tree (a file of an earlier schema), builds the tree up to them in transactions of
  // bounded size; an interrupted start continues where it was. Errors: storage (also: the tree contains entries that do not
  // exist).
  static Result<Journal> open(const Database& db);

  // Call inside the caller's transaction. `entry` is stamped; its number must be size(). Errors: bug, storage.
  Status append(const Entry& entry, const std::string& boot_id);
  void commit() { kept_ = edge_; }     // the transaction is durable
  void roll_back() { edge_ = kept_; }  // the transaction was undone

  std::uint64_t size() const override { return edge_.size(); }
  Hash root() const override { return edge_.root(); }

 private:
  Journal(Statement insert_entry, Statement insert_nodes)
      : insert_entry_(std::move(insert_entry)), insert_nodes_(std::move(insert_nodes)) {}
  Status grow(const Hash& leaf);
  Status build(const Database& db, std::uint64_t entries);

  Statement insert_entry_, insert_nodes_;
  MerkleEdge edge_, kept_;  // edge_ includes the transaction under way; kept_ is as of the last commit
};

// Reads complete subtrees' hashes from the tables, by a connection that outlives the source. Errors: not_found, and
// SQLite's.
NodeSource stored_nodes(const Database& db);

}  // namespace gapura::gateway
