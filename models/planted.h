// SPDX-License-Identifier: Apache-2.0
// Mistakes that are planted on purpose, to see that the checks catch them (tests/simulation). In the product PLANTED(x) is
// the constant false; only the test library simulation_planted is built with GAPURA_PLANTED.
#pragma once

#ifdef GAPURA_PLANTED
#include <string_view>
namespace gapura {
inline thread_local std::string_view planted_bug;
}
#define PLANTED(name) (::gapura::planted_bug == #name)
#else
#define PLANTED(name) false
#endif
