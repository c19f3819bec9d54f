// SPDX-License-Identifier: Apache-2.0
#include "gateway/journal/leaf_reader.h"
#include "gateway/record/verify_tree.h"
#include "gateway/registry/registry.h"
#include "models/record/site_state.h"

namespace gapura::gateway {
namespace {

constexpr std::int64_t batch = 10'000;

void compare(const SiteState& folded, const SiteState& tables, RecordFindings& findings) {
  const auto differ = [&](const char* what) {
    findings.add("table", folded.next_number, std::string("the table of ") + what + " is not what the journal adds up to");
  };
  for (const auto& [id, visit] : folded.visits) {
    if (visit.closed) continue;
    const Visit* row = tables.find_visit(id);
    if (!row || !(*row == visit))
      findings.add("table", visit.last_entry, "the row of visit " + id.str() + " is not what the journal adds up to");
  }
  for (const auto& [id, visit] : tables.visits)
    if (!visit.closed && (!folded.find_visit(id) || folded.find_visit(id)->closed))
      findings.add("table", visit.last_entry, "visit " + id.str() + " is not open in the journal");
  if (folded.badges != tables.badges) differ("badges");
  if (folded.alarms != tables.alarms) differ("alarms");
  if (folded.deposits.size() != tables.deposits.size()) differ("deposits");
  if (!(folded.facts == tables.facts)) differ("site facts");
  if (folded.open_intents != tables.open_intents) differ("open intents");
}

}  // namespace

Status verify_fold(const Database& db, std::uint64_t entries, const SiteConfig& site, RecordFindings& findings) {
  SiteState folded;
  auto rows = TRY(db.prepared("SELECT leaf FROM entry WHERE number >= ?1 AND number < ?2 ORDER BY number LIMIT ?3"));
  while (folded.next_number < entries) {
    const std::uint64_t from = folded.next_number;
    rows->bind(1, static_cast<std::int64_t>(from)).bind(2, static_cast<std::int64_t>(entries)).bind(3, batch);
    for (;;) {
      const auto more = TRY(rows->step());
      if (!more) break;
      const auto entry = read_leaf(rows->blob(0));
      if (!entry) continue;  // already a finding of the tree
      SiteEdit edit(folded);
      apply(edit, *entry, site);
      edit.merge_into(folded, entry->at.utc);
    }
    if (folded.next_number <= from) folded.next_number = from + static_cast<std::uint64_t>(batch);
  }
  const auto tables = TRY(load_state(db));
  // A live file that grew while it was read: its tables are about later entries.
  if (tables.next_number == entries) compare(folded, tables, findings);
  return {};
}

}  // namespace gapura::gateway
