// SPDX-License-Identifier: Apache-2.0
// Is the simulation any good? Each of these mistakes is planted in a second build of the same code (models/planted.h) and
// must be caught within the given number of days. The test says which check caught it, and how soon.
#include "models/planted.h"

#include <catch2/catch.hpp>
#include <cstdio>

#include "gateway/simulation/campaign.h"

using namespace gapura::simulation;

namespace {

[[maybe_unused]] const bool prepared = [] {
  prepare_process();
  return true;
}();

constexpr int most_days = 200;

constexpr const char* bugs[] = {
    "pulse_before_commit",
    "failed_commit_counts",
    "granting_after_storage_error",
    "gap_in_numbers",
    "synchronous_normal",
    "no_folder_sync",
    "open_intents_left",
    "consumed_on_grant",
    "unknown_counts_as_taken",
    "exit_not_counted",
    "party_counted_once",
    "one_time_not_consumed",
    "undo_undoes_nothing",
    "revoked_granted",
    "expired_granted",
    "passback_ignored",
    "screening_ignored",
    "decision_ignored",
    "two_lanes_at_once",
    "full_area_granted",
    "suspect_clock_trusted",
    "two_badges_granted",
    "stale_screening_granted",
    "order_without_deadline",
    "timer_departs",
    "timer_accepts",
    "strangers_not_recorded",
    "merge_duplicates",
    "plan_not_merged",
    "outcome_twice",
    "lockdown_ignored",
    "hours_ignored",
    "items_left_behind",
    "outcome_missing",
    "badge_rows_stale",
    "staff_place_ignored",
    "exemption_ignored",
    "timed_ignored",
    "alone_granted",
    "one_is_two",
    "interlock_ignored",
    "chamber_ignored",
    "escort_ignored",
    "escort_cap_ignored",
    "escort_gap_ignored",
    "stock_card_granted",
    "place_ignored",
    "duress_unheard",
    "reset_forgets_nothing",
    "renewed_in_lockdown",
    "silent_panic_locks",
    "panic_locks_nothing",
    "roll_counts_rooms",
    "shift_taken_by_anybody",
    "plans_handed_over",
    "partner_not_moved",
    "card_not_restocked",
    "sop_of_today",
    "undone_at_any_time",
    "tree_not_rolled_back",
};

// What only a power cut brings to light: caught by the storms of power_test as well.
constexpr const char* power_bugs[] = {"synchronous_normal", "no_folder_sync", "pulse_before_commit", "open_intents_left"};

void must_catch(const char* bug, int visits, const Faults& faults) {
  gapura::planted_bug = bug;
  int days = 0;
  std::optional<Violation> found;
  for (std::uint64_t seed = 1; !found && days < most_days; ++seed, ++days)
    found = run_day(make_script(seed, visits, faults)).violation;
  gapura::planted_bug = {};
  std::printf("%-30s %s on day %d%s\n", bug, found ? ("caught by " + found->check).c_str() : "NOT CAUGHT", days,
              faults.storm ? " of storm" : "");
  INFO(bug);
  CHECK(found);
}

}  // namespace

TEST_CASE("without a planted mistake this build is as sound as the product") {
  gapura::planted_bug = {};
  for (std::uint64_t seed = 1; seed <= 20; ++seed) CHECK_FALSE(run_day(make_script(seed, 20, Faults{})).violation);
}

TEST_CASE("every planted mistake is caught") {
  for (const char* bug : bugs) must_catch(bug, 30, Faults{});
}

TEST_CASE("the power cuts catch every mistake of durability") {
  Faults storm;
  storm.storm = true;
  for (const char* bug : power_bugs) must_catch(bug, 4, storm);
}

TEST_CASE("a violation shrinks to a script that still shows it") {
  gapura::planted_bug = "decision_ignored";
  Script script;
  std::optional<Violation> found;
  for (std::uint64_t seed = 1; !found; ++seed) {
    script = make_script(seed, 30, Faults{});
    found = run_day(script).violation;
  }
  const Script small = shrink(script, found->check);
  const auto again = run_day(*parse_script(to_text(small)));
  gapura::planted_bug = {};
  CHECK(small.items.size() <= 5);
  REQUIRE(again.violation);
  CHECK(again.violation->check == found->check);
}
