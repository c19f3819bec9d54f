// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>

#include "drivers/modbus/poll_plan.h"
#include "support.h"

using namespace gapura;
using drivers::ControllerProfile;
using drivers::load_controller_profile;

namespace {

struct File {
  explicit File(const std::string& text) : path(std::tmpnam(nullptr)) { std::ofstream(path) << text; }
  ~File() { std::remove(path.c_str()); }
  std::string path;
};

}  // namespace

TEST_CASE("the shipped profiles load and name the signals of the demo site") {
  const auto door = test::shipped("door");
  CHECK(door.name == "door");
  REQUIRE(door.outputs.size() == 1);
  CHECK(door.outputs[0].pulse_address == 0x0200);
  CHECK(door.outputs[0].pulse_unit_ms == 100);
  CHECK(door.inputs.size() == 4);
  CHECK(test::shipped("turnstile").outputs.size() == 2);
  CHECK(test::shipped("metal_detector").outputs.empty());
}

TEST_CASE("all mistakes of a profile are reported together, each with its line and column") {
  const File file(R"(name = "x"
colour = "red"
[[output]]
name = "lock"
address = 70000
pulse_max_ms = "long"
[[input]]
name = "lock"
space = "coils"
address = 1
on_when_set = 1
speed = 3
[[input]]
space = "coil"
)");
  const auto profile = load_controller_profile(file.path);
  REQUIRE_FALSE(profile);
  CHECK(profile.error().kind == ErrorKind::bad_input);
  const std::string& text = profile.error().message;
  INFO(text);
  const auto at = [&](const std::string& rest) { return Catch::Contains(file.path + rest); };
  CHECK_THAT(text, at(":2:1: unknown key \"colour\""));
  CHECK_THAT(text, at(":5:11: address: expected a number 0 to 65535"));
  CHECK_THAT(text, at(":6:16: pulse_max_ms: expected a number"));
  CHECK_THAT(text, at(":8:8: name: \"lock\" is there twice"));
  CHECK_THAT(text, at(":9:9: space: expected coil, discrete_input, holding_register or input_register"));
  CHECK_THAT(text, at(":11:15: on_when_set: expected true or false"));
  CHECK_THAT(text, at(":12:1: unknown key \"speed\""));
  CHECK_THAT(text, at(":13:1: name is missing"));
  CHECK_THAT(text, at(":13:1: address is missing"));
  CHECK(std::count(text.begin(), text.end(), '\n') == 8);
}

TEST_CASE("a profile that is not TOML, not there, or empty is an error that says so") {
  CHECK_THAT(load_controller_profile(File("name = \n").path).error().message, Catch::Contains(":1:8:"));
  CHECK(load_controller_profile("/nonexistent/x.toml").error().kind == ErrorKind::not_found);
  CHECK_THAT(load_controller_profile(File("name = \"x\"\n").path).error().message,
             Catch::Contains("at least one [[input]] or [[output]]"));
}

TEST_CASE("neighbouring addresses of one space share a read, gaps do not") {
  ControllerProfile profile;
  using Space = ControllerProfile::Space;
  profile.inputs = {{"a", Space::discrete_input, 2, true},
                    {"b", Space::discrete_input, 0, true},
                    {"c", Space::discrete_input, 1, false},
                    {"d", Space::discrete_input, 9, true},
                    {"e", Space::input_register, 3, true}};
  profile.outputs = {{"o", 1, {}, 100, 1000}, {"p", 0, {}, 100, 1000}};
  const auto ranges = drivers::modbus::plan_polls(profile);
  REQUIRE(ranges.size() == 4);
  CHECK((ranges[0].function == 1 && ranges[0].start == 0 && ranges[0].count == 2));
  CHECK((ranges[1].function == 2 && ranges[1].start == 0 && ranges[1].count == 3));
  CHECK((ranges[2].function == 2 && ranges[2].start == 9 && ranges[2].count == 1));
  CHECK((ranges[3].function == 4 && ranges[3].start == 3 && ranges[3].count == 1));
  CHECK(ranges[1].bits[0].signal == 1);
  CHECK_FALSE(ranges[1].bits[1].on_when_set);
}
