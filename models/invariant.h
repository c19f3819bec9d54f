// SPDX-License-Identifier: Apache-2.0
// What a function relies on that another one promised, checked in release too. A broken one never continues: the process's
// handler is called (the gateway's leaves a marker, gateway/journal/broken_marker.h), then the process is aborted.
//
// For mistakes of this program only. What a person, a device or a file says is input, and its faults are values.
// Each INVARIANT has its row in tests/gateway/site/invariants_test.cpp, with a fault that fires it.
#pragma once

namespace gapura {

struct BrokenInvariant {
  const char* file;
  int line;
  const char* relied_on;  // a sentence. All three are literals.
};

// On the thread that relied. One that throws (a test's) leaves the caller by that exception, so functions with an INVARIANT
// are not noexcept; after one that returns the process is aborted.
using InvariantHandler = void (*)(const BrokenInvariant&);

// Replaces the process's handler and returns the earlier one. Null: the first one again, which writes to standard error.
// Thread-safe.
InvariantHandler set_invariant_handler(InvariantHandler handler);

[[noreturn]] void break_invariant(const char* file, int line, const char* relied_on);

}  // namespace gapura

// The build with planted mistakes (tests/simulation/planted) has none, for there the simulation's own checks must catch
// each mistake.
#ifdef GAPURA_WITHOUT_INVARIANTS
#define INVARIANT(condition, relied_on) static_cast<void>(condition)
#else
#define INVARIANT(condition, relied_on) \
  ((condition) ? static_cast<void>(0) : ::gapura::break_invariant(__FILE__, __LINE__, relied_on))
#endif
