// SPDX-License-Identifier: Apache-2.0
// One simulated day at the post, from a script to a report.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "gateway/simulation/checks.h"
#include "gateway/simulation/script.h"

namespace gapura::simulation {

struct Report {
  std::optional<Violation> violation;
  std::string journal_root;  // the Merkle tree's, in hex: one script gives one root
  std::uint64_t visits = 0, entries = 0, grants = 0, denials = 0, passages = 0, pulses = 0, departures = 0;
  std::uint64_t events = 0, starts = 0, power_cuts = 0, disk_errors = 0;
  std::uint64_t deviations = 0;  // from the made-up procedure, of the visits that ended
};

// `keep`: path for the day's database file; empty: none.
Report run_day(const Script& script, const std::string& keep = "");

// Leaves out what the violation does not need. Gives up after `runs` days.
Script shrink(const Script& script, const std::string& check, int runs = 200);

}  // namespace gapura::simulation
