// SPDX-License-Identifier: Apache-2.0
// "Why is my door not opening": each portal's state, as the running daemon sees it, with the next thing to do; and advice
// for a controller, by its health report.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "gateway/cli/doctor.h"

namespace gapura::gateway {
namespace {

namespace json = boost::json;

struct Advice {
  const char *said, *do_this;
};

// The first one that fits is used. `said` is a part of the driver's sentence (drivers/modbus).
constexpr std::array advices{
    Advice{"quarantined", "look which board is there; if it was exchanged on purpose, restart the gateway"},
    Advice{"another kind of device",
           "look at unit and address: another board answers there; gapura devices probe says which"},
    Advice{"the watchdog is off", "switch the board's host watchdog on (docs/wiring.md); it is armed by itself then"},
    Advice{"the watchdog is too slow", "set the board's watchdog to 2 s or less (docs/wiring.md)"},
    Advice{"watchdog", "look at the board's watchdog settings (docs/wiring.md), and at the line if it tripped"},
    Advice{"not armed", "correct the board's settings as it says (docs/wiring.md); it is armed by itself then"},
    Advice{"is the adapter plugged in", "plug the serial adapter in; ls -l /dev/serial/by-id shows its name"},
    Advice{"serial port", "plug the serial adapter in; ls -l /dev/serial/by-id shows its name"},
    Advice{"group dialout", "usermod -aG dialout gapura, then restart the gateway"},
    Advice{"used by another program", "end the other program (fuser -v shows it)"},
    Advice{"is no serial port", "correct device in the configuration"},
    Advice{"check sum",
           "look at speed and parity, at A and B, at the terminating resistors, and for two boards with one unit"},
    Advice{"answered when unit", "two boards have one unit, or the unit in the configuration is another's"},
    Advice{"does profile", "the board has other points: gapura devices probe says which profile fits"},
    Advice{"refused the connection",
           "set the board to the protocol of the bus (Modbus TCP, or RTU over TCP with kind = \"modbus-rtu-tcp\")"},
    Advice{"transaction",
           "set the converter to pass RTU frames on (transparent), and kind = \"modbus-rtu-tcp\" in its [[bus]]"},
    Advice{"one_answer", "write one_answer = true into its [[bus]], then restart the gateway"},
    Advice{"cannot keep up", "ask it less often: poll_ms = 200 in its [[bus]]"},
    Advice{"on new connections neither",
           "look at its power, at A and B, at its unit and speed. If it is well: it may need a pause after connecting "
           "(settle_ms = 500 in its [[bus]]), or pass RTU frames on (kind = \"modbus-rtu-tcp\")"},
    Advice{"no answer within",
           "look at its power, at A and B, at its unit and speed; gapura devices probe shows who answers"},
};

std::string controller_of(const std::string& signal) { return signal.substr(0, signal.find('.')); }

const json::value* find_by_id(const json::array& list, const std::string& id) {
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const json::value& one) { return text_of(one, "id") == id; });
  return found == list.end() ? nullptr : &*found;
}

void examine_mode(Findings& findings, const std::string& subject, const std::string& mode) {
  if (mode == "blocked")
    findings.attention(subject, "it is blocked by a person: no badge opens it",
                       "set its mode to locked on the console, portals");
  if (mode == "locked_down")
    findings.attention(subject, "a lockdown covers it: only those its plan names pass",
                       "end the lockdown on the console, emergency");
  if (mode == "unlocked")
    findings.attention(subject, "it is unlocked for everybody", "set its mode to locked on the console, portals");
  if (mode == "emergency_open")
    findings.attention(subject, "it is open for an emergency",
                       "set its mode to locked on the console, portals, when it is over");
}

void examine_alarms(Findings& findings, const std::string& subject, const json::value& portal) {
  for (const json::value& alarm : list_of(portal, "alarms")) {
    const std::string kind = alarm.is_string() ? std::string(alarm.as_string()) : "";
    if (kind == "released_by_unknown")
      findings.wrong(subject, "its lock is on though nobody ordered it",
                     "look who else writes to the board, and at its relay");
    if (kind == "forced_open")
      findings.wrong(subject, "it was opened without a release", "close it; look at the door and its contact");
    if (kind == "held_open") findings.attention(subject, "it is held open", "close it; look at its closer and its contact");
  }
}

}  // namespace

std::string controller_advice(const std::string& detail, const std::string& otherwise) {
  for (const Advice& advice : advices)
    if (detail.find(advice.said) != std::string::npos) return advice.do_this;
  return otherwise;
}

void examine_portals(Findings& findings, const Settings& settings, const json::value& status) {
  for (const PortalConfig& config : settings.site.portals) {
    const json::value* portal = find_by_id(list_of(status, "portals"), config.id.str());
    if (portal == nullptr) continue;
    const std::string subject = "portal " + config.id.str();
    const std::size_t before = findings.list().size();
    const std::string release = !config.lock.empty()            ? config.lock
                                : !config.entry_release.empty() ? config.entry_release
                                                                : config.exit_release;
    const json::value* board = find_by_id(list_of(status, "devices"), controller_of(release));
    if (!flag_of(*portal, "online"))
      findings.wrong(subject, fmt::format("it cannot be opened: controller {} is offline", controller_of(release)),
                     controller_advice(board == nullptr ? "" : text_of(*board, "detail"), "look at the controller first"));
    examine_mode(findings, subject, text_of(*portal, "mode"));
    examine_alarms(findings, subject, *portal);
    if (flag_of(*portal, "online") && !config.contact.empty() && text_of(*portal, "contact") == "unknown")
      findings.wrong(subject, "nobody knows whether it is open: its contact's board does not answer",
                     "look at controller " + controller_of(config.contact));
    if (findings.list().size() == before) findings.ok(subject, "it can be opened");
  }
}

}  // namespace gapura::gateway
