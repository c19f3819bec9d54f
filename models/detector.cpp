// SPDX-License-Identifier: Apache-2.0
#include "models/detector.h"

#include <utility>

namespace gapura {

std::vector<DetectorFact> Detector::level(const std::string& signal, Level level, BootTime at) {
  std::vector<DetectorFact> facts = tick(at);
  const auto rose = [&](Level& known) { return std::exchange(known, level) == Level::off && level == Level::on; };
  if (signal == config_.alarm && rose(alarm_)) {
    alarmed_at_ = at;
    settling_.clear();
    facts.push_back(DetectorFact::alarm);
  } else if (signal == config_.passage && rose(passage_)) {
    facts.push_back(DetectorFact::passage);
    const bool alarmed = alarm_ == Level::on || (alarmed_at_ && at - *alarmed_at_ <= config_.settle);
    if (!alarmed) settling_.push_back(at + config_.settle);
  }
  return facts;
}

std::vector<DetectorFact> Detector::tick(BootTime now) {
  std::vector<DetectorFact> facts;
  while (!settling_.empty() && settling_.front() <= now) {
    settling_.erase(settling_.begin());
    facts.push_back(DetectorFact::clear);
  }
  return facts;
}

std::optional<BootTime> Detector::next_deadline() const {
  if (settling_.empty()) return std::nullopt;
  return settling_.front();
}

}  // namespace gapura
