// SPDX-License-Identifier: Apache-2.0
// What was erased must not be found in the file either. SQLite zeroes freed cells and pages (secure_delete), but when it
// splits or merges pages it leaves old copies of moved rows in the unused middle of a page, and the log keeps old pages
// until it is truncated. This truncates the log and clears those middles, a bounded part of the file at a time.
#pragma once

#include <cstdint>

#include "models/result.h"

namespace gapura::gateway {

class Database;

struct ScrubStep {
  std::int64_t from = 1, pages = 2000;  // in: where to begin, how many pages (8 MB: some milliseconds)
  std::int64_t next = 0;                // out: where the next step begins; 0: the end of the file was reached
  std::int64_t cleared = 0;             // out: pages that had something to clear
  bool busy = false;                    // out: a reader held the log; nothing was done, try again soon
  Status outcome{};                     // out
};

// Thread: core only, over the writer's connection, outside every transaction. Errors: storage, bug.
Status scrub_pages(const Database& db, ScrubStep& step);

}  // namespace gapura::gateway
