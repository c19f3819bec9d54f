// SPDX-License-Identifier: Apache-2.0
// Boards that differ: each shipped profile against a simulated board of its family, what must hold before a board is armed,
// its watchdog, and what it does after a power cut.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "support.h"

using namespace gapura;
using drivers::ControllerProfile;
using gapura::test::boot_now;
using Kind = gapura::simulated::Misbehaviour::Kind;
using Wire = gapura::simulated::LinePlan::Wire;

namespace {

// One board with a door on it: relay_1 the lock, input_1 the contact.
struct BoardSite : test::Site {
  ControllerProfile profile;
  BoardSite(const std::string& family, const std::string& name, Wire kind = Wire::tcp)
      : Site(test::plan_for(kind)), profile(test::shipped(name)), wire(kind) {
    device.add_door(7, family);
    if (name.starts_with("adam")) profile.watchdog->time_register = 0x0150;
  }
  bool begin() {
    auto chosen = test::bus_on(device, wire);
    chosen.controllers = {{ControllerId("board"), 7, profile}};
    return start(chosen);
  }
  // Without waiting that it comes up.
  void try_to_begin() {
    auto chosen = test::bus_on(device, wire);
    chosen.controllers = {{ControllerId("board"), 7, profile}};
    bus = std::move(*drivers::ControllerBus::create(chosen, sink));
  }
  bool said(const std::string& words) {
    return sink.wait_for([&] {
      return std::ranges::any_of(
          sink.health_, [&](const DeviceHealth& report) { return report.detail.find(words) != std::string::npos; });
    });
  }
  // In the first seconds an output could still be on from the gateway's earlier run.
  bool told_unordered() {
    const auto told = [this] {
      return std::ranges::any_of(sink.levels_, [](const LevelReport& report) { return report.unordered; });
    };
    return sink.wait_for(told);
  }
  const Wire wire;
};

}  // namespace

TEST_CASE("every shipped profile switches and reads a board of its family") {
  struct Row {
    const char *profile, *family;
    Wire wire;
  };
  const auto row =
      GENERATE(Row{"waveshare-8ch", "waveshare", Wire::tcp}, Row{"waveshare-8ch", "waveshare", Wire::rtu_over_tcp},
               Row{"waveshare-8ch-plain", "waveshare", Wire::rtu}, Row{"adam-6050", "adam-6050", Wire::tcp},
               Row{"adam-6060", "adam-6060", Wire::tcp}, Row{"kmtronic-8ch", "kmtronic", Wire::rtu},
               Row{"r4d3b16", "r4d3b16", Wire::rtu}, Row{"ed-588", "ed-588", Wire::tcp},
               Row{"wago-750-352", "wago", Wire::tcp}, Row{"generic-4", "ed-588", Wire::tcp});
  BoardSite site(row.family, row.profile, row.wire);
  INFO(row.profile);
  if (std::string(row.family).starts_with("adam")) site.device.set_watchdog(7, 10);
  REQUIRE(site.begin());
  REQUIRE(site.sink.wait_level("board.relay_1", Level::off));
  const std::string last = "relay_" + std::to_string(site.profile.outputs.size());
  for (const std::string& output : {std::string("relay_1"), last}) {
    const PulseReport report = site.pulse("board." + output, Millis(300));
    INFO(output << ": " << report.detail);
    CHECK(report.outcome == PulseOutcome::acknowledged);
    CHECK(report.readback == Level::on);
    CHECK(site.sink.wait_level("board." + output, Level::off));
  }
  for (int input = 0; input < static_cast<int>(site.profile.inputs.size()); ++input) {
    site.device.set_input(7, input, true);
    CHECK(site.sink.wait_level("board.input_" + std::to_string(input + 1), Level::on));
  }
  for (const auto& change : site.device.trace())
    if (change.on) CHECK((change.coil == 0 || change.coil + 1 == static_cast<int>(site.profile.outputs.size())));
}

TEST_CASE("every file of config/controllers is a profile that loads, with its wiring and sources in its head") {
  int count = 0;
  for (const auto& file : std::filesystem::directory_iterator(GAPURA_SOURCE_DIR "/config/controllers")) {
    INFO(file.path());
    const auto profile = drivers::load_controller_profile(file.path().string());
    if (!profile) FAIL(profile.error().message);
    CHECK(profile->name == file.path().stem().string());
    CHECK_FALSE(profile->title.empty());
    std::ifstream stream(file.path());
    const std::string text(std::istreambuf_iterator<char>(stream), {});
    for (const char* heading : {"# Board ", "# Wiring ", "# At rest ", "# Figures "})
      CHECK_THAT(text, Catch::Contains(heading));
    ++count;
  }
  CHECK(count >= 12);
}

TEST_CASE("the WAGO's watchdog is set, started and fed, and lets go of the output when the cable is cut") {
  BoardSite site("wago", "wago-750-352");
  REQUIRE(site.begin());
  REQUIRE(site.pulse("board.relay_1", Millis(5000)).outcome == PulseOutcome::acknowledged);
  REQUIRE(site.sink.wait_level("board.relay_1", Level::on));
  const auto fed = boot_now();
  REQUIRE_FALSE(site.device.wait_for_coil(7, 0, false, Millis(2600)));  // fed: longer than the watchdog's time
  site.device.misbehave(7, {Kind::cable_cut});
  REQUIRE(site.device.wait_for_coil(7, 0, false, test::patience));
  CHECK(site.device.trace().back().at - fed <= Millis(7000));  // five seconds of the watchdog and two of the relay
  CHECK(site.device.trace().back().what == "watchdog_off");
  site.device.misbehave(7, {});
  REQUIRE(site.sink.wait_online("board", true));
  CHECK(site.pulse("board.relay_1", Millis(300)).readback == Level::on);  // and it runs again
}

TEST_CASE("a controller whose watchdog is off is not armed, and is when it is set") {
  const std::string family = GENERATE("wago", "adam-6060");
  BoardSite site(family, family == "wago" ? "wago-750-352" : "adam-6060");
  if (family == "wago")
    site.device.misbehave(7, {Kind::watchdog_off});
  else
    site.device.set_watchdog(7, 0);
  site.try_to_begin();
  REQUIRE(site.sink.wait_online("board", false));
  CHECK(site.said("not armed: the watchdog is off"));
  const PulseReport report = site.pulse("board.relay_1", Millis(300), Millis(400));
  CHECK(report.outcome == PulseOutcome::expired);
  CHECK_THAT(report.detail, Catch::Contains("the watchdog is off"));
  CHECK_FALSE(site.device.coil(7, 0));
  site.device.misbehave(7, {});
  site.device.set_watchdog(7, family == "wago" ? 100 : 20);
  CHECK(site.sink.wait_online("board", true));
}

TEST_CASE("a watchdog that is slower than the profile allows is not armed") {
  BoardSite site("adam-6050", "adam-6050");
  site.device.set_watchdog(7, 100);
  site.try_to_begin();
  CHECK(site.said("the watchdog is too slow (holding register 0x0150 reads 100, expected 1 to 20)"));
}

TEST_CASE("a board whose settings would hold its outputs or switch them by themselves is not armed") {
  BoardSite site("waveshare", "waveshare-8ch");
  site.device.set_register(7, 0x1003, 1);  // channel 4 in linkage mode
  site.try_to_begin();
  CHECK(site.said("not armed: a channel is not in normal mode"));
  CHECK(site.said("holding register 0x1003 reads 1, expected 0 to 0"));
  CHECK(site.pulse("board.relay_1", Millis(300), Millis(300)).outcome == PulseOutcome::expired);
  site.device.set_register(7, 0x1003, 0);
  CHECK(site.sink.wait_online("board", true));
}

TEST_CASE("a board that comes back with another identity is quarantined until the one that was here returns") {
  BoardSite site("waveshare", "waveshare-8ch");
  REQUIRE(site.begin());
  site.device.restart();
  REQUIRE(site.sink.wait_for([&] { return site.sink.health_.size() >= 3 && site.sink.online_["board"]; }));
  site.device.set_register(7, 0x8000, 201);
  site.device.restart();
  REQUIRE(site.said("quarantined: register 32768 reads 201, and 200 before"));
  CHECK(site.pulse("board.relay_1", Millis(300), Millis(300)).outcome == PulseOutcome::expired);
  CHECK(site.device.trace().empty());
  site.device.set_register(7, 0x8000, 200);
  CHECK(site.sink.wait_online("board", true));
}

TEST_CASE("outputs that a board restored after a power cut are reported as unordered and switched off") {
  const Wire wire = GENERATE(Wire::tcp, Wire::rtu);
  BoardSite site("waveshare", "waveshare-8ch", wire);
  REQUIRE(site.begin());
  site.device.misbehave(7, {Kind::restore_state});
  REQUIRE(site.pulse("board.relay_1", Millis(1000)).outcome == PulseOutcome::acknowledged);
  site.device.power_cycle(7, Millis(400));
  REQUIRE(site.device.wait_for_coil(7, 0, true, test::patience));
  CHECK(site.told_unordered());
  CHECK(site.device.wait_for_coil(7, 0, false, test::patience));
  CHECK(site.sink.wait_level("board.relay_1", Level::off));
}

TEST_CASE("an output that another client switched on is reported as unordered and switched off") {
  BoardSite site("waveshare", "waveshare-8ch");
  REQUIRE(site.begin());
  REQUIRE(site.pulse("board.relay_2", Millis(100)).outcome == PulseOutcome::acknowledged);
  REQUIRE(site.sink.wait_level("board.relay_2", Level::off));
  // In the first seconds a pulse of an earlier run could still be on; later it is without an order.
  site.device.write_coil(7, 0, true);
  CHECK(site.sink.wait_level("board.relay_1", Level::on));
  CHECK(site.told_unordered());
  CHECK(site.device.wait_for_coil(7, 0, false, test::patience));
}

TEST_CASE("a welded relay that stays on after its pulse is reported as unordered, once, while the gateway keeps trying") {
  BoardSite site("waveshare", "waveshare-8ch");
  REQUIRE(site.begin());
  site.device.misbehave(7, {Kind::stuck_relay});
  REQUIRE(site.pulse("board.relay_1", Millis(5200)).outcome == PulseOutcome::acknowledged);
  REQUIRE(site.sink.wait_for(
      [&] { return std::ranges::any_of(site.sink.levels_, [](const auto& r) { return r.unordered; }); }));
  const auto requests = site.device.requests(7);
  REQUIRE(test::wait_until([&] { return site.device.requests(7) > requests + 50; }));
  const auto levels = site.sink.levels_of("board.relay_1");
  CHECK(std::ranges::count_if(levels, [](const LevelReport& report) { return report.unordered; }) == 1);
  site.device.misbehave(7, {});
  CHECK(site.sink.wait_level("board.relay_1", Level::off));
}

TEST_CASE("a pulse shorter than the poll is reported by the board's counter, each pulse once") {
  BoardSite site("ed-588", "ed-588");
  REQUIRE(site.begin());
  const auto told = [&] {
    const auto levels = site.sink.levels_of("board.input_2");
    return std::ranges::count_if(levels, [](const LevelReport& report) { return report.level == Level::on; });
  };
  for (int pulse = 1; pulse <= 20; ++pulse) {
    site.device.blink_input(7, 1);
    REQUIRE(test::wait_until([&] { return told() == pulse; }));
  }
  site.device.set_input(7, 1, true);  // and one that the poll sees as well
  REQUIRE(site.sink.wait_level("board.input_2", Level::on));
  site.device.set_input(7, 1, false);
  REQUIRE(site.sink.wait_level("board.input_2", Level::off));
  const auto polls = site.bus->stats().polls;
  REQUIRE(test::wait_until([&] { return site.bus->stats().polls > polls + 5; }));
  CHECK(told() == 21);
  site.device.power_cycle(7, Millis(100));  // its counters begin at 0 again: no pulse
  REQUIRE(site.sink.wait_level("board.input_2", Level::unknown));
  REQUIRE(site.sink.wait_level("board.input_2", Level::off));
  CHECK(told() == 21);
}

TEST_CASE("what a profile may not say is named") {
  const auto mistakes = [](const std::string& text) {
    const std::string path = std::string(GAPURA_BINARY_DIR) + "/profile_" + std::to_string(getpid()) + ".toml";
    std::ofstream(path) << text;
    const auto profile = drivers::load_controller_profile(path);
    std::filesystem::remove(path);
    return profile ? std::string("no mistakes") : profile.error().message;
  };
  const std::string head = "name = \"x\"\n[[output]]\nname = \"o\"\naddress = 1\npulse_max_ms = 1000\n";
  CHECK(mistakes(head) == "no mistakes");
  CHECK_THAT(mistakes(head + "space = \"holding_register\"\n"), Catch::Contains("on_value is missing"));
  CHECK_THAT(mistakes(head + "space = \"input_register\"\n"), Catch::Contains("an output is a coil or a holding_register"));
  CHECK_THAT(mistakes(head + "read_space = \"coil\"\n"), Catch::Contains("read_space is there without read_address"));
  CHECK_THAT(mistakes("on_comms_loss = \"falls\"\n" + head),
             Catch::Contains("on_comms_loss: expected off, hold or unknown"));
  CHECK_THAT(mistakes(head + "[[input]]\nname = \"i\"\naddress = 1\nspace = \"coil\"\nbit = 3\n"),
             Catch::Contains("bit: only a register has bits"));
  CHECK_THAT(mistakes(head + "[watchdog]\ntrigger_register = 1\ntime_ms = 800\n"),
             Catch::Contains("at most half of time_ms"));
  CHECK_THAT(mistakes(head + "[[check]]\naddress = 1\nleast = 3\nmost = 2\nwhy = \"w\"\n"),
             Catch::Contains("least: expected"));
  CHECK_THAT(mistakes(head + "[identity]\nregister = 1\nspace = \"coil\"\n"), Catch::Contains("space: an identity is"));
}
