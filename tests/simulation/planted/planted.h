// SPDX-License-Identifier: Apache-2.0
// The switch of the mistakes that plant.py puts into copies of the product's files.
#pragma once

#include <string_view>

namespace gapura {
inline thread_local std::string_view planted_mistake;  // the active one; empty: none
}
#define PLANTED(name) (::gapura::planted_mistake == #name)
