// SPDX-License-Identifier: Apache-2.0
// Checks machines on the network from outside the daemon.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/door_controller.h"
#include "models/base/result.h"
#include "models/base/time.h"

namespace gapura::gateway {

struct Endpoint {
  std::string host;
  int port = 0;
};

// Returns the host and port of a camera's URL; none for devices and files.
std::optional<Endpoint> endpoint_of(const std::string& url);
// Opens and closes a connection. Errors: unavailable, timed_out (both with a sentence), not_found (the name).
Status can_connect(const Endpoint& endpoint, Millis limit);
// Whether `port` of `address` could be listened on. Errors: conflict (taken), not_permitted, unavailable (no such address).
Status can_listen(const std::string& address, int port);
// Connects to every controller of the bus until each has reported its health, or `limit` is over.
std::vector<DeviceHealth> ask_controllers(const drivers::BusSettings& bus, Millis limit);

}  // namespace gapura::gateway
