// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/devices_probe.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "gateway/settings/settings.h"
#include "simulated/devices/modbus_device.h"
#include "support/temporary_folder.h"

using namespace gapura;
using namespace gapura::gateway;
using simulated::LinePlan;
using simulated::SimulatedBus;

namespace {

const std::string controllers = std::string(GAPURA_SOURCE_DIR) + "/config/controllers";

ProbeRequest on(const SimulatedBus& bus, LinePlan::Wire wire) {
  ProbeRequest request;
  request.controllers = controllers;
  request.timeout_ms = 150;
  if (wire == LinePlan::Wire::rtu)
    request.serial = bus.path();
  else
    request.host = "127.0.0.1", request.port = bus.port(), request.rtu = wire == LinePlan::Wire::rtu_over_tcp;
  return request;
}

}  // namespace

TEST_CASE("each family of boards is recognised by its profile, on every kind of line") {
  const auto wire = GENERATE(LinePlan::Wire::tcp, LinePlan::Wire::rtu, LinePlan::Wire::rtu_over_tcp);
  const tests::TemporaryFolder folder;
  SimulatedBus bus(LinePlan{wire, 0, wire == LinePlan::Wire::rtu ? folder.path() + "/line" : "", 0});
  const std::vector<std::pair<std::string, std::string>> boards{
      {"waveshare", "waveshare-8ch"}, {"adam-6050", "adam-6050"}, {"adam-6060", "adam-6060"}, {"kmtronic", "kmtronic-8ch"},
      {"r4d3b16", "r4d3b16"},         {"ed-588", "ed-588"},       {"wago", "wago-750-352"}};
  for (int unit = 1; unit <= static_cast<int>(boards.size()); ++unit)
    bus.add_door(unit + 1, boards[static_cast<std::size_t>(unit) - 1].first);
  ProbeRequest request = on(bus, wire);
  request.last = 10;
  std::ostringstream out, err;
  REQUIRE(probe_devices({out, err}, request) == done);
  const std::string toml = out.str();
  INFO(toml << err.str());
  for (int unit = 1; unit <= static_cast<int>(boards.size()); ++unit)
    CHECK(toml.find("unit = " + std::to_string(unit + 1) + "\nprofile = \"" +
                    boards[static_cast<std::size_t>(unit) - 1].second + "\"") != std::string::npos);
  CHECK(bus.trace().empty());  // it looks, and touches nothing

  // What it prints is a configuration.
  const std::string file = folder.path() + "/site.toml";
  std::string ready = toml;
  for (std::size_t at; (at = ready.find("# watchdog_register = …")) != std::string::npos;)
    ready.replace(at, std::string("# watchdog_register = …").size(), "watchdog_register = 1");
  std::ofstream(file) << "[site]\nid = \"pos\"\ntimezone = \"Asia/Jakarta\"\n" << ready;
  const SettingsReport report = load_settings(file, controllers);
  for (const Mistake& mistake : report.mistakes) CHECK(mistake.text() == "");
  REQUIRE(report.settings);
  CHECK(report.settings->buses.at(0).controllers.size() == boards.size());
}

TEST_CASE("a line without an answer, or that cannot be opened, is reported with what to check") {
  SimulatedBus bus;
  std::ostringstream out, err;
  ProbeRequest request = on(bus, LinePlan::Wire::tcp);
  request.last = 2;
  CHECK(probe_devices({out, err}, request) == failed);
  CHECK(err.str().find("no board answered as unit 1 to 2; look at power") != std::string::npos);
  request.port = 1;
  std::ostringstream refused;
  CHECK(probe_devices({out, refused}, request) != done);
  CHECK(refused.str().find("refused the connection") != std::string::npos);
  std::ostringstream neither;
  CHECK(probe_devices({out, neither}, ProbeRequest{}) == bad_usage);
  CHECK(out.str().empty());
}

TEST_CASE("boards with manners of their own are found, and what they need is in the configuration that is printed") {
  SimulatedBus bus;
  bus.add_door(1);
  ProbeRequest request = on(bus, LinePlan::Wire::tcp);
  request.last = 2;
  std::ostringstream out, err;
  SECTION("one that needs a pause after connecting") {
    bus.misbehave(1, *simulated::misbehaviour_from_text("slow_start 250"));
    CHECK(probe_devices({out, err}, request) == failed);
    CHECK(err.str().find("try --settle 500") != std::string::npos);
    request.settle_ms = 300;
    REQUIRE(probe_devices({out, err}, request) == done);
    CHECK(out.str().find("settle_ms = 300\n") != std::string::npos);
  }
  SECTION("one that closes after each answer") {
    bus.misbehave(1, *simulated::misbehaviour_from_text("one_answer"));
    REQUIRE(probe_devices({out, err}, request) == done);
    CHECK(out.str().find("one_answer = true\n") != std::string::npos);
    CHECK(out.str().find("profile = \"waveshare-8ch\"") != std::string::npos);
  }
  SECTION("one that does not repeat the transaction number") {
    bus.misbehave(1, *simulated::misbehaviour_from_text("fixed_transaction"));
    request.last = 1;
    CHECK(probe_devices({out, err}, request) == failed);
    CHECK(err.str().find("kind = \"modbus-rtu-tcp\"") != std::string::npos);
    CHECK(err.str().find("try --rtu") != std::string::npos);
  }
}
