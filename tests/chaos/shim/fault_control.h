// SPDX-License-Identifier: Apache-2.0
// A small file that the test and the shim inside the daemon both map (environment GAPURA_FAULT_CONTROL).
#pragma once

#include <atomic>
#include <cstdint>

namespace gapura::tests {

struct FaultControl {
  std::atomic<std::uint64_t> calls;       // counted since the test set it to 0
  std::atomic<std::uint64_t> fail_from;   // the call that fails, from 1; 0: none
  std::atomic<std::int32_t> error;        // EIO or ENOSPC
  std::atomic<std::int32_t> sticky;       // every later one too
  std::atomic<std::uint64_t> failed;      // calls that failed
  std::atomic<std::uint64_t> in_journal;  // of those, writes and syncs of gapura.db and its WAL
  char first[192];                        // "fdatasync gapura.db-wal": the first that failed
};

}  // namespace gapura::tests
