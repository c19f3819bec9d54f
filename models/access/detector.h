// SPDX-License-Identifier: Apache-2.0
// A walk-through metal detector's lane: levels in, facts out. It reports that a person walked through and that metal was
// found. It never reports that a guest is clear: only the guard decides that. Contradictory lines make the lane manual
// until they are consistent again.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/base/device_event.h"
#include "models/site/site.h"

namespace gapura {

enum class DetectorFact {
  passage,    // a person walked through
  alarm,      // metal
  manual,     // its lines cannot be trusted; `why` has the reason
  automatic,  // its lines can be trusted again
};

struct DetectorNews {
  DetectorFact fact;
  std::string why = {};  // fault_line | not_ready | contradictory | stuck_alarm | stuck_passage
};

// Thread: core only.
class Detector {
 public:
  explicit Detector(DetectorConfig config);
  const DetectorConfig& config() const { return config_; }
  bool uses(const std::string& signal) const { return lines_.contains(signal); }
  std::vector<DetectorNews> level(const std::string& signal, Level level, BootTime at);
  std::vector<DetectorNews> tick(BootTime now);
  std::optional<BootTime> next_deadline() const;
  bool manual() const { return !trouble_.empty(); }
  const std::string& trouble() const { return trouble_; }

 private:
  struct Line {
    Level level = Level::unknown;
    BootTime since{};
  };
  struct Suspicion {
    const char* why;
    BootTime from;  // the fault counts from this instant on
  };
  Level level_of(const std::string& signal) const;
  std::vector<Suspicion> suspicions() const;

  const DetectorConfig config_;
  std::map<std::string, Line> lines_;
  std::string trouble_;
};

}  // namespace gapura
