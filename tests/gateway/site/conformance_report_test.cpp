// SPDX-License-Identifier: Apache-2.0
#include "gateway/record/conformance_report.h"

#include "support/sqlite_site.h"

using namespace gapura;
using namespace gapura::tests;
using namespace std::chrono_literals;

namespace {

SopStep make_step(const char* id, const char* event) {
  SopStep step;
  step.id = id;
  step.event = event;
  step.evidence = *event ? Evidence::system : Evidence::attested;
  return step;
}

Sop make_procedure(const std::string& id) {
  Sop sop;
  sop.id = id;
  sop.categories = {"general"};
  sop.steps = {make_step("greet", ""), make_step("register", "visit.registered"), make_step("badge", "badge.issued"),
               make_step("meeting", "access.taken"), make_step("badge_return", "badge.returned")};
  sop.steps[0].evidence = Evidence::unobservable;
  sop.rules.push_back({.type = "precedence", .before = "badge", .after = "register"});
  return sop;
}

std::vector<ConformanceReport> reports(const SiteHarness& site, UtcTime from = {}, const Sop* draft = nullptr) {
  const auto reader = Database::open_reader(site.folder.path() + "/gapura.db");
  auto all =
      report_conformance(*reader, site.site, {from, site.clock.now_.utc, draft, [](UtcTime) { return Minutes(480); }});
  REQUIRE(all);
  return *all;
}

SiteConfig site_with_procedure() {
  SiteConfig site = demo_site();
  site.sops = {make_procedure("SOP-CONTOH#1")};
  return site;
}

}  // namespace

TEST_CASE("a report counts each step of the recorded visits under their own version, and links what was not done") {
  SiteHarness site(site_with_procedure());
  VisitId returned;
  const auto [badge, token] = site.ready_guest(&returned);
  site.walk("r-in", token, "gate1.passage_in");
  site.walk("r-door", token, "door1.passage");
  site.must(ReturnBadge{badge});
  const VisitId kept = site.register_guest("Tamu Contoh 02");
  site.must(IssueBadge{kept, "", 0});
  site.must(CloseVisit{kept, VisitState::left_early, "uji"});

  const auto all = reports(site);
  REQUIRE(all.size() == 1);
  CHECK(all[0].sop == "SOP-CONTOH#1");
  CHECK(all[0].visits == 2);
  CHECK(all[0].clean == 0);
  CHECK(all[0].steps[0] == StepFigures{"greet", Evidence::unobservable, 0, 0, 0, 0, 0});
  CHECK(all[0].steps[1].done == 2);
  CHECK(all[0].steps[2].done == 2);
  CHECK(all[0].steps[3].done == 1);
  CHECK(all[0].steps[4].done == 1);
  const auto badge_of = [&](const VisitId& visit) {
    for (const auto& entry : site.journal())
      if (entry.type == EventType::badge_issued && entry.visit == visit) return entry.number;
    return std::uint64_t(0);
  };
  const auto closed = site.last(EventType::visit_closed).number;
  CHECK(all[0].deviations ==
        std::vector<VisitDeviation>{{returned, {Deviation::wrong_order, "badge", 0, badge_of(returned)}},
                                    {kept, {Deviation::wrong_order, "badge", 0, badge_of(kept)}},
                                    {kept, {Deviation::badge_not_returned, "", {}, closed}}});
  CHECK(reports(site) == all);
}

TEST_CASE("a draft is judged on the visits that there were, and only those of the time asked for") {
  SiteHarness site;
  site.ready_guest();
  CHECK(reports(site).empty());  // under no procedure
  Sop draft = make_procedure("DRAFT#2");
  draft.steps[2].time_limit = 5min;
  site.pass(6min);
  const auto all = reports(site, {}, &draft);
  REQUIRE(all.size() == 1);
  CHECK(all[0].sop == "DRAFT#2");
  CHECK(all[0].visits == 1);
  CHECK(reports(site, site.clock.now_.utc, &draft).empty());
}
