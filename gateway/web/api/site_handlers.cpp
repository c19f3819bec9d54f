// SPDX-License-Identifier: Apache-2.0
#include <sys/statvfs.h>

#include <filesystem>

#include "gateway/contract/version.h"
#include "gateway/web/api/handlers.h"

namespace gapura::gateway {
namespace {

std::vector<answer::Device> devices_of(const Call& call) {
  std::vector<answer::Device> all;
  for (const DeviceView& device : call.api.context.devices()) {
    answer::Device& one = all.emplace_back();
    one.id = device.id;
    one.kind = device.kind;
    one.online = device.online;
    one.since = device.since;
    one.detail = device.detail;
    one.fault = device.fault;
    one.outages = device.outages;
    for (const auto& camera : call.api.context.settings.cameras)
      if (camera.driver.id.str() == device.id) one.roles.assign(camera.roles.begin(), camera.roles.end());
    for (const auto& [name, value] : device.stats) one.stats[name] = value;
  }
  return all;
}

// The camera or scanner that reads for a reader.
std::optional<std::string> device_of(const Settings& settings, const ReaderId& reader) {
  for (const auto& camera : settings.cameras)
    if (camera.driver.reader == reader) return camera.driver.id.str();
  for (const auto& scanner : settings.scanners)
    if (scanner.id == reader) return scanner.id.str();
  return std::nullopt;
}

std::vector<answer::Point> points_of(const Settings& settings, const PortalId& portal) {
  std::vector<answer::Point> all;
  for (const auto& point : settings.site.points) {
    if (point.portal != portal) continue;
    answer::Point& one = all.emplace_back();
    one.id = point.id.str();
    one.from = point.from.str();
    one.to = point.to.str();
    if (point.reader.empty()) continue;
    one.reader = point.reader.str();
    one.device = device_of(settings, point.reader);
  }
  return all;
}

// Unknown and offline until the core has looked.
PortalView view_of(const SiteView* view, const PortalId& portal) {
  if (view)
    for (const PortalView& seen : view->portals)
      if (seen.id == portal) return seen;
  return {};
}

answer::Portal portal_of(const Call& call, const SiteView* view, const PortalConfig& portal) {
  const PortalView seen = view_of(view, portal.id);
  answer::Portal one;
  one.id = portal.id.str();
  one.name = portal.name;
  one.kind = portal.kind;
  one.mode = seen.mode;
  if (view && view->facts.modes.contains(portal.id))
    one.mode_by = seen.by_schedule ? answer::ModeBy::schedule : answer::ModeBy::person;
  one.unlocked_until = seen.unlocked_until;
  one.unlocks = seen.unlocks;
  one.contact = seen.contact;
  one.lock = {seen.lock_commanded, seen.lock_observed};
  one.age_ms = (call.now.boot - seen.observed_at).count();
  one.online = seen.online;
  one.points = points_of(call.api.context.settings, portal.id);
  one.alarms = seen.alarms;
  return one;
}

std::vector<answer::Portal> portals_of(const Call& call, const SiteView* view) {
  std::vector<answer::Portal> all;
  for (const auto& portal : call.api.context.settings.site.portals) all.push_back(portal_of(call, view, portal));
  return all;
}

std::uint64_t file_bytes(const std::string& path) {
  std::error_code code;
  const auto size = std::filesystem::file_size(path, code);
  return code ? 0 : size;
}

std::uint64_t free_bytes(const std::string& folder) {
  struct statvfs about {};
  return ::statvfs(folder.c_str(), &about) == 0 ? about.f_bavail * about.f_frsize : 0;
}

}  // namespace

Response get_devices(Call& call) { return json_response(call, answer::Devices{devices_of(call)}); }

Response get_portals(Call& call) {
  const SiteViewPtr view = call.api.context.site();
  return json_response(call, answer::Portals{portals_of(call, view.get())});
}

Response post_point_release(Call& call) {
  auto asked = call.read<ReleasePortal>();
  asked.point = AccessPointId(call.parameters[0]);
  const Reply made = call.ask(std::move(asked));
  return json_response(call, answer::Entry{made.entry});
}

Response post_portal_mode(Call& call) {
  auto asked = call.read<SetPortalMode>();
  asked.portal = PortalId(call.parameters[0]);
  call.ask(asked);
  const SiteViewPtr view = call.api.context.site();
  for (const auto& portal : call.api.context.settings.site.portals) {
    if (portal.id != asked.portal) continue;
    answer::Portal now = portal_of(call, view.get(), portal);
    now.mode = word(asked.mode);  // the picture of the site comes a moment later
    return json_response(call, now);
  }
  throw Problem("not_found", "There is no such portal.");
}

Response post_granting_resume(Call& call) {
  const Reply made = call.ask(call.read<ResumeGranting>());
  return json_response(call, answer::Entry{made.entry});
}

Response get_areas(Call& call) {
  const SiteViewPtr view = call.api.context.site();
  answer::Areas all;
  for (const Area& area : call.api.context.settings.site.areas) {
    answer::Area& one = all.areas.emplace_back();
    one.id = area.id.str();
    one.name = area.name;
    if (view)
      if (const auto people = view->people.find(area.id); people != view->people.end()) one.people = people->second;
    if (area.limit > 0) one.limit = area.limit;
    one.passback = area.passback;
    one.two_person = area.two_person;
    one.escort = area.escort;
  }
  return json_response(call, all);
}

Response post_passback_forgive(Call& call) {
  const auto asked = call.read<ForgivePassback>();
  if (asked.visit.empty() == asked.badge.empty()) throw Problem("bad_input", "Expected either \"visit\" or \"badge\".");
  const Reply made = call.ask(asked);
  return json_response(call, answer::Entry{made.entry});
}

Response get_status(Call& call) {
  const auto& context = call.api.context;
  const SiteViewPtr view = context.site();
  const SiteFacts facts = call.facts();
  const std::string database = context.data_folder + "/gapura.db";
  answer::Status status;
  status.version = version;
  status.site = site_of(context.settings);
  status.started = call.api.started;
  status.time = call.now.utc;
  status.clock = call.now.quality;
  status.granting = view && view->granting;
  status.why_not = view ? view->why_not : std::vector<std::string>{"The gateway is starting."};
  status.journal = {call.db.last_event() + 1, file_bytes(database) + file_bytes(database + "-wal")};
  status.disk = {free_bytes(context.data_folder)};
  status.devices = devices_of(call);
  status.portals = portals_of(call, view.get());
  if (!facts.leader.empty()) status.leader = facts.leader;
  status.attended = facts.shift.attended;
  for (const auto& [plan, active] : facts.lockdowns) status.lockdowns.push_back(plan);
  status.muster = facts.muster.has_value();
  return json_response(call, status);
}

}  // namespace gapura::gateway
