// SPDX-License-Identifier: Apache-2.0
// What the tables hold is what the journal's entries add up to.
#include <sqlite3.h>

#include "gateway/registry/registry.h"
#include "support/sqlite_site.h"

using namespace gapura;
using namespace gapura::tests;
using namespace std::chrono_literals;

TEST_CASE("whole visits fold, load and survive a restart alike") {
  SiteHarness site;
  site.must(StartShift{});
  site.must(SetLeaderState{LeaderState::in_a_meeting}, "aide");
  VisitId visit;
  const auto [badge, token] = site.ready_guest(&visit);
  site.must(DepositItem{visit, "tas", "A2", "3"});
  site.must(MoveEscort{visit, EscortState::started, ""});
  site.walk("r-in", token, "gate1.passage_in");
  site.must(StockCards{2}, "admin");
  const GuestForm guest{"Tamu Contoh 02", "0800-000-002", "", "uji", "pimpinan", "general", "", 1};
  const VisitId planned =
      VisitId(site.must(PlanVisit{guest, site.clock.now_.utc - 1h, site.clock.now_.utc + 3h}, "aide").id);
  const SiteState live = site.core->gate().state();

  SiteState folded;
  for (const auto& entry : site.journal()) {
    SiteEdit edit(folded);
    apply(edit, entry, site.core->gate().config());
    edit.merge_into(folded, entry.at.utc);
  }
  auto loaded = load_state(*Database::open_reader(site.folder.path() + "/gapura.db"));
  REQUIRE(loaded);
  for (const SiteState* state : {&folded, &*loaded}) {
    CHECK(state->visits == live.visits);
    CHECK(state->badges == live.badges);
    CHECK(state->deposits == live.deposits);
    CHECK(state->facts == live.facts);
    CHECK(state->people == live.people);
    CHECK(state->alarms == live.alarms);
  }
  site.open();
  CHECK(site.visit(visit).where == live.visits.at(visit).where);
  CHECK(site.visit(planned).state == VisitState::planned);
}

TEST_CASE("a visit's row that was damaged is made whole by a start: its badge still ends in a decision") {
  SiteHarness site;
  VisitId visit;
  const auto [badge, token] = site.ready_guest(&visit);
  const char* damages[] = {"outside=7", "", "outside=x residence=-1", "residence=2147483647 outside=2147483647"};
  for (const char* damage : damages) {
    CAPTURE(damage);
    REQUIRE(sqlite3_exec(site.writer, (std::string("UPDATE visit SET whereabouts = '") + damage + "'").c_str(), nullptr,
                         nullptr, nullptr) == SQLITE_OK);
    site.open();
    CHECK(site.visit(visit).where == Whereabouts{{unknown_area, 1}});
    const auto before = site.journal().size();
    site.scan("r-door", {token});
    CHECK(site.journal().size() > before);
  }
}

TEST_CASE("a mode of an entry that is not there is not taken from a damaged row") {
  SiteHarness site;
  REQUIRE(sqlite3_exec(site.writer, "INSERT INTO site_fact (key, value) VALUES ('mode.door', 'unlocked 1000000 0')",
                       nullptr, nullptr, nullptr) == SQLITE_OK);
  site.open();
  CHECK_FALSE(site.facts().modes.contains(PortalId("door")));
}
