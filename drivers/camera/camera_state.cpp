// SPDX-License-Identifier: Apache-2.0
#include "drivers/camera/camera_state.h"

#include <fmt/format.h>

#include <algorithm>

#include "drivers/camera/child_checks.h"

namespace gapura::drivers {
namespace {

// The fault in words for people. The screens have their own words for the code.
const char* sentence(CameraFault fault) {
  switch (fault) {
    case CameraFault::black:
      return "the picture is black; check the light, the lens and the camera's night mode";
    case CameraFault::covered:
      return "there is nothing in the picture; something may lie on the lens, or it is out of focus";
    case CameraFault::frozen:
      return "the same picture comes again and again; restart the camera";
    case CameraFault::moved:
      return "it shows another view than the one it learned; aim it as before, or accept the new view on the devices page";
    case CameraFault::wrong_clock:
      return "the camera's own clock is more than a minute wrong; set it, or give it the site's time server";
    default:
      return "";
  }
}

bool spoils_picture(CameraFault fault) {
  return fault == CameraFault::black || fault == CameraFault::covered || fault == CameraFault::frozen;
}

bool leaves_online(CameraFault fault) { return fault == CameraFault::moved || fault == CameraFault::wrong_clock; }

}  // namespace

void CameraState::update(const HealthSample& first, const HealthSample& last) {
  const link::Health &old = first.health, &now = last.health;
  const double seconds = std::chrono::duration<double>(last.at - first.at).count();
  const auto frames = static_cast<double>(now.frames - old.frames);
  stats.frames = frames_before_ + now.frames;
  stats.dropped = dropped_before_ + now.dropped;
  stats.late = late_before_ + now.late;
  if (now.fault != CameraFault::none || now.frames > 0) child_fault_ = now.fault;
  stats.fps = seconds > 0 ? frames / seconds : 0;
  stats.cpu = seconds > 0 ? std::max(0.0, last.cpu_seconds - first.cpu_seconds) / seconds : 0;
  stats.decode_ms = frames > 0 ? static_cast<double>(now.decode_us - old.decode_us) / 1000 / frames : 0;
  stats.search_ms = frames > 0 ? static_cast<double>(now.search_us - old.search_us) / 1000 / frames : 0;
  stats.width = now.width;
  stats.height = now.height;
  stats.landmarks = now.landmarks;
  if (now.newest) {
    newest_ = now.newest;
    stats.frame_age = last.at - *now.newest;  // when the child reported, so that its interval of 250 ms does not count
  }
  if (!now.detail.empty()) why_ = printable(now.detail);
}

void CameraState::child_lost(std::string why) {
  frames_before_ = stats.frames;
  dropped_before_ = stats.dropped;
  late_before_ = stats.late;
  ++stats.restarts;
  child_fault_ = CameraFault::reader_failed;
  why_ = std::move(why);
}

// Returns the present fault. What the child reports about its pictures counts only while pictures come.
CameraFault CameraState::fault_now(bool fresh) const {
  if (fresh) return leaves_online(child_fault_) || spoils_picture(child_fault_) ? child_fault_ : CameraFault::none;
  const bool known = child_fault_ != CameraFault::none && !leaves_online(child_fault_) && !spoils_picture(child_fault_);
  return known ? child_fault_ : CameraFault::no_picture;
}

std::optional<DeviceHealth> CameraState::judge(BootTime now) {
  DeviceHealth health{DeviceHealth::Kind::camera, settings_.id.str(), false, "", now, ""};
  const bool fresh = newest_ && now - *newest_ <= settings_.frame_limit;
  const CameraFault fault = fault_now(fresh);
  health.online = fresh && !spoils_picture(fault);
  const bool first = !announced_ && (fresh || now - born_ > settings_.frame_limit);
  const std::string why = health.online ? stats.detail : reason(fault);
  // The newest reason is reported: it may change with every attempt, and the caller has to limit how many it stores.
  const bool turned = health.online != stats.online || fresh != fresh_;
  const bool news = first || (announced_ && (turned || fault != stats.fault || why != stats.detail));
  announced_ |= first;
  fresh_ = fresh;
  stats.online = health.online;
  if (!fresh) stats.fps = 0;
  stats.fault = fault;
  stats.detail = news && health.online ? "" : why;
  health.fault = word(fault);
  health.detail = health.online ? fmt::format("pictures of {}x{} arrive", stats.width, stats.height)
                                : stats.detail + "; guests cannot be read here until it is back";
  if (leaves_online(fault)) health.detail += fmt::format("; but {}", sentence(fault));
  if (news && health.online) why_.clear();
  return news ? std::optional(std::move(health)) : std::nullopt;
}

std::string CameraState::reason(CameraFault fault) const {
  if (spoils_picture(fault)) return sentence(fault);
  return why_.empty() ? fmt::format("no picture from {}; check its power and network", name_) : why_;
}

}  // namespace gapura::drivers
