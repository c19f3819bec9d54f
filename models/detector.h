// SPDX-License-Identifier: Apache-2.0
// A walk-through metal detector's lane: two levels in, facts out. An alarm may come a little before or after the beam.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/device_event.h"
#include "models/site.h"

namespace gapura {

enum class DetectorFact {
  passage,  // a person walked through
  alarm,    // metal
  clear,    // a passage settled without an alarm
};

// Thread: core only.
class Detector {
 public:
  explicit Detector(DetectorConfig config) : config_(std::move(config)) {}
  const DetectorConfig& config() const { return config_; }
  bool uses(const std::string& signal) const {
    return signal == config_.alarm || signal == config_.passage || signal == config_.fault;
  }
  std::vector<DetectorFact> level(const std::string& signal, Level level, BootTime at);
  std::vector<DetectorFact> tick(BootTime now);
  std::optional<BootTime> next_deadline() const;

 private:
  const DetectorConfig config_;
  Level alarm_ = Level::unknown, passage_ = Level::unknown;
  std::optional<BootTime> alarmed_at_;
  std::vector<BootTime> settling_;  // when each passage so far without an alarm counts as clear, in order
};

}  // namespace gapura
