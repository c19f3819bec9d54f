// SPDX-License-Identifier: Apache-2.0
// The tree of RFC 6962 / RFC 9162, section 2.1, over the journal's leaves: SHA-256, leaf H(0x00 || data), node
// H(0x01 || left || right). A complete subtree is named by its level (0: a leaf) and its index from the left.
#pragma once

#include <bit>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "models/base/invariant.h"
#include "models/base/result.h"
#include "models/base/sha256.h"

namespace gapura {

Hash leaf_hash(std::string_view leaf);
Hash node_hash(const Hash& left, const Hash& right);

// The right edge of a tree: enough to append and to compute the root, in 32 bytes for each bit of the tree's size.
class MerkleEdge {
 public:
  MerkleEdge() = default;
  // `peaks`: the complete subtrees of a tree of `size` leaves, the largest first; one for each bit that is set in `size`.
  MerkleEdge(std::uint64_t size, std::vector<Hash> peaks) : size_(size), peaks_(std::move(peaks)) {
    INVARIANT(peaks_.size() == static_cast<std::size_t>(std::popcount(size)),
              "the edge of a tree has one peak for each bit of its size");
  }

  std::uint64_t size() const { return size_; }
  Hash root() const;  // of an empty tree: the hash of nothing
  // Returns the root of this tree followed by a smaller one, where each leaf of this one is a complete subtree larger than
  // that one.
  Hash root_with(const Hash& tail) const;
  // Calls `completed` for each subtree above the leaf that it completes, from level 1 upwards.
  template <class Completed>
  void append(const Hash& leaf, Completed completed) {
    Hash hash = leaf;
    for (std::uint64_t bits = size_; bits & 1; bits >>= 1) {
      hash = node_hash(peaks_.back(), hash);
      peaks_.pop_back();
      completed(hash);
    }
    peaks_.push_back(hash);
    ++size_;
  }
  void append(const Hash& leaf) {
    append(leaf, [](const Hash&) {});
  }

 private:
  std::uint64_t size_ = 0;
  std::vector<Hash> peaks_;
};

// Returns the hash of a complete subtree.
using NodeSource = std::function<Result<Hash>(int level, std::uint64_t index)>;

Result<Hash> root_of(std::uint64_t size, const NodeSource& node);
// Ordered from the leaf's sibling up to the root. Errors: bad_input (no such leaf), and the source's.
Result<std::vector<Hash>> prove_inclusion(std::uint64_t index, std::uint64_t size, const NodeSource& node);
// Proves that the tree of `from` leaves is a prefix of the tree of `to`. Errors: bad_input (from > to), and the source's.
Result<std::vector<Hash>> prove_consistency(std::uint64_t from, std::uint64_t to, const NodeSource& node);

bool check_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size, const std::vector<Hash>& proof,
                     const Hash& root);
bool check_consistency(std::uint64_t from, const Hash& from_root, std::uint64_t to, const Hash& to_root,
                       const std::vector<Hash>& proof);

}  // namespace gapura
