// SPDX-License-Identifier: Apache-2.0
// A connection to a camera by TCP or TLS. Over TLS nothing is written before the camera's certificate was accepted, so a
// user name or password reaches no other host.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "drivers/camera.h"
#include "drivers/camera/address.h"
#include "models/base/result.h"

namespace gapura::drivers {

// The process must ignore SIGPIPE: OpenSSL writes without MSG_NOSIGNAL.
class Upstream {
 public:
  // Errors: timed_out, unavailable (no connection), conflict (the certificate is not the camera's), bad_input (invalid
  // settings in `tls`). Messages do not name the camera.
  static Result<std::unique_ptr<Upstream>> connect(const SourceAddress& address, const TlsTrust& tls, Millis limit);
  virtual ~Upstream() = default;

  virtual int descriptor() const = 0;
  // Neither call blocks. Returns the number of bytes read or written; 0 when the connection has ended; none when it would
  // block.
  virtual std::optional<std::size_t> read(std::span<std::uint8_t> room) = 0;
  virtual std::optional<std::size_t> write(std::span<const std::uint8_t> bytes) = 0;
  virtual bool holds_bytes() const { return false; }  // that read() returns although the descriptor is not readable
};

}  // namespace gapura::drivers
