// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "gateway/settings/settings.h"

namespace gapura::gateway {

// Runs the daemon until SIGINT or SIGTERM. Returns the process's exit code (4: another daemon uses this folder).
int serve(const Settings& settings, const std::string& data_folder);

}  // namespace gapura::gateway
