// SPDX-License-Identifier: Apache-2.0
// The record in the worst of hours: the power fails at any operation of the disk, again and again, and the disk itself
// fails at each of them in turn. The checks are those of every simulated day (gateway/simulation/README.md); here the whole
// file is looked at after each cut as well. GAPURA_SEED moves the seeds.
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "gateway/simulation/campaign.h"
#include "simulation/seed.h"

using namespace gapura::simulation;
using gapura::tests::first_seed;

namespace {

constexpr int storm_visits = 4;

// Storms until the power has failed `cuts` times.
void cut_the_power(std::uint64_t cuts, int days_at_once = 20) {
  Campaign campaign;
  campaign.faults.storm = true;
  campaign.visits_a_day = storm_visits;
  campaign.threads = static_cast<int>(std::max(2u, std::thread::hardware_concurrency()));
  campaign.days = days_at_once;
  Report sum;
  for (campaign.first_seed = first_seed(); sum.power_cuts < cuts;
       campaign.first_seed += static_cast<std::uint64_t>(campaign.days)) {
    const CampaignReport some = run_campaign(campaign);
    if (some.sum.violation)
      FAIL("seed " << some.failed_seed << ", " << some.sum.violation->check << ": " << some.sum.violation->what
                   << "\nreplay: gapura simulate --faults storm --visits " << storm_visits << " --seed "
                   << some.failed_seed);
    sum.power_cuts += some.sum.power_cuts, sum.entries += some.sum.entries, sum.grants += some.sum.grants;
    sum.passages += some.sum.passages, sum.visits += some.sum.visits;
    // An hour of it says how far it is; ended early, what was seen still counts.
    std::printf("%llu power cuts, seeds %llu-%llu\n", static_cast<unsigned long long>(sum.power_cuts),
                static_cast<unsigned long long>(first_seed()),
                static_cast<unsigned long long>(campaign.first_seed) + static_cast<unsigned long long>(campaign.days) - 1);
    std::fflush(stdout);
  }
  CHECK(sum.grants > cuts / 50);  // people went on coming
  CHECK(sum.passages > cuts / 100);
  WARN(sum.power_cuts << " power cuts, " << sum.entries << " entries, " << sum.grants
                      << " grants: none lost, none made up, no file corrupt");
}

// What a post does on a good morning: guests with all that belongs to them, a badge revoked, shown, a party, an item.
constexpr const char* morning = R"(seed 12
visit at=25300000 seed=11 target=once count=0 lasts=0
visit at=25400000 seed=12 target=planned,metal,short_badge count=0 lasts=0
visit at=25500000 seed=13 target=deposits,mistaken count=2 lasts=0
revoke at=26300000 seed=15 target= count=0 lasts=0
stranger at=26400000 seed=16 target=lane-1.in count=3 lasts=0
restart at=27000000 seed=17 target= count=0 lasts=0
)";

// Lets the n-th operation of one kind fail, for every n (or every `stride`-th): how often it did. `lasts`: from then on.
int fail_each(const std::string& operation, std::int64_t stride, long lasts) {
  int failed = 0;
  for (std::int64_t n = 1;; n += stride) {
    const std::string fault = "disk_fault at=21500000 seed=1 target=" + operation + " count=" + std::to_string(n) +
                              " lasts=" + std::to_string(lasts) + "\n";
    const Report day = run_day(*parse_script(morning + fault));
    if (day.violation) FAIL(day.violation->check << ": " << day.violation->what << "\nscript:\n" << morning << fault);
    if (day.disk_errors == 0) return failed;
    ++failed;
  }
}

void fail_at_every_operation(std::int64_t stride_of_writes) {
  constexpr long for_ten_minutes = 600'000;
  int syncs = 0, opens = 0, writes = 0;
  for (const long lasts : {0L, for_ten_minutes}) {
    syncs += fail_each("sync", 1, lasts);
    opens += fail_each("open", 1, lasts);
    for (const char* way : {"write", "full"}) writes += fail_each(way, stride_of_writes, lasts);
  }
  CHECK(syncs > 200);
  CHECK(opens > 10);
  CHECK(writes > 5'000 / stride_of_writes);
  WARN(syncs << " failed syncs, " << opens << " failed openings, " << writes
             << " failed writes: no grant after the first, nothing lost");
}

}  // namespace

TEST_CASE("a thousand power cuts: nothing acknowledged is lost, nothing is there that was not done, no file is corrupt") {
  cut_the_power(1'000, 4);
}

TEST_CASE("fifty thousand power cuts", "[.full]") { cut_the_power(50'000); }

TEST_CASE("a million power cuts", "[.long]") { cut_the_power(1'000'000); }

TEST_CASE("the n-th sync, write or opening fails: no grant after the first error, and nothing acknowledged is lost") {
  fail_at_every_operation(50);
}

TEST_CASE("every tenth operation fails in turn", "[.full]") { fail_at_every_operation(10); }

TEST_CASE("every single write fails in turn", "[.long]") { fail_at_every_operation(1); }
