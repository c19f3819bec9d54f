// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <boost/json.hpp>

#include "gateway/cli/commands.h"
#include "gateway/contract/version.h"
#include "gateway/journal/broken_marker.h"

namespace gapura::gateway {
namespace {

namespace json = boost::json;
using Rows = std::vector<std::vector<std::string>>;

std::string size_text(double bytes) {
  const char* const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  int unit = 0;
  for (; bytes >= 1024 && unit < 4; ++unit) bytes /= 1024;
  return fmt::format("{:.{}f} {}", bytes, unit == 0 ? 0 : 1, units[unit]);
}

std::string clock_text(const json::value& status) {
  const json::value& clock = field(status, "clock");
  return clock.is_object() ? text_of(clock, "quality") : text_of(status, "clock");
}

Rows summary(const json::value& status) {
  const json::value& journal = field(status, "journal");
  Rows rows = {
      {"site", text_of(field(status, "site"), "id") + "  " + text_of(field(status, "site"), "name")},
      {"version", text_of(status, "version")},
      {"started", text_of(status, "started")},
      {"time", text_of(status, "time")},
      {"clock", clock_text(status)},
      {"journal", fmt::format("{:.0f} entries, {}", number_of(journal, "entries"), size_text(number_of(journal, "bytes")))},
      {"disk", size_text(number_of(field(status, "disk"), "free_bytes")) + " free"},
      {"granting", flag_of(status, "granting") ? "yes" : "NO"}};
  for (const json::value& why : list_of(status, "why_not"))
    rows.push_back({"", why.is_string() ? std::string(why.as_string()) : json::serialize(why)});
  return rows;
}

// A device that chatters is neither online nor offline.
std::string state_of(const json::value& device) {
  if (number_of(device, "outages") >= 3) return "UNSTABLE";
  return flag_of(device, "online") ? "online" : "OFFLINE";
}

std::string detail_of(const json::value& device) {
  const double outages = number_of(device, "outages");
  return (outages >= 3 ? fmt::format("{:.0f} outages within a minute; now: ", outages) : "") + text_of(device, "detail");
}

Rows devices(const json::value& status) {
  Rows rows = {{"DEVICE", "KIND", "STATE", "SINCE", "DETAIL"}};
  for (const json::value& device : list_of(status, "devices"))
    rows.push_back(
        {text_of(device, "id"), text_of(device, "kind"), state_of(device), text_of(device, "since"), detail_of(device)});
  return rows;
}

Rows portals(const json::value& status) {
  Rows rows = {{"PORTAL", "KIND", "MODE", "CONTACT", "LOCK", "STATE", "ALARMS"}};
  for (const json::value& portal : list_of(status, "portals")) {
    std::string alarms;
    for (const json::value& alarm : list_of(portal, "alarms"))
      if (alarm.is_string()) alarms += (alarms.empty() ? "" : " ") + std::string(alarm.as_string());
    const json::value& lock = field(portal, "lock");
    rows.push_back({text_of(portal, "id"), text_of(portal, "kind"), text_of(portal, "mode"), text_of(portal, "contact"),
                    fmt::format("{} (told {})", text_of(lock, "observed"), flag_of(lock, "commanded") ? "on" : "off"),
                    flag_of(portal, "online") ? "online" : "OFFLINE", alarms});
  }
  return rows;
}

// Adds why no daemon runs, where it ended by itself.
Error with_fault(Error error, const std::string& data_folder) {
  const auto broken = find_broken_marker(data_folder, version);
  if (error.kind == ErrorKind::unavailable && broken) error.message += "; " + sentence(*broken);
  return error;
}

}  // namespace

int show_status(const Terminal& terminal, const DaemonClient& daemon) {
  const auto status = daemon.get("/status");
  if (!status) return report(terminal, with_fault(status.error(), daemon.data_folder()));
  if (terminal.json) {
    terminal.out << json::serialize(*status) << '\n';
    return done;
  }
  terminal.out << aligned(summary(*status)) << '\n' << aligned(devices(*status)) << '\n' << aligned(portals(*status));
  return done;
}

}  // namespace gapura::gateway
