// SPDX-License-Identifier: Apache-2.0
#include "models/access/detector.h"

#include <algorithm>
#include <utility>

namespace gapura {
namespace {

// The two contacts of one relay do not switch at the same instant; a fault shorter than this is ignored.
constexpr Millis settling{1000};

}  // namespace

Detector::Detector(DetectorConfig config) : config_(std::move(config)) {
  for (const auto& signal : {config_.alarm, config_.passage, config_.fault, config_.ready, config_.alarm_inverse})
    if (!signal.empty()) lines_.emplace(signal, Line{});
}

Level Detector::level_of(const std::string& signal) const {
  const auto found = lines_.find(signal);
  return found == lines_.end() ? Level::unknown : found->second.level;
}

// Ordered by how much each explains. A line whose board does not answer raises no suspicion: that is the board's alarm.
std::vector<Detector::Suspicion> Detector::suspicions() const {
  std::vector<Suspicion> found;
  const auto since = [&](const std::string& a, const std::string& b) {
    return std::max(lines_.at(a).since, lines_.at(b).since);
  };
  const Level alarm = level_of(config_.alarm), inverse = level_of(config_.alarm_inverse);
  if (alarm != Level::unknown && alarm == inverse)
    found.push_back({"contradictory", since(config_.alarm, config_.alarm_inverse) + settling});
  if (level_of(config_.fault) == Level::on && level_of(config_.ready) == Level::on)
    found.push_back({"contradictory", since(config_.fault, config_.ready) + settling});
  if (level_of(config_.fault) == Level::on) found.push_back({"fault_line", lines_.at(config_.fault).since + settling});
  if (level_of(config_.ready) == Level::off) found.push_back({"not_ready", lines_.at(config_.ready).since + settling});
  // No person stays in a detector for this long, and no alarm relay is held for this long: a wire or a relay is stuck.
  const Millis stuck = config_.stuck;
  if (alarm == Level::on) found.push_back({"stuck_alarm", lines_.at(config_.alarm).since + stuck});
  if (level_of(config_.passage) == Level::on) found.push_back({"stuck_passage", lines_.at(config_.passage).since + stuck});
  return found;
}

std::vector<DetectorNews> Detector::level(const std::string& signal, Level level, BootTime at) {
  std::vector<DetectorNews> news;
  Line& line = lines_.at(signal);
  const Level before = line.level;
  if (before != level) line = {level, at};
  const bool rose = before == Level::off && level == Level::on;
  // Metal is reported in every mode, because it only makes the result stricter; in manual mode a walk through the lane
  // proves nothing.
  if (rose && signal == config_.alarm) news.push_back({DetectorFact::alarm});
  if (rose && signal == config_.passage && !manual()) news.push_back({DetectorFact::passage});
  for (auto& one : tick(at)) news.push_back(std::move(one));
  return news;
}

std::vector<DetectorNews> Detector::tick(BootTime now) {
  std::string trouble;
  for (const auto& suspicion : suspicions())
    if (trouble.empty() && now >= suspicion.from) trouble = suspicion.why;
  const bool was_manual = manual();
  if (was_manual && !trouble.empty()) return {};  // one fault is reported once, by its first name
  trouble_ = trouble;
  if (was_manual && !manual()) return {{DetectorFact::automatic}};
  if (!was_manual && manual()) return {{DetectorFact::manual, trouble_}};
  return {};
}

std::optional<BootTime> Detector::next_deadline() const {
  std::optional<BootTime> next;
  if (manual()) return next;  // only a level ends manual mode
  for (const auto& suspicion : suspicions()) next = next ? std::min(*next, suspicion.from) : suspicion.from;
  return next;
}

}  // namespace gapura
