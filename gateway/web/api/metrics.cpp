// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/metrics.h"

#include <fmt/format.h>

#include "gateway/contract/version.h"

namespace gapura::gateway {
namespace {

std::string label_value(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

void head(std::string& out, const char* name, const char* type, const char* help) {
  out += fmt::format("# HELP {0} {2}\n# TYPE {0} {1}\n", name, type, help);
}

void one(std::string& out, const char* name, const char* type, const char* help, std::uint64_t value) {
  head(out, name, type, help);
  out += fmt::format("{} {}\n", name, value);
}

}  // namespace

std::string metrics_text(const SiteView* view, const std::vector<DeviceView>& devices, const HttpCounters& http) {
  std::string out;
  head(out, "gapura_build_info", "gauge", "The running version.");
  out += fmt::format("gapura_build_info{{version=\"{}\"}} 1\n", version);
  one(out, "gapura_granting", "gauge", "1 while badges may open doors.", view && view->granting ? 1 : 0);
  one(out, "gapura_journal_entries_total", "counter", "Committed journal entries.", view ? view->entries : 0);
  head(out, "gapura_portal_online", "gauge", "1 while a portal's controller answers.");
  if (view)
    for (const auto& portal : view->portals)
      out += fmt::format("gapura_portal_online{{portal=\"{}\"}} {}\n", label_value(portal.id.str()), portal.online ? 1 : 0);
  head(out, "gapura_device_online", "gauge", "1 while a device answers.");
  for (const auto& device : devices)
    out += fmt::format("gapura_device_online{{device=\"{}\",kind=\"{}\"}} {}\n", label_value(device.id),
                       label_value(device.kind), device.online ? 1 : 0);
  head(out, "gapura_device_stat", "gauge", "What a device's driver measures, by name.");
  for (const auto& device : devices)
    for (const auto& [name, value] : device.stats)
      out += fmt::format("gapura_device_stat{{device=\"{}\",stat=\"{}\"}} {}\n", label_value(device.id), label_value(name),
                         value);
  one(out, "gapura_http_connections", "gauge", "Open connections.", http.open);
  one(out, "gapura_http_streams", "gauge", "Open event streams.", http.streams);
  one(out, "gapura_http_accepted_total", "counter", "Connections accepted.", http.accepted);
  one(out, "gapura_http_refused_total", "counter", "Connections refused for lack of room.", http.refused);
  one(out, "gapura_http_requests_total", "counter", "Requests answered.", http.requests);
  one(out, "gapura_http_bad_requests_total", "counter", "Requests refused before they were understood.", http.bad_requests);
  one(out, "gapura_http_timeouts_total", "counter", "Connections that missed a deadline.", http.timeouts);
  one(out, "gapura_http_cut_streams_total", "counter", "Streams cut because their client did not read.", http.cut_streams);
  return out;
}

}  // namespace gapura::gateway
