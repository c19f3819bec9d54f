// SPDX-License-Identifier: Apache-2.0
#include "gateway/record/verify_tree.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "drivers/mutex.h"
#include "gateway/journal/leaf_reader.h"
#include "gateway/record/leaf_scan.h"
#include "models/record/site_event.h"

namespace gapura::gateway {
namespace {

constexpr std::size_t most_findings = 100;
constexpr int chunk_level = 16;  // 65,536 entries: about 20 MB of leaves, a fifth of a second
constexpr std::uint64_t chunk_size = std::uint64_t{1} << chunk_level;

// One thread's results for entries first … end - 1: a complete subtree, or the journal's end.
struct Chunk {
  std::uint64_t first = 0, end = 0;
  MerkleEdge edge;
  std::string nodes_above;  // nodes stored with its last entry, of subtrees that reach beyond the chunk
  std::vector<std::pair<std::uint64_t, Hash>> roots;
  std::vector<TreeFacts::Key> keys;
  std::vector<std::uint64_t> continuations;
  RecordFindings findings;
  std::optional<Error> error;
};

bool same(const Statement& row, int column, std::string_view text) {
  if (text.empty()) return row.is_null(column);
  const std::string stored = row.text(column);
  return stored == text || stored == unescaped(text);
}

class ChunkReader {
 public:
  ChunkReader(const Database& db, Chunk& chunk, const std::vector<std::uint64_t>& sizes)
      : db_(db), chunk_(chunk), sizes_(sizes) {}

  Status read() {
    auto rows = db_.prepared(
        "SELECT number, leaf, utc, boot, type, point, actor, visit, badge, ref FROM entry WHERE number >= ?1 AND number < "
        "?2 "
        "ORDER BY number");
    auto nodes = db_.prepared("SELECT number, nodes FROM tree WHERE number >= ?1 AND number < ?2 ORDER BY number");
    if (!rows) return tl::unexpected(rows.error());
    if (!nodes) return tl::unexpected(nodes.error());
    nodes_ = *nodes;
    for (Statement* statement : {*rows, *nodes})
      statement->bind(1, static_cast<std::int64_t>(chunk_.first)).bind(2, static_cast<std::int64_t>(chunk_.end));
    TRY(next_nodes());
    size_ = std::upper_bound(sizes_.begin(), sizes_.end(), chunk_.first);
    std::uint64_t number = chunk_.first;
    for (;;) {
      const auto more = TRY((*rows)->step());
      const std::uint64_t here = more ? static_cast<std::uint64_t>((*rows)->integer(0)) : chunk_.end;
      for (; number < here; ++number) {
        chunk_.findings.add("number", number, "the entry is missing");
        TRY(grow(number, Hash{}));
      }
      if (!more) break;
      const std::string leaf = (*rows)->blob(1);
      look(**rows, number, leaf);
      TRY(grow(number++, leaf_hash(leaf)));
    }
    if (has_nodes_) chunk_.findings.add("node", node_number_, "the tree has nodes for an entry that there is not");
    nodes_->reset();
    return {};
  }

 private:
  void look(const Statement& row, std::uint64_t number, const std::string& leaf) {
    const auto fields = scan_leaf(leaf);
    if (!fields) return chunk_.findings.add("leaf", number, "the leaf is not a version 1 leaf");
    if (fields->number != number)
      return chunk_.findings.add("leaf", number, "the leaf says that it is entry " + std::to_string(fields->number));
    const bool same_ref =
        fields->ref ? !row.is_null(9) && row.integer(9) == static_cast<std::int64_t>(*fields->ref) : row.is_null(9);
    if (row.integer(2) != fields->utc || row.integer(3) != fields->boot || !same(row, 4, fields->type) ||
        !same(row, 5, fields->point) || !same(row, 6, fields->actor) || !same(row, 7, fields->visit) ||
        !same(row, 8, fields->badge) || !same_ref)
      chunk_.findings.add("index", number, "the columns of the entry are not those of its leaf");
    if (fields->type == word(EventType::log_continued)) chunk_.continuations.push_back(number);
    if (fields->type != word(EventType::log_key_changed)) return;
    if (const auto entry = read_leaf(leaf)) chunk_.keys.push_back({number, particulars_of<LogKeyChanged>(*entry).vkey});
  }

  Status next_nodes() {
    has_nodes_ = TRY(nodes_->step());
    if (has_nodes_) node_number_ = static_cast<std::uint64_t>(nodes_->integer(0)), stored_ = nodes_->blob(1);
    return {};
  }

  Status grow(std::uint64_t number, const Hash& leaf) {
    computed_.clear();
    chunk_.edge.append(leaf, [this](const Hash& hash) { computed_ += as_bytes(hash); });
    if (size_ != sizes_.end() && *size_ == number + 1) chunk_.roots.emplace_back(*size_++, chunk_.edge.root());
    while (has_nodes_ && node_number_ < number) {
      chunk_.findings.add("node", node_number_, "the tree has nodes where it completes none");
      TRY(next_nodes());
    }
    if (computed_.empty()) return {};
    if (!has_nodes_ || node_number_ != number) {
      chunk_.findings.add("node", number, "the tree's nodes of this entry are missing");
      return {};
    }
    const bool is_last = number + 1 == chunk_.first + chunk_size;
    if (stored_.substr(0, computed_.size()) != computed_ || (!is_last && stored_.size() != computed_.size()))
      chunk_.findings.add("node", number, "the tree's nodes of this entry are not those of the leaves");
    if (is_last && stored_.size() > computed_.size()) chunk_.nodes_above = stored_.substr(computed_.size());
    return next_nodes();
  }

  const Database& db_;
  Chunk& chunk_;
  const std::vector<std::uint64_t>& sizes_;
  std::vector<std::uint64_t>::const_iterator size_;
  Statement* nodes_ = nullptr;
  bool has_nodes_ = false;
  std::uint64_t node_number_ = 0;
  std::string stored_, computed_;
};

// The chunks' subtrees are leaves of the tree above them.
void join(TreeFacts& facts, MerkleEdge& above, const Chunk& chunk) {
  facts.findings.add(chunk.findings);
  facts.keys.insert(facts.keys.end(), chunk.keys.begin(), chunk.keys.end());
  facts.continuations.insert(facts.continuations.end(), chunk.continuations.begin(), chunk.continuations.end());
  for (const auto& [size, root] : chunk.roots) facts.roots.emplace_back(size, above.root_with(root));
  facts.root = above.root_with(chunk.edge.root());
  if (chunk.end - chunk.first != chunk_size) return;
  std::string computed;
  above.append(chunk.edge.root(), [&](const Hash& hash) { computed += as_bytes(hash); });
  if (computed != chunk.nodes_above)
    facts.findings.add("node", chunk.end - 1, "the tree's upper nodes of this entry are not those of the leaves");
}

}  // namespace

void RecordFindings::add(const char* kind, std::uint64_t entry, std::string what) {
  ++count;
  if (first.size() < most_findings) first.push_back({kind, entry, std::move(what)});
}

void RecordFindings::add(const RecordFindings& other) {
  count += other.count;
  for (const auto& one : other.first)
    if (first.size() < most_findings) first.push_back(one);
}

Result<TreeFacts> verify_tree(const std::string& database, std::uint64_t entries, const std::vector<std::uint64_t>& sizes,
                              unsigned threads) {
  std::vector<Chunk> chunks;
  for (std::uint64_t first = 0; first < entries; first += chunk_size) {
    Chunk chunk;
    chunk.first = first, chunk.end = std::min(first + chunk_size, entries);
    chunks.push_back(std::move(chunk));
  }
  std::atomic<std::size_t> next{0};
  Mutex mutex;
  std::optional<Error> failed;
  const auto work = [&] {
    const auto db = Database::open_archive(database);
    for (std::size_t i = next++; i < chunks.size(); i = next++) {
      const Status done = db ? ChunkReader(*db, chunks[i], sizes).read() : Status(tl::unexpected(db.error()));
      if (done) continue;
      const MutexLock lock(mutex);
      failed = done.error();
      return;
    }
  };
  std::vector<std::thread> others;
  for (unsigned i = 1; i < threads && i < chunks.size(); ++i) others.emplace_back(work);
  work();
  for (auto& thread : others) thread.join();
  if (failed) return tl::unexpected(*failed);
  TreeFacts facts;
  facts.root = MerkleEdge().root();
  MerkleEdge above;
  for (const auto& chunk : chunks) join(facts, above, chunk);
  return facts;
}

}  // namespace gapura::gateway
