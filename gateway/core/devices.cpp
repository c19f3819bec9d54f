// SPDX-License-Identifier: Apache-2.0
// Whether devices are online: which changes become entries, and which become alarms.
#include "gateway/core/devices.h"

#include "gateway/core/change_tools.h"

namespace gapura::gateway {
namespace {

// A line that is reconnected after a bad response is back in a fraction of this: the guard has nothing to do (ISA-18.2).
constexpr Millis outage_grace{2000};
constexpr Millis outage_again{60'000};
// How long a device may take to come up after a start before it raises an alarm.
constexpr Millis start_grace{10'000};

void enter(Change& change, const HealthReport& report) {
  const DeviceHealth& health = report.health;
  const DeviceChanged changed{.kind = health.kind,
                              .detail = health.detail.substr(0, 300),
                              .fault = health.fault,
                              .outages = std::max(0, report.outages)};
  change.entries.push_back(device_entry(
      health.device, make_entry(health.online ? EventType::device_online : EventType::device_offline, changed)));
}

}  // namespace

DevicesPart::DevicesPart(SiteContext& site) : site_(site), connected_by_(site.latest.boot + start_grace) {}

const DeviceHealth* DevicesPart::find(const std::string& device) const {
  const auto found = devices_.find(device);
  return found == devices_.end() ? nullptr : &found->second;
}

int DevicesPart::offline() const {
  return static_cast<int>(
      std::count_if(devices_.begin(), devices_.end(), [](const auto& one) { return !one.second.online; }));
}

std::optional<BootTime> DevicesPart::next_deadline() const {
  std::optional<BootTime> next;
  for (const auto& [device, watched] : health_) {
    earliest(next, watched.alarm_at);
    earliest(next, watched.damper.due());
  }
  for (const auto& [lane, damper] : lanes_) earliest(next, damper.due());
  return next;
}

bool DevicesPart::chatters(const std::string& signal) const {
  const auto found = health_.find(signal.substr(0, signal.find('.')));
  return found != health_.end() && found->second.damper.chatters();
}

// The alarm of a device that chatters remains active until the device has been calm.
Change DevicesPart::take(const DeviceHealth& health, const Now& now) {
  Change change;
  const auto known = devices_.find(health.device);
  const bool first = known == devices_.end();
  const bool turned = first || known->second.online != health.online;
  devices_[health.device] = health;
  Watched& watched = health_[health.device];
  if (const auto report = watched.damper.take(health, now.boot)) enter(change, *report);
  if (watched.damper.chatters()) {
    watched.alarm_at.reset();
    site_.raise(change, AlarmKind::device_offline, health.device);
  } else if (health.online) {
    watched.alarm_at.reset();
    site_.clear(change, AlarmKind::device_offline, health.device);
  } else if (turned) {
    const bool again = watched.outage && now.boot - *watched.outage < outage_again;
    const BootTime due = now.boot + (again ? Millis(0) : outage_grace);
    watched.alarm_at = first ? std::max(due, connected_by_) : due;
  }
  if (turned && !health.online) watched.outage = now.boot;
  return change;
}

void DevicesPart::tick(Change& change, const Now& now) {
  for (auto& [device, watched] : health_) {
    if (const auto report = watched.damper.tick(now.boot)) {
      enter(change, *report);
      if (report->calm && report->health.online) site_.clear(change, AlarmKind::device_offline, device);
    }
    if (watched.alarm_at && *watched.alarm_at <= now.boot) {
      site_.raise(change, AlarmKind::device_offline, device);
      watched.alarm_at.reset();
    }
  }
  for (auto& [lane, damper] : lanes_)
    if (const auto report = damper.tick(now.boot)) {
      enter(change, *report);
      if (report->calm && report->health.online) lane_well(change, lane);
    }
}

// The lane is manual while the detector's lines contradict each other: recorded like a device that went offline, with the
// guard's next step.
void DevicesPart::lane_changed(Change& change, const Detector& detector, const DetectorNews& news) {
  const bool manual = news.fact == DetectorFact::manual;
  const std::string& id = detector.config().id.str();
  HealthDamper& damper = lanes_[id];
  const DeviceHealth lane{DeviceHealth::Kind::detector, id, !manual, manual ? news.why : "well", site_.latest.boot, ""};
  if (const auto report = damper.take(lane, site_.latest.boot)) enter(change, *report);
  if (manual)
    site_.raise(change, AlarmKind::fault, id);
  else if (!damper.chatters())
    lane_well(change, id);
}

void DevicesPart::lane_well(Change& change, const std::string& detector) {
  if (!failed_tests_.contains(detector)) site_.clear(change, AlarmKind::fault, detector);
}

void DevicesPart::tested(Change& change, const std::string& detector, bool found, bool manual) {
  if (!found) {
    failed_tests_.insert(detector);
    site_.raise(change, AlarmKind::fault, detector);
  } else {
    failed_tests_.erase(detector);
    if (!manual) site_.clear(change, AlarmKind::fault, detector);  // contradictory lines are a fault of their own
  }
}

}  // namespace gapura::gateway
