// SPDX-License-Identifier: Apache-2.0
// TCP connections to devices.
#pragma once

#include <chrono>
#include <string>

#include "drivers/descriptor.h"
#include "models/base/result.h"

namespace gapura::drivers {

using SteadyTime = std::chrono::steady_clock::time_point;

// Waits until the descriptor is ready for one of `events` (poll(2)); false when it is not by `end`.
bool wait_for(int descriptor, short events, SteadyTime end);

// Whether `host` is an IPv4 or IPv6 address rather than a name; an address with a scope is neither.
bool is_ip_address(const std::string& host);

// Opens a non-blocking connection to the first of the host's addresses that answers before `end`. Errors: not_found (the
// name), timed_out, unavailable; the message is a clause, such as "Connection refused", and names the host only when its
// name is unknown.
Result<Descriptor> connect_tcp(const std::string& host, int port, SteadyTime end);

// Opens a non-blocking socket that listens on 127.0.0.1; port 0: any free one. Errors: unavailable, with the port and the
// reason.
Result<Descriptor> listen_on_loopback(int port, int backlog);
// Returns the port that a socket is bound to.
int local_port(const Descriptor& socket);

}  // namespace gapura::drivers
