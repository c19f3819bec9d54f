// SPDX-License-Identifier: Apache-2.0
// A scanner that types: a real input device of the kernel through /dev/uinput where available, else the same events over a
// Unix socket.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/result.h"

namespace gapura::simulated {

struct KeyEvent {
  std::uint16_t type = 0, code = 0;
  std::int32_t value = 0;
};
// Returns the presses and releases that type this text on a US layout, as scanners do: with Shift around each capital.
// Characters without a key are left out.
std::vector<KeyEvent> typed(std::string_view text);

// Thread-safe.
class HidScanner {
 public:
  // Uses the kernel. Errors: no /dev/uinput, or no right to it. The device's path is known when this returns.
  static Result<std::unique_ptr<HidScanner>> create_uinput();
  // Uses a socket at `path`.
  static Result<std::unique_ptr<HidScanner>> create_stream(std::string path);
  virtual ~HidScanner() = default;

  virtual const std::string& path() const = 0;
  // Types the text and Enter. Errors: unplugged, or not opened by a reader.
  Status scan(std::string_view text) { return send(typed(std::string(text) + "\r")); }
  virtual Status send(const std::vector<KeyEvent>& events) = 0;
  virtual void unplug() = 0;
  virtual Status plug() = 0;
};

}  // namespace gapura::simulated
