// SPDX-License-Identifier: Apache-2.0
// TCP connections to devices.
#pragma once

#include <chrono>
#include <string>

#include "drivers/descriptor.h"
#include "models/result.h"

namespace gapura::drivers {

using SteadyTime = std::chrono::steady_clock::time_point;

// Whether the descriptor became ready for one of `events` (poll(2)) before `end`.
bool wait_for(int descriptor, short events, SteadyTime end);

// A non-blocking connection to the first of the host's addresses that answers before `end`. Errors: not_found (the name),
// timed_out, unavailable; the message is a clause, as "Connection refused", without the host but for a name that is unknown.
Result<Descriptor> connect_tcp(const std::string& host, int port, SteadyTime end);

}  // namespace gapura::drivers
