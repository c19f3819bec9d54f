// SPDX-License-Identifier: Apache-2.0
#include <sys/statvfs.h>

#include <algorithm>
#include <filesystem>

#include "gateway/web/handlers.h"
#include "gateway/web/version.h"

namespace gapura::gateway {
namespace json = boost::json;
namespace {

// What a camera is for; nothing for other devices.
json::array roles_json(const Call& call, const std::string& device) {
  json::array roles;
  for (const auto& camera : call.api.context.settings.cameras)
    if (camera.driver.id.str() == device)
      for (const auto& role : camera.roles) roles.emplace_back(role);
  return roles;
}

json::array devices_json(const Call& call) {
  json::array all;
  for (const DeviceView& device : call.api.context.devices()) {
    json::object stats;
    for (const auto& [name, value] : device.stats) stats[name] = value;
    all.push_back({{"id", device.id},
                   {"kind", device.kind},
                   {"online", device.online},
                   {"since", call.api.site_time(device.since)},
                   {"detail", device.detail},
                   {"fault", device.fault},
                   {"outages", device.outages},
                   {"roles", roles_json(call, device.id)},
                   {"stats", std::move(stats)}});
  }
  return all;
}

// The camera or scanner that reads for a reader; null: there is none.
json::value device_of(const Settings& settings, const ReaderId& reader) {
  if (reader.empty()) return nullptr;
  for (const auto& camera : settings.cameras)
    if (camera.driver.reader == reader) return json::value(camera.driver.id.str());
  for (const auto& scanner : settings.scanners)
    if (scanner.id == reader) return json::value(scanner.id.str());
  return nullptr;
}

json::array points_json(const Settings& settings, const PortalId& portal) {
  json::array all;
  for (const auto& point : settings.site.points) {
    if (point.portal != portal) continue;
    all.push_back({{"id", point.id.str()},
                   {"from", point.from.str()},
                   {"to", point.to.str()},
                   {"reader", point.reader.empty() ? json::value(nullptr) : json::value(point.reader.str())},
                   {"device", device_of(settings, point.reader)}});
  }
  return all;
}

json::array portals_json(const Call& call, const SiteView* view) {
  const SiteConfig& site = call.api.context.settings.site;
  json::array all;
  for (const auto& portal : site.portals) {
    PortalView seen;  // unknown and offline until the core has looked
    if (view) {
      const auto found =
          std::find_if(view->portals.begin(), view->portals.end(), [&](const auto& p) { return p.id == portal.id; });
      if (found != view->portals.end()) seen = *found;
    }
    const bool is_set = view && view->facts.modes.contains(portal.id);
    const auto time = [&](std::optional<UtcTime> at) {
      return at ? json::value(call.api.site_time(*at)) : json::value(nullptr);
    };
    json::array standing;
    for (const auto& alarm : seen.alarms) standing.push_back(json::value(alarm));
    all.push_back({{"id", portal.id.str()},
                   {"name", portal.name},
                   {"kind", word(portal.kind)},
                   {"mode", seen.mode},
                   {"mode_by", !is_set ? json::value(nullptr) : json::value(seen.by_schedule ? "schedule" : "person")},
                   {"unlocked_until", time(seen.unlocked_until)},
                   {"unlocks", time(seen.unlocks)},
                   {"contact", word(seen.contact)},
                   {"lock", json::object{{"commanded", seen.lock_commanded}, {"observed", word(seen.lock_observed)}}},
                   {"age_ms", (call.now.boot - seen.observed_at).count()},
                   {"online", seen.online},
                   {"points", points_json(call.api.context.settings, portal.id)},
                   {"alarms", std::move(standing)}});
  }
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

Response get_devices(Call& call) { return json_response({{"devices", devices_json(call)}}); }

Response get_portals(Call& call) {
  const SiteViewPtr view = call.api.context.site();
  return json_response({{"portals", portals_json(call, view.get())}});
}

Response post_point_release(Call& call) {
  auto asked = call.read<ReleasePortal>();
  asked.point = AccessPointId(call.parameters[0]);
  const Reply made = call.ask(std::move(asked));
  return json_response({{"entry", made.entry}}, 202);
}

Response post_portal_mode(Call& call) {
  const std::string& id = call.parameters[0];
  auto asked = call.read<SetPortalMode>();
  asked.portal = PortalId(id);
  call.ask(asked);
  const SiteViewPtr view = call.api.context.site();
  for (auto& portal : portals_json(call, view.get())) {
    if (portal.at("id").get_string() != id) continue;
    portal.get_object()["mode"] = word(asked.mode);  // the picture of the site comes a moment later
    return json_response(portal.get_object());
  }
  throw Problem("not_found", "There is no such portal.");
}

Response post_granting_resume(Call& call) {
  const Reply made = call.ask(call.read<ResumeGranting>());
  return json_response({{"entry", made.entry}}, 202);
}

Response get_areas(Call& call) {
  const SiteViewPtr view = call.api.context.site();
  json::array all;
  for (const Area& area : call.api.context.settings.site.areas) {
    const auto people = view ? view->people.find(area.id) : std::map<AreaId, int>::const_iterator{};
    all.push_back({{"id", area.id.str()},
                   {"name", area.name},
                   {"people", view && people != view->people.end() ? people->second : 0},
                   {"limit", area.limit > 0 ? json::value(area.limit) : json::value(nullptr)},
                   {"passback", word(area.passback)},
                   {"two_person", area.two_person},
                   {"escort", word(area.escort)}});
  }
  return json_response({{"areas", std::move(all)}});
}

Response post_passback_forgive(Call& call) {
  const auto asked = call.read<ForgivePassback>();
  if (asked.visit.empty() == asked.badge.empty()) throw Problem("bad_input", "Expected either \"visit\" or \"badge\".");
  const Reply made = call.ask(asked);
  return json_response({{"entry", made.entry}});
}

Response get_status(Call& call) {
  const auto& context = call.api.context;
  const SiteViewPtr view = context.site();
  json::array why_not;
  if (view)
    for (const auto& reason : view->why_not) why_not.push_back(json::value(reason));
  else
    why_not.push_back("The gateway is starting.");
  const std::string database = context.data_folder + "/gapura.db";
  const SiteFacts facts = call.facts();
  json::array lockdowns;
  for (const auto& [plan, active] : facts.lockdowns) lockdowns.push_back(json::value(plan));
  return json_response({{"version", version},
                        {"site", json::object{{"id", context.settings.site_id},
                                              {"name", context.settings.site_name},
                                              {"timezone", context.settings.timezone},
                                              {"language", context.settings.language}}},
                        {"started", call.api.site_time(call.api.started)},
                        {"time", call.api.site_time(call.now.utc)},
                        {"clock", word(call.now.quality)},
                        {"granting", view && view->granting},
                        {"why_not", std::move(why_not)},
                        {"journal", json::object{{"entries", call.db.last_event() + 1},
                                                 {"bytes", file_bytes(database) + file_bytes(database + "-wal")}}},
                        {"disk", json::object{{"free_bytes", free_bytes(context.data_folder)}}},
                        {"devices", devices_json(call)},
                        {"portals", portals_json(call, view.get())},
                        {"leader", facts.leader.empty() ? json::value(nullptr) : json::value(facts.leader)},
                        {"attended", facts.shift.attended},
                        {"lockdowns", std::move(lockdowns)},
                        {"muster", facts.muster.has_value()}});
}

}  // namespace gapura::gateway
