// SPDX-License-Identifier: Apache-2.0
// The accounts that a scenario acts as. Private to the scenario.
#pragma once

#include <map>
#include <string>

#include "models/base/result.h"
#include "simulated/demo/api_client.h"

namespace gapura::simulated {

// Role (guard, aide, admin) → account. TOML ([guard] name = "…", password = "…", or token = "…") or the same as JSON.
// bad_input: unreadable, or one of the three roles is missing.
Result<std::map<std::string, Account>> load_credentials(const std::string& file);

}  // namespace gapura::simulated
