// SPDX-License-Identifier: Apache-2.0
// What a process that writes a data folder needs from the machine.
#pragma once

#include <string>

#include "gateway/contract/clock.h"
#include "models/base/result.h"

namespace gapura::gateway {

// Allows one writing process per data folder; the lock ends with the process. Returns the descriptor. Errors: unavailable,
// storage.
Result<int> lock_data_folder(const std::string& folder);

// Returns the kernel's boot id, so that entries of one boot can be ordered by boot time; a random one where there is none.
std::string read_boot_id(const Randomness& randomness);

}  // namespace gapura::gateway
