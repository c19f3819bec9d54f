// SPDX-License-Identifier: Apache-2.0
#include "gateway/simulation/shadow.h"

#include "support/sqlite_site.h"

using namespace gapura;
using namespace gapura::tests;
using namespace std::chrono_literals;

namespace {

ShadowReport shadow(const SiteHarness& site, const SiteConfig& rules, UtcTime from = UtcTime{}) {
  const auto reader = Database::open_reader(site.folder.path() + "/gapura.db");
  auto report = shadow_check(*reader, rules, from, [](UtcTime) { return Minutes(480); });
  REQUIRE(report);
  return *report;
}

}  // namespace

TEST_CASE("a shadow check says which recorded grants the new rules would deny, and the reverse") {
  SiteHarness site;
  const auto [badge, token] = site.ready_guest();
  site.walk("r-in", token, "gate1.passage_in");
  site.walk("r-in", token, "gate1.passage_in");  // passed back over the gate: not denied by the present rules
  const VisitId unscreened = site.register_guest("Tamu Contoh 02");
  site.accept(unscreened);
  const Reply second = site.must(IssueBadge{unscreened, "", 0});
  site.scan("r-in", {second.token});
  const auto before = site.core->gate().state().next_number;

  SECTION("the rules in force change nothing") {
    const auto report = shadow(site, site.site);
    CHECK(report.scans == 3);
    CHECK(report.changes.empty());
  }
  SECTION("anti-passback would have refused the second entry") {
    SiteConfig strict = site.site;
    strict.areas[1].passback = Passback::hard;
    const auto report = shadow(site, strict);
    REQUIRE(report.changes.size() == 1);
    CHECK(report.changes[0].was_granted);
    CHECK(report.changes[0].reasons == std::vector<std::string>{"already_inside"});
    CHECK(report.reasons.at("already_inside") == 1);
    CHECK(shadow(site, strict, site.clock.now_.utc + 1s).scans == 0);
  }
  SECTION("without screening the third would have come in") {
    SiteConfig loose = site.site;
    loose.points[0].needs_screening = false;
    const auto report = shadow(site, loose);
    REQUIRE(report.changes.size() == 1);
    CHECK(!report.changes[0].was_granted);
    CHECK(report.changes[0].reasons == std::vector<std::string>{"screening_missing"});
  }
  SECTION("a procedure not in force yet is judged as if it were") {
    SiteConfig draft = site.site;
    Sop sop;
    sop.id = "SOP-CONTOH#2", sop.categories = {"general"}, sop.effective = site.clock.now_.utc + 24h;
    sop.steps = {{"identity", "", "guard", "process", Evidence::attested, "", {}, {}, "", {}}};
    sop.gates = {{"waiting_room", {"identity"}}};
    draft.sops = {sop};
    CHECK(shadow(site, draft).reasons.at("sop_step_missing") == 2);
  }
  CHECK(site.core->gate().state().next_number == before);
}
