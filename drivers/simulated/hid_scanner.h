// SPDX-License-Identifier: Apache-2.0
// A scanner that types: a real input device of the kernel through /dev/uinput where there is one, else the same events over
// a Unix socket.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/result.h"

namespace gapura::simulated {

struct KeyEvent {
  std::uint16_t type = 0, code = 0;
  std::int32_t value = 0;
};
// The presses and releases that type this text on a US layout, as scanners do it: Shift around each capital. Characters
// that no key has are left out.
std::vector<KeyEvent> typed(std::string_view text);

// Thread-safe.
class HidScanner {
 public:
  // Through the kernel. Error: no /dev/uinput, or no right to it. The device's path is known when this returns.
  static Result<std::unique_ptr<HidScanner>> create_uinput();
  // A socket at `path`.
  static Result<std::unique_ptr<HidScanner>> create_stream(std::string path);
  virtual ~HidScanner() = default;

  virtual const std::string& path() const = 0;
  // Types the text and Enter. Error: unplugged, or nobody listens.
  Status scan(std::string_view text) { return send(typed(std::string(text) + "\r")); }
  virtual Status send(const std::vector<KeyEvent>& events) = 0;
  virtual void unplug() = 0;
  virtual Status plug() = 0;
};

}  // namespace gapura::simulated
