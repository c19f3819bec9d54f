// SPDX-License-Identifier: Apache-2.0
// One bounded part of clearing the database file of erased data (gateway/journal/scrub.h).
#pragma once

#include <cstdint>

#include "models/base/result.h"

namespace gapura::gateway {

struct ScrubStep {
  std::int64_t from = 1, pages = 2000;  // in: where to begin, how many pages (8 MB: some milliseconds)
  std::int64_t next = 0;                // out: where the next step begins; 0: the end of the file was reached
  std::int64_t cleared = 0;             // out: pages that had something to clear
  bool busy = false;                    // out: a reader held the WAL; nothing was done, try again soon
  Status outcome{};                     // out
};

}  // namespace gapura::gateway
