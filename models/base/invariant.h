// SPDX-License-Identifier: Apache-2.0
// Checks, in release builds too, of what a function requires and another function guarantees. After a broken one the
// process does not continue: the process's handler is called (the gateway's writes a marker,
// gateway/journal/broken_marker.h), then the process is aborted.
//
// Only for mistakes of this program. What a person, a device or a file says is input, and its faults are values.
// Each INVARIANT has a row in tests/gateway/site/invariants_test.cpp, with a fault that breaks it.
#pragma once

namespace gapura {

struct BrokenInvariant {
  const char* file;
  int line;
  const char* relied_on;  // a sentence. All three are literals.
};

// Called on the thread that found the broken invariant. A handler that throws (as in tests) leaves the caller by that
// exception, so functions with an INVARIANT are not noexcept; after a handler that returns, the process is aborted.
using InvariantHandler = void (*)(const BrokenInvariant&);

// Replaces the process's handler and returns the previous one. Null restores the default handler, which writes to standard
// error. Thread-safe.
InvariantHandler set_invariant_handler(InvariantHandler handler);

[[noreturn]] void break_invariant(const char* file, int line, const char* relied_on);

}  // namespace gapura

// The build with planted mistakes (tests/simulation/planted) has no invariants, because there the simulation's own checks
// must find each mistake.
#ifdef GAPURA_WITHOUT_INVARIANTS
#define INVARIANT(condition, relied_on) static_cast<void>(condition)
#else
#define INVARIANT(condition, relied_on) \
  ((condition) ? static_cast<void>(0) : ::gapura::break_invariant(__FILE__, __LINE__, relied_on))
#endif
