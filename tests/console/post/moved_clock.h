// SPDX-License-Identifier: Apache-2.0
// This process's time of day and its boot clock, moved by so much: clock_gettime() is this program's own. The steady clock,
// by which threads wait, stays true.
#pragma once

#include <string>

#include "models/base/result.h"
#include "models/base/time.h"

namespace gapura::tests {

// By how much is kept in this file, for the next run of the program. Before any other thread. Errors: storage.
Status move_clock_by_file(const std::string& path);
// Both clocks, as when time passes. Thread-safe.
void pass_time(Millis time);
// The time of day alone, as a person sets a clock by hand. Thread-safe.
void jump_time(Millis time);

}  // namespace gapura::tests
