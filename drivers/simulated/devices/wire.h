// SPDX-License-Identifier: Apache-2.0
// The network between a camera and its viewers: a TCP relay on the loopback address with faults on request. One thread for
// all connections; the first request line of a connection (RTSP or HTTP) names its camera.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "models/base/result.h"
#include "models/base/time.h"

namespace gapura::simulated {

enum class WireConduct {
  normal,
  mute,      // accepts connections, but relays nothing in either direction
  one_byte,  // one byte a second towards the viewer
  late,      // delay grows up to a second and a half
};

// Thread-safe.
class Wire {
 public:
  static constexpr Millis longest_delay{1500};
  using ConductOf = std::function<WireConduct(const std::string& camera)>;  // called on the wire's thread

  // Listens on 127.0.0.1:port (0: any free one) and relays to 127.0.0.1:target.
  static Result<std::unique_ptr<Wire>> create(int port, int target, ConductOf conduct_of);
  virtual ~Wire() = default;  // cuts every connection
  virtual int port() const = 0;
  // Down: every connection is refused or cut. Up: the same port again.
  virtual Status set_listening(bool up) = 0;
};

}  // namespace gapura::simulated
