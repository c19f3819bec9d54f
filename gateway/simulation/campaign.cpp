// SPDX-License-Identifier: Apache-2.0
#include "gateway/simulation/campaign.h"

#include <spdlog/spdlog.h>
#include <sqlite3.h>

#include <atomic>
#include <thread>

#include "drivers/mutex.h"

namespace gapura::simulation {
namespace {

void add(Report& sum, const Report& day) {
  sum.visits += day.visits, sum.entries += day.entries, sum.grants += day.grants, sum.denials += day.denials;
  sum.passages += day.passages, sum.pulses += day.pulses, sum.departures += day.departures, sum.events += day.events;
  sum.deviations += day.deviations;
  sum.starts += day.starts, sum.power_cuts += day.power_cuts, sum.disk_errors += day.disk_errors;
}

}  // namespace

void prepare_process() {
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  spdlog::set_level(spdlog::level::off);  // the core would log every fault made on purpose
}

CampaignReport run_campaign(const Campaign& campaign) {
  CampaignReport report;
  std::vector<std::string> roots(static_cast<std::size_t>(campaign.days));
  std::atomic<int> next{0};
  std::atomic<bool> failed{false};
  Mutex mutex;
  const auto work = [&] {
    for (int day = next++; day < campaign.days && !failed; day = next++) {
      const std::uint64_t seed = campaign.first_seed + static_cast<std::uint64_t>(day);
      Report one = run_day(make_script(seed, campaign.visits_a_day, campaign.faults, campaign.scene));
      const MutexLock lock(mutex);
      ++report.days;
      add(report.sum, one);
      roots[static_cast<std::size_t>(day)] = one.journal_root;
      if (!one.violation || (report.sum.violation && report.failed_seed < seed)) continue;
      report.sum.violation = std::move(one.violation);
      report.failed_seed = seed;
      failed = true;
    }
  };
  std::vector<std::thread> threads;
  for (int i = 1; i < campaign.threads; ++i) threads.emplace_back(work);
  work();
  for (auto& thread : threads) thread.join();
  std::string all;
  for (const auto& root : roots) all += root;
  const Hash hash = sha256(all);
  report.sum.journal_root = to_hex(as_bytes(hash));
  return report;
}

}  // namespace gapura::simulation
