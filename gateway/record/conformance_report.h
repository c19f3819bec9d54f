// SPDX-License-Identifier: Apache-2.0
// What was not done as the procedures say, found in the journal after the fact: of each visit under the version that it is
// pinned to, or of every visit under a draft. Reads only.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "gateway/journal/database.h"
#include "models/site/site.h"
#include "models/sop/conformance.h"

namespace gapura::gateway {

// Of one step, in visits. What was proved, attested and cannot be observed is never added up: `evidence` says which it is.
struct StepFigures {
  std::string id;
  Evidence evidence = Evidence::attested;
  std::int64_t done = 0, skipped = 0, late = 0, wrong_executor = 0, input_missing = 0;
  bool operator==(const StepFigures&) const = default;
};

struct VisitDeviation {
  VisitId visit;
  DeviationFound found;
  bool operator==(const VisitDeviation&) const = default;
};

struct ConformanceReport {
  std::string sop;          // id of the version, or of the draft
  std::int64_t visits = 0;  // registered in the time asked for, ended or not
  std::int64_t clean = 0;   // of them, without a deviation
  std::vector<StepFigures> steps;
  std::vector<VisitDeviation> deviations;  // in order of the visits' registration
  bool operator==(const ConformanceReport&) const = default;
};

struct ConformanceQuestion {
  UtcTime from{};                          // of the registration
  UtcTime now{};                           // for what is still to be done
  const Sop* draft = nullptr;              // none: the version of each visit
  std::function<Minutes(UtcTime)> offset;  // of the site's zone
};

// Reports in order of the versions' ids. Visits without a procedure, or under a version that `site` does not have, are left
// out. Reads the whole journal, because the state at a visit's registration is its sum. Errors: SQLite's, bad_input (a leaf
// that cannot be read).
Result<std::vector<ConformanceReport>> report_conformance(const Database& db, const SiteConfig& site,
                                                          const ConformanceQuestion& question);

}  // namespace gapura::gateway
