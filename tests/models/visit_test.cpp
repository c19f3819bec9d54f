// SPDX-License-Identifier: Apache-2.0
// The tables of moves, written a second time as text: every pair of states is tried against it.
#include "models/visit/visit.h"

#include <catch2/catch.hpp>
#include <map>
#include <numeric>
#include <random>
#include <set>
#include <sstream>

using namespace gapura;

namespace {

// "from: to to to" a line.
std::map<std::string, std::set<std::string>> parse(const char* text) {
  std::map<std::string, std::set<std::string>> table;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words_of(line);
    std::string from, target;
    if (!(words_of >> from)) continue;
    from.pop_back();
    auto& targets = table[from];
    while (words_of >> target) targets.insert(target);
  }
  return table;
}

template <class Enum, class May>
void check_all(const char* text, May may) {
  const auto table = parse(text);
  REQUIRE(table.size() == words<Enum>.size());
  for (std::size_t from = 0; from < words<Enum>.size(); ++from)
    for (std::size_t to = 0; to < words<Enum>.size(); ++to) {
      INFO(words<Enum>[from] << " -> " << words<Enum>[to]);
      CHECK(may(static_cast<Enum>(from), static_cast<Enum>(to)) == table.at(words<Enum>[from]).contains(words<Enum>[to]));
    }
}

int total(const Whereabouts& where) {
  return std::accumulate(where.begin(), where.end(), 0, [](int sum, const auto& group) { return sum + group.second; });
}

}  // namespace

TEST_CASE("a visit moves along its table and no other way") {
  check_all<VisitState>(
      R"(planned:     arrived registered no_show cancelled
         arrived:     registered turned_away left_early unaccounted
         registered:  waiting called escorted in_meeting declined rescheduled referred turned_away left_early departed unaccounted
         waiting:     called escorted in_meeting declined rescheduled referred left_early departed unaccounted
         called:      waiting escorted in_meeting declined rescheduled referred left_early departed unaccounted
         escorted:    waiting in_meeting finished left_early departed unaccounted
         in_meeting:  finished away departed unaccounted
         away:        in_meeting waiting finished departed unaccounted
         finished:    in_meeting departed unaccounted
         departed:
         declined:    waiting called rescheduled referred left_early departed unaccounted
         rescheduled: waiting called declined referred left_early departed unaccounted
         referred:    waiting called declined rescheduled left_early departed unaccounted
         turned_away:
         no_show:
         cancelled:
         left_early:  departed unaccounted
         unaccounted: departed)",
      [](VisitState from, VisitState to) { return may_move(from, to); });
}

TEST_CASE("a visit ends in four ways, and every other state can still reach departed or was never there") {
  std::set<std::string> ends;
  for (std::size_t i = 0; i < words<VisitState>.size(); ++i)
    if (is_end(static_cast<VisitState>(i))) ends.insert(words<VisitState>[i]);
  CHECK(ends == std::set<std::string>{"departed", "turned_away", "no_show", "cancelled"});
  CHECK(may_move(VisitState::unaccounted, VisitState::departed));
}

TEST_CASE("a card moves along its table, and only a card is stock") {
  const char* table =
      R"(in_stock:   issued destroyed
         issued:     active suspended returned expired revoked lost destroyed
         active:     suspended returned expired revoked lost destroyed
         suspended:  active returned revoked lost destroyed
         returned:   in_stock destroyed
         expired:    returned lost destroyed
         revoked:    in_stock returned lost destroyed
         lost:       quarantine destroyed
         quarantine: in_stock destroyed
         destroyed:)";
  check_all<BadgeState>(table, [](BadgeState from, BadgeState to) { return may_move(from, to, BadgeKind::card); });
  for (const BadgeKind kind : {BadgeKind::paper, BadgeKind::staff})
    for (std::size_t i = 0; i < words<BadgeState>.size(); ++i) {
      const auto state = static_cast<BadgeState>(i);
      CHECK_FALSE(may_move(state, BadgeState::in_stock, kind));
      CHECK_FALSE(may_move(BadgeState::in_stock, state, kind));
      if (state != BadgeState::in_stock && state != BadgeState::destroyed)
        CHECK(may_move(state, BadgeState::destroyed, kind));
    }
}

TEST_CASE("an escort moves along its table") {
  check_all<EscortState>(
      R"(none:        requested started
         requested:   none started
         started:     at_door handed_over returned
         at_door:     handed_over returned
         handed_over: started returned
         returned:    requested started)",
      [](EscortState from, EscortState to) { return may_move(from, to); });
}

TEST_CASE("a screening moves along its table") {
  check_all<Screening>(
      R"(pending:           passed_through clear alarm manual_check cleared_by_check item_deposited refused held_and_reported alternative
         passed_through:    pending clear alarm manual_check cleared_by_check item_deposited refused held_and_reported alternative
         clear:             pending alarm
         alarm:             rewalk manual_check cleared_by_check item_deposited refused held_and_reported alternative
         rewalk:            passed_through clear alarm manual_check cleared_by_check item_deposited refused held_and_reported alternative
         manual_check:      rewalk cleared_by_check item_deposited refused held_and_reported alternative
         cleared_by_check:  pending alarm
         item_deposited:    rewalk passed_through clear alarm manual_check cleared_by_check refused held_and_reported alternative
         refused:           pending rewalk manual_check alternative
         held_and_reported: manual_check
         alternative:       pending alarm)",
      [](Screening from, Screening to) { return may_record(from, to, 0, 3); });
}

TEST_CASE("a metal alarm is never simply clear, and walks again only so often") {
  CHECK_FALSE(may_record(Screening::alarm, Screening::clear, 0, 3));
  CHECK_FALSE(may_record(Screening::alarm, Screening::pending, 0, 3));
  CHECK(may_record(Screening::alarm, Screening::rewalk, 2, 3));
  CHECK_FALSE(may_record(Screening::alarm, Screening::rewalk, 3, 3));
  CHECK_FALSE(may_record(Screening::item_deposited, Screening::rewalk, 3, 3));
}

TEST_CASE("people of a party are moved one by one, from where they may be") {
  const AreaId hall{"hall"}, office{"office"};
  Whereabouts where{{outside_area, 2}, {unknown_area, 1}};
  move_one(where, outside_area, hall);
  CHECK(to_text(where) == "hall=1 outside=1 unknown=1");
  move_one(where, hall, office);
  move_one(where, hall, office);  // no one is in the hall: it was the unknown one
  CHECK(to_text(where) == "office=2 outside=1");
  move_one(where, hall, outside_area);  // nor is anybody unknown: one of the largest other group
  CHECK(to_text(where) == "office=1 outside=2");
  Whereabouts together{{office, 3}};
  move_one(together, hall, office);  // all are there already
  CHECK(to_text(together) == "office=3");
}

TEST_CASE("however people are moved, their number stays and no count is below zero") {
  const std::vector<AreaId> areas{outside_area, unknown_area, AreaId("hall"), AreaId("office"), AreaId("vault")};
  for (unsigned seed = 1; seed <= 200; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const auto pick = [&] { return areas.at(random() % areas.size()); };
    const int party = 1 + static_cast<int>(random() % 12);
    Whereabouts where{{pick(), party}};
    for (int move = 0; move < 100; ++move) {
      const AreaId from = pick(), to = pick();
      const int there = count_in(where, to), here = count_in(where, from);
      move_one(where, from, to);
      REQUIRE(total(where) == party);
      for (const auto& [area, people] : where) REQUIRE(people > 0);
      const int come = count_in(where, to) - there;
      REQUIRE((come == 0 || come == 1));
      if (here > 0 && from != to) REQUIRE((come == 1 && count_in(where, from) == here - 1));
      REQUIRE(parse_whereabouts(to_text(where)) == where);
    }
  }
}

TEST_CASE("text that is no whereabouts is left out, not guessed") {
  CHECK(parse_whereabouts("").empty());
  CHECK(to_text(parse_whereabouts("hall=2 =3 office office= vault=x yard=-1 roof=1x outside=4")) == "hall=2 outside=4");
}

TEST_CASE("who met or was refused is leaving, and only they") {
  std::set<std::string> leaving;
  for (std::size_t i = 0; i < words<VisitState>.size(); ++i) {
    Visit visit;
    visit.state = static_cast<VisitState>(i);
    if (is_leaving(visit)) leaving.insert(words<VisitState>[i]);
  }
  CHECK(leaving ==
        std::set<std::string>{"finished", "departed", "declined", "rescheduled", "referred", "left_early", "unaccounted"});
}
