// SPDX-License-Identifier: Apache-2.0
// The retention periods in force and the destructions under way, as rows. Reading: any connection. Writing: core only,
// inside the caller's transaction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/registry/erasure.h"

namespace gapura::gateway {

Result<std::vector<StoredRule>> load_rules(const Database& db);
Status put_rule(const Database& db, const RetentionRule& rule);  // in force from now on
Status propose_rule(const Database& db, const RetentionRule& rule);
Status agree_rule(const Database& db, RetentionClass what, const std::string& user);

struct RunClass {
  RetentionRule rule;
  UtcTime before;
  ErasureCounts counts;
  std::int64_t done_to = -1;
  bool finished = false;
};
Status add_run(const Database& db, const ErasureRun& run, const std::vector<RetentionRule>& rules);
Result<std::optional<ErasureRun>> find_unfinished_run(const Database& db);
Result<std::vector<ErasureRun>> load_runs(const Database& db, int limit);  // the newest first
Result<std::optional<ErasureRun>> find_run(const Database& db, const std::string& id);
Result<std::vector<RunClass>> load_classes(const Database& db, const std::string& run);
Result<ErasureCounts> counts_of_run(const Database& db, const std::string& run);
// Returns the next part of a run, empty when it is done: small items first, whole visits last.
Result<ErasureBatch> next_batch(const Database& db, const ErasureRun& run, int limit, const InUse& in_use);
Status count_batch(const Database& db, const std::string& run, const ErasureBatch& batch);
Status finish_run(const Database& db, const std::string& run, UtcTime now, std::uint64_t entry);

// A file that is not referred to any more.
struct DoomedFile {
  std::string hash;
  bool clip = false;
};
Result<std::vector<DoomedFile>> load_doomed(const Database& db, int limit);

// A dry run: what would be destroyed today.
struct DueClass {
  StoredRule rule;
  UtcTime before;
  DueCount count;
};
struct KnownBackup {
  std::string name;
  UtcTime made;
  std::int64_t entries = 0;
};
struct DueList {
  std::vector<DueClass> classes;
  std::int64_t open_visits = 0;      // never touched
  std::int64_t erased_visits = 0;    // only aggregates are left
  std::vector<KnownBackup> backups;  // they keep copies of what is destroyed
};
Result<DueList> load_due(const Database& db, UtcTime now);
Result<std::vector<KnownBackup>> load_backups(const Database& db, UtcTime until);

}  // namespace gapura::gateway
