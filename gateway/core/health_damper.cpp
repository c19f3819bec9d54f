// SPDX-License-Identifier: Apache-2.0
#include "gateway/core/health_damper.h"

#include <utility>

namespace gapura::gateway {
namespace {

constexpr Millis minute{60'000};
constexpr std::size_t chatter_from = 3;  // outages in a minute
constexpr std::size_t most_entries = 5;  // in a minute; from then on changes of the cause wait for the end of one

void forget(std::deque<BootTime>& times, BootTime now) {
  while (!times.empty() && now - times.front() >= minute) times.pop_front();
}

// While it is online its sentence is no cause of anything.
bool differs(const DeviceHealth& one, const DeviceHealth& other) {
  return one.online != other.online || one.fault != other.fault || (!one.online && one.detail != other.detail);
}

}  // namespace

bool HealthDamper::is_told() const { return !latest_ || (told_ && !differs(*latest_, *told_)); }

HealthWord HealthDamper::say(BootTime now) {
  told_ = latest_;
  last_entry_ = now;
  entries_.push_back(now);
  HealthWord word{*latest_, chatters_ ? untold_ : 0};
  untold_ = 0;
  return word;
}

std::optional<HealthWord> HealthDamper::take(const DeviceHealth& health, BootTime now) {
  const bool was_online = latest_ && latest_->online;  // what was never there has not gone
  const bool turned = !latest_ || latest_->online != health.online;
  const bool changed = !latest_ || differs(*latest_, health);
  latest_ = health;
  if (!changed) return std::nullopt;
  last_change_ = now;
  forget(entries_, now);
  forget(outages_, now);
  if (was_online && !health.online) {
    outages_.push_back(now);
    last_outage_ = now;
    ++untold_;
  }
  if (chatters_) return std::nullopt;
  if (outages_.size() >= chatter_from) {
    chatters_ = true;
    untold_ = static_cast<int>(outages_.size());
    return say(now);
  }
  noisy_ = noisy_ || (!turned && entries_.size() >= most_entries);
  if (is_told() || (!turned && noisy_)) return std::nullopt;
  return say(now);
}

std::optional<HealthWord> HealthDamper::tick(BootTime now) {
  if (const auto at = due(); !at || now < *at) return std::nullopt;
  forget(entries_, now);
  if (chatters_ && now - last_outage_ < minute) return say(now);
  if (now - last_change_ >= minute) noisy_ = false;
  if (!chatters_ && is_told()) {
    last_entry_ = now;  // the next minute
    return std::nullopt;
  }
  const bool calm = std::exchange(chatters_, false);
  if (calm) outages_.clear(), untold_ = 0;
  HealthWord word = say(now);
  word.calm = calm;
  return word;
}

std::optional<BootTime> HealthDamper::due() const {
  if (!chatters_ && !noisy_ && is_told()) return std::nullopt;
  return last_entry_ + minute;
}

}  // namespace gapura::gateway
