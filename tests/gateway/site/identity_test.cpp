// SPDX-License-Identifier: Apache-2.0
// Who a guest is: what makes two forms one person, what is asked, and what keeps two people apart.
#include "support/sqlite_site.h"

using namespace gapura;
using namespace gapura::tests;
using namespace std::chrono_literals;

namespace {

GuestForm form(const std::string& name, const std::string& phone = "", const std::string& institution = "") {
  return {name, phone, institution, "uji", "pimpinan", "general", "", 1};
}

PlanVisit plan_of(const SiteHarness& site, const GuestForm& guest) {
  const UtcTime now = site.clock.now_.utc;
  return {guest, now + 1h, now + 3h};
}

VisitId plan(SiteHarness& site, const GuestForm& guest) { return VisitId(site.must(plan_of(site, guest), "aide").id); }

}  // namespace

TEST_CASE("one number is one number however a spreadsheet or a person writes it") {
  const char* written = GENERATE("0812-3452-9000", "+62 812-3452-9000", "+62 (0)812-3452-9000", "0062 812 3452 9000",
                                 "62812 3452 9000", "81234529000",
                                 "\xe2\x80\xaa"
                                 "081234529000\xe2\x80\xac",
                                 "0812\xc2\xa0"
                                 "3452\xc2\xa0"
                                 "9000");
  INFO(written);
  SiteHarness site;
  const VisitId planned = plan(site, form("Tamu Contoh 01", written));
  CHECK(site.register_guest("Tamu Contoh 01", "081234529000") == planned);
  CHECK(open_visits(site) == 1);
}

TEST_CASE("two guests of one name without a number are two, also on one day") {
  SiteHarness site;
  const VisitId first = plan(site, form("Tamu Sama", "", "PT Satu Contoh"));
  const VisitId second = plan(site, form("Tamu Sama", "", "PT Dua Contoh"));
  CHECK(first != second);
  CHECK(site.visit(first).guest != site.visit(second).guest);
  CHECK(open_visits(site) == 2);
}

TEST_CASE("what a spreadsheet made of a number is refused, not stored as another number") {
  SiteHarness site;
  for (const char* spoiled : {"6,28E+12", "6.28E+12", "6,28123E+12", "0812 3452 9006 / 0812 3452 9007"}) {
    INFO(spoiled);
    CHECK(problem(site.ask(plan_of(site, form("Tamu Contoh 01", spoiled)), "aide")) == "bad_input");
    CHECK(problem(site.ask(RegisterVisit{form("Tamu Contoh 01", spoiled)})) == "bad_input");
  }
  CHECK(open_visits(site) == 0);
}

TEST_CASE("one number under a differently written name makes no second open visit by itself") {
  SiteHarness site;
  const VisitId here = site.register_guest("Achmad Contoh", "081234529000");
  CHECK_FALSE(site.ask(RegisterVisit{form("Ahmad Contoh", "0812 3452 9000")}));
  CHECK_FALSE(site.ask(plan_of(site, form("Ahmad Contoh", "+62 812 3452 9000")), "aide"));
  CHECK(open_visits(site) == 1);
  CHECK(site.visit(here).state == VisitState::registered);
}

TEST_CASE("one number under another name is a question with two answers, and nothing is stored before") {
  SiteHarness site;
  const VisitId planned = plan(site, form("Achmad Contoh", "081234529000"));
  const std::string guest = site.visit(planned).guest.str();
  RegisterVisit come{form("Ahmad Contoh", "+62 812 3452 9000")};
  const auto asked = site.ask(come);
  REQUIRE_FALSE(asked);
  CHECK(asked.error().kind == ErrorKind::same_person);
  CHECK(asked.error().ids == std::vector<std::string>{guest});
  CHECK(open_visits(site) == 1);
  SECTION("the same person: the plan and the arrival are one, under the name that the post has seen") {
    come.person = GENERATE_COPY(guest, planned.str());
    CHECK(VisitId(site.must(come).id) == planned);
    CHECK(open_visits(site) == 1);
    CHECK(problem(site.ask(RegisterVisit{form("Ahmad Contoh", "081234529000")})) == "conflict");
  }
  SECTION("another person of this number, and afterwards both are found by number and name") {
    come.person = "new";
    const VisitId other(site.must(come).id);
    CHECK(other != planned);
    CHECK(site.visit(other).guest.str() != guest);
    CHECK(site.register_guest("ACHMAD CONTOH", "0062 81234529000") == planned);
    CHECK(problem(site.ask(RegisterVisit{form("Ahmad Contoh", "081234529000")})) == "conflict");
    CHECK(open_visits(site) == 2);
  }
  SECTION("no person is known under an id that was made up") {
    come.person = "g-0000000000000000";
    CHECK(problem(site.ask(come)) == "not_found");
  }
}

TEST_CASE("an id of a person is accepted only where number or name lead to that person") {
  SiteHarness site;
  const VisitId here = site.register_guest("Achmad Contoh", "081234529000");
  const bool by_visit = GENERATE(false, true);
  const std::string person = by_visit ? here.str() : site.visit(here).guest.str();
  const bool gone = GENERATE(false, true);
  if (gone) site.must(CloseVisit{here, VisitState::departed, ""});
  PlanVisit next = plan_of(site, form("Tamu Lain", GENERATE("", "081234529001")));
  next.person = person;
  CHECK(problem(site.ask(next, GENERATE("aide", "guard", "admin"))) == "not_found");
  RegisterVisit come{next};
  // A guard opens the visit on the board; of a visit that is over the id is not on it.
  CHECK(problem(site.ask(come)) == (by_visit && !gone ? "conflict" : "not_found"));
  next.phone = "0812 3452 9000";  // the number that was asked about
  CHECK(site.ask(next, "admin"));
}

TEST_CASE("an expected guest without a number and an arrival of this name: who it is, is asked") {
  SiteHarness site;
  const VisitId first = plan(site, form("Tamu Sama", "", "PT Satu Contoh"));
  const VisitId second = plan(site, form("Tamu Sama", "", "PT Dua Contoh"));
  RegisterVisit come{form("Tamu Sama", GENERATE("", "081234529000"))};
  const auto asked = site.ask(come);
  REQUIRE_FALSE(asked);
  CHECK(asked.error().kind == ErrorKind::same_person);
  CHECK(asked.error().ids.size() == 2);
  come.person = second.str();
  CHECK(VisitId(site.must(come).id) == second);
  CHECK(site.visit(first).state == VisitState::planned);
  come.person = "new";
  come.phone = "081234529001";
  const VisitId third(site.must(come).id);
  CHECK(third != first);
  CHECK(open_visits(site) == 3);
}

TEST_CASE("a plan for a person of the name of a guest who is here is asked about, one for another expected one is not") {
  SiteHarness site;
  const VisitId here = site.register_guest("Tamu Sama", "081234529000");
  PlanVisit next = plan_of(site, form("Tamu Sama"));
  CHECK(problem(site.ask(next, "aide")) == "same_person");
  next.person = "new";
  CHECK(VisitId(site.must(next, "aide").id) != here);
  next.person = here.str();
  CHECK(VisitId(site.must(next, "aide").id) == here);
  CHECK(site.visit(here).invited);
}

TEST_CASE("a plan does not write over the name that the post has seen") {
  SiteHarness site;
  const VisitId here = site.register_guest("Achmad Contoh", "081234529000");
  site.must(CloseVisit{here, VisitState::departed, ""});
  PlanVisit next = plan_of(site, form("Ahmad Cntoh", "081234529000"));
  next.person = site.visit(here).guest.str();
  const VisitId planned(site.must(next, "aide").id);
  CHECK(site.visit(planned).guest == site.visit(here).guest);
  CHECK(site.register_guest("Achmad Contoh", "081234529000") == planned);
}

TEST_CASE("completing a form makes no second open visit of a number that is here") {
  SiteHarness site;
  site.register_guest("Achmad Contoh", "081234529000");
  const VisitId quick(site.must(RegisterVisit{form("Tamu Cepat"), true}).id);
  CHECK(problem(site.ask(CompleteVisit{form("Achmad Contoh", "081234529000"), quick})) == "conflict");
  GuestForm other = form("Tamu Cepat", "081234529000");
  CHECK(problem(site.ask(CompleteVisit{other, quick})) == "same_person");
  other.person = "new";
  CHECK(site.ask(CompleteVisit{other, quick}));
}

// ---- A list

namespace {

GuestRow row_of(const SiteHarness& site, std::size_t line, const GuestForm& form, Millis in = 1h) {
  const UtcTime now = site.clock.now_.utc;
  return {line, form, now + in, now + in + 2h};
}

std::vector<std::string> row_faults(const ImportResult& result) {
  std::vector<std::string> all;
  for (const auto& one : result.mistakes)
    all.push_back(std::to_string(one.line) + " " + one.column + " " +
                  words<RowFault>.at(static_cast<std::size_t>(one.what)));
  return all;
}

}  // namespace

TEST_CASE("a list of guests is stored whole, and its two guests of one name are two") {
  SiteHarness site;
  const auto entries = site.journal().size();
  ImportGuests list{{row_of(site, 2, form("Tamu Sama", "", "PT Satu Contoh")),
                     row_of(site, 3, form("Tamu Sama", "", "PT Dua Contoh")),
                     row_of(site, 4, form("Achmad Contoh", "081234529000")),
                     row_of(site, 5, form("achmad contoh", "+62 812 3452 9000"))}};
  list.dry_run = true;
  const auto checked = site.must(list, "admin").import;
  CHECK(row_faults(checked).empty());
  CHECK(checked.planned == 3);
  CHECK(checked.merged == 1);
  CHECK(open_visits(site) == 0);
  CHECK(site.journal().size() == entries);
  list.dry_run = false;
  const auto stored = site.must(list, "admin").import;
  CHECK(stored.planned == checked.planned);
  CHECK(stored.merged == checked.merged);
  CHECK(open_visits(site) == 3);
  CHECK(site.register_guest("Achmad Contoh", "081234529000") != VisitId());
  CHECK(open_visits(site) == 3);
}

TEST_CASE("one line that cannot be stored keeps the whole list out, and every line's mistake is reported") {
  SiteHarness site;
  site.register_guest("Siti Contoh", "081234529009");
  const auto entries = site.journal().size();
  const ImportGuests list{
      {row_of(site, 2, form("Tamu Baik", "081234526001")), row_of(site, 3, form("Tamu Lampau", "081234526002"), -48h),
       row_of(site, 4, form("Tamu Baik Juga", "081234526001")), row_of(site, 5, form("Sity Contoh", "81234529009")),
       row_of(site, 6, form("Tamu Rusak", "6,28E+12")), row_of(site, 7, form("Tamu Lain", "081234526003"))}};
  const auto result = site.must(list, "admin").import;
  CHECK(row_faults(result) ==
        std::vector<std::string>{"3 until passed", "4 phone same_person", "5 phone same_person", "6  refused"});
  CHECK(result.planned == 0);
  CHECK(result.mistakes.at(2).about == "Siti Contoh");
  CHECK(open_visits(site) == 1);
  CHECK(site.journal().size() == entries);
}

TEST_CASE("a line says who it is, and a list that is read a second time makes no guest a second time") {
  SiteHarness site;
  const std::string known = site.visit(site.register_guest("Siti Contoh", "081234529009")).guest.str();
  GuestForm same = form("Sity Contoh", "081234529009"), other = form("Anak Contoh", "081234529009");
  same.person = known;
  other.person = "new";
  const ImportGuests list{{row_of(site, 2, same), row_of(site, 3, other), row_of(site, 4, form("Tamu Sama")),
                           row_of(site, 5, form("Tamu Contoh", "081234526001"))}};
  const auto first = site.must(list, "admin").import;
  CHECK(row_faults(first).empty());
  CHECK(first.planned == 3);
  CHECK(first.merged == 1);
  CHECK(open_visits(site) == 4);
  const auto again = site.must(list, "admin").import;
  CHECK(row_faults(again) == std::vector<std::string>{"4 name already_expected"});
  CHECK(open_visits(site) == 4);
  ImportGuests numbered = list;
  std::erase_if(numbered.rows, [](const auto& row) { return row.line == 4; });
  const auto third = site.must(numbered, "admin").import;
  CHECK(third.planned == 0);
  CHECK(third.merged == 3);
  CHECK(open_visits(site) == 4);
}

TEST_CASE("two thousand guests are one transaction; more are refused") {
  SiteHarness site;
  ImportGuests list;
  for (std::size_t i = 0; i < 2000; ++i)
    list.rows.push_back(
        row_of(site, i + 2, form("Tamu Contoh " + std::to_string(i), "0812" + std::to_string(10'000'000 + i))));
  CHECK(site.must(list, "admin").import.planned == 2000);
  CHECK(open_visits(site) == 2000);
  list.rows.push_back(row_of(site, 2002, form("Tamu Contoh")));
  CHECK(row_faults(site.must(list, "admin").import) == std::vector<std::string>{"2002  too_many_rows"});
}
