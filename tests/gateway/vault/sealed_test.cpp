// SPDX-License-Identifier: Apache-2.0
// P20 and P9 on the real core: a copy of the files says nothing of anybody, and a destroyed key takes its person along.
#include <sodium.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <set>

#include "gateway/contract/commitment.h"
#include "gateway/media/picture_store.h"
#include "gateway/record/verify.h"
#include "gateway/registry/people_search.h"
#include "gateway/vault/vault.h"
#include "gateway/web/http/passwords.h"
#include "markers.h"
#include "models/visit/credential.h"
#include "support/signed_site.h"

using namespace gapura;
using namespace gapura::gateway;
using namespace gapura::tests;

namespace {

const std::vector<std::string> personal{
    "MARK-NAMA",      "MARK-TELP",  "0812-5550-0199", "MARK-INSTANSI", "MARK-KEPERLUAN",  "MARK-SIAPA", "MARK-ANGGOTA",
    "MARK-KENDARAAN", "9X7Q",       "MARK-SEBAB",     "MARK-TITIP",    "MARK-CABUT",      "MARK-AWAS",  "MARK-MENGAPA",
    "MARK-ASING",     "MARK-JAWAB", "MARK-SANDI",     "MARK-POTRET",   "3171011708450001"};

GuestForm marked(const std::string& who) {
  GuestForm form;
  form.name = "MARK-NAMA " + who, form.phone = "0812-5550-0199" + std::to_string(who[0]) + who,
  form.institution = "MARK-INSTANSI " + who;
  form.purpose = "MARK-KEPERLUAN, NIK 3171011708450001 " + who, form.whom = "MARK-SIAPA " + who, form.category = "general";
  form.members = "MARK-ANGGOTA " + who, form.vehicle = "MARK-KENDARAAN " + who, form.identity_type = IdentityType::ktp;
  form.identity_last4 = "9X7Q", form.party = 2;
  return form;
}

struct SealedPerson {
  VisitId visit;
  std::string token, guest;
};

// One of everything that a post writes of a person.
SealedPerson whole_visit(SignedSite& site, const std::string& who) {
  const auto must = [&](Command command, const std::string& role = "guard") {
    auto reply = site.ask(std::move(command), role);
    if (!reply) FAIL(reply.error().message);
    return *reply;
  };
  RegisterVisit form;
  static_cast<GuestForm&>(form) = marked(who);
  const VisitId visit(must(form).id);
  must(AskAide{visit});
  const auto version = site.core->gate().state().find_visit(visit)->approval_version;
  must(DecideVisit{visit, AideDecision::accept_now, 0, "MARK-SEBAB " + who, version, false}, "aide");
  const Reply badge = must(IssueBadge{visit, "", 0});
  must(DepositItem{visit, "MARK-TITIP " + who, "L1", ""});
  must(RevokeBadge{BadgeId(badge.id), "MARK-CABUT " + who});
  must(NoteDeviation{visit, Deviation::late, "MARK-SEBAB lagi " + who});
  return {visit, badge.token, site.one("SELECT guest FROM visit WHERE id = '" + visit.str() + "'")};
}

// Every text that the writer's connection finds in a personal column, as it is stored.
std::string as_stored(const std::string& file, const std::string& sql) {
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open_v2(file.c_str(), &db, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK);
  std::string all;
  const auto collect = [](void* out, int count, char** values, char**) {
    for (int i = 0; i < count; ++i) *static_cast<std::string*>(out) += std::string(values[i] ? values[i] : "") + "\n";
    return 0;
  };
  REQUIRE(sqlite3_exec(db, sql.c_str(), collect, &all, nullptr) == SQLITE_OK);
  sqlite3_close(db);
  return all;
}

}  // namespace

TEST_CASE("a copy of the database, its log and the pictures says nothing of anybody (P20)") {
  SignedSite site;
  auto pictures = PictureStore::open(site.folder.path(), [&](const std::string& owner) -> Status {
    TRY(site.ask(MakeKey{owner}));
    return {};
  });
  REQUIRE(pictures);
  const SealedPerson guest = whole_visit(site, "satu");
  REQUIRE(site.ask(AddUser{"Petugas Contoh", Role::admin, hash_password("MARK-SANDI panjang sekali"), true}));
  REQUIRE(site.ask(ListAttention{"MARK-AWAS orang", "MARK-TELP", "MARK-MENGAPA", true}, "admin"));
  site.core->handle(BadgeRead{ReaderId("r-in"), {"MARK-ASING kode asing"}, site.clock.now_.boot, nullptr});
  const auto portrait = pictures->keep(jpeg("MARK-POTRET"), guest.guest);
  REQUIRE(portrait);
  const auto unknown = pictures->keep(jpeg("MARK-POTRET orang lewat"));
  REQUIRE(unknown);

  std::vector<std::string> hidden = personal;
  hidden.push_back(guest.token);
  const auto bytes = parse_token(guest.token);
  const auto& secret = std::get<TokenBytes>(bytes);
  hidden.emplace_back(reinterpret_cast<const char*>(secret.data()), secret.size());
  // While the core runs, so that the log is there; then closed, so that all of it is in the file.
  CHECK(std::filesystem::file_size(site.file() + "-wal") > 0);
  for (int round = 0; round < 2; ++round) {
    for (const auto& found : found_below(site.folder.path(), hidden)) FAIL_CHECK(found);
    if (round == 0) site.close();
  }
  // With the key all of it can be read.
  CHECK(site.one("SELECT full_name || phone || institution FROM guest") ==
        "MARK-NAMA satu0812-5550-0199115satuMARK-INSTANSI satu");
  CHECK(site.one("SELECT purpose || '|' || whom || '|' || members || '|' || vehicle || '|' || identity_last4 || '|' || "
                 "approval_reason FROM visit") ==
        "MARK-KEPERLUAN, NIK 3171011708450001 satu|MARK-SIAPA satu|MARK-ANGGOTA satu|MARK-KENDARAAN satu|9X7Q|MARK-SEBAB "
        "satu");
  CHECK(site.one("SELECT what FROM deposit") == "MARK-TITIP satu");
  CHECK(site.one("SELECT reason FROM badge") == "MARK-CABUT satu");
  CHECK(site.one("SELECT full_name || phone || why FROM attention") == "MARK-AWAS orangMARK-TELPMARK-MENGAPA");
  CHECK(site.one("SELECT group_concat(text, '|') FROM (SELECT text FROM note ORDER BY entry)") ==
        "MARK-SEBAB satu|MARK-CABUT satu|MARK-SEBAB lagi satu|MARK-ASING kode asing");
  CHECK(*pictures->load(*portrait) == jpeg("MARK-POTRET"));
  CHECK(*pictures->load(*unknown) == jpeg("MARK-POTRET orang lewat"));
  // The leaf still commits to what is revealed.
  const std::string salt = site.one("SELECT salt FROM note ORDER BY entry LIMIT 1");
  const std::string leaf = site.one("SELECT leaf FROM entry WHERE number = (SELECT min(entry) FROM note)");
  CHECK(leaf.find(commitment("gapura.note.v1", salt, {"MARK-SEBAB satu"})) != std::string::npos);
}

TEST_CASE("a destroyed key takes along everything of its person, nothing of others, and the record still verifies (P9)") {
  SignedSite site;
  auto pictures = PictureStore::open(site.folder.path(), {});
  const SealedPerson gone = whole_visit(site, "pergi"), stays = whole_visit(site, "tetap");
  const auto hers = pictures->keep(jpeg("MARK-POTRET pergi"), gone.guest),
             his = pictures->keep(jpeg("MARK-POTRET tetap"), stays.guest);
  REQUIRE((hers && his));
  const std::string key = as_stored(site.file(), "SELECT hex(wrapped) FROM person_key WHERE owner = '" + gone.guest + "'");
  site.close();

  std::string raw(72, '\0');
  REQUIRE(sodium_hex2bin(reinterpret_cast<unsigned char*>(raw.data()), raw.size(), key.data(), key.size(), "\n", nullptr,
                         nullptr) == 0);
  CHECK(!found_below(site.folder.path(), {raw}).empty());
  auto reader = Database::open_reader(site.file());  // open all the while, as the web's are
  REQUIRE(reader);
  const auto one = [&](const std::string& sql, const std::string& id) {
    auto row = reader->prepare(sql);
    REQUIRE(row);
    const auto more = row->bind(1, id).step();
    REQUIRE(more);
    return *more ? row->text(0) : std::string("no row");
  };
  const char* everything =
      "SELECT g.full_name || g.phone || g.institution || v.purpose || v.whom || v.members || v.vehicle || v.identity_last4 "
      "|| v.approval_reason || coalesce(v.form_salt, '') || (SELECT group_concat(what) FROM deposit WHERE visit = v.id) || "
      "(SELECT group_concat(b.reason, '') FROM badge b WHERE b.visit = v.id) || (SELECT group_concat(n.text, '') FROM note "
      "n JOIN entry e ON e.number = n.entry WHERE e.visit = v.id) FROM guest g JOIN visit v ON v.guest = g.id WHERE g.id = "
      "?1";
  const std::string of_the_other = one(everything, stays.guest);
  CHECK(one(everything, gone.guest).find("MARK-NAMA pergi") == 0);
  {
    auto writer = Database::open_writer(site.file());
    REQUIRE(writer->execute("BEGIN IMMEDIATE"));
    REQUIRE(writer->vault().destroy_key(gone.guest));
    REQUIRE(writer->execute("COMMIT"));
    REQUIRE(writer->truncate_wal());
    // They cannot be found by number or name, either.
    auto by_phone = writer->prepare("SELECT count(*) FROM guest WHERE phone_index = blind_index('phone', ?1)");
    by_phone->bind(1, marked("pergi").phone);
    REQUIRE(*by_phone->step());
    CHECK(by_phone->integer(0) == 0);
  }
  CHECK(one(everything, gone.guest).empty());
  CHECK(one(everything, stays.guest) == of_the_other);
  CHECK(pictures->load(*hers).error().kind == ErrorKind::not_found);
  CHECK(*pictures->load(*his) == jpeg("MARK-POTRET tetap"));
  for (const auto& found : found_below(site.folder.path(), {raw})) FAIL_CHECK(found);
  const SiteConfig config = demo_site();
  const auto verdict = verify_journal({site.file(), {}, {site.text_of("log/checkpoint")}, &config, 1, false});
  REQUIRE(verdict);
  CHECK(verdict->sound());

  // The post goes on: the same person is a new one to it, and what is said of the old visit has a new key.
  site.open();
  RegisterVisit again;
  static_cast<GuestForm&>(again) = marked("pergi");
  const auto visit = site.ask(again);
  REQUIRE(visit);
  CHECK(one("SELECT guest FROM visit WHERE id = ?1", visit->id) != gone.guest);
  REQUIRE(site.ask(NoteDeviation{gone.visit, Deviation::late, "kata baru"}));
  CHECK(site.one("SELECT text FROM note ORDER BY entry DESC LIMIT 1") == "kata baru");
  CHECK(one("SELECT full_name FROM guest WHERE id = ?1", gone.guest).find("MARK") == std::string::npos);
}

TEST_CASE("no word is written in the clear by oversight") {
  SignedSite site;
  whole_visit(site, "satu");
  site.close();
  auto writer = Database::open_writer(site.file());
  for (const char* sql :
       {"UPDATE guest SET full_name = 'Tamu Contoh'", "UPDATE guest SET phone = '0812'",
        "UPDATE visit SET purpose = 'rapat'", "UPDATE visit SET approval_reason = 'karena'",
        "UPDATE note SET text = 'kata'", "UPDATE deposit SET what = 'tas'", "UPDATE badge SET reason = 'hilang'",
        "INSERT INTO guest (id, full_name, made_utc) VALUES ('g-x', 'Tamu', 1)",
        "INSERT INTO attention (id, full_name, why, blocks, made_utc) VALUES ('a-x', 'Tamu', 'awas', 0, 1)"}) {
    INFO(sql);
    const auto done = writer->execute(sql);
    REQUIRE(!done);
    CHECK(done.error().message.find("sealed") != std::string::npos);
  }
  CHECK(writer->execute("UPDATE guest SET full_name = '-', phone = ''; UPDATE visit SET purpose = ''"));
}

TEST_CASE("a field moved to another row, column or person, or changed, is not shown as theirs") {
  SignedSite site;
  const SealedPerson one = whole_visit(site, "satu"), two = whole_visit(site, "dua");
  site.close();
  {
    auto writer = Database::open_writer(site.file());
    REQUIRE(writer->execute("UPDATE guest SET institution = full_name WHERE id = '" + one.guest + "'"));
    REQUIRE(writer->execute("UPDATE guest SET full_name = (SELECT full_name FROM guest WHERE id = '" + two.guest +
                            "') WHERE id = '" + one.guest + "'"));
    REQUIRE(writer->execute("UPDATE guest SET phone = substr(phone, 1, length(phone) - 2) || 'AA' WHERE id = '" +
                            one.guest + "'"));
  }
  for (const char* column : {"institution", "full_name", "phone"})
    CHECK(site.one(std::string("SELECT ") + column + " FROM guest WHERE id = '" + one.guest + "'") == unreadable_text);
  CHECK(site.one("SELECT full_name FROM guest WHERE id = '" + two.guest + "'") == "MARK-NAMA dua");
}

TEST_CASE("numbers and names that an earlier version indexed are found in the new form from the first start on") {
  SignedSite site;
  const auto come = [&](const std::string& name, const std::string& phone) {
    const auto visit = site.ask(RegisterVisit{name, phone, "", "uji", "pimpinan", "general", ""});
    if (!visit) FAIL(visit.error().message);
    return site.one("SELECT guest FROM visit WHERE id = '" + visit->id + "'");
  };
  const std::string known = come(
                        "Tamu\xc2\xa0"
                        "Contoh 07",
                        "81234567890"),
                    gone = come("Tamu Contoh 09", "0812-3456-7899");
  const std::string damaged = come("Tamu Contoh 08", "0812-3456-7898");
  REQUIRE(site.ask(ListAttention{"Orang Dicari", "+62 (0)813 1111 2222", "surat edaran", true}, "admin"));
  site.close();
  const auto found = [&](const char* phone) {
    auto desk = Database::open_reader(site.file());
    REQUIRE(desk);
    const auto people = find_by_phone(*desk, phone);
    REQUIRE(people);
    return people->size() == 1 ? people->front().guest : std::to_string(people->size());
  };
  {
    auto earlier = Database::open_writer(site.file());
    REQUIRE(earlier);
    // As the earlier version would have: digits alone, the lost zero lost, brackets' zero kept.
    REQUIRE(earlier->execute(
        "UPDATE guest SET phone_index = randomblob(16), name_index = randomblob(16); UPDATE attention SET phone_index = "
        "randomblob(16); DELETE FROM meta WHERE key = 'index_form'; UPDATE guest SET full_name = substr(full_name, 1, "
        "length(full_name) - 2) || 'AA' WHERE id = '" +
        damaged + "'; BEGIN"));
    REQUIRE(earlier->vault().destroy_key(gone));
    REQUIRE(earlier->execute("COMMIT"));
    REQUIRE(earlier->truncate_wal());
  }
  CHECK(found("0812 3456 7890") == "0");
  for (int start = 0; start < 2; ++start) {
    auto writer = Database::open_writer(site.file());
    REQUIRE(writer);
    CHECK(found("+62 812 3456 7890") == known);
    CHECK(found("0812-3456-7899") == "0");
    auto row = writer->prepare(
        "SELECT (SELECT count(*) FROM guest WHERE id = ?1 AND name_index = blind_index('name', 'tamu contoh 07')), (SELECT "
        "count(*) FROM attention WHERE phone_index = blind_index('phone', '081311112222')), (SELECT name_index IS NULL "
        "FROM "
        "guest WHERE id = ?2), (SELECT name_index IS NOT NULL FROM guest WHERE id = ?3)");
    REQUIRE(row);
    row->bind(1, known).bind(2, gone).bind(3, damaged);
    REQUIRE(*row->step());
    for (int i = 0; i < 4; ++i) CHECK(row->integer(i) == 1);
  }
}

TEST_CASE("a returning guest is found by number and name as people write them, and the attention list likewise") {
  SignedSite site;
  REQUIRE(site.ask(ListAttention{"Orang Dicari", "0813 1111 2222", "surat edaran", true}, "admin"));
  const auto come = [&](const std::string& name, const std::string& phone, const std::string& person = "") {
    RegisterVisit form{name, phone, "", "uji", "pimpinan", "general", ""};
    form.person = person;
    const auto visit = site.ask(form);
    if (!visit) FAIL(visit.error().message);
    const Visit* found = site.core->gate().state().find_visit(VisitId(visit->id));
    const std::pair seen{found->guest.str(), std::string(word(found->attention))};
    REQUIRE(site.ask(CloseVisit{VisitId(visit->id), VisitState::departed, "uji"}));
    return seen;
  };
  const auto first = come("Tamu Contoh 07", "0812-3456-7890");
  CHECK(first.second == "none");
  CHECK(come("tamu  contoh 07", "+62 812 3456 7890") == first);
  CHECK(come("Tamu Contoh 08", "0812-3456-7890", "new").first != first.first);
  CHECK(come("Tamu Contoh 07", "0812-3456-7891").first != first.first);
  CHECK(come("Nama Lain", "+6281311112222").second == "possible");
  CHECK(come("ORANG DICARI", "").second == "possible");
  site.close();
  auto desk = Database::open_reader(site.file());
  const auto names = [](const Result<std::vector<FoundPerson>>& found) {
    if (!found) FAIL(found.error().message);
    std::multiset<std::string> all;
    for (const auto& one : *found) all.insert(one.full_name);
    return all;
  };
  CHECK(names(find_by_phone(*desk, "0812 34567890")) == std::multiset<std::string>{"tamu  contoh 07", "Tamu Contoh 08"});
  CHECK(names(find_by_phone(*desk, "0812345678")).empty());  // not all of it
  CHECK(names(find_by_phone(*desk, "")).empty());
  CHECK(names(find_by_name(*desk, "CONTOH", 10)).size() == 3);
  CHECK(names(find_by_name(*desk, "contoh", 2)).size() == 2);
  CHECK(names(find_by_name(*desk, "lai", 10)) == std::multiset<std::string>{"Nama Lain"});
  CHECK(find_by_name(*desk, "ko", 10).error().kind == ErrorKind::bad_input);
  // The indexes are used, and a reader's view does not stand between a question and its index.
  const auto plan = [](const Database& db, const std::string& sql) {
    auto row = db.prepare("EXPLAIN QUERY PLAN " + sql);
    if (!row) FAIL(row.error().message);
    std::string steps;
    while (*row->step()) steps += row->text(3) + "; ";
    return steps;
  };
  auto writer = Database::open_writer(site.file());
  CHECK(plan(*writer, "SELECT id FROM guest WHERE phone_index = blind_index('phone', ?1)").find("guest_by_phone") !=
        std::string::npos);
  CHECK(plan(*writer, "SELECT id FROM guest WHERE name_index = blind_index('name', ?1)").find("guest_by_name") !=
        std::string::npos);
  auto reader = Database::open_reader(site.file());
  for (const char* sql :
       {"SELECT b.id, b.reason, g.full_name FROM badge b LEFT JOIN visit v ON v.id = b.visit LEFT JOIN guest g ON g.id = "
        "v.guest WHERE b.id = ?1",
        "SELECT v.id, g.full_name FROM visit v JOIN guest g ON g.id = v.guest WHERE v.id = ?1",
        "SELECT purpose, full_name FROM visit JOIN (SELECT id AS guest_id, full_name FROM guest) ON guest_id = guest WHERE "
        "id "
        "= ?1",
        "SELECT text FROM note WHERE entry = ?1"}) {
    const std::string steps = plan(*reader, sql);
    INFO(steps);
    CHECK(steps.find("SCAN") == std::string::npos);
    CHECK(steps.find("MATERIALIZE") == std::string::npos);
  }
}

TEST_CASE("without the right key nothing opens, no key is made, and the message says what to do") {
  SignedSite site;
  whole_visit(site, "satu");
  site.close();
  const std::string key = site.folder / "keys/persons.key";
  struct stat about {};
  REQUIRE(stat(key.c_str(), &about) == 0);
  CHECK((about.st_mode & 0777) == 0400);
  std::filesystem::rename(key, key + ".away");
  auto refused = Database::open_writer(site.file());
  REQUIRE(!refused);
  CHECK(refused.error().kind == ErrorKind::not_found);
  CHECK(refused.error().message.find("put") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(key));
  // The record needs no key.
  CHECK(verify_journal({site.file(), {}, {site.text_of("log/checkpoint")}, nullptr, 1, true})->sound());

  const TemporaryFolder other;
  { REQUIRE(Database::open_writer(other / "b.db")); }
  std::filesystem::copy_file(other / "keys/persons.key", key);
  refused = Database::open_writer(site.file());
  REQUIRE(!refused);
  CHECK(refused.error().kind == ErrorKind::conflict);
  std::filesystem::remove(key);
  std::ofstream(key) << "gapura-persons-key-1:zz\n";
  CHECK(Database::open_writer(site.file()).error().kind == ErrorKind::storage);

  // As a systemd credential.
  std::filesystem::remove(key);
  std::filesystem::create_directory(other / "credentials");
  std::filesystem::rename(key + ".away", other / "credentials/persons.key");
  REQUIRE(setenv("CREDENTIALS_DIRECTORY", (other / "credentials").c_str(), 1) == 0);
  CHECK(Database::open_writer(site.file()));
  CHECK(site.one("SELECT full_name FROM guest") == "MARK-NAMA satu");
  REQUIRE(unsetenv("CREDENTIALS_DIRECTORY") == 0);
}
