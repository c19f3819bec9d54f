// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <future>

#include "gateway/cli/doctor.h"
#include "gateway/cli/health_sink.h"
#include "gateway/cli/probe.h"

namespace gapura::gateway {
namespace {

namespace json = boost::json;
constexpr Millis connect_limit{1000};
constexpr Millis answer_limit{2500};  // three attempts at the usual timeouts

const char* const camera_advice = "look at its power, cable and address; open the url with a player on this machine";
const char* const bus_advice = "look at the power and cable of the controller, and at host and port in the configuration";

void examine_camera(Findings& findings, const drivers::CameraSettings& camera) {
  const std::string subject = "camera " + camera.id.str();
  const auto endpoint = endpoint_of(camera.url);
  if (!endpoint) {
    if (access(camera.url.c_str(), R_OK) == 0) return findings.ok(subject, camera.url + " can be read");
    return findings.wrong(subject, camera.url + " cannot be read",
                          "plug it in; the gateway's user must be in the group video");
  }
  const Status reached = can_connect(*endpoint, connect_limit);
  if (reached) return findings.ok(subject, fmt::format("{}:{} answers", endpoint->host, endpoint->port));
  findings.wrong(subject, fmt::format("{}:{}: {}", endpoint->host, endpoint->port, reached.error().message), camera_advice);
}

void examine_bus(Findings& findings, const drivers::BusSettings& bus) {
  const std::string subject = "bus " + bus.id.str();
  const bool serial = bus.kind == drivers::BusSettings::Kind::rtu;
  if (serial && access(bus.device.c_str(), R_OK | W_OK) != 0)
    return findings.wrong(
        subject, fmt::format("{} cannot be opened", bus.device),
        "plug the serial adapter in (ls -l /dev/serial/by-id); the gateway's user must be in the group dialout");
  if (const Status reached = serial ? Status() : can_connect({bus.host, bus.port}, connect_limit); !reached)
    return findings.wrong(subject, fmt::format("{}: {}", bus.where(), reached.error().message), bus_advice);
  findings.ok(subject, bus.where() + (serial ? " is there" : " answers"));
  const auto answers = ask_controllers(bus, answer_limit);
  for (const drivers::ControllerSettings& controller : bus.controllers) {
    const std::string name = "controller " + controller.id.str();
    const auto own = std::find_if(answers.begin(), answers.end(),
                                  [&](const DeviceHealth& h) { return h.device == controller.id.str(); });
    if (own != answers.end() && own->online)
      findings.ok(name, fmt::format("unit {} answers as {}", controller.unit, controller.profile.name));
    else
      findings.wrong(name, own == answers.end() || own->detail.empty() ? "no answer" : own->detail,
                     controller_advice(own == answers.end() ? "" : own->detail,
                                       fmt::format("look at unit {} and profile {} in the configuration, and at the board",
                                                   controller.unit, controller.profile.name)));
  }
}

const char* camera_advice_for(const std::string& fault) {
  if (fault == "refused_login")
    return "correct user name and password in its url, then restart the gateway; the camera may lock its account for a "
           "while";
  if (fault == "no_picture") return "it is connected and sends nothing: restart it; look at its stream with a player";
  if (fault == "late_picture") return "look at its network (Wi-Fi, a full switch) and at its bit rate";
  if (fault == "black" || fault == "covered") return "look at its lens, its light and its night mode";
  if (fault == "untrusted")
    return "its certificate is not the one that is trusted: compare it, then correct tls_ca or tls_fingerprint, or the "
           "camera's address";
  if (fault == "frozen") return "restart the camera";
  return camera_advice;
}

const char* advice_for(const std::string& kind) {
  if (kind == "camera") return camera_advice;
  if (kind == "scanner") return "look at its cable, and at device or usb in the configuration (gapura devices probe)";
  if (kind == "printer") return "look at its paper, cover, power and cable; badges can be written by hand meanwhile";
  return bus_advice;
}

// One line each, from the scanner's or printer's health report.
void examine_own(Findings& findings, const std::string& kind, const std::string& id, HealthSink& sink) {
  const auto healths = sink.wait(1, answer_limit);
  const std::string subject = kind + " " + id;
  if (!healths.empty() && healths[0].online) return findings.ok(subject, healths[0].detail);
  findings.wrong(subject, healths.empty() ? "no answer" : healths[0].detail, advice_for(kind));
}

void examine_scanner(Findings& findings, const drivers::ScannerSettings& settings) {
  HealthSink sink;
  const auto scanner = drivers::Scanner::create(settings, sink);
  examine_own(findings, "scanner", settings.id.str(), sink);
}

void examine_printer(Findings& findings, const drivers::PrinterSettings& settings) {
  HealthSink sink;
  const auto printer = drivers::Printer::create(settings, sink, [](const drivers::PrintReport&) {});
  examine_own(findings, "printer", settings.id, sink);
}

// The daemon holds the only connection that many boards allow, so while it runs its report is used.
void take_from_daemon(Findings& findings, const json::value& status) {
  for (const json::value& device : list_of(status, "devices")) {
    const std::string kind = text_of(device, "kind"), detail = text_of(device, "detail");
    const std::string subject = kind + " " + text_of(device, "id");
    const double outages = number_of(device, "outages");
    if (flag_of(device, "online") && outages < 3) {
      findings.ok(subject, "online since " + text_of(device, "since"));
      continue;
    }
    const std::string what = outages < 3 ? "offline: " : fmt::format("{:.0f} outages within a minute; now: ", outages);
    findings.wrong(subject, what + detail,
                   kind == "controller" ? controller_advice(detail, bus_advice)
                   : kind == "camera"   ? camera_advice_for(text_of(device, "fault"))
                                        : advice_for(kind));
  }
}

}  // namespace

void examine_devices(Findings& findings, const Settings& settings, const json::value& status) {
  if (!status.is_null()) return take_from_daemon(findings, status);
  std::vector<std::future<Findings>> parts;  // in parallel, so that ten dead cameras cost one second
  const auto examine = [&](const auto& device, auto how) {
    parts.push_back(std::async(std::launch::async, [&device, how] {
      Findings own;
      how(own, device);
      return own;
    }));
  };
  for (const CameraEntry& camera : settings.cameras) examine(camera.driver, examine_camera);
  for (const drivers::BusSettings& bus : settings.buses) examine(bus, examine_bus);
  for (const drivers::ScannerSettings& scanner : settings.scanners) examine(scanner, examine_scanner);
  for (const drivers::PrinterSettings& printer : settings.printers) examine(printer, examine_printer);
  for (auto& part : parts) findings.append(part.get());
}

void examine_port(Findings& findings, const HttpSettings& http, bool daemon_runs) {
  const std::string where = fmt::format("{}:{}", http.listen, http.port);
  if (daemon_runs) {
    const bool any = http.listen == "0.0.0.0" || http.listen == "::";
    if (http.port == 0 || can_connect({any ? "localhost" : http.listen, http.port}, connect_limit))
      return findings.ok("web", where + " is served");
    // Before the first admin exists the gateway serves this machine only.
    if (can_connect({"127.0.0.1", http.port}, connect_limit))
      return findings.attention("web", "only this machine is served",
                                "make the first admin with the one-time code, on this machine");
    return findings.wrong("web", where + " does not answer though the gateway runs", "look at its log");
  }
  const Status free = can_listen(http.listen, http.port);
  if (free) return findings.ok("web", where + " is free");
  if (free.error().kind == ErrorKind::conflict)
    return findings.wrong("web", where + " is taken by another program", "end it (ss -ltnp shows it) or set http.port");
  if (free.error().kind == ErrorKind::not_permitted)
    return findings.wrong("web", where + " needs more rights", "set http.port to 1024 or more");
  findings.wrong("web", fmt::format("{}: {}", where, free.error().message),
                 "set http.listen to an address of this machine");
}

void examine_daemon(Findings& findings, const Result<json::value>& status) {
  if (!status) {
    if (status.error().kind == ErrorKind::unavailable)
      return findings.attention("gateway", "it is not running", "gapura serve, or systemctl start gapura");
    return findings.wrong("gateway", status.error().message, "look at its log; start it anew");
  }
  if (flag_of(*status, "granting"))
    return findings.ok("gateway", "running and granting, version " + text_of(*status, "version"));
  for (const json::value& why : list_of(*status, "why_not"))
    findings.wrong("gateway", "grants nothing: " + (why.is_string() ? std::string(why.as_string()) : json::serialize(why)),
                   "mend this first, then resume on the console; after a full disk: make room before");
  if (list_of(*status, "why_not").empty())
    findings.wrong("gateway", "grants nothing and does not say why", "look at its log");
}

}  // namespace gapura::gateway
