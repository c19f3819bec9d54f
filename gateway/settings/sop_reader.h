// SPDX-License-Identifier: Apache-2.0
// One version of a Standard Operating Procedure: TOML in, a checked Sop out. The format: config/README.md.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/settings/settings.h"
#include "models/sop/lint.h"
#include "models/sop/sop.h"

namespace gapura::gateway {

// Information for people, not used by the engine: the identity box of an Indonesian government SOP.
struct SopPaper {
  std::string made, revised, effective, review;                         // dates as 2026-01-31; empty: none
  std::string approved_by, approver, decree;                            // position, name, number of the decree
  std::vector<std::pair<std::string, std::vector<std::string>>> lists;  // legal_basis, qualifications, …
};

// Either an SOP without a mistake, or every mistake in the order of the file (never both). What the lint of models/sop
// finds is checked only in a file whose form has no mistake, which would be repeated there in other words.
struct SopReport {
  std::optional<Sop> sop;
  SopPaper paper;
  std::vector<Mistake> mistakes;
  std::vector<Mistake> warnings;                  // remarks of the lint
  std::vector<Mistake> gate_places;               // where each gate names its area; the messages are empty
  std::map<std::string, std::string> known_keys;  // read keys: "step.activity" -> its default, "" if none
};
// `zone` (IANA) decides when the effective date begins; it must exist. `site`, if not null, must have what proves the
// steps. Does I/O; does not throw.
SopReport load_sop(const std::string& file, const std::string& zone, const SopSite* site = nullptr);

}  // namespace gapura::gateway
