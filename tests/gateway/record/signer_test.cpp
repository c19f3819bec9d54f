// SPDX-License-Identifier: Apache-2.0
#include <sqlite3.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "gateway/journal/schema.h"
#include "gateway/record/checkpoint_signer.h"
#include "gateway/record/continue_journal.h"
#include "gateway/record/proof.h"
#include "support/signed_site.h"

using namespace gapura;
using namespace gapura::gateway;
using namespace gapura::tests;

namespace {

namespace fs = std::filesystem;

std::uint64_t signed_size(const SignedSite& site) {
  const std::string size = site.one("SELECT max(size) FROM checkpoint");
  return size.empty() ? 0 : std::stoull(size);
}
std::string count(const SignedSite& site) { return site.one("SELECT count(*) FROM checkpoint"); }

void add_admin(SignedSite& site) { REQUIRE(site.ask(AddUser{"Petugas Contoh", Role::admin, "$argon2id$x", true})); }

}  // namespace

TEST_CASE("the start is signed before anything is granted, and the first key is in the record") {
  SignedSite site;
  CHECK(signed_size(site) == site.core->journal().size());
  const std::string note = site.text_of("log/checkpoint");
  const auto verifier = parse_verifier_key(site.text_of("log/verifier").substr(0, site.text_of("log/verifier").size() - 1));
  REQUIRE(verifier);
  CHECK(verifier->name == "gapura.contoh/log1");
  const auto opened = open_note(note, {*verifier});
  REQUIRE(opened);
  const auto checkpoint = parse_checkpoint(opened->text);
  CHECK(checkpoint->root == site.core->journal().root());
  auto db = Database::open_reader(site.file());
  CHECK(announced_keys(*db)->back().text == verifier->text());
}

TEST_CASE("the private key lies in its file alone, for its owner alone to read") {
  SignedSite site;
  site.fill(50);
  const std::string key = site.text_of("log/signing.key");
  struct stat facts {};
  REQUIRE(::stat((site.folder / "log/signing.key").c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777) == 0400);
  const std::string secret = key.substr(key.rfind('+') + 1, 40);
  site.close();
  for (const auto& entry : fs::recursive_directory_iterator(site.folder.path())) {
    if (!entry.is_regular_file() || entry.path().filename() == "signing.key") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    INFO(entry.path());
    CHECK(bytes.find(secret) == std::string::npos);
    CHECK(bytes.find("PRIVATE") == std::string::npos);
  }
}

TEST_CASE("it is signed every 256 entries, a minute after an entry, and never for nothing") {
  SignedSite site;
  const std::string at_start = count(site);
  site.clock.pass(std::chrono::hours(1));
  site.core->tick();
  CHECK(count(site) == at_start);

  site.scan("r-in");
  const auto due = site.core->next_deadline();
  REQUIRE(due);
  CHECK(*due <= site.clock.now_.boot + Millis(60'000));
  site.clock.pass(Millis(59'000));
  site.core->tick();
  CHECK(count(site) == at_start);
  site.clock.pass(Millis(1'000));
  site.core->tick();
  CHECK(signed_size(site) == site.core->journal().size());

  const std::uint64_t before = signed_size(site);
  while (site.core->journal().size() < before + 256) {
    CHECK(signed_size(site) == before);
    site.clock.now_.boot -= Millis(100);  // the minute does not pass
    site.scan("r-in");
  }
  CHECK(signed_size(site) == before + 256);
}

TEST_CASE("it is signed at the change of a shift, at midnight of the site, when asked, and at the end") {
  SignedSite site;
  site.scan("r-in");
  REQUIRE(site.ask(StartShift{}));
  CHECK(signed_size(site) == site.core->journal().size());

  const auto local = site.clock.now_.utc + site.clock.now_.offset;
  const auto midnight = std::chrono::ceil<std::chrono::days>(local);
  site.clock.pass(std::chrono::duration_cast<Millis>(midnight - local) - Millis(1'000));
  site.core->tick();
  site.scan("r-in");
  const std::uint64_t before = site.core->journal().size();
  CHECK(signed_size(site) < before);
  site.clock.pass(Millis(2'000));
  site.core->tick();
  CHECK(signed_size(site) >= before);

  site.scan("r-in");
  REQUIRE(site.ask(SignCheckpoint{}, "admin"));
  CHECK(signed_size(site) == site.core->journal().size());
  site.scan("r-in");
  site.close();
  CHECK(std::to_string(signed_size(site)) == site.one("SELECT max(number) + 1 FROM entry"));
}

TEST_CASE("after a month the key is changed: the old one signs the tree that announces the new one, and is gone") {
  SignedSite site;
  site.fill(10);
  const std::string old_key = site.text_of("log/signing.key"), old_verifier = site.text_of("log/verifier");
  site.clock.pass(std::chrono::days(30) + Millis(1));
  site.scan("r-in");
  CHECK(site.text_of("log/signing.key") != old_key);
  CHECK_FALSE(fs::exists(site.folder / "log/next.key"));
  auto db = Database::open_reader(site.file());
  const auto keys = announced_keys(*db);
  REQUIRE(keys->size() == 2);
  CHECK(keys->back().text + "\n" == site.text_of("log/verifier"));
  const auto by = [&](const std::string& note) {
    return open_note(note, {*parse_verifier_key(keys->front().text), *parse_verifier_key(keys->back().text)})->by.text();
  };
  CHECK(by(find_checkpoint(*db, keys->back().number + 1)->note) == keys->front().text);
  site.fill(300);
  CHECK(by(find_checkpoint(*db)->note) == keys->back().text);
  site.close();
  site.open();
  CHECK(announced_keys(*db)->size() == 2);
}

TEST_CASE("a change of key that was cut short anywhere is finished, or begun again, at the next start") {
  SignedSite site;
  site.fill(10);
  site.close();
  auto keys = CheckpointKeys::open(site.folder.path(), "contoh");
  REQUIRE(keys->make_next("gapura.contoh/log1"));
  site.open();  // made, and never announced
  CHECK_FALSE(fs::exists(site.folder / "log/next.key"));
  CHECK(site.text_of("log/verifier") == keys->current().verifier().text() + "\n");
  site.close();

  keys = CheckpointKeys::open(site.folder.path(), "contoh");
  REQUIRE(keys->make_next("gapura.contoh/log1"));
  const std::string next = keys->next()->verifier().text();
  const std::string overwritten(100, '0');
  fs::permissions(site.folder / "log/signing.key", fs::perms::owner_all);
  std::ofstream(site.folder / "log/signing.key") << overwritten;  // in the middle of take_next()
  keys = CheckpointKeys::open(site.folder.path(), "contoh");
  REQUIRE(keys);
  CHECK(keys->current().verifier().text() == next);
}

TEST_CASE(
    "an older file is recognised at the start and goes on only as a new log, by a named officer's act in the record") {
  SignedSite site;
  add_admin(site);
  site.put_older_file_back();
  const std::string signed_last = site.text_of("log/checkpoint");

  for (int attempt = 0; attempt < 2; ++attempt) {
    const auto opened = site.try_open();
    REQUIRE(!opened);
    CHECK(opened.error().kind == ErrorKind::conflict);
    CHECK(opened.error().message.find("gapura log continue") != std::string::npos);
    CHECK(opened.error().message.find("lebih tua") != std::string::npos);
  }
  const std::string entries = site.one("SELECT count(*) FROM entry");
  const auto go_on = [&](const char* officer, const char* reason) {
    return continue_journal(site.folder.path(), "contoh", {officer, reason}, site.clock.now(), "boot0002");
  };
  CHECK(go_on("Orang Lain", "disk diganti").error().kind == ErrorKind::not_found);
  CHECK(go_on("Petugas Contoh", "").error().kind == ErrorKind::bad_input);
  CHECK(site.one("SELECT count(*) FROM entry") == entries);

  const auto goes_on = go_on("Petugas Contoh", "disk diganti");
  if (!goes_on) FAIL(goes_on.error().message);
  REQUIRE(*goes_on);
  CHECK((*goes_on)->origin == "gapura.contoh/log2");
  CHECK(go_on("Petugas Contoh", "sekali lagi").error().kind == ErrorKind::conflict);
  site.open();
  site.fill(40);
  site.close();
  CHECK(site.text_of("log/checkpoint").substr(0, 19) == "gapura.contoh/log2\n");
  CHECK(site.one("SELECT text FROM note n JOIN entry e ON e.number = n.entry WHERE e.type = 'log_continued'") ==
        "disk diganti");
  CHECK(site.one("SELECT actor FROM entry WHERE type = 'log_continued'") ==
        site.one("SELECT id FROM user WHERE name = 'Petugas Contoh'"));
  const auto given_up = parse_checkpoint_note(signed_last);
  CHECK(site.one("SELECT leaf FROM entry WHERE type = 'log_continued'")
            .find("\"signed_size\":" + std::to_string(given_up->size)) != std::string::npos);
}

TEST_CASE("going on from an older journal takes two admins, and says so where one did it alone") {
  SignedSite site;
  add_admin(site);
  REQUIRE(site.ask(AddUser{"Petugas Kedua", Role::admin, "$argon2id$y"}, "admin"));
  site.clock.pass(std::chrono::hours(73));
  site.put_older_file_back();
  const auto go_on = [&](const char* officer, const char* reason, bool alone = false) {
    return continue_journal(site.folder.path(), "contoh", {officer, reason, alone}, site.clock.now(), "boot0002");
  };
  const std::string entries = site.one("SELECT count(*) FROM entry");
  const auto proposed = go_on("Petugas Contoh", "disk diganti");
  REQUIRE(proposed);
  CHECK_FALSE(*proposed);
  CHECK(site.one("SELECT count(*) FROM entry") == entries);
  CHECK_FALSE(site.try_open());
  CHECK(go_on("Petugas Contoh", "").error().kind == ErrorKind::conflict);  // a second time is no second person
  SECTION("the second goes on, with the first's reason") {
    const auto done = go_on("Petugas Kedua", "");
    if (!done) FAIL(done.error().message);
    REQUIRE(*done);
    CHECK((*done)->origin == "gapura.contoh/log2");
    const std::string leaf = site.one("SELECT leaf FROM entry WHERE type = 'log_continued'");
    CHECK(leaf.find("\"first\":\"" + site.one("SELECT id FROM user WHERE name = 'Petugas Contoh'")) != std::string::npos);
    CHECK(leaf.find("\"alone\"") == std::string::npos);
    CHECK(site.one("SELECT actor FROM entry WHERE type = 'log_continued'") ==
          site.one("SELECT id FROM user WHERE name = 'Petugas Kedua'"));
    CHECK(site.one("SELECT text FROM note n JOIN entry e ON e.number = n.entry WHERE e.type = 'log_continued'") ==
          "disk diganti");
    CHECK_FALSE(fs::exists(site.folder / "log/continuation"));
  }
  SECTION("one alone, in the record") {
    const auto done = go_on("Petugas Contoh", "tidak ada orang lain", true);
    if (!done) FAIL(done.error().message);
    REQUIRE(*done);
    const std::string leaf = site.one("SELECT leaf FROM entry WHERE type = 'log_continued'");
    CHECK(leaf.find("\"alone\":true") != std::string::npos);
    CHECK(leaf.find("\"first\"") == std::string::npos);
  }
  SECTION("a proposal is for one state of the journal") {
    std::ofstream(site.folder / "log/continuation") << "u-lain\n7 AAAA\nsudah lama";
    CHECK(go_on("Petugas Kedua", "").error().kind == ErrorKind::bad_input);
    const auto again = go_on("Petugas Kedua", "disk lain");
    REQUIRE(again);
    CHECK_FALSE(*again);
    REQUIRE(go_on("Petugas Contoh", ""));
  }
  site.open();
  site.close();
}

TEST_CASE("going on from an older journal takes two persons: no account that is young, or that the other one made") {
  SignedSite site;
  add_admin(site);
  const std::string first = site.one("SELECT id FROM user");
  const auto as_first = [&](Command command) {
    Result<Reply> answer = fail(ErrorKind::bug, "never answered");
    site.core->handle(CommandInput{std::move(command), Actor{UserId(first), Role::admin},
                                   [&](Result<Reply> r) { answer = std::move(r); }});
    REQUIRE(answer);
    return answer->id;
  };
  as_first(AddUser{"Boneka", Role::admin, "$argon2id$y"});
  REQUIRE(site.ask(AddUser{"Petugas Kedua", Role::admin, "$argon2id$z"}, "admin"));
  site.put_older_file_back();
  const auto go_on = [&](const char* officer, const char* reason, bool alone = false) {
    return continue_journal(site.folder.path(), "contoh", {officer, reason, alone}, site.clock.now(), "boot0002");
  };
  const std::string entries = site.one("SELECT count(*) FROM entry");
  const auto young = go_on("Petugas Contoh", "disk diganti");
  REQUIRE_FALSE(young);
  CHECK(std::string(word(young.error().kind)) == "too_new");
  CHECK_FALSE(fs::exists(site.folder / "log/continuation"));
  site.clock.pass(std::chrono::hours(73));
  SECTION("the maker first") {
    REQUIRE(go_on("Petugas Contoh", "disk diganti"));
    const auto same = go_on("Boneka", "");
    REQUIRE_FALSE(same);
    CHECK(std::string(word(same.error().kind)) == "same_hand");
  }
  SECTION("the made one first") {
    REQUIRE(go_on("Boneka", "disk diganti"));
    const auto same = go_on("Petugas Contoh", "");
    REQUIRE_FALSE(same);
    CHECK(std::string(word(same.error().kind)) == "same_hand");
  }
  CHECK(site.one("SELECT count(*) FROM entry") == entries);
  CHECK_FALSE(site.try_open());
  const auto done = go_on("Petugas Kedua", "");
  if (!done) FAIL(done.error().message);
  CHECK(*done);
  site.open();
  site.close();
}

TEST_CASE("a journal whose signed entries were changed, a lost key folder and a lost checkpoint are no continuation") {
  SignedSite site;
  site.fill(20);
  site.close();
  SECTION("changed") {
    // The start looks at what the root is made of, which holds the last leaf itself where the size is odd; the rest is
    // for `gapura log verify`.
    if (std::stoi(site.one("SELECT count(*) FROM entry")) % 2 == 0) {
      site.open();
      site.scan("r-in");
      site.close();
    }
    if (std::stoi(site.one("SELECT count(*) FROM entry")) % 2 == 0) {
      site.open();
      site.close();
      site.open();
      site.scan("r-in");
      site.close();
    }
    REQUIRE(std::stoi(site.one("SELECT count(*) FROM entry")) % 2 == 1);
    auto db = Database::open_writer(site.file());
    REQUIRE(
        db->execute("DROP TRIGGER entry_is_never_changed; UPDATE entry SET leaf = CAST(replace(CAST(leaf AS TEXT), "
                    "'system', 'sistem') AS BLOB) WHERE number = (SELECT max(number) FROM entry)"));
  }
  SECTION("the key folder is lost") { fs::remove_all(site.folder / "log"); }
  SECTION("the checkpoint is lost") { fs::remove(site.folder / "log/checkpoint"); }
  SECTION("the checkpoint is another") {
    std::ofstream(site.folder / "log/checkpoint")
        << SigningKey::make("gapura.contoh/log1").sign("gapura.contoh/log1\n1\n" + std::string(43, 'A') + "=\n");
  }
  const auto opened = site.try_open();
  REQUIRE(!opened);
  CHECK(opened.error().kind == ErrorKind::conflict);
}

TEST_CASE("a site of before this version gets its tree, its key and its first checkpoint at the next start") {
  SignedSite site;
  site.core.reset();
  for (const auto& entry : fs::directory_iterator(site.folder.path())) fs::remove_all(entry.path());
  sqlite3* old = nullptr;
  REQUIRE(sqlite3_open(site.file().c_str(), &old) == SQLITE_OK);
  const std::string sql =
      std::string(migrations[0]) + std::string(migrations[1]) +
      "PRAGMA user_version = 2; WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9) "
      "INSERT INTO entry (number, utc, boot, type, actor, leaf) SELECT i, i, i, 'access_denied', "
      "'system', CAST('leaf ' || i AS BLOB) FROM n;";
  REQUIRE(sqlite3_exec(old, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(old);
  site.open();
  CHECK(site.core->journal().size() > 10);
  CHECK(signed_size(site) == site.core->journal().size());
  CHECK(site.text_of("log/verifier").substr(0, 18) == "gapura.contoh/log1");
}
