// SPDX-License-Identifier: Apache-2.0
// Removes remains of erased data from the file. SQLite zeroes freed cells and pages (secure_delete), but when it splits or
// merges pages it leaves old copies of moved rows in the unused middle of a page, and the WAL keeps old pages until it is
// truncated. This truncates the WAL and clears those middles, a bounded part of the file at a time.
#pragma once

#include "gateway/contract/scrub_step.h"

namespace gapura::gateway {

class Database;

// Thread: core only. Uses the writer's connection, outside every transaction. Errors: storage, bug.
Status scrub_pages(const Database& db, ScrubStep& step);

}  // namespace gapura::gateway
