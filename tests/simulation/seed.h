// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdlib>

namespace gapura::tests {

// $GAPURA_SEED, or 1.
inline std::uint64_t first_seed() {
  const char* given = std::getenv("GAPURA_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : 1;
}

}  // namespace gapura::tests
