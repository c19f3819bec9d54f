// SPDX-License-Identifier: Apache-2.0
// `gapura log verify` against a person who can change the file: every byte, row and order.
#include "gateway/record/verify.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "gateway/record/checkpoint_signer.h"
#include "gateway/record/continue_journal.h"
#include "gateway/record/leaf_scan.h"
#include "gateway/record/proof.h"
#include "support/signed_site.h"

using namespace gapura;
using namespace gapura::gateway;
using namespace gapura::tests;

namespace {

namespace fs = std::filesystem;

VerifyReport verified(const std::string& file, std::vector<std::string> outside = {}, const SiteConfig* site = nullptr,
                      std::vector<VerifierKey> trusted = {}) {
  const auto report = verify_journal({file, std::move(trusted), std::move(outside), site, 1, false});
  if (!report) FAIL(report.error().message);
  return *report;
}

std::string said(const VerifyReport& report) {
  std::string text;
  for (const auto& one : report.findings) text += one.kind + " " + std::to_string(one.entry) + ": " + one.what + "\n";
  return text;
}

// A day with visits, a grant, two checkpoints and words that need escapes.
void play(SignedSite& site) {
  const Reply guest = *site.ask(RegisterVisit{"Tamu Contoh 01", "", "", "uji", "pimpinan", "general", ""});
  REQUIRE(site.ask(AskAide{VisitId(guest.id)}));
  REQUIRE(site.ask(StartShift{}));
  REQUIRE(site.ask(IssueBadge{VisitId(guest.id), "", 0}));
  REQUIRE(site.ask(Panic{"pos timur", false}));
  site.core->handle(DeviceHealth{DeviceHealth::Kind::camera, "pos \"timur\" \\ 1", false, "", site.clock.now_.boot});
  site.fill(8);
}

// The file in the hands of a person who knows SQL: without triggers, one change, undone by rolling back.
class Forger {
 public:
  explicit Forger(const SignedSite& site) : file_(site.folder / "forged.db") {
    fs::copy_file(site.file(), file_);
    db_.emplace(*Database::open_writer(file_));
    REQUIRE(db_->execute("PRAGMA foreign_keys = OFF; PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF"));
    // The verifier says that triggers are missing; here only what else it says counts.
    for (const char* table : {"entry", "tree", "checkpoint"})
      for (const char* what : {"changed", "deleted"})
        REQUIRE(db_->execute("DROP TRIGGER " + std::string(table) + "_is_never_" + what));
  }
  // True when the verifier finds something besides the missing triggers.
  bool caught(const std::string& sql, const std::string& undo, const std::vector<std::string>& outside = {}) {
    if (const auto done = db_->execute(sql); !done) FAIL(sql << ": " << done.error().message);
    const auto report = verified(file_, outside);
    if (const auto done = db_->execute(undo); !done) FAIL(undo << ": " << done.error().message);
    last_ = said(report);
    return std::any_of(report.findings.begin(), report.findings.end(),
                       [](const RecordFinding& one) { return one.kind != "schema"; });
  }
  const std::string& last() const { return last_; }
  Database& db() { return *db_; }
  const std::string& file() const { return file_; }

 private:
  std::string file_, last_;
  std::optional<Database> db_;
};

}  // namespace

TEST_CASE("an untouched record is sound, with its tables folded again") {
  SignedSite site;
  play(site);
  site.close();
  const SiteConfig config = demo_site();
  const auto report = verified(site.file(), {site.text_of("log/checkpoint")}, &config);
  INFO(said(report));
  CHECK(report.sound());
  CHECK(report.folded);
  CHECK(report.signed_size == report.entries);
  CHECK(report.checkpoints >= 3);
  CHECK(report.notices.size() == 1);  // that no key from elsewhere was given
  const std::string vkey = site.text_of("log/verifier");
  CHECK(verified(site.file(), {}, nullptr, {*parse_verifier_key(vkey.substr(0, vkey.size() - 1))}).notices.empty());
  CHECK_FALSE(verified(site.file(), {}, nullptr, {SigningKey::make("gapura.contoh/log1").verifier()}).sound());
}

TEST_CASE("every byte of every leaf, node and checkpoint that is changed is found") {
  SignedSite site;
  play(site);
  site.close();
  Forger forger(site);
  CHECK_FALSE(forger.caught("SELECT 1", "SELECT 1"));
  std::size_t changes = 0;
  for (const auto& [table, column, key] :
       {std::tuple{"entry", "leaf", "number"}, {"tree", "nodes", "number"}, {"checkpoint", "note", "number"}}) {
    std::vector<std::pair<std::string, std::string>> rows;
    {
      auto read = forger.db().prepare(std::string("SELECT ") + key + ", " + column + " FROM " + table + " ORDER BY 1");
      while (*read->step()) rows.emplace_back(std::to_string(read->integer(0)), read->blob(1));
    }
    for (const auto& [number, bytes] : rows) {
      const std::string update = std::string("UPDATE ") + table + " SET " + column + " = x'";
      const std::string where = "' WHERE " + std::string(key) + " = " + number;
      for (std::size_t i = 0; i < bytes.size(); ++i, ++changes) {
        std::string changed = bytes;
        changed[i] = static_cast<char>(changed[i] ^ (1 << (i % 8)));
        const bool caught = forger.caught(update + to_hex(changed) + where, update + to_hex(bytes) + where);
        if (!caught) FAIL_CHECK(table << ' ' << number << ", byte " << i << " changed, and it was not found");
      }
    }
  }
  WARN(changes << " changed bytes found");
  CHECK(changes > 5000);
}

TEST_CASE("every deleted, added, swapped or renumbered row is found") {
  SignedSite site;
  play(site);
  site.close();
  const std::string outside = site.text_of("log/checkpoint");
  Forger forger(site);
  const int entries = std::stoi(site.one("SELECT count(*) FROM entry"));
  const std::string copy = site.folder / "copy.db";
  const auto tampers = [&](const std::string& sql) {
    fs::copy_file(forger.file(), copy, fs::copy_options::overwrite_existing);
    {
      auto db = Database::open_writer(copy);
      REQUIRE(db->execute("PRAGMA foreign_keys = OFF; PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF"));
      if (const auto done = db->execute(sql); !done) FAIL(sql << ": " << done.error().message);
    }
    const auto report = verified(copy, {outside});
    const bool caught = std::any_of(report.findings.begin(), report.findings.end(),
                                    [](const RecordFinding& one) { return one.kind != "schema"; });
    if (!caught) FAIL_CHECK(sql << ": it was not found");
  };
  for (int i = 0; i < entries; ++i) {
    const std::string n = std::to_string(i);
    tampers("DELETE FROM entry WHERE number = " + n);
    tampers("DELETE FROM entry WHERE number = " + n + "; UPDATE entry SET number = number - 1 WHERE number > " + n);
    if (i % 2 == 1) tampers("DELETE FROM tree WHERE number = " + n);
    if (i + 1 < entries) {
      const std::string next = std::to_string(i + 1);
      tampers("UPDATE entry SET number = 1000000 WHERE number = " + n + "; UPDATE entry SET number = " + n +
              " WHERE number = " + next + "; UPDATE entry SET number = " + next + " WHERE number = 1000000");
    }
    // The end cut off, with its nodes and all checkpoints that cover it.
    if (i > 0)
      tampers("DELETE FROM entry WHERE number >= " + n + "; DELETE FROM tree WHERE number >= " + n +
              "; DELETE FROM checkpoint WHERE size > " + n);
  }
  tampers(
      "DELETE FROM checkpoint WHERE number = (SELECT max(number) FROM checkpoint); DELETE FROM entry WHERE number = "
      "(SELECT max(number) FROM entry)");
  tampers("INSERT INTO tree VALUES (1000001, zeroblob(32))");
  tampers(
      "INSERT INTO entry SELECT number + 1, utc, boot, type, point, actor, visit, badge, ref, leaf FROM entry ORDER BY "
      "number DESC LIMIT 1");
  for (const char* column : {"utc = utc + 1", "boot = boot - 1", "type = 'access_granted'", "point = 'door.in'",
                             "actor = 'u-x'", "visit = 'v-x'", "badge = 'b-x'", "ref = 1"})
    tampers(std::string("UPDATE entry SET ") + column + " WHERE number = 9");
  tampers("UPDATE checkpoint SET size = size - 1 WHERE number = 1");
  tampers("UPDATE checkpoint SET origin = 'gapura.lain/log1' WHERE number = 1");
}

TEST_CASE("a state table that says something else than the journal is found") {
  SignedSite site;
  play(site);
  site.close();
  const SiteConfig config = demo_site();
  for (const char* sql :
       {"UPDATE visit SET approval = 'accepted'", "UPDATE badge SET state = 'active', uses = 7", "DELETE FROM alarm",
        "DELETE FROM badge", "UPDATE site_fact SET value = '1 attended' WHERE key = 'shift'"}) {
    const std::string file = site.folder / "tables.db";
    fs::copy_file(site.file(), file, fs::copy_options::overwrite_existing);
    REQUIRE(Database::open_writer(file)->execute(sql));
    const auto report = verified(file, {}, &config);
    INFO(sql);
    CHECK_FALSE(report.sound());
    for (const auto& one : report.findings) CHECK(one.kind == "table");
  }
}

TEST_CASE("a key that the one before does not vouch for, and a replaced key that goes on signing, are found") {
  SignedSite site;
  site.fill(5);
  const std::string old_key = site.text_of("log/signing.key");
  site.clock.pass(std::chrono::days(31));
  site.fill(300);
  site.close();
  REQUIRE(verified(site.file()).sound());
  const auto old = SigningKey::parse(old_key.substr(0, old_key.size() - 1));
  Forger forger(site);
  // The last checkpoint signed with the destroyed key, as if a copy had been kept.
  const auto newest = *find_checkpoint(forger.db());
  const std::string text = to_text(*parse_checkpoint_note(newest.note));
  const std::string update = "UPDATE checkpoint SET note = x'";
  const std::string where = "' WHERE number = (SELECT max(number) FROM checkpoint)";
  CHECK(forger.caught(update + to_hex(old->sign(text)) + where, update + to_hex(newest.note) + where));
  CHECK(forger.last().find("replaced") != std::string::npos);
  // The checkpoints with which the first key vouches for the second are taken out.
  CHECK(forger.caught(
      "DELETE FROM checkpoint WHERE size BETWEEN 1 AND (SELECT max(number) + 1 FROM entry WHERE type = 'log_key_changed')",
      "SELECT 1"));
}

TEST_CASE("a journal that an officer continued is sound and says so; the other branch is not this one") {
  SignedSite site;
  REQUIRE(site.ask(AddUser{"Petugas Contoh", Role::admin, "$argon2id$x", true}));
  site.put_older_file_back();
  const std::string other = site.text_of("log/checkpoint");
  REQUIRE(continue_journal(site.folder.path(), "contoh", {"Petugas Contoh", "uji"}, site.clock.now(), "boot0002"));
  site.open();
  site.fill(100);
  site.close();
  const auto report = verified(site.file(), {site.text_of("log/checkpoint")});
  INFO(said(report));
  CHECK(report.sound());
  CHECK(report.origin == "gapura.contoh/log2");
  CHECK(report.notices.front().find("officer") != std::string::npos);
  CHECK_FALSE(verified(site.file(), {other}).sound());
}

TEST_CASE("every leaf that is written is a version 1 leaf to the byte, and nothing else is") {
  SignedSite site;
  play(site);
  site.close();
  auto reader = Database::open_reader(site.file());
  auto rows = reader->prepare("SELECT leaf, utc FROM entry");
  while (*rows->step()) {
    const std::string leaf = rows->blob(0);
    INFO(leaf);
    const auto fields = scan_leaf(leaf);
    REQUIRE(fields);
    CHECK(fields->utc == rows->integer(1));
    for (const std::string& other : {leaf.substr(0, leaf.size() - 1), leaf + "\n", " " + leaf, leaf.substr(1)})
      CHECK_FALSE(scan_leaf(other));
  }
  const std::string good =
      R"({"v":1,"i":7,"ts":"2026-01-31T08:15:02.123+07:00","bt":5,"boot":"b","cq":"ok","typ":"t","pt":null,"act":"a","sub":null,"bdg":null,"ref":null,"d":{"a":[],"b":["x"],"c":-1,"e":true}})"
      "\n";
  REQUIRE(scan_leaf(good));
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    return text.replace(text.find(from), from.size(), to);
  };
  for (const auto& [from, to] : {std::pair{"\"v\":1", "\"v\":2"},
                                 {"\"i\":7", "\"i\":07"},
                                 {"\"i\":7", "\"i\":-7"},
                                 {"\"c\":-1", "\"c\":-0"},
                                 {"\"c\":-1", "\"c\":1.5"},
                                 {"\"c\":-1", "\"c\":1e3"},
                                 {"\"c\":-1", "\"c\":null"},
                                 {"\"c\":-1", "\"c\":{}"},
                                 {"[\"x\"]", "[1]"},
                                 {",\"e\"", ", \"e\""},
                                 {"+07:00", "Z"},
                                 {"01-31T", "02-31T"},
                                 {"\"a\":[]", "\"a\":[],"},
                                 {"\"act\":\"a\"", "\"act\":null"},
                                 {"\"b\",\"cq\"", "\"\\u0041\",\"cq\""}})
    CHECK_FALSE(scan_leaf(with(from, to)));
  CHECK(scan_leaf(with("\"boot\":\"b\"", "\"boot\":\"\\u001f\\\"\\\\\"")));
}
