// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <filesystem>

#include "gateway/cli/doctor.h"
#include "gateway/contract/version.h"
#include "gateway/journal/broken_marker.h"
#include "gateway/journal/database.h"
#include "gateway/journal/journal.h"
#include "gateway/record/signed_note.h"
#include "gateway/settings/private_file.h"

namespace gapura::gateway {
namespace {

const char* const go_on =
    "put the newer gapura.db back; where a backup was restored on purpose: gapura log continue --officer NAME --reason WHY";

Result<std::int64_t> number_in(const Database& db, const char* sql) {
  auto row = TRY(db.prepare(sql));
  TRY(row.step());
  return row.integer(0);
}

}  // namespace

void examine_record(Findings& findings, const std::string& data_folder) {
  const std::string database = data_folder + "/gapura.db", kept = data_folder + "/log/checkpoint";
  std::error_code error;
  const bool has_journal = std::filesystem::exists(database, error), has_note = std::filesystem::exists(kept, error);
  if (!has_journal && !has_note) return findings.ok("record", "there is none yet");
  if (!has_journal) return findings.wrong("record", "gapura.db is missing, and checkpoints of it were signed", go_on);
  const auto db = Database::open_archive(database);
  const auto entries = db ? number_in(*db, "SELECT coalesce(max(number) + 1, 0) FROM entry") : tl::unexpected(db.error());
  const auto signed_inside = entries ? number_in(*db, "SELECT count(*) FROM checkpoint") : tl::unexpected(entries.error());
  if (!signed_inside)
    return findings.wrong("record", signed_inside.error().message, "restore a backup on a sound disk (gapura restore)");
  if (!has_note) {
    if (*signed_inside == 0) return findings.ok("record", fmt::format("{} entries, none signed yet", *entries));
    return findings.wrong("record", "the last checkpoint (log/checkpoint) is missing", go_on);
  }
  const auto note = read_small_file(kept);
  const auto last = note ? parse_checkpoint_note(*note) : tl::unexpected(note.error());
  if (!last) return findings.wrong("record", "log/checkpoint: " + last.error().message, go_on);
  const auto size = static_cast<std::int64_t>(last->size);
  if (size > *entries)
    return findings.wrong("record", fmt::format("it is older than what was signed: {} entries of {}", *entries, size),
                          go_on);
  const auto root = root_of(last->size, stored_nodes(*db));
  if (!root || *root != last->root)
    return findings.wrong("record", fmt::format("it is not the one whose first {} entries were signed", size), go_on);
  findings.ok("record", fmt::format("{} entries go on from the last checkpoint, of {}", *entries, size));
}

void examine_faults(Findings& findings, const std::string& data_folder) {
  const auto broken = find_broken_marker(data_folder, version);
  if (!broken) return findings.ok("faults", "the gateway has found none in itself");
  if (broken->times < most_broken)
    return findings.wrong(
        "faults", fmt::format("the gateway found one in itself and ended: {}", broken->last),
        "tell its maker and keep its log; start it, then a guard or admin resumes granting on the console");
  findings.wrong("faults", fmt::format("found {} times, so it is not started any more: {}", broken->times, broken->last),
                 "tell its maker and keep its log; gapura log verify; install another version, or restore a backup; then "
                 "remove " +
                     broken_marker_path(data_folder) + " and start it");
}

}  // namespace gapura::gateway
