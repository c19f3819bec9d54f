// SPDX-License-Identifier: Apache-2.0
// The tree against published roots and, for small trees, against the definition. A verifier that is none of ours judges the
// proofs in tests/gateway/record.
#include "models/record/merkle.h"

#include <catch2/catch.hpp>

using namespace gapura;

namespace {

// Certificate Transparency's reference leaves and the roots of their first 1 … 8.
const std::vector<std::string> leaves{std::string(),
                                      std::string(1, '\0'),
                                      "\x10",
                                      "\x20\x21",
                                      "\x30\x31",
                                      "\x40\x41\x42\x43",
                                      "\x50\x51\x52\x53\x54\x55\x56\x57",
                                      "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"};
const char* const roots[] = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                             "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                             "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                             "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                             "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                             "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                             "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                             "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

Hash leaf_of(std::uint64_t i) { return leaf_hash("leaf " + std::to_string(i)); }

Result<Hash> node_of(int level, std::uint64_t index) {
  if (level == 0) return leaf_of(index);
  return node_hash(*node_of(level - 1, 2 * index), *node_of(level - 1, 2 * index + 1));
}

}  // namespace

TEST_CASE("the tree has the published roots") {
  MerkleEdge edge;
  CHECK(edge.root() == sha256(""));
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    edge.append(leaf_hash(leaves[i]));
    const Hash root = edge.root();
    CHECK(to_hex(as_bytes(root)) == roots[i]);
  }
}

TEST_CASE("every proof of a small tree is accepted, and none for another leaf, place, size or root") {
  std::vector<Hash> root(1, sha256(""));
  MerkleEdge edge;
  for (std::uint64_t size = 1; size <= 40; ++size) {
    edge.append(leaf_of(size - 1));
    root.push_back(edge.root());
    REQUIRE(*root_of(size, node_of) == edge.root());
    for (std::uint64_t i = 0; i < size; ++i) {
      auto proof = *prove_inclusion(i, size, node_of);
      REQUIRE(check_inclusion(leaf_of(i), i, size, proof, root[size]));
      REQUIRE_FALSE(check_inclusion(leaf_of(i + 1), i, size, proof, root[size]));
      REQUIRE_FALSE(check_inclusion(leaf_of(i), i ^ 1, size, proof, root[size]));
      REQUIRE_FALSE(check_inclusion(leaf_of(i), i, size, proof, root[size - 1]));
      for (auto& hash : proof) {
        hash[7] ^= 1;
        REQUIRE_FALSE(check_inclusion(leaf_of(i), i, size, proof, root[size]));
        hash[7] ^= 1;
      }
      proof.push_back(root[0]);
      REQUIRE_FALSE(check_inclusion(leaf_of(i), i, size, proof, root[size]));
    }
    for (std::uint64_t from = 0; from <= size; ++from) {
      auto proof = *prove_consistency(from, size, node_of);
      REQUIRE(check_consistency(from, root[from], size, root[size], proof));
      if (from == size) continue;
      REQUIRE_FALSE(check_consistency(from, root[from + 1], size, root[size], proof));
      if (from == 0) continue;
      REQUIRE_FALSE(check_consistency(from, root[from], size, root[size - 1], proof));
      for (auto& hash : proof) {
        hash[0] ^= 0x80;
        REQUIRE_FALSE(check_consistency(from, root[from], size, root[size], proof));
        hash[0] ^= 0x80;
      }
      proof.push_back(root[0]);
      REQUIRE_FALSE(check_consistency(from, root[from], size, root[size], proof));
    }
  }
  CHECK(prove_inclusion(40, 40, node_of).error().kind == ErrorKind::bad_input);
  CHECK(prove_consistency(41, 40, node_of).error().kind == ErrorKind::bad_input);
}
