// SPDX-License-Identifier: Apache-2.0
#include "gateway/record/verify.h"

#include <algorithm>
#include <chrono>

#include "gateway/record/checkpoint_signer.h"
#include "gateway/record/verify_tree.h"

namespace gapura::gateway {
namespace {

using Steady = std::chrono::steady_clock;

struct StoredCheckpoint {
  std::string origin, note;
  std::uint64_t size = 0;
};

Result<std::int64_t> integer_of(const Database& db, std::string_view sql) {
  auto row = TRY(db.prepare(sql));
  TRY(row.step());
  return row.integer(0);
}

Result<std::vector<StoredCheckpoint>> load_checkpoints(const Database& db) {
  auto rows = TRY(db.prepare("SELECT origin, size, note FROM checkpoint ORDER BY number"));
  std::vector<StoredCheckpoint> all;
  for (;;) {
    const auto more = TRY(rows.step());
    if (!more) return all;
    all.push_back({rows.text(0), rows.blob(2), static_cast<std::uint64_t>(rows.integer(1))});
  }
}

// The keys in the order in which they came into force, and how far each has vouched for the next.
class KeyChain {
 public:
  KeyChain(const TreeFacts& facts, const VerifyRequest& request, VerifyReport& report, RecordFindings& findings)
      : findings_(findings) {
    for (const auto& key : facts.keys) {
      const auto parsed = parse_verifier_key(key.vkey);
      if (!parsed) {
        findings_.add("key", key.number, "the announced key is none");
        continue;
      }
      const bool continued =
          std::find(facts.continuations.begin(), facts.continuations.end(), key.number - 1) != facts.continuations.end();
      if (continued)
        report.notices.push_back("entry " + std::to_string(key.number - 1) +
                                 ": an officer went on from an older file, as " + parsed->name);
      if (!keys_.empty() && parsed->name != keys_.back().key.name && !continued)
        findings_.add("key", key.number, "a key of another log is announced without an officer's act");
      keys_.push_back({key.number, *parsed, continued || keys_.empty()});
    }
    if (keys_.empty()) return;
    const auto& trusted = request.trusted;
    const bool known = std::any_of(keys_.begin(), keys_.end(), [&](const Link& link) {
      return std::find(trusted.begin(), trusted.end(), link.key) != trusted.end();
    });
    if (trusted.empty()) {
      report.notices.push_back("no key from elsewhere was given (--vkey): the journal was checked against its own, " +
                               keys_.front().key.text());
    } else if (!known) {
      findings_.add("key", keys_.front().number, "none of the given keys is announced in this journal");
    }
  }

  // Checks the signature on a checkpoint; called in the order in which they were made.
  void judge(const StoredCheckpoint& stored) {
    std::vector<VerifierKey> announced;
    for (const auto& link : keys_)
      if (link.number < stored.size) announced.push_back(link.key);
    const auto opened = open_note(stored.note, announced);
    if (!opened)
      return findings_.add("checkpoint", stored.size,
                           "the checkpoint at " + std::to_string(stored.size) + " entries: " + opened.error().message);
    std::size_t signer = 0;
    while (!(keys_[signer].key == opened->by)) ++signer;
    if (signer < newest_)
      return findings_.add(
          "key", stored.size,
          "the checkpoint at " + std::to_string(stored.size) + " entries is signed with a key that had been replaced");
    for (; newest_ < signer; ++newest_)
      if (!keys_[newest_ + 1].vouched)
        findings_.add("key", keys_[newest_ + 1].number,
                      "no checkpoint of the key before it covers the announcement of this key");
    // This key vouches for the keys that its tree announces.
    for (std::size_t i = signer + 1; i < keys_.size() && keys_[i].number < stored.size; ++i) keys_[i].vouched = true;
  }
  std::vector<VerifierKey> all() const {
    std::vector<VerifierKey> keys;
    for (const auto& link : keys_) keys.push_back(link.key);
    return keys;
  }

 private:
  struct Link {
    std::uint64_t number;
    VerifierKey key;
    bool vouched;
  };
  std::vector<Link> keys_;
  std::size_t newest_ = 0;
  RecordFindings& findings_;
};

void judge_checkpoint(const StoredCheckpoint& stored, const TreeFacts& facts, KeyChain& chain, RecordFindings& findings) {
  const std::string which = "the checkpoint at " + std::to_string(stored.size) + " entries";
  const auto checkpoint = parse_checkpoint_note(stored.note);
  if (!checkpoint) return findings.add("checkpoint", stored.size, which + ": " + checkpoint.error().message);
  if (checkpoint->size != stored.size || checkpoint->origin != stored.origin)
    return findings.add("checkpoint", stored.size, which + " says another size or origin than its row");
  const auto root = std::lower_bound(facts.roots.begin(), facts.roots.end(), stored.size,
                                     [](const auto& one, std::uint64_t size) { return one.first < size; });
  if (root == facts.roots.end() || root->first != stored.size)
    return findings.add("checkpoint", stored.size, which + " covers more entries than there are");
  if (root->second != checkpoint->root)
    findings.add("checkpoint", stored.size, which + " has another root than the journal");
  chain.judge(stored);
}

// A checkpoint kept elsewhere: the file may have grown since, but must not be another one.
void judge_outside(const std::string& note, const TreeFacts& facts, const std::vector<VerifierKey>& known,
                   RecordFindings& findings) {
  const auto opened = open_note(note, known);
  const auto checkpoint = opened ? parse_checkpoint(opened->text) : Result<Checkpoint>(tl::unexpected(opened.error()));
  if (!checkpoint) return findings.add("outside", 0, "the checkpoint from elsewhere: " + checkpoint.error().message);
  const std::string which = "the checkpoint from elsewhere (" + std::to_string(checkpoint->size) + " entries)";
  const auto root = std::lower_bound(facts.roots.begin(), facts.roots.end(), checkpoint->size,
                                     [](const auto& one, std::uint64_t size) { return one.first < size; });
  if (root == facts.roots.end() || root->first != checkpoint->size)
    return findings.add("outside", checkpoint->size, which + " covers more entries than there are: this is an older file");
  if (root->second != checkpoint->root)
    findings.add("outside", checkpoint->size, which + " has another root: this is not the journal that was signed");
}

constexpr const char* triggers[] = {"entry_is_never_changed", "entry_is_never_deleted",      "tree_is_never_changed",
                                    "tree_is_never_deleted",  "checkpoint_is_never_changed", "checkpoint_is_never_deleted"};

Status check_schema(const Database& db, RecordFindings& findings) {
  for (const char* name : triggers) {
    const auto there = TRY(
        integer_of(db, "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND name = '" + std::string(name) + "'"));
    if (there != 1) findings.add("schema", 0, std::string("the trigger ") + name + " is missing");
  }
  return {};
}

}  // namespace

Result<VerifyReport> verify_journal(const VerifyRequest& request) {
  const auto began = Steady::now();
  const auto seconds = [](auto from) { return std::chrono::duration<double>(Steady::now() - from).count(); };
  auto db = TRY(Database::open_archive(request.database));
  RecordFindings findings;
  VerifyReport report;
  // Checkpoints first: on a live file, entries that arrive meanwhile are left out rather than reported as missing.
  const auto checkpoints = TRY(load_checkpoints(db));
  const auto entries = TRY(integer_of(db, "SELECT coalesce(max(number) + 1, 0) FROM entry"));
  TRY(check_schema(db, findings));
  report.entries = static_cast<std::uint64_t>(entries);

  std::vector<std::uint64_t> sizes;
  sizes.reserve(checkpoints.size());
  for (const auto& one : checkpoints) sizes.push_back(one.size);
  for (const auto& note : request.outside)
    if (const auto parsed = parse_checkpoint_note(note)) sizes.push_back(parsed->size);
  std::sort(sizes.begin(), sizes.end());
  sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
  std::erase_if(sizes, [&](std::uint64_t size) { return size == 0 || size > report.entries; });
  auto facts = TRY(verify_tree(request.database, report.entries, sizes, request.threads));
  const auto beyond = TRY(integer_of(db, "SELECT count(*) FROM tree WHERE number >= " + std::to_string(report.entries)));
  const auto now = integer_of(db, "SELECT coalesce(max(number) + 1, 0) FROM entry");
  if (beyond != 0 && now && *now == entries)
    facts.findings.add("node", report.entries, "the tree has nodes for entries that there are not");
  findings.add(facts.findings);
  report.root = facts.root;

  KeyChain chain(facts, request, report, findings);
  for (const auto& one : checkpoints) judge_checkpoint(one, facts, chain, findings);
  std::vector<VerifierKey> known = chain.all();
  known.insert(known.end(), request.trusted.begin(), request.trusted.end());
  for (const auto& note : request.outside) judge_outside(note, facts, known, findings);
  report.checkpoints = checkpoints.size();
  report.outside = request.outside.size();
  if (!checkpoints.empty()) report.origin = checkpoints.back().origin, report.signed_size = checkpoints.back().size;
  if (report.signed_size < report.entries)
    report.notices.push_back(std::to_string(report.entries - report.signed_size) +
                             " entries at the end are not signed yet");
  report.tree_seconds = seconds(began);

  if (request.site && !request.tree_only) {
    const auto fold_began = Steady::now();
    TRY(verify_fold(db, report.entries, *request.site, findings));
    report.folded = true;
    report.fold_seconds = seconds(fold_began);
  }
  report.findings = std::move(findings.first);
  report.findings_count = findings.count;
  return report;
}

}  // namespace gapura::gateway
