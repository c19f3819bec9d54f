// SPDX-License-Identifier: Apache-2.0
// The drill: a backup of a gateway that works on, put back elsewhere, and an officer who goes on with it.
#include "gateway/record/backup.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <thread>

#include "gateway/record/continue_journal.h"
#include "gateway/record/verify.h"
#include "gateway/settings/system_clock.h"
#include "support/signed_site.h"

using namespace gapura;
using namespace gapura::gateway;
using namespace gapura::tests;

namespace {

namespace fs = std::filesystem;
const std::string passphrase = "kuda lumping makan rumput";

void furnish(SignedSite& site) {
  REQUIRE(site.ask(AddUser{"Petugas Contoh", Role::admin, "$argon2id$x", true}));
  REQUIRE(site.ask(RegisterVisit{"Tamu Contoh 01", "0812-0000-0001", "", "uji", "pimpinan", "general", ""}));
  std::ofstream(site.folder / "site") << "contoh\n";
  fs::create_directories(site.folder / "media/ab");
  std::ofstream(site.folder / "media/ab/ab01.jpg") << std::string(200'000, 'j');
  std::ofstream(site.folder / "media/ab/empty.jpg");
}

std::string text_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("a backup made while the gateway works is put back whole, and goes on by an officer's act") {
  SignedSite site;
  furnish(site);
  const TemporaryFolder stick;
  // Scans come in all the time that the copy is made.
  std::atomic<bool> stop{false};
  Result<BackupFacts> made = fail(ErrorKind::bug, "");
  std::thread other([&] {
    made = make_backup(site.folder.path(), stick / "backup", passphrase);
    stop = true;
  });
  while (!stop) site.scan("r-in");
  other.join();
  if (!made) FAIL(made.error().message);
  site.fill(50);
  const std::uint64_t entries = site.core->journal().size();
  CHECK(made->entries < entries);
  CHECK_FALSE(fs::exists(site.folder / "backup.db"));

  const std::string sealed = text_of(stick / "backup");
  for (const char* marker : {"Tamu Contoh", "0812-0000", "SQLite format", "PRIVATE+KEY", "jjjjjjjj"})
    CHECK(sealed.find(marker) == std::string::npos);

  const std::string data = stick / "data";
  const auto back = restore_backup(stick / "backup", passphrase, data);
  if (!back) FAIL(back.error().message);
  CHECK(back->entries == made->entries);
  CHECK(back->files == made->files);
  CHECK(text_of(data + "/media/ab/ab01.jpg") == std::string(200'000, 'j'));
  CHECK(fs::exists(data + "/media/ab/empty.jpg"));
  CHECK_FALSE(fs::exists(data + "/log/signing.key"));
  CHECK((fs::status(data + "/keys/persons.key").permissions() & fs::perms::others_all) == fs::perms::none);
  {
    const auto names = Database::open_reader(data + "/gapura.db");
    auto name = names->prepare("SELECT full_name || ', ' || phone FROM guest");
    CHECK((*name->step() && name->text(0) == "Tamu Contoh 01, 0812-0000-0001"));
  }
  CHECK(restore_backup(stick / "backup", passphrase, data).error().kind == ErrorKind::conflict);

  // On the other machine.
  const auto open = [&]() -> Result<std::unique_ptr<Core>> {
    auto keys = CheckpointKeys::open(data, "contoh");
    REQUIRE(keys);
    auto store = TRY(open_site_store({.database = *Database::open_writer(data + "/gapura.db"),
                                      .boot_id = "boot0009",
                                      .checkpoint_keys = std::move(*keys)}));
    return Core::open({.site = demo_site(),
                       .clock = site.clock,
                       .randomness = system_randomness(),
                       .store = std::move(store),
                       .orders = site.orders},
                      "test");
  };
  CHECK(open().error().kind == ErrorKind::conflict);
  const auto goes_on =
      continue_journal(data, "contoh", {"Petugas Contoh", "latihan pemulihan"}, site.clock.now(), "boot0009");
  if (!goes_on) FAIL(goes_on.error().message);
  REQUIRE(*goes_on);
  CHECK((*goes_on)->origin == "gapura.contoh/log2");
  auto core = open();
  if (!core) FAIL(core.error().message);
  CHECK((*core)->gate().state().visits.size() == 1);
  (*core)->close();
  const auto verdict = verify_journal({data + "/gapura.db", {}, {text_of(data + "/log/checkpoint")}, nullptr, 1, true});
  CHECK(verdict->sound());
  CHECK(verdict->entries > made->entries);
}

TEST_CASE("another passphrase, a changed byte, a cut or a longer file puts nothing back") {
  SignedSite site;
  furnish(site);
  const TemporaryFolder stick;
  CHECK(make_backup(site.folder.path(), stick / "backup", "pendek").error().kind == ErrorKind::bad_input);
  CHECK(make_backup(stick.path(), stick / "backup", passphrase).error().kind == ErrorKind::bad_input);
  REQUIRE(make_backup(site.folder.path(), stick / "backup", passphrase));
  CHECK(make_backup(site.folder.path(), stick / "backup", passphrase).error().kind == ErrorKind::conflict);
  const std::string whole = text_of(stick / "backup");
  const auto refused = [&](const std::string& bytes, const std::string& word) {
    std::ofstream(stick / "changed", std::ios::binary | std::ios::trunc) << bytes;
    const auto back = restore_backup(stick / "changed", word, stick / "data");
    CHECK_FALSE(fs::exists(stick / "data"));
    CHECK_FALSE(fs::exists(stick / "data.restoring"));
    return !back && back.error().kind == ErrorKind::bad_input;
  };
  CHECK(refused(whole, "kuda lumping makan nasi"));
  for (const std::size_t at :
       {std::size_t{3}, std::size_t{20}, std::size_t{40}, std::size_t{100}, whole.size() / 2, whole.size() - 1}) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 4);
    INFO(at);
    CHECK(refused(changed, passphrase));
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{30}, whole.size() - 70'000, whole.size() - 1})
    CHECK(refused(whole.substr(0, size), passphrase));
  CHECK(refused(whole + "x", passphrase));
}
