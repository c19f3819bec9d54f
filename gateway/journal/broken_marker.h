// SPDX-License-Identifier: Apache-2.0
// What is left in the data folder by a run that broke an invariant (models/invariant.h): one line for each, which survives
// the process and the machine. While it is there nothing is granted; an officer's resuming removes it.
#pragma once

#include <optional>
#include <string>

#include "models/result.h"

namespace gapura::gateway {

// "<data folder>/broken-invariant".
std::string broken_marker_path(const std::string& data_folder);

// From now on a broken invariant adds its line to the marker, on the disk before the process is aborted. The handler takes
// no lock and no memory; a disk that hangs ends the process after ten seconds all the same. Call once, before any thread.
void leave_broken_marker_in(const std::string& data_folder, const std::string& version);

struct BrokenMarker {
  std::string last;  // when, which version, where, what was relied on; empty: the disk had no room for it
  int times = 0;     // lines of this version
};
// None: no run broke an invariant since granting was last resumed. A marker that cannot be read counts.
std::optional<BrokenMarker> find_broken_marker(const std::string& data_folder, const std::string& version);
// Errors: storage.
Status remove_broken_marker(const std::string& data_folder);

// Why nothing is granted, with what to do.
std::string sentence(const BrokenMarker& marker);
// From so many on a start is refused: something breaks at each start, or soon after it.
inline constexpr int most_broken = 3;

}  // namespace gapura::gateway
