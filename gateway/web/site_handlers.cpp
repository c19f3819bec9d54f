// SPDX-License-Identifier: Apache-2.0
#include <sys/statvfs.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "gateway/web/handlers.h"
#include "gateway/web/version.h"

namespace gapura::gateway {
namespace json = boost::json;
namespace {

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
                   {"stats", std::move(stats)}});
  }
  return all;
}

json::array points_json(const SiteConfig& site, const PortalId& portal) {
  json::array all;
  for (const auto& point : site.points) {
    if (point.portal != portal) continue;
    all.push_back({{"id", point.id.str()},
                   {"from", point.from.str()},
                   {"to", point.to.str()},
                   {"reader", point.reader.empty() ? json::value(nullptr) : json::value(point.reader.str())}});
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
    json::array standing;
    for (const auto& alarm : seen.alarms) standing.push_back(json::value(alarm));
    all.push_back({{"id", portal.id.str()},
                   {"name", portal.name},
                   {"kind", word(portal.kind)},
                   {"mode", seen.mode},
                   {"contact", word(seen.contact)},
                   {"lock", json::object{{"commanded", seen.lock_commanded}, {"observed", word(seen.lock_observed)}}},
                   {"age_ms", (call.now.boot - seen.observed_at).count()},
                   {"online", seen.online},
                   {"points", points_json(site, portal.id)},
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

std::uint64_t alarm_number(const Call& call) {
  const std::string& text = call.parameters[0];
  std::uint64_t number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc() || end != text.data() + text.size()) throw Problem("not_found", "There is no such alarm.");
  return number;
}

}  // namespace

Response get_devices(Call& call) { return json_response({{"devices", devices_json(call)}}); }

Response get_portals(Call& call) {
  const SiteViewPtr view = call.api.context.site();
  return json_response({{"portals", portals_json(call, view.get())}});
}

Response post_point_release(Call& call) {
  const Reply made = call.ask(ReleasePortal{AccessPointId(call.parameters[0]), call.text("reason")});
  return json_response({{"entry", made.entry}}, 202);
}

Response get_alarms(Call& call) { return json_response({{"alarms", call.db.alarms()}}); }

Response post_alarm_acknowledge(Call& call) {
  const auto number = alarm_number(call);
  call.ask(AcknowledgeAlarm{number, call.text("handling")});
  auto alarm = call.db.alarm(static_cast<std::int64_t>(number));
  if (!alarm) throw Problem("not_found", "There is no such alarm.");
  return json_response(*alarm);
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
                        {"portals", portals_json(call, view.get())}});
}

}  // namespace gapura::gateway
