// SPDX-License-Identifier: Apache-2.0
// What a process that writes a data folder needs of the machine.
#pragma once

#include <string>

#include "gateway/clock.h"
#include "models/result.h"

namespace gapura::gateway {

// One process that writes per data folder; the lock ends with it. Returns the descriptor. Errors: unavailable, storage.
Result<int> lock_data_folder(const std::string& folder);

// The kernel's, so that entries of one boot can be put in order by boot time; random where there is none.
std::string read_boot_id(const Randomness& randomness);

}  // namespace gapura::gateway
