// SPDX-License-Identifier: Apache-2.0
#include "models/detector.h"

#include <utility>

namespace gapura {

std::optional<DetectorFact> Detector::level(const std::string& signal, Level level) {
  Level& known = signal == config_.alarm ? alarm_ : passage_;
  const bool rose = std::exchange(known, level) == Level::off && level == Level::on;
  if (!rose) return std::nullopt;
  return signal == config_.alarm ? DetectorFact::alarm : DetectorFact::passage;
}

}  // namespace gapura
