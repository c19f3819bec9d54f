// SPDX-License-Identifier: Apache-2.0
// Our proofs, checkpoints and tiles before Go's checksum database libraries (verifier/main.go), which share no line with
// us.
#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "drivers/base64.h"
#include "gateway/record/checkpoint_signer.h"
#include "gateway/record/proof.h"
#include "support/child_process.h"
#include "support/signed_site.h"
#include "support/skip.h"

using namespace gapura;
using namespace gapura::gateway;
using namespace gapura::tests;

namespace {

const std::string verifier = GAPURA_BINARY_DIR "/tests/record_verifier";

bool is_there() { return std::filesystem::exists(verifier); }
constexpr const char* missing = "golang-go and golang-golang-x-mod-dev are not installed";

struct Verdict {
  int code;
  std::string said;
};
Verdict ask(const TemporaryFolder& folder, std::vector<std::string> words) {
  words.insert(words.begin(), verifier);
  ChildProcess child(std::move(words), folder / "said");
  const int code = child.wait();
  return {code, child.output()};
}

std::string line_of(const std::vector<Hash>& proof) {
  std::string text;
  for (const Hash& hash : proof) text += " " + to_base64(hash);
  return text + "\n";
}

}  // namespace

TEST_CASE("Go accepts every inclusion and consistency proof of every tree to 1,000 leaves") {
  if (!is_there()) SKIP_TEST(missing);
  const TemporaryFolder folder;
  constexpr std::uint64_t most = 1000;
  // The nodes as the tables would give them, so that a million proofs cost no reading.
  std::vector<std::vector<Hash>> nodes(11);
  const NodeSource node = [&](int level, std::uint64_t index) -> Result<Hash> {
    return nodes.at(static_cast<std::size_t>(level)).at(index);
  };
  MerkleEdge edge;
  {
    std::ofstream file(folder / "pairs");
    for (std::uint64_t size = 1; size <= most; ++size) {
      const std::string leaf = "{\"v\":1,\"i\":" + std::to_string(size - 1) + "}\n";
      std::size_t level = 0;
      nodes[0].push_back(leaf_hash(leaf));
      edge.append(leaf_hash(leaf), [&](const Hash& hash) { nodes[++level].push_back(hash); });
      file << "leaf " << to_base64(leaf) << "\nroot " << size << ' ' << to_base64(edge.root()) << '\n';
      for (std::uint64_t i = 0; i < size; ++i) file << "i " << i << ' ' << size << line_of(*prove_inclusion(i, size, node));
      for (std::uint64_t from = 1; from <= size; ++from)
        file << "c " << from << ' ' << size << line_of(*prove_consistency(from, size, node));
    }
  }
  const Verdict verdict = ask(folder, {"pairs", folder / "pairs"});
  CHECK(verdict.code == 0);
  CHECK(verdict.said == "500500 inclusion and 500500 consistency proofs accepted\n");
}

TEST_CASE("Go reads an exported archive, before and after the key was changed and the journal went on") {
  if (!is_there()) SKIP_TEST(missing);
  SignedSite site;
  site.fill(600);
  site.close();
  const std::string archive = site.folder / "archive";
  const auto exported = [&] {
    auto db = Database::open_reader(site.folder / "gapura.db");
    const auto newest = find_checkpoint(*db);
    REQUIRE(newest);
    const auto done = export_tiles(*db, archive, newest->note);
    REQUIRE(done);
    return done->entries;
  };
  const auto first = exported();
  CHECK(first > 600);
  const Verdict before = ask(site.folder, {"archive", archive});
  CHECK(before.said == std::to_string(first) + " entries in the signed tree\n");
  CHECK(before.code == 0);

  site.clock.pass(std::chrono::days(31));
  site.open();
  site.fill(2'000);
  site.close();
  const auto second = exported();
  std::filesystem::remove(site.folder / "said");
  const Verdict after = ask(site.folder, {"archive", archive});
  CHECK(after.said == std::to_string(second) + " entries in the signed tree\n");
  CHECK(std::filesystem::exists(archive + "/tile/1/000.p/" + std::to_string(second >> 8)));

  // A byte of a tile, and of an entry, is not let through.
  for (const char* file : {"/tile/0/000", "/tile/entries/001"}) {
    std::fstream tile(archive + file, std::ios::in | std::ios::out | std::ios::binary);
    tile.seekp(70);
    const char old = static_cast<char>(tile.get());
    tile.seekp(70);
    tile.put(static_cast<char>(old ^ 1));
    tile.close();
    CHECK(ask(site.folder, {"archive", archive}).code != 0);
    std::fstream back(archive + file, std::ios::in | std::ios::out | std::ios::binary);
    back.seekp(70);
    back.put(old);
  }
}

TEST_CASE("Go accepts a tlog-proof of an entry, and not for another leaf") {
  if (!is_there()) SKIP_TEST(missing);
  SignedSite site;
  site.fill(40);
  site.close();
  auto db = Database::open_reader(site.folder / "gapura.db");
  const auto newest = find_checkpoint(*db, 18);
  const auto proof = prove_entry(*db, 17, newest->note);
  REQUIRE(proof);
  const auto keys = announced_keys(*db);
  auto leaf = db->prepare("SELECT leaf FROM entry WHERE number = 17");
  REQUIRE(*leaf->step());
  std::ofstream(site.folder / "proof") << *proof;
  std::ofstream(site.folder / "leaf") << leaf->blob(0);
  const Verdict good = ask(site.folder, {"proof", site.folder / "proof", keys->front().text, site.folder / "leaf"});
  CHECK(good.code == 0);
  CHECK(good.said == "the leaf is in the signed tree of " + std::to_string(newest->size) + "\n");
  std::ofstream(site.folder / "leaf", std::ios::app) << "x";
  CHECK(ask(site.folder, {"proof", site.folder / "proof", keys->front().text, site.folder / "leaf"}).code != 0);
  CHECK(prove_entry(*db, newest->size, newest->note).error().kind == ErrorKind::bad_input);
}
