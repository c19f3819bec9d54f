// SPDX-License-Identifier: Apache-2.0
// Is the simulation any good? Each mistake is planted in a second build of the same code (plant.py) and must be caught
// within the given number of days. The test says which check caught it, and how soon.
#include "simulation/planted/planted.h"

#include <catch2/catch.hpp>
#include <cstdio>
#include <iterator>

#include "gateway/simulation/campaign.h"
#include "simulation/planted/mistakes.h"

using gapura::Mistake, gapura::mistakes;
using namespace gapura::simulation;

namespace {

[[maybe_unused]] const bool prepared = [] {
  prepare_process();
  return true;
}();

constexpr int most_days = 200;

void must_catch(const Mistake& mistake, int visits, const Faults& faults, Scene scene = Scene::post) {
  gapura::planted_mistake = mistake.name;
  int days = 0;
  std::optional<Violation> found;
  for (std::uint64_t seed = 1; !found && days < most_days; ++seed, ++days)
    found = run_day(make_script(seed, visits, faults, scene)).violation;
  gapura::planted_mistake = {};
  std::printf("%-30s %s on day %d%s\n", mistake.name.data(), found ? ("caught by " + found->check).c_str() : "NOT CAUGHT",
              days, faults.storm ? " of storm" : "");
  INFO(mistake.name << " in " << mistake.file << ": " << mistake.sentence);
  CHECK(found);
}

}  // namespace

TEST_CASE("without a planted mistake this build is as sound as the product") {
  gapura::planted_mistake = {};
  for (std::uint64_t seed = 1; seed <= 20; ++seed) CHECK_FALSE(run_day(make_script(seed, 20, Faults{})).violation);
  for (std::uint64_t seed = 1; seed <= 20; ++seed)
    CHECK_FALSE(run_day(make_script(seed, 20, Faults{}, Scene::procedures)).violation);
}

TEST_CASE("every planted mistake is caught") {
  CHECK(std::size(mistakes) >= 80);
  for (const auto& mistake : mistakes)
    if (mistake.is_caught_in("day")) must_catch(mistake, 30, Faults{});
}

TEST_CASE("every mistake about procedures is caught at a post that has some") {
  for (const auto& mistake : mistakes)
    if (mistake.is_caught_in("procedures")) must_catch(mistake, 30, Faults{}, Scene::procedures);
}

TEST_CASE("the power cuts catch every mistake of durability") {
  Faults storm;
  storm.storm = true;
  for (const auto& mistake : mistakes)
    if (mistake.is_caught_in("storm")) must_catch(mistake, 4, storm);
}

TEST_CASE("a violation shrinks to a script that still shows it") {
  gapura::planted_mistake = "decision_ignored";
  Script script;
  std::optional<Violation> found;
  for (std::uint64_t seed = 1; !found; ++seed) {
    script = make_script(seed, 30, Faults{});
    found = run_day(script).violation;
  }
  const Script small = shrink(script, found->check);
  const auto again = run_day(*parse_script(to_text(small)));
  gapura::planted_mistake = {};
  CHECK(small.items.size() <= 5);
  REQUIRE(again.violation);
  CHECK(again.violation->check == found->check);
}
