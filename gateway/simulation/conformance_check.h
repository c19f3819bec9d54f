// SPDX-License-Identifier: Apache-2.0
// Compares the two statements of what a deviation is (models/sop/conformance.h and trace.h) on every visit of a day, under
// a procedure made up for it: other than the one in force, so that people depart from it often.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "gateway/simulation/trace.h"
#include "models/record/site_state.h"
#include "models/sop/conformance.h"

namespace gapura::simulation {

// Returns steps of most events and some that people attest, mostly in the order in which they happen, with limits, doers,
// inputs, branches and rules that are the seed's.
Sop make_up_procedure(std::uint64_t seed);

class ConformanceCheck {
 public:
  explicit ConformanceCheck(std::uint64_t seed) : sop_(make_up_procedure(seed)) {}
  // `edit` has this entry alone; its time has the site's offset. Returns a sentence where the two differ; empty: they
  // agree.
  std::string add(const Entry& entry, const SiteEdit& edit);
  // Of every visit, some hours later.
  std::string finish() const;
  std::size_t deviations() const { return deviations_; }  // of the visits that have ended

 private:
  struct Watched {
    ConformanceChecker checker;
    std::vector<TraceEntry> trace;
  };
  std::string compare(const VisitId& visit, const Watched& watched, UtcTime now) const;

  const Sop sop_;
  std::map<VisitId, Watched> watched_;
  std::size_t deviations_ = 0;
};

}  // namespace gapura::simulation
