// SPDX-License-Identifier: Apache-2.0
#include "gateway/core/health_damper.h"

#include <utility>

namespace gapura::gateway {
namespace {

constexpr Millis minute{60'000};
constexpr std::size_t chatter_from = 3;  // outages in a minute
constexpr std::size_t most_entries = 5;  // in a minute; further changes of the cause wait for its end

void forget(std::deque<BootTime>& times, BootTime now) {
  while (!times.empty() && now - times.front() >= minute) times.pop_front();
}

// While a device is online, its detail is not the cause of an outage.
bool differs(const DeviceHealth& one, const DeviceHealth& other) {
  return one.online != other.online || one.fault != other.fault || (!one.online && one.detail != other.detail);
}

}  // namespace

bool HealthDamper::is_entered() const { return !latest_ || (entered_ && !differs(*latest_, *entered_)); }

HealthReport HealthDamper::enter(BootTime now) {
  entered_ = latest_;
  last_entry_ = now;
  entries_.push_back(now);
  HealthReport report{*latest_, chatters_ ? not_entered_ : 0};
  not_entered_ = 0;
  return report;
}

std::optional<HealthReport> HealthDamper::take(const DeviceHealth& health, BootTime now) {
  const bool was_online = latest_ && latest_->online;  // a device that was never online has no outage
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
    ++not_entered_;
  }
  if (chatters_) return std::nullopt;
  if (outages_.size() >= chatter_from) {
    chatters_ = true;
    not_entered_ = static_cast<int>(outages_.size());
    return enter(now);
  }
  noisy_ = noisy_ || (!turned && entries_.size() >= most_entries);
  if (is_entered() || (!turned && noisy_)) return std::nullopt;
  return enter(now);
}

std::optional<HealthReport> HealthDamper::tick(BootTime now) {
  if (const auto at = due(); !at || now < *at) return std::nullopt;
  forget(entries_, now);
  if (chatters_ && now - last_outage_ < minute) return enter(now);
  if (now - last_change_ >= minute) noisy_ = false;
  if (!chatters_ && is_entered()) {
    last_entry_ = now;  // starts the next minute
    return std::nullopt;
  }
  const bool calm = std::exchange(chatters_, false);
  if (calm) outages_.clear(), not_entered_ = 0;
  HealthReport report = enter(now);
  report.calm = calm;
  return report;
}

std::optional<BootTime> HealthDamper::due() const {
  if (!chatters_ && !noisy_ && is_entered()) return std::nullopt;
  return last_entry_ + minute;
}

}  // namespace gapura::gateway
