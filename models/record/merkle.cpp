// SPDX-License-Identifier: Apache-2.0
#include "models/record/merkle.h"

#include <bit>

namespace gapura {
namespace {

// The largest power of two below n (n >= 2): where RFC 6962 splits a tree of n leaves.
std::uint64_t split_of(std::uint64_t n) { return std::bit_floor(n - 1); }

// The hash over the leaves from .. from + count - 1, where `from` is a multiple of the power of two at or above `count`.
Result<Hash> hash_of(std::uint64_t from, std::uint64_t count, const NodeSource& node) {
  if (std::has_single_bit(count)) {
    const int level = std::countr_zero(count);
    return node(level, from >> level);
  }
  const std::uint64_t split = split_of(count);
  auto left = TRY(hash_of(from, split, node));
  auto right = TRY(hash_of(from + split, count - split, node));
  return node_hash(left, right);
}

Status take(std::vector<Hash>& proof, std::uint64_t from, std::uint64_t count, const NodeSource& node) {
  auto hash = TRY(hash_of(from, count, node));
  proof.push_back(hash);
  return {};
}

// RFC 6962's PATH over `count` leaves beginning at `from`.
Status path(std::vector<Hash>& proof, std::uint64_t index, std::uint64_t from, std::uint64_t count,
            const NodeSource& node) {
  if (count == 1) return {};
  const std::uint64_t split = split_of(count);
  const bool in_left = index < split;
  TRY(in_left ? path(proof, index, from, split, node) : path(proof, index - split, from + split, count - split, node));
  return in_left ? take(proof, from + split, count - split, node) : take(proof, from, split, node);
}

// RFC 6962's SUBPROOF. `known`: the verifier has the old tree's hash of exactly these leaves.
Status subproof(std::vector<Hash>& proof, std::uint64_t old, std::uint64_t from, std::uint64_t count, bool known,
                const NodeSource& node) {
  if (old == count) return known ? Status{} : take(proof, from, count, node);
  const std::uint64_t split = split_of(count);
  if (old <= split) {
    TRY(subproof(proof, old, from, split, known, node));
    return take(proof, from + split, count - split, node);
  }
  TRY(subproof(proof, old - split, from + split, count - split, false, node));
  return take(proof, from, split, node);
}

}  // namespace

Hash leaf_hash(std::string_view leaf) { return sha256({std::string_view("\0", 1), leaf}); }
Hash node_hash(const Hash& left, const Hash& right) { return sha256({"\1", as_bytes(left), as_bytes(right)}); }

Hash MerkleEdge::root() const {
  if (peaks_.empty()) return sha256("");
  Hash hash = peaks_.back();
  for (auto peak = peaks_.rbegin() + 1; peak != peaks_.rend(); ++peak) hash = node_hash(*peak, hash);
  return hash;
}

Hash MerkleEdge::root_with(const Hash& tail) const {
  Hash hash = tail;
  for (auto peak = peaks_.rbegin(); peak != peaks_.rend(); ++peak) hash = node_hash(*peak, hash);
  return hash;
}

Result<Hash> root_of(std::uint64_t size, const NodeSource& node) {
  if (size == 0) return sha256("");
  return hash_of(0, size, node);
}

Result<std::vector<Hash>> prove_inclusion(std::uint64_t index, std::uint64_t size, const NodeSource& node) {
  if (index >= size) return fail(ErrorKind::bad_input, "there is no such leaf in a tree of this size");
  std::vector<Hash> proof;
  TRY(path(proof, index, 0, size, node));
  return proof;
}

Result<std::vector<Hash>> prove_consistency(std::uint64_t from, std::uint64_t to, const NodeSource& node) {
  if (from > to) return fail(ErrorKind::bad_input, "the earlier tree cannot be the larger one");
  std::vector<Hash> proof;
  if (from == 0 || from == to) return proof;
  TRY(subproof(proof, from, 0, to, true, node));
  return proof;
}

// RFC 9162, section 2.1.3.2.
bool check_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size, const std::vector<Hash>& proof,
                     const Hash& root) {
  if (index >= size) return false;
  std::uint64_t position = index, last = size - 1;
  Hash hash = leaf;
  for (const Hash& sibling : proof) {
    if (last == 0) return false;
    if ((position & 1) != 0 || position == last) {
      hash = node_hash(sibling, hash);
      while ((position & 1) == 0 && position != 0) position >>= 1, last >>= 1;
    } else {
      hash = node_hash(hash, sibling);
    }
    position >>= 1, last >>= 1;
  }
  return last == 0 && hash == root;
}

// RFC 9162, section 2.1.4.2.
bool check_consistency(std::uint64_t from, const Hash& from_root, std::uint64_t to, const Hash& to_root,
                       const std::vector<Hash>& proof) {
  if (from > to) return false;
  if (from == to) return proof.empty() && from_root == to_root;
  if (from == 0) return proof.empty() && from_root == sha256("");
  auto next = proof.begin();
  std::uint64_t position = from - 1, last = to - 1;
  while ((position & 1) != 0) position >>= 1, last >>= 1;
  Hash old_hash = from_root;
  if (!std::has_single_bit(from)) {
    if (next == proof.end()) return false;
    old_hash = *next++;
  }
  Hash new_hash = old_hash;
  for (; next != proof.end(); ++next) {
    if (last == 0) return false;
    if ((position & 1) != 0 || position == last) {
      old_hash = node_hash(*next, old_hash);
      new_hash = node_hash(*next, new_hash);
      while ((position & 1) == 0 && position != 0) position >>= 1, last >>= 1;
    } else {
      new_hash = node_hash(new_hash, *next);
    }
    position >>= 1, last >>= 1;
  }
  return last == 0 && old_hash == from_root && new_hash == to_root;
}

}  // namespace gapura
