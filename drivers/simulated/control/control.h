// SPDX-License-Identifier: Apache-2.0
// HTTP on the loopback address through which tests show badges, make people walk and devices misbehave. The requests are
// listed in this folder's README. There is no password, because it controls only simulated devices.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "models/base/result.h"
#include "simulated/devices/post.h"

namespace gapura::simulated {

// Carries a request out, on a thread of the control's: the body in, the answer's body or a sentence out.
using ControlAct = std::function<Result<boost::json::value>(const boost::json::object&)>;

// Thread-safe. Owns its threads; answers until it is destroyed. The post must outlive it.
class Control {
 public:
  // Port 0: any free one. `more`: requests of the program's own, by path.
  static Result<std::unique_ptr<Control>> create(Post& post, int port, const std::map<std::string, ControlAct>& more = {});
  virtual ~Control() = default;
  virtual int port() const = 0;
};

}  // namespace gapura::simulated
