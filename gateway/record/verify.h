// SPDX-License-Identifier: Apache-2.0
// Checks that a journal is what was written and signed. Reads a database file and trusts nothing in it: every leaf, number,
// index column, node of the tree, checkpoint and key is checked, and folding the journal must give the tables of state.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gateway/record/signed_note.h"
#include "models/base/result.h"
#include "models/site/site.h"

namespace gapura::gateway {

struct VerifyRequest {
  std::string database;              // the file; a copy, or a live one
  std::vector<VerifierKey> trusted;  // keys known from elsewhere; none: those announced by the journal itself
  std::vector<std::string> outside;  // checkpoints that were kept elsewhere: notes
  const SiteConfig* site = nullptr;  // for the areas that doors lead to; without it the state is not folded
  unsigned threads = 2;
  bool tree_only = false;  // no folding even with a site
};

struct RecordFinding {
  std::string kind;  // schema | number | leaf | index | node | checkpoint | key | outside | table | file
  std::uint64_t entry = 0;
  std::string what;
};

struct VerifyReport {
  std::uint64_t entries = 0, checkpoints = 0, outside = 0;
  Hash root{};
  std::string origin;                   // of the newest checkpoint
  std::uint64_t signed_size = 0;        // that the checkpoint covers
  std::vector<RecordFinding> findings;  // the first hundred
  std::uint64_t findings_count = 0;
  std::vector<std::string> notices;  // not faults, but worth knowing: an admin's continuation, a key that nothing confirms
  bool folded = false;
  double tree_seconds = 0, fold_seconds = 0;
  bool sound() const { return findings_count == 0; }
};

// Errors: not_found, storage (the file cannot be read at all). Faults in the file are findings.
Result<VerifyReport> verify_journal(const VerifyRequest& request);

}  // namespace gapura::gateway
