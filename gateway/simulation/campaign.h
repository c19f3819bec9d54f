// SPDX-License-Identifier: Apache-2.0
// Many days with consecutive seeds, on several threads.
#pragma once

#include "gateway/simulation/world.h"

namespace gapura::simulation {

struct Campaign {
  std::uint64_t first_seed = 1;
  int days = 1, visits_a_day = 30;
  int threads = 1;
  Faults faults;
  Scene scene = Scene::post;
};

struct CampaignReport {
  Report sum;                     // of all days; journal_root: a hash over the days' roots in the order of their seeds
  std::uint64_t days = 0;         // days run: fewer than asked after a violation
  std::uint64_t failed_seed = 0;  // of sum.violation: the lowest seed that failed
};

// Call before anything else in the process uses SQLite: its memory statistics take a lock shared by all threads.
void prepare_process();

CampaignReport run_campaign(const Campaign& campaign);

}  // namespace gapura::simulation
