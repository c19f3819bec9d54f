// SPDX-License-Identifier: Apache-2.0
#include "gateway/media/evidence.h"

#include <algorithm>

#include "models/base/decision_reason.h"

namespace gapura::gateway {
namespace {

bool is_flood(const Entry& entry) {
  const auto reasons = particulars_of<AccessDenied>(entry).reasons;
  return std::find(reasons.begin(), reasons.end(), DenialReason::rate_limited) != reasons.end();
}

bool has(const std::vector<std::string>& list, const std::string& text) {
  return !text.empty() && std::find(list.begin(), list.end(), text) != list.end();
}

}  // namespace

std::optional<Moment> moment_of(const Entry& entry) {
  switch (entry.type) {
    case EventType::access_granted:
      return Moment::granted;
    case EventType::access_denied:
      return is_flood(entry) ? std::nullopt : std::optional(Moment::denied);
    case EventType::screening_alarm:
      return Moment::detector_alarm;
    case EventType::alarm_raised:
      return particulars_of<AlarmRaised>(entry).kind == AlarmKind::forced_open ? std::optional(Moment::forced)
                                                                               : std::nullopt;
    default:
      return std::nullopt;
  }
}

bool watches(const CameraEntry& camera, const SiteConfig& site, const std::string& where) {
  if (has(camera.watches, where)) return true;
  for (const auto& point : site.points) {
    if (point.id.str() != where && point.portal.str() != where) continue;
    if (!camera.driver.reader.empty() && point.reader == camera.driver.reader) return true;
    if (has(camera.watches, point.portal.str())) return true;
  }
  return false;
}

}  // namespace gapura::gateway
