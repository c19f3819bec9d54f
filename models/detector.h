// SPDX-License-Identifier: Apache-2.0
// A walk-through metal detector's lane: two levels in, facts out. It says who walked and that metal was found; that a
// guest is clear is the guard's word, never the device's.
#pragma once

#include <optional>
#include <string>

#include "models/device_event.h"
#include "models/site.h"

namespace gapura {

enum class DetectorFact {
  passage,  // a person walked through
  alarm,    // metal
};

// Thread: core only.
class Detector {
 public:
  explicit Detector(DetectorConfig config) : config_(std::move(config)) {}
  const DetectorConfig& config() const { return config_; }
  bool uses(const std::string& signal) const { return signal == config_.alarm || signal == config_.passage; }
  std::optional<DetectorFact> level(const std::string& signal, Level level);

 private:
  const DetectorConfig config_;
  Level alarm_ = Level::unknown, passage_ = Level::unknown;
};

}  // namespace gapura
