// SPDX-License-Identifier: Apache-2.0
// HTTP on the loopback address through which tests show badges, make people walk and devices misbehave. The requests are
// listed in this folder's README. There is no password, because it controls only simulated devices.
#pragma once

#include <memory>

#include "models/result.h"
#include "simulated/post.h"

namespace gapura::simulated {

// Thread-safe. Owns its threads; answers until it is destroyed. The post must outlive it.
class Control {
 public:
  static Result<std::unique_ptr<Control>> create(Post& post, int port);  // port 0: any free one
  virtual ~Control() = default;
  virtual int port() const = 0;
};

}  // namespace gapura::simulated
