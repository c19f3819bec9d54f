// SPDX-License-Identifier: Apache-2.0
// What is destroyed is nowhere in the files afterwards, and the record still proves itself.
#include "gateway/registry/erasure.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <map>

#include "gateway/record/backup.h"
#include "gateway/record/verify.h"
#include "support/privacy_site.h"

using namespace gapura;
using namespace gapura::gateway;
using namespace gapura::tests;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::hours a_day{24};

void check_sound(const PrivacySite& site) {
  const SiteConfig config = demo_site();
  const auto report = verify_journal({site.file(), {}, {}, &config, 1, false});
  if (!report) FAIL(report.error().message);
  for (const auto& finding : report->findings) FAIL_CHECK(finding.kind << ' ' << finding.entry << ": " << finding.what);
}

// No trace of them in any file, nor in a backup made after; the journal verifies.
void erase_persons(int persons) {
  PrivacySite site;
  for (int i = 0; i < persons; ++i) site.visit_of("PENANDA" + std::to_string(i), false, i % 50 == 0 ? 2 : 0);
  site.core->handle(BadgeRead{ReaderId("r-in"), {"BEGIN:VCARD PENANDA tamu asing"}, site.clock.now_.boot, nullptr});
  site.must(Panic{"PENANDA di ruang tunggu", false});
  for (const auto& [number, alarm] : std::map(site.core->gate().state().alarms))
    site.must(AcknowledgeAlarm{number, AlarmHandling::handled});
  const std::vector<std::string> stored = site.stored_for("PENANDA");
  CHECK(stored.size() > 5 * static_cast<std::size_t>(persons));
  CHECK(PrivacySite::with_traces(site.folder.path(), stored).contains("gapura.db"));
  CHECK(site.media_files() > static_cast<std::size_t>(persons) / 100);
  site.pass(a_day * 366);
  site.visit_of("TETAP", true, 2);

  const std::string run = site.must_as(site.first, ApproveRetention{}).id;
  const Status erased = site.erase_all();
  if (!erased) FAIL(erased.error().message);

  CHECK(PrivacySite::holding(site.folder.path(), "PENANDA") == std::vector<std::string>{});
  CHECK(PrivacySite::with_traces(site.folder.path(), stored) == std::set<std::string>{});
  CHECK(site.number("SELECT count(*) FROM guest WHERE full_name = 'TETAP nama'") == 1);
  CHECK(site.number("SELECT count(*) FROM person_key WHERE owner GLOB 'g-*' AND wrapped <> zeroblob(72)") == 1);
  CHECK(site.media_files() == 3);
  CHECK(site.number("SELECT count(*) FROM guest WHERE erased_utc IS NOT NULL") == persons);
  CHECK(site.number("SELECT count(*) FROM visit WHERE category = 'general' AND party = 3 AND closed_utc IS NOT NULL") ==
        persons);
  CHECK(site.number("SELECT count(*) FROM doomed_file") == 0);
  CHECK(site.number("SELECT sum(persons) FROM erasure_class WHERE run = '" + run + "'") == persons);
  check_sound(site);

  std::ofstream(site.folder / "site") << "contoh\n";
  const std::string backup =
      site.folder / "../" + std::filesystem::path(site.folder.path()).filename().string() + ".cadangan";
  const auto made = make_backup(site.folder.path(), backup, "kata sandi contoh yang panjang");
  if (!made) FAIL(made.error().message);
  TemporaryFolder restored;
  REQUIRE(restore_backup(backup, "kata sandi contoh yang panjang", restored / "data"));
  std::filesystem::remove(backup);
  CHECK(PrivacySite::holding(restored.path(), "PENANDA") == std::vector<std::string>{});
  CHECK(PrivacySite::with_traces(restored.path(), stored) == std::set<std::string>{});
  CHECK(PrivacySite::with_traces(restored.path(), site.stored_for("TETAP")).contains("gapura.db"));

  site.open();  // as after a restart
  CHECK(site.number("SELECT count(*) FROM entry WHERE type = 'retention_done'") == 1);
  check_sound(site);
}

}  // namespace

TEST_CASE("a thousand persons are erased: no trace in any file, nor in a backup made after") { erase_persons(1'000); }

TEST_CASE("ten thousand persons are erased", "[.full]") { erase_persons(10'000); }

TEST_CASE("a destruction that is cut off between two parts goes on where it was") {
  PrivacySite site;
  for (int i = 0; i < 150; ++i) site.visit_of("PENANDA" + std::to_string(i), false, i % 10 == 0 ? 2 : 0);
  const std::vector<std::string> stored = site.stored_for("PENANDA");
  site.pass(a_day * 366);
  site.must_as(site.first, ApproveRetention{});
  for (int parts = 1; parts < 400; ++parts) {
    DirectPort port(site);
    int left = parts;
    const Status done = carry_out_erasures(port, *site.pictures, site.file(), [&] { return --left > 0; });
    site.open();
    if (done) break;
    CHECK(done.error().kind == ErrorKind::unavailable);
  }
  CHECK(PrivacySite::with_traces(site.folder.path(), stored) == std::set<std::string>{});
  CHECK(site.number("SELECT count(*) FROM erasure_run WHERE finished_utc IS NULL") == 0);
  check_sound(site);
}

TEST_CASE("old copies of rows in the unused middle of pages are really there, and are cleared") {
  PrivacySite site;
  for (int i = 0; i < 1500; ++i) site.visit_of("PENANDA" + std::to_string(i));
  const std::vector<std::string> stored = site.stored_for("PENANDA");
  site.pass(a_day * 366);
  site.must_as(site.first, ApproveRetention{});
  const std::string run = site.one("SELECT id FROM erasure_run");
  while (!site.must_as(site.first, EraseNext{run}).id.empty()) {}
  auto step = std::make_shared<ScrubStep>();
  step->pages = 0;  // the log is emptied, nothing is cleared
  site.must_as("system", ScrubPages{step});
  REQUIRE(step->outcome);
  CHECK(PrivacySite::with_traces(site.folder.path(), stored) == std::set<std::string>{"gapura.db"});
  std::int64_t cleared = 0;
  for (step->from = 1, step->pages = 100; step->from != 0; step->from = step->next) {
    site.must_as("system", ScrubPages{step});
    REQUIRE(step->outcome);
    REQUIRE_FALSE(step->busy);
    cleared += step->cleared;
    site.visit_of("TETAP" + std::to_string(step->next));  // the post goes on meanwhile
  }
  CHECK(cleared > 0);
  CHECK(site.one("PRAGMA integrity_check") == "ok");
  step->from = 1, step->pages = 0;
  site.must_as("system", ScrubPages{step});
  CHECK(PrivacySite::with_traces(site.folder.path(), stored) == std::set<std::string>{});
  check_sound(site);
}

TEST_CASE("clearing waits for a reader that holds the log") {
  PrivacySite site;
  site.visit_of("PENANDA");
  auto reader = Database::open_reader(site.file());
  REQUIRE(reader);
  auto row = reader->prepare("SELECT number FROM entry");
  REQUIRE(*row->step());
  site.visit_of("PENANDA2");
  auto step = std::make_shared<ScrubStep>();
  site.must_as("system", ScrubPages{step});
  CHECK(step->busy);
  row->reset();
  site.must_as("system", ScrubPages{step});
  CHECK_FALSE(step->busy);
}

TEST_CASE("open visits, holds and open cases are never touched; a released hold is") {
  PrivacySite site;
  const VisitId held = site.visit_of("PENANDA1"), kept = site.visit_of("PENANDA2"), asked = site.visit_of("PENANDA3");
  site.visit_of("PENANDA4");
  const auto guest_of = [&](const VisitId& visit) {
    return site.one("SELECT guest FROM visit WHERE id = '" + visit.str() + "'");
  };
  const std::string hold = site.must_as(site.first, SetHold{{}, held, "perkara contoh"}).id;
  site.must_as(site.first, SetHold{GuestId(guest_of(kept)), {}, "perkara lain"});
  CHECK(problem(site.ask_as(site.first, SetHold{{}, held, ""})) == "bad_input");
  CHECK(problem(site.ask_as(site.first, SetHold{{}, VisitId("v-none"), "x"})) == "not_found");
  site.pass(a_day * 366);
  const std::string open_case =
      site.must_as(site.first, OpenCase{GuestId(guest_of(asked)), CaseKind::access, "Tamu Contoh", "uji"}).id;
  const VisitId open = site.visit_of("PENANDA5", true);
  std::map<std::string, std::vector<std::string>> stored;
  for (const char* mark : {"PENANDA1", "PENANDA2", "PENANDA3", "PENANDA4", "PENANDA5"}) {
    stored[mark] = site.stored_for(mark);
    REQUIRE(stored[mark].size() > 4);
  }
  const auto list = load_due(*Database::open_reader(site.file()), site.clock.now_.utc);
  REQUIRE(list);
  CHECK(list->open_visits == 1);
  CHECK(list->classes[0].count.due == 1);
  CHECK(list->classes[0].count.held == 3);
  site.must_as(site.first, ApproveRetention{{"visit", "nik"}});
  REQUIRE(site.erase_all());
  CHECK(site.number("SELECT count(*) FROM visit WHERE erased_utc IS NOT NULL") == 1);
  const auto is_gone = [&](const char* mark) {
    return PrivacySite::with_traces(site.folder.path(), stored[mark]).empty() && site.stored_for(mark).empty();
  };
  CHECK(is_gone("PENANDA4"));
  for (const char* mark : {"PENANDA1", "PENANDA2", "PENANDA3", "PENANDA5"})
    CHECK(site.stored_for(mark).size() >= stored[mark].size());

  CHECK(problem(site.ask_as(site.first, ReleaseHold{hold, ""})) == "bad_input");
  site.must_as(site.second, ReleaseHold{hold, "perkara selesai"});
  CHECK(problem(site.ask_as(site.first, ReleaseHold{hold, "sekali lagi"})) == "not_found");
  site.must_as(site.first, CloseCase{open_case, CaseState::answered, "salinan diserahkan"});
  site.must_as(site.first, ApproveRetention{});
  REQUIRE(site.erase_all());
  CHECK(is_gone("PENANDA1"));
  CHECK(is_gone("PENANDA3"));
  CHECK(site.stored_for("PENANDA2").size() >= stored["PENANDA2"].size());
  CHECK(site.core->gate().state().visits.contains(open));
  check_sound(site);
}

TEST_CASE("each class goes by its own period, and a guest who comes again stays") {
  PrivacySite site;
  site.visit_of("PENANDA1", false, 2);
  const auto erase = [&] {
    site.must_as(site.first, ApproveRetention{});
    REQUIRE(site.erase_all());
  };
  const auto files = [&](const char* ending) {
    std::int64_t count = 0;
    for (const auto& file : std::filesystem::recursive_directory_iterator(site.folder / "media"))
      count += file.path().extension() == ending;
    return count;
  };
  site.pass(a_day * 2);
  erase();
  CHECK(site.number("SELECT count(*) FROM visit WHERE identity_last4 <> '' OR identity_type <> ''") == 0);
  CHECK(files(".mp4") == 1);
  site.pass(a_day * 6);
  erase();
  CHECK(files(".mp4") == 0);
  CHECK(files(".jpg") == 2);
  site.pass(a_day * 24);
  erase();
  CHECK(files(".jpg") == 0);
  CHECK(site.one("SELECT purpose FROM visit") == "PENANDA1 keperluan");
  site.pass(a_day * 200);
  site.visit_of("PENANDA1");  // the same person again
  CHECK(site.number("SELECT count(*) FROM guest") == 1);
  site.pass(a_day * 160);
  erase();
  CHECK(site.number("SELECT count(*) FROM visit WHERE erased_utc IS NOT NULL") == 1);
  CHECK(site.one("SELECT full_name FROM guest") == "PENANDA1 nama");
  site.pass(a_day * 210);
  erase();
  CHECK(site.one("SELECT full_name FROM guest") == erased_name);
  CHECK(PrivacySite::holding(site.folder.path(), "PENANDA") == std::vector<std::string>{});
  check_sound(site);
}

TEST_CASE("a clip of no alarm goes by its own class alone") {
  PrivacySite site;
  auto rules = default_retention();
  for (auto& rule : rules) {
    if (rule.what == RetentionClass::clip) rule.days = 60;
    if (rule.what == RetentionClass::deviation) rule.days = 30;
  }
  site.must_as("system", AdoptRetention{rules});
  site.pass(a_day * 4);  // the accounts are old enough to agree
  for (const auto& who : {site.first, site.second}) site.must_as(who, AgreeRetention{RetentionClass::deviation});
  site.visit_of("PENANDA", false, 2);
  site.pass(a_day * 40);
  site.must_as(site.first, ApproveRetention{{"deviation"}});
  REQUIRE(site.erase_all());
  CHECK(site.number("SELECT count(*) FROM clip") == 1);
  site.pass(a_day * 30);
  site.must_as(site.first, ApproveRetention{{"clip"}});
  REQUIRE(site.erase_all());
  CHECK(site.number("SELECT count(*) FROM clip") == 0);
}

TEST_CASE("the clip of an alarm that was no false one outlives its class") {
  PrivacySite site;
  site.must(Panic{"post", false});
  const std::uint64_t alarm = site.core->gate().state().alarms.begin()->first;
  site.must(AcknowledgeAlarm{alarm, AlarmHandling::handled});
  const auto clip = site.pictures->keep_clip(std::string("\0\0\0\x18"
                                                         "ftypmp42",
                                                         12) +
                                             "PENANDA");
  site.core->handle(PictureKept{alarm, {}, {}, *clip, "gate", "evidence", 10, 900});
  site.pass(a_day * 30);
  site.must_as(site.first, ApproveRetention{});
  REQUIRE(site.erase_all());
  CHECK(site.number("SELECT count(*) FROM clip") == 1);
  site.pass(a_day * 366);
  site.must_as(site.first, ApproveRetention{});
  REQUIRE(site.erase_all());
  CHECK(PrivacySite::holding(site.folder.path(), "PENANDA") == std::vector<std::string>{});
}

TEST_CASE("a picture that another guest's visit shows as well stays until that one goes") {
  PrivacySite site;
  RegisterVisit form{"Tamu Contoh 01", "", "", "uji", "pimpinan", "general", site.keep("bersama")};
  const VisitId first(site.must(form).id);
  site.must(CloseVisit{first, VisitState::departed, "uji"});
  site.pass(a_day * 20);
  RegisterVisit other{"Tamu Contoh 02", "", "", "uji", "pimpinan", "general", ""};
  const VisitId second(site.must(other).id);
  // The same bytes as evidence of the second visit. As a portrait they would be refused.
  site.core->handle(
      PictureKept{site.core->gate().state().next_number - 1, second, {}, form.portrait, "gate", "waiting_room", 10, 0});
  site.must(CloseVisit{second, VisitState::departed, "uji"});
  site.pass(a_day * 11);
  site.must_as(site.first, ApproveRetention{});
  REQUIRE(site.erase_all());
  CHECK(std::filesystem::exists(site.pictures->path(form.portrait)));
  site.pass(a_day * 20);
  site.must_as(site.first, ApproveRetention{});
  REQUIRE(site.erase_all());
  CHECK_FALSE(std::filesystem::exists(site.pictures->path(form.portrait)));
}

TEST_CASE("a portrait is refused that is another guest's, and is gone with its guest") {
  PrivacySite site;
  RegisterVisit form{"Tamu Contoh 01", "0800-000-001", "", "uji", "pimpinan", "general", site.keep("potret satu")};
  const VisitId first(site.must(form).id);
  const std::string guest = site.one("SELECT guest FROM visit");
  RegisterVisit other{"Tamu Contoh 02", "0800-000-002", "", "uji", "pimpinan", "general", form.portrait};
  CHECK(site.ask(other).error().kind == ErrorKind::bad_input);
  other.portrait = site.keep("potret dua");
  const VisitId second(site.must(other).id);
  const auto refused = [&](const VisitId& visit, const std::string& hash, const std::string& portrait_of = "") {
    SetPortrait asked{visit, hash};
    asked.portrait_of = portrait_of;
    const auto answer = site.ask(asked);
    return !answer && answer.error().kind == ErrorKind::bad_input;
  };
  CHECK(refused(second, form.portrait));
  const std::string replaced = form.portrait, newer = site.keep("potret satu lagi");
  site.must(SetPortrait{first, newer});
  CHECK(refused(second, newer));
  CHECK(refused(second, replaced, guest));  // only its file says whose it is
  site.must(SetPortrait{first, replaced, guest});
  const std::string still = site.keep("gambar ruang tunggu");
  site.core->handle(
      PictureKept{site.core->gate().state().next_number - 1, first, {}, still, "gate", "waiting_room", 10, 0});
  CHECK(refused(second, still));
  site.must(SetPortrait{first, still});

  site.must(CloseVisit{first, VisitState::departed, "uji"});
  site.must(CloseVisit{second, VisitState::departed, "uji"});
  site.pass(std::chrono::minutes(6));  // nothing can be taken back any more
  CloseCase erase{site.must_as(site.first, OpenCase{GuestId(guest), CaseKind::erase, "Tamu Contoh, KTP dicek", "uji"}).id,
                  CaseState::answered, "dihapus"};
  site.must_as(site.first, erase);
  REQUIRE(site.erase_all());
  for (const std::string& hash : {replaced, newer, still}) {
    INFO(hash);
    CHECK_FALSE(std::filesystem::exists(site.pictures->path(hash)));
  }
  CHECK(std::filesystem::exists(site.pictures->path(other.portrait)));
}

TEST_CASE("uploads that nothing mentions are swept after a day; what is mentioned stays") {
  PrivacySite site;
  const std::string unused = site.keep("lama"), fresh = site.keep("baru");
  RegisterVisit form{"Tamu Contoh 01", "", "", "uji", "pimpinan", "general", site.keep("potret")};
  site.must(form);
  const auto age = [&](const std::string& hash) {
    std::filesystem::last_write_time(site.pictures->path(hash), std::filesystem::file_time_type::clock::now() - 25h);
  };
  age(unused), age(form.portrait);
  const auto swept = sweep_media(site.folder / "media", site.file());
  REQUIRE(swept);
  CHECK(*swept == 1);
  CHECK_FALSE(std::filesystem::exists(site.pictures->path(unused)));
  CHECK(std::filesystem::exists(site.pictures->path(fresh)));
  CHECK(std::filesystem::exists(site.pictures->path(form.portrait)));
}
