// SPDX-License-Identifier: Apache-2.0
// Parts of verify.cpp: leaves and nodes, read by several threads; and the fold.
#pragma once

#include "gateway/journal/database.h"
#include "gateway/record/verify.h"
#include "models/record/merkle.h"

namespace gapura::gateway {

class RecordFindings {
 public:
  void add(const char* kind, std::uint64_t entry, std::string what);
  void add(const RecordFindings& other);
  std::vector<RecordFinding> first;
  std::uint64_t count = 0;
};

// The tree's state at a checkpoint's size, and the leaves' announcements of keys.
struct TreeFacts {
  Hash root{};
  std::vector<std::pair<std::uint64_t, Hash>> roots;  // of the requested sizes, in order
  struct Key {
    std::uint64_t number;
    std::string vkey;
  };
  std::vector<Key> keys;
  std::vector<std::uint64_t> continuations;  // entries of type log_continued
  RecordFindings findings;
};
// Entries 0 … entries - 1. `sizes` ascending, none larger than `entries`.
Result<TreeFacts> verify_tree(const std::string& database, std::uint64_t entries, const std::vector<std::uint64_t>& sizes,
                              unsigned threads);

// Folds the journal and compares the result with the tables.
Status verify_fold(const Database& db, std::uint64_t entries, const SiteConfig& site, RecordFindings& findings);

}  // namespace gapura::gateway
