// SPDX-License-Identifier: Apache-2.0
// A walk-through metal detector's lane: a few levels in, facts out. It says who walked and that metal was found; that a
// guest is clear is the guard's word, never the device's. Lines that cannot be true make the lane manual until they can.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/device_event.h"
#include "models/site.h"

namespace gapura {

enum class DetectorFact {
  passage,    // a person walked through
  alarm,      // metal
  manual,     // its lines are not to be believed: `why`
  automatic,  // they are again
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
    BootTime from;  // it is a fault from then on
  };
  Level level_of(const std::string& signal) const;
  std::vector<Suspicion> suspicions() const;

  const DetectorConfig config_;
  std::map<std::string, Line> lines_;
  std::string trouble_;
};

}  // namespace gapura
