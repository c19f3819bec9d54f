// SPDX-License-Identifier: Apache-2.0
// Periods and who may change them, cases of data subjects, and leaves that name no person.
#include <catch2/catch.hpp>

#include "gateway/registry/persons.h"
#include "support/privacy_site.h"

using namespace gapura;
using namespace gapura::gateway;
using namespace gapura::tests;
using namespace std::chrono_literals;
using enum RetentionClass;
using enum RetentionAction;

namespace {

RetentionRule stored(const PrivacySite& site, RetentionClass what) {
  const auto db = Database::open_reader(site.file());
  const auto rules = load_rules(*db);
  for (const auto& rule : *rules)
    if (rule.now.what == what) return rule.now;
  return {};
}

std::vector<RetentionRule> with(RetentionRule rule) {
  auto rules = default_retention();
  for (auto& one : rules)
    if (one.what == rule.what) one = rule;
  return rules;
}

}  // namespace

TEST_CASE("a longer period counts at once, a shorter one after two different admins agreed") {
  PrivacySite site;
  CHECK(stored(site, visit).days == 365);
  const auto entries = site.core->journal().size();
  site.must_as("system", AdoptRetention{default_retention()});
  CHECK(site.core->journal().size() == entries);  // nothing new, nothing said
  site.must_as("system", AdoptRetention{with({visit, "HM.01", 730, anonymise})});
  CHECK(stored(site, visit).days == 730);
  CHECK(stored(site, visit).jra == "HM.01");
  site.must_as("system", AdoptRetention{with({visit, "HM.01", 90, anonymise})});
  CHECK(stored(site, visit).days == 730);
  CHECK(problem(site.ask(AgreeRetention{RetentionClass::visit}, "admin")) ==
        "not_permitted");  // the command line, a program
  CHECK(problem(site.ask_as(site.first, AgreeRetention{RetentionClass::clip})) == "conflict");
  CHECK(problem(site.ask_as(site.first, AgreeRetention{RetentionClass::visit})) == "too_new");
  site.clock.pass(72h);
  const std::string own = site.must_as(site.first, AddUser{"boneka", Role::admin, "*1"}).id;
  site.must_as(site.first, AgreeRetention{RetentionClass::visit});
  CHECK(problem(site.ask_as(site.first, AgreeRetention{RetentionClass::visit})) == "conflict");
  CHECK(problem(site.ask_as(own, AgreeRetention{RetentionClass::visit})) == "too_new");
  CHECK(stored(site, visit).days == 730);
  SECTION("an account that the first one made puts nothing in force, however old") {
    site.clock.pass(24h * 60);
    CHECK(problem(site.ask_as(own, AgreeRetention{RetentionClass::visit})) == "same_hand");
    CHECK(stored(site, visit).days == 730);
  }
  SECTION("the second person puts it in force") {
    site.must_as(site.second, AgreeRetention{RetentionClass::visit});
    CHECK(stored(site, visit).days == 90);
    CHECK(site.one("SELECT count(*) FROM entry WHERE type = 'retention_agreed'") == "2");
  }
  SECTION("another value needs both agreements again") {
    site.must_as("system", AdoptRetention{with({visit, "HM.01", 60, anonymise})});
    site.must_as(site.second, AgreeRetention{RetentionClass::visit});
    CHECK(stored(site, visit).days == 730);
  }
  SECTION("the old value in the file takes it back") {
    site.must_as("system", AdoptRetention{with({visit, "HM.01", 730, anonymise})});
    CHECK(problem(site.ask_as(site.second, AgreeRetention{RetentionClass::visit})) == "conflict");
    CHECK(site.one("SELECT leaf FROM entry WHERE type = 'retention_changed' ORDER BY number DESC").find("withdrawn") !=
          std::string::npos);
  }
}

TEST_CASE("destruction is approved by a named admin, one at a time, and never of the journal") {
  PrivacySite site;
  CHECK(problem(site.ask(ApproveRetention{}, "admin")) == "not_permitted");
  CHECK(problem(site.ask_as("local", ApproveRetention{})) == "not_permitted");
  const std::string program = site.must(AddUser{"program", Role::admin, "*"}).id;
  CHECK(problem(site.ask_as(program, ApproveRetention{})) == "not_permitted");
  const std::string guard = site.must(AddUser{"petugas", Role::guard, "*1"}).id;
  CHECK(problem(site.ask_as(guard, ApproveRetention{})) == "not_permitted");
  CHECK(problem(site.ask_as(site.first, ApproveRetention{{"audit"}})) == "bad_input");
  CHECK(problem(site.ask_as(site.first, ApproveRetention{{"no such"}})) == "bad_input");
  site.must_as(site.first, ApproveRetention{{"clip"}});
  CHECK(problem(site.ask_as(site.second, ApproveRetention{})) == "conflict");
  CHECK(problem(site.ask_as(site.second, EraseNext{"r-none"})) == "conflict");
  REQUIRE(site.erase_all());
  site.must_as(site.second, ApproveRetention{});
}

TEST_CASE("a case is due in 72 hours; correcting, restricting and refusing are entered with ids alone") {
  PrivacySite site;
  const VisitId visit = site.visit_of("PENANDA");
  const GuestId guest(site.one("SELECT guest FROM visit"));
  const auto open = [&](CaseKind kind) {
    return site.must_as(site.first, OpenCase{guest, kind, "Tamu Contoh, KTP dicek", "uji hak"}).id;
  };
  const auto of = [&](const std::string& id) { return **find_case(*Database::open_reader(site.file()), id); };
  const auto person = [&] { return **find_person(*Database::open_reader(site.file()), guest.str()); };
  CHECK(problem(site.ask_as(site.first, OpenCase{GuestId("g-none"), CaseKind::access, "x", "y"})) == "not_found");
  CHECK(problem(site.ask_as(site.first, OpenCase{guest, CaseKind::access, "x", ""})) == "bad_input");

  const std::string correct = open(CaseKind::correct);
  CHECK(of(correct).requester == "Tamu Contoh, KTP dicek");
  CHECK(of(correct).purpose == "uji hak");
  CHECK(of(correct).due - of(correct).opened == 72h);
  CHECK(problem(site.ask_as(site.first, CloseCase{correct, CaseState::answered, "diperbaiki"})) == "bad_input");
  CHECK(problem(site.ask(CloseCase{correct, CaseState::refused, "x"}, "admin")) == "not_permitted");
  CloseCase fix{correct, CaseState::answered, "diperbaiki"};
  fix.phone = "0800-000-009";
  site.must_as(site.first, fix);
  CHECK(person().fields.phone == "0800-000-009");
  CHECK(person().fields.full_name == "PENANDA nama");
  CHECK(of(correct).state == CaseState::answered);
  CHECK(problem(site.ask_as(site.first, fix)) == "conflict");

  site.must_as(site.second, CloseCase{open(CaseKind::restrict), CaseState::answered, "dibatasi"});
  CHECK(person().restricted);
  CloseCase lift{open(CaseKind::restrict), CaseState::answered, "dibuka lagi"};
  lift.lift = true;
  site.must_as(site.second, lift);
  CHECK_FALSE(person().restricted);

  const std::string refused = open(CaseKind::erase);
  site.must_as(site.first, CloseCase{refused, CaseState::refused, "perkara berjalan"});
  CHECK(of(refused).ground == "perkara berjalan");
  CHECK_FALSE(person().erased);
}

TEST_CASE("erasing a person by a case takes everything of every visit, whatever its age") {
  PrivacySite site;
  site.visit_of("PENANDA", false, 2);
  const GuestId guest(site.one("SELECT guest FROM visit"));
  const std::string id = site.must_as(site.first, OpenCase{guest, CaseKind::erase, "PENANDA sendiri", "PENANDA minta"}).id;
  const CloseCase yes{id, CaseState::answered, "PENANDA dihapus"};
  CHECK(problem(site.ask_as(site.first, yes)) == "conflict");  // its closing can still be undone
  site.pass(6min);
  const std::string hold = site.must_as(site.first, SetHold{guest, {}, "PENANDA perkara"}).id;
  CHECK(problem(site.ask_as(site.first, yes)) == "conflict");
  site.must_as(site.first, ReleaseHold{hold, "PENANDA selesai"});
  const VisitId again = site.visit_of("PENANDA", true);
  CHECK(problem(site.ask_as(site.first, yes)) == "conflict");
  site.must(CloseVisit{again, VisitState::departed, "PENANDA"});
  site.pass(24h);
  const std::vector<std::string> stored = site.stored_for("PENANDA");
  site.must_as(site.first, yes);
  REQUIRE(site.erase_all());
  CHECK(PrivacySite::holding(site.folder.path(), "PENANDA") == std::vector<std::string>{});
  CHECK(PrivacySite::with_traces(site.folder.path(), stored) == std::set<std::string>{});
  CHECK(site.one("SELECT count(*) FROM visit WHERE erased_utc IS NOT NULL") == "2");
  CHECK(problem(site.ask_as(site.first, OpenCase{guest, CaseKind::access, "x", "y"})) == "conflict");
}

TEST_CASE("what comes between deciding to erase a person and erasing them stands against it") {
  PrivacySite site;
  site.visit_of("PENANDA", false, 1);
  const GuestId guest(site.one("SELECT guest FROM visit"));
  site.pass(24h);
  const std::string id = site.must_as(site.first, OpenCase{guest, CaseKind::erase, "sendiri", "minta"}).id;
  site.must_as(site.first, CloseCase{id, CaseState::answered, "ya"});
  SECTION("they are here again") {
    site.visit_of("PENANDA", true);
    REQUIRE(site.one("SELECT count(DISTINCT guest) FROM visit") == "1");
    REQUIRE(site.erase_all());
    CHECK(site.one("SELECT count(*) FROM visit WHERE erased_utc IS NULL AND closed_utc IS NULL") == "1");
    CHECK(site.one("SELECT count(*) FROM visit WHERE erased_utc IS NOT NULL") == "1");
    CHECK(site.one("SELECT purpose FROM visit WHERE closed_utc IS NULL") == "PENANDA keperluan");
    CHECK(site.one("SELECT full_name FROM guest") == "PENANDA nama");
  }
  SECTION("a legal hold") {
    site.must_as(site.second, SetHold{guest, {}, "perkara"});
    REQUIRE(site.erase_all());
    CHECK(site.one("SELECT count(*) FROM visit WHERE erased_utc IS NOT NULL") == "0");
    CHECK(site.one("SELECT full_name FROM guest") == "PENANDA nama");
  }
  CHECK(site.one("SELECT count(*) FROM erasure_run WHERE finished_utc IS NULL") == "0");
}

TEST_CASE("another open case keeps a person from being erased until it is closed") {
  PrivacySite site;
  site.visit_of("PENANDA");
  const GuestId guest(site.one("SELECT guest FROM visit"));
  site.pass(24h);
  const auto open = [&](CaseKind kind) { return site.must_as(site.first, OpenCase{guest, kind, "sendiri", "minta"}).id; };
  const std::string correct = open(CaseKind::correct), erase = open(CaseKind::erase);
  {
    // Words about a person are under their key, whichever entry they explain.
    const auto db = Database::open_archive(site.file());
    auto note = db->prepare("SELECT n.text FROM note n JOIN subject_case c ON c.entry = n.entry WHERE c.id = ?1");
    REQUIRE(*note->bind(1, erase).step());
    CHECK(note->text(0).starts_with("s1:" + guest.str() + ":"));
  }
  CHECK(problem(site.ask_as(site.first, CloseCase{erase, CaseState::answered, "ya"})) == "conflict");
  site.must_as(site.first, CloseCase{correct, CaseState::refused, "tidak perlu"});
  site.must_as(site.first, CloseCase{erase, CaseState::answered, "ya"});
  REQUIRE(site.erase_all());
  CHECK(site.one("SELECT full_name FROM guest") == erased_name);
}

TEST_CASE("persons are found by the whole number, a day or three letters; names are masked") {
  PrivacySite site;
  site.visit_of("PENANDA1"), site.visit_of("PENANDA2");
  const auto db = Database::open_reader(site.file());
  CHECK(find_persons(*db, {"PENANDA108", "", {}}, 10)->size() == 1);
  CHECK(find_persons(*db, {"PENANDA10", "", {}}, 10)->empty());
  CHECK(find_persons(*db, {"", "nama", {}}, 10)->size() == 2);
  const auto now = site.clock.now_.utc;
  CHECK(find_persons(*db, {"", "", std::pair{now - 1h, now + 1h}}, 10)->size() == 2);
  CHECK(find_persons(*db, {"", "2", std::pair{now - 1h, now + 1h}}, 10)->size() == 1);
  CHECK(find_persons(*db, {"", "", std::pair{now + 1h, now + 2h}}, 10)->empty());
  CHECK(masked_name("Tamu Contoh 01") == "T*** C***** 0*");
  CHECK(masked_name("Édgar Ñu") == "É**** Ñ*");
  CHECK(masked_phone("0812345678") == "*******678");
  CHECK(masked_phone("12") == "**");
}

TEST_CASE("no leaf of the journal holds a free word that anybody gave") {
  PrivacySite site;
  site.visit_of("PENANDA");
  const VisitId visit = site.visit_of("PENANDA2", true, 2);
  site.must(RecordScreening{visit, Screening::alternative, "PENANDA kursi roda"});
  for (const char* where : {"PENANDA kamar mandi", "PENANDA tangga"})
    site.must(Panic{where, false}), site.must(Panic{where, true});
  site.must(NoteReading{ReadingKind::visit, visit, {}, "", "PENANDA sebab"}, "admin");
  site.must(NoteBackup{"PENANDA.cadangan", 3}, "admin");
  site.must(ListAttention{"PENANDA nama", "PENANDA08", "PENANDA sebab"}, "admin");
  site.must(
      DecideAttention{VisitId(site.must(RegisterVisit{{"PENANDA nama", "0", "", "PENANDA", "PENANDA", "general"}}).id),
                      true, "PENANDA kenal"});
  site.must(SetPortalMode{PortalId("door"), PortalMode::unlocked, "PENANDA rapat"});
  site.must(StartMuster{"PENANDA latihan"});
  site.must(EndMuster{"PENANDA selesai"});
  site.must(StartShift{});
  site.must(HandOver{UserId(site.first), "PENANDA catatan"});
  site.must(ExemptPassback{visit, "PENANDA"}, "aide");
  site.must(
      PlanVisit{
          {"PENANDA rencana", "", "", "PENANDA", "PENANDA", "general"}, site.clock.now_.utc, site.clock.now_.utc + 1h},
      "aide");
  site.core->handle(BadgeRead{ReaderId("r-in"), {"PENANDA kode asing"}, site.clock.now_.boot, nullptr});
  const GuestId guest(site.one("SELECT guest FROM visit WHERE closed_utc IS NOT NULL"));
  site.must_as(site.first, SetHold{guest, {}, "PENANDA perkara"});
  CloseCase fix{site.must_as(site.first, OpenCase{guest, CaseKind::correct, "PENANDA", "PENANDA"}).id, CaseState::answered,
                "PENANDA"};
  fix.name = "PENANDA baru";
  site.must_as(site.first, fix);
  CHECK(site.one("SELECT count(*) FROM entry WHERE instr(leaf, 'PENANDA') > 0") == "0");
  CHECK(site.one("SELECT group_concat(DISTINCT type) FROM entry WHERE instr(leaf, 'PENANDA') > 0").empty());
  CHECK(site.number("SELECT count(*) FROM note WHERE instr(text, 'PENANDA') > 0") > 15);
  CHECK(site.one("SELECT count(*) FROM alarm WHERE instr(subject, 'PENANDA') > 0") == "0");
  // The second place is recorded too, although the first call for help is still active.
  CHECK(site.one("SELECT count(*) FROM note WHERE text = 'PENANDA tangga'") != "0");
}
