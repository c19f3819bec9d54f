// SPDX-License-Identifier: Apache-2.0
// The marker in the data folder after a run broke an invariant (models/base/invariant.h): one line per broken invariant,
// durable when the process ends. While it exists nothing is granted; resuming grants removes it.
#pragma once

#include <optional>
#include <string>

#include "models/base/result.h"

namespace gapura::gateway {

// "<data folder>/broken-invariant".
std::string broken_marker_path(const std::string& data_folder);

// From now on a broken invariant appends its line to the marker, durably before the process is aborted. The handler takes
// no lock and allocates no memory; if the disk hangs, the process ends after ten seconds. Call once, before any thread
// starts.
void install_broken_marker(const std::string& data_folder, const std::string& version);

struct BrokenMarker {
  std::string last;  // when, which version, where, which invariant; empty: the disk had no room for it
  int times = 0;     // lines of this version
};
// Returns none when no run has broken an invariant since granting was last resumed. An unreadable marker counts as one.
std::optional<BrokenMarker> find_broken_marker(const std::string& data_folder, const std::string& version);
// Errors: storage.
Status remove_broken_marker(const std::string& data_folder);

// Returns why nothing is granted, and what to do.
std::string sentence(const BrokenMarker& marker);
// From this number on a start is refused: an invariant breaks at each start, or soon after it.
inline constexpr int most_broken = 3;

}  // namespace gapura::gateway
