// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/devices_probe.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>

#include "drivers/modbus/connection.h"
#include "drivers/modbus/poll_plan.h"
#include "gateway/settings/settings.h"

namespace gapura::gateway {
namespace {

namespace json = boost::json;
using drivers::BusSettings;
using drivers::ControllerProfile;
using drivers::modbus::Answer;
using drivers::modbus::Connection;
using drivers::modbus::request;

// An exception is a response, except a gateway's report that no unit is there.
bool is_there(const Answer& answer) {
  return answer.ok() || (answer.kind == Answer::Kind::exception && answer.code != 10 && answer.code != 11);
}

// A connection that ended after the previous answer is reopened.
Answer ask(Connection& line, int unit, std::uint8_t function, int address, int count) {
  const auto once = [&] {
    if (!line.is_open()) (void)line.open();
    return line.ask(unit, request(function, address, count));
  };
  const Answer answer = once();
  const bool ended = answer.peer_closed || (answer.kind == Answer::Kind::closed && line.gets_one_answer());
  return ended ? once() : answer;
}

bool answers_register(Connection& line, int unit, int address) { return ask(line, unit, 3, address, 1).ok(); }

// Returns how well a profile fits: its points, and much more for a register that only its kind of board has. 0: not at all.
int fit(Connection& line, int unit, const ControllerProfile& profile) {
  int score = 1;
  if (profile.identity) {
    const Answer answer =
        ask(line, unit, drivers::modbus::read_function(profile.identity->space), profile.identity->address, 1);
    const bool right = answer.ok() && (!profile.identity->value ||
                                       drivers::modbus::word_at(answer.data.data(), 0) == *profile.identity->value);
    if (!right) return 0;
    score += 1000;
  }
  if (profile.watchdog && profile.watchdog->time_register) {
    if (!answers_register(line, unit, *profile.watchdog->time_register)) return 0;
    score += 1000;
  }
  for (const auto& check : profile.checks)
    if (!ask(line, unit, drivers::modbus::read_function(check.point.space), check.point.address, check.count).ok())
      return 0;
  for (const auto& range : drivers::modbus::plan_polls(profile)) {
    if (!ask(line, unit, range.function, range.start, range.count).ok()) return 0;
    score += static_cast<int>(range.bits.size() + range.counts.size());
  }
  return score;
}

FoundUnit recognise(Connection& line, int unit, const std::vector<ControllerProfile>& profiles) {
  std::vector<std::pair<int, const ControllerProfile*>> fits;
  for (const auto& profile : profiles)
    if (const int score = fit(line, unit, profile); score > 0) fits.emplace_back(score, &profile);
  std::ranges::stable_sort(fits, [](const auto& a, const auto& b) { return a.first > b.first; });
  FoundUnit found;
  found.unit = unit;
  for (const auto& [score, profile] : fits) found.profiles.push_back(profile->name);
  if (fits.empty()) return found;
  const ControllerProfile& best = *fits.front().second;
  found.title = best.title;
  found.asks_watchdog_register = best.watchdog && !best.watchdog->time_register;
  return found;
}

std::vector<ControllerProfile> load_profiles(const std::string& folder) {
  std::vector<ControllerProfile> profiles;
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(folder, error))
    if (file.path().extension() == ".toml")
      if (auto profile = drivers::load_controller_profile(file.path().string())) profiles.push_back(std::move(*profile));
  std::ranges::sort(profiles, {}, &ControllerProfile::name);
  return profiles;
}

BusSettings line_of(const ProbeRequest& request) {
  BusSettings line;
  line.kind = !request.serial.empty() ? BusSettings::Kind::rtu
              : request.rtu           ? BusSettings::Kind::rtu_over_tcp
                                      : BusSettings::Kind::tcp;
  line.host = request.host;
  line.port = request.port > 0 ? request.port : request.rtu ? 4196 : 502;
  line.device = request.serial;
  line.baud = request.baud;
  line.parity = request.parity == "even" ? 'E' : request.parity == "odd" ? 'O' : 'N';
  line.stop_bits = request.stop_bits;
  line.response_timeout = Millis(request.timeout_ms);
  line.settle = Millis(request.settle_ms);
  return line;
}

std::string bus_toml(const BusSettings& line, const ProbeRequest& request, bool one_answer) {
  std::string text = "[[bus]]\nid = \"bus-1\"\n";
  if (line.kind == BusSettings::Kind::rtu)
    text += fmt::format("kind = \"modbus-rtu\"\ndevice = \"{}\"\nbaud = {}\nparity = \"{}\"\nstop_bits = {}\n", line.device,
                        line.baud, request.parity, line.stop_bits);
  else
    text += fmt::format("kind = \"{}\"\nhost = \"{}\"\nport = {}\n",
                        line.kind == BusSettings::Kind::tcp ? "modbus-tcp" : "modbus-rtu-tcp", line.host, line.port);
  if (line.settle > Millis(0)) text += fmt::format("settle_ms = {}\n", line.settle.count());
  if (one_answer) text += "one_answer = true\n";
  return text;
}

// Returns what was tried, and other possible causes.
std::string no_answer_text(const BusSettings& line, const ProbeRequest& request, const std::string& last_word) {
  std::string text = fmt::format(
      "{}: no board answered as unit {} to {}; look at power, wires (A and B may be swapped), speed, and at --first and "
      "--last. "
      "The last one: {}",
      line.where(), request.first, request.last, last_word);
  if (line.kind != BusSettings::Kind::rtu && line.settle == Millis(0))
    text += ". Some boards need a pause after connecting: try --settle 500";
  if (line.kind == BusSettings::Kind::tcp) text += ". A converter that passes RTU frames on: try --rtu";
  return text;
}

std::string unit_toml(const FoundUnit& found) {
  std::string text = fmt::format("\n[[controller]]\nid = \"board-{0}\"\nbus = \"bus-1\"\nunit = {0}\n", found.unit);
  if (found.profiles.empty())
    return text +
           "# No profile fits. Copy controllers/generic-4.toml and write down what the maker's table says.\n"
           "profile = \"generic-4\"\n";
  text += fmt::format("profile = \"{}\"  # {}", found.profiles.front(), found.title);
  if (found.profiles.size() > 1)
    text +=
        fmt::format("; its points would also suit {}", fmt::join(found.profiles.begin() + 1, found.profiles.end(), ", "));
  text += '\n';
  if (found.asks_watchdog_register) text += "# watchdog_register = …  # required: see docs/wiring.md\n";
  return text;
}

json::array units_json(const std::vector<FoundUnit>& units) {
  json::array list;
  for (const FoundUnit& found : units) {
    json::array profiles;
    for (const auto& name : found.profiles) profiles.emplace_back(name);
    list.push_back(json::object{{"unit", found.unit}, {"profiles", std::move(profiles)}, {"title", found.title}});
  }
  return list;
}

}  // namespace

Result<FoundLine> probe_units(const BusSettings& line, int first, int last,
                              const std::vector<ControllerProfile>& profiles) {
  Connection connection(line);
  TRY(connection.open());
  FoundLine found;
  for (int unit = first; unit <= last; ++unit) {
    const Answer answer = ask(connection, unit, 1, 0, 1);
    if (is_there(answer))
      found.units.push_back(recognise(connection, unit, profiles));
    else
      found.last_word = answer.detail;
    found.one_answer = found.one_answer || connection.gets_one_answer();
  }
  return found;
}

int probe_devices(const Terminal& terminal, const ProbeRequest& request) {
  if (request.host.empty() == request.serial.empty())
    return report(terminal, {ErrorKind::bad_input, "say either --host or --serial"});
  const BusSettings line = line_of(request);
  const std::string folder = request.controllers.empty() ? find_controllers_folder("") : request.controllers;
  const auto found = probe_units(line, request.first, request.last, load_profiles(folder));
  if (!found) return report(terminal, found.error()), failed;
  if (terminal.json) {
    terminal.out << json::serialize(json::object{
                        {"line", line.where()}, {"one_answer", found->one_answer}, {"units", units_json(found->units)}})
                 << '\n';
  } else if (!found->units.empty()) {
    terminal.out << fmt::format("# {}, units {} to {}: {} found\n", line.where(), request.first, request.last,
                                found->units.size())
                 << bus_toml(line, request, found->one_answer);
    for (const FoundUnit& unit : found->units) terminal.out << unit_toml(unit);
  }
  if (!found->units.empty()) return done;
  if (!terminal.json) terminal.err << printable(no_answer_text(line, request, found->last_word)) << '\n';
  return failed;
}

}  // namespace gapura::gateway
