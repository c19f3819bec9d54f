// SPDX-License-Identifier: Apache-2.0
#include "gateway/journal/journal.h"

#include <bit>
#include <cstring>

#include "models/base/invariant.h"

namespace gapura::gateway {
namespace {

constexpr std::uint64_t build_step = 20'000;  // entries per transaction: a few megabytes of WAL

Result<std::int64_t> first_integer(const Database& db, std::string_view sql) {
  auto row = TRY(db.prepare(sql));
  TRY(row.step());
  return row.integer(0);
}

Result<MerkleEdge> load_edge(const Database& db, std::uint64_t size) {
  const NodeSource node = stored_nodes(db);
  std::vector<Hash> peaks;
  std::uint64_t before = 0;
  for (int level = 63; level >= 0; --level) {
    if ((size >> level & 1) == 0) continue;
    auto peak = TRY(node(level, before >> level));
    peaks.push_back(peak);
    before += std::uint64_t{1} << level;
  }
  return MerkleEdge(size, std::move(peaks));
}

}  // namespace

NodeSource stored_nodes(const Database& db) {
  return [&db](int level, std::uint64_t index) -> Result<Hash> {
    const auto number = static_cast<std::int64_t>(((index + 1) << level) - 1);
    auto found = TRY(
        db.prepared(level == 0 ? "SELECT leaf FROM entry WHERE number = ?1" : "SELECT nodes FROM tree WHERE number = ?1"));
    Statement& row = *found;
    const auto more = TRY(row.bind(1, number).step());
    const std::string bytes = more ? row.blob(0) : std::string();
    row.reset();
    const std::size_t end = static_cast<std::size_t>(level) * sizeof(Hash);
    if (!more || bytes.size() < end)
      return fail(ErrorKind::not_found, "entry " + std::to_string(number) + " or its place in the tree is missing");
    if (level == 0) return leaf_hash(bytes);
    Hash hash;
    std::memcpy(hash.data(), bytes.data() + end - sizeof(Hash), sizeof(Hash));
    return hash;
  };
}

Result<Journal> Journal::open(const Database& db) {
  auto entry = TRY(db.prepare(
      "INSERT INTO entry (number, utc, boot, type, point, actor, visit, badge, ref, leaf) VALUES (?,?,?,?,?,?,?,?,?,?)"));
  auto nodes = TRY(db.prepare("INSERT INTO tree (number, nodes) VALUES (?, ?)"));
  const auto entries = TRY(first_integer(db, "SELECT coalesce(max(number) + 1, 0) FROM entry"));
  // The tree's last row is at the last odd number, whether or not an entry follows it.
  const auto in_tree = TRY(first_integer(db, "SELECT coalesce(max(number) + 1, 0) FROM tree"));
  if (in_tree > entries)
    return fail(ErrorKind::storage, "the journal is damaged: its tree knows " + std::to_string(in_tree) +
                                        " entries and only " + std::to_string(entries) + " are there. Restore a backup.");
  const auto whole = static_cast<std::uint64_t>(entries - in_tree <= 1 ? entries : in_tree);
  auto edge = TRY(load_edge(db, whole));
  Journal journal(std::move(entry), std::move(nodes));
  journal.edge_ = std::move(edge);
  TRY(journal.build(db, static_cast<std::uint64_t>(entries)));
  journal.commit();
  return journal;
}

Status Journal::build(const Database& db, std::uint64_t entries) {
  auto leaves = TRY(db.prepare("SELECT number, leaf FROM entry WHERE number >= ?1 ORDER BY number LIMIT ?2"));
  while (size() < entries) {
    TRY(db.execute("BEGIN IMMEDIATE"));
    leaves.bind(1, static_cast<std::int64_t>(size())).bind(2, static_cast<std::int64_t>(build_step));
    for (;;) {
      const auto more = TRY(leaves.step());
      if (!more) break;
      if (static_cast<std::uint64_t>(leaves.integer(0)) != size())
        return fail(ErrorKind::storage,
                    "the journal is damaged: entry " + std::to_string(size()) + " is missing. Restore a backup.");
      TRY(grow(leaf_hash(leaves.blob(1))));
    }
    TRY(db.execute("COMMIT"));
    TRY(db.copy_wal(1000));
  }
  return {};
}

Status Journal::grow(const Hash& leaf) {
  const auto number = static_cast<std::int64_t>(size());
  std::string nodes;
  edge_.append(leaf, [&](const Hash& hash) { nodes += as_bytes(hash); });
  if (nodes.empty()) return {};
  return insert_nodes_.bind(1, number).bind_blob(2, nodes).run();
}

Status Journal::append(const Entry& entry, const std::string& boot_id) {
  INVARIANT(entry.number == size(), "an entry's number is the size of the tree before it");
  const std::string leaf = make_leaf(entry, boot_id);
  if (leaf.size() > leaf_limit) return fail(ErrorKind::bug, "an entry is longer than a leaf may be");
  Statement& row = insert_entry_;
  const auto optional_text = [&](int index, const std::string& text) {
    if (text.empty()) {
      row.bind_null(index);
    } else {
      row.bind(index, std::string_view(text));
    }
  };
  row.bind(1, static_cast<std::int64_t>(entry.number)).bind(2, entry.at.utc.time_since_epoch().count());
  row.bind(3, entry.at.boot.time_since_epoch().count()).bind(4, word(entry.type)).bind(6, entry.actor);
  optional_text(5, entry.point);
  optional_text(7, entry.visit.str());
  optional_text(8, entry.badge.str());
  if (entry.ref) {
    row.bind(9, static_cast<std::int64_t>(*entry.ref));
  } else {
    row.bind_null(9);
  }
  TRY(row.bind_blob(10, leaf).run());
  return grow(leaf_hash(leaf));
}

}  // namespace gapura::gateway
