// SPDX-License-Identifier: Apache-2.0
// Days at the post with the product's own core, journal and storage code. GAPURA_SEED moves the seeds.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <thread>

#include "gateway/simulation/campaign.h"
#include "simulation/seed.h"

using namespace gapura::simulation;
using gapura::tests::first_seed;

namespace {

[[maybe_unused]] const bool prepared = [] {
  prepare_process();
  return true;
}();

CampaignReport run(int days, int visits_a_day, Scene scene = Scene::post) {
  Campaign campaign;
  campaign.first_seed = first_seed();
  campaign.days = days;
  campaign.visits_a_day = visits_a_day;
  campaign.scene = scene;
  campaign.threads = static_cast<int>(std::max(2u, std::thread::hardware_concurrency()));
  const CampaignReport report = run_campaign(campaign);
  if (report.sum.violation)
    FAIL("seed " << report.failed_seed << ", " << report.sum.violation->check << ": " << report.sum.violation->what
                 << "\nreplay: gapura simulate --seed " << report.failed_seed << " --visits " << visits_a_day << " --scene "
                 << gapura::word(scene));
  CHECK(report.days == static_cast<std::uint64_t>(days));
  return report;
}

// Days with power cuts, broken disks and devices, wrong clocks and people as they are.
void play_the_post(std::uint64_t days) {
  const Report sum = run(static_cast<int>(days), 20).sum;
  CHECK(sum.visits > 19 * days);
  CHECK(sum.passages > 60 * days);  // the world is no empty street
  CHECK(sum.power_cuts > days);
  CHECK(sum.disk_errors > days / 10);
  CHECK(sum.denials > days);
  CHECK(sum.deviations > 40 * days);
  WARN(sum.visits << " visits, " << sum.entries << " entries, " << sum.power_cuts << " power cuts: no violation");
}

// At a post whose procedures have gates and limits.
void play_the_procedures(std::uint64_t days) {
  const Report sum = run(static_cast<int>(days), 20, Scene::procedures).sum;
  CHECK(sum.visits > 18 * days);
  CHECK(sum.passages > 60 * days);
  CHECK(sum.denials > 10 * days);
  WARN(sum.visits << " visits, " << sum.entries << " entries, " << sum.denials << " denials: no violation");
}

}  // namespace

TEST_CASE("a hundred days of a post, and a hundred where procedures have gates and limits") {
  play_the_post(100);
  play_the_procedures(100);
}

TEST_CASE("a thousand days of a post, and a thousand where procedures have gates and limits", "[.full]") {
  play_the_post(1000);
  play_the_procedures(1000);
}

TEST_CASE("a million visits", "[.long]") {
  const Report sum = run(3850, 250).sum;
  CHECK(sum.visits >= 1'000'000);
  WARN(sum.visits << " visits, " << sum.entries << " entries, " << sum.power_cuts << " power cuts: no violation");
}

TEST_CASE("one seed writes the same journal, byte for byte, on any thread") {
  const Script script = make_script(7, 60, Faults{});
  const std::string first = run_day(script).journal_root;
  std::string again;
  std::thread([&] { again = run_day(script).journal_root; }).join();
  CHECK(first == again);
  CHECK(first != run_day(make_script(8, 60, Faults{})).journal_root);
}

TEST_CASE("a script survives being written down") {
  const Script script = make_script(3, 20, Faults{});
  const auto read = parse_script(to_text(script));
  REQUIRE(read);
  CHECK(read->seed == script.seed);
  CHECK(read->items == script.items);
  CHECK(read->scene == Scene::post);
  CHECK(parse_script(to_text(make_script(3, 20, Faults{}, Scene::procedures)))->scene == Scene::procedures);
  CHECK_FALSE(parse_script("scene beach"));
  CHECK_FALSE(parse_script("earthquake at=1"));
  CHECK_FALSE(parse_script("visit at=noon"));
}

TEST_CASE("a post where nothing breaks serves everybody and denies hardly anybody") {
  Campaign campaign;
  campaign.days = 20;
  campaign.faults = Faults::none();
  const CampaignReport report = run_campaign(campaign);
  CHECK_FALSE(report.sum.violation);
  CHECK(report.sum.power_cuts == 0);
  CHECK(report.sum.pulses == report.sum.grants);
}
