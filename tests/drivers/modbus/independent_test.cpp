// SPDX-License-Identifier: Apache-2.0
// The driver and the simulated boards against pymodbus, which shares no line with either, over Modbus TCP and over RTU on a
// pair of pseudo terminals; and the driver against a server whose every answer is malformed. pymodbus's stock FC05 knows on
// and off only, so the door here is one without a timed pulse.
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>

#include "drivers/modbus/connection.h"
#include "drivers/modbus/poll_plan.h"
#include "support.h"
#include "support/pty_pair.h"
#include "support/skip.h"

using namespace gapura;
using gapura::test::boot_now;
using Wire = gapura::simulated::LinePlan::Wire;

namespace {

// A script of this folder, with what it prints.
class Python {
 public:
  explicit Python(const std::string& name, const std::string& argument = "") {
    int out[2];
    if (pipe(out) != 0) return;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    posix_spawn_file_actions_addclose(&actions, out[0]);
    std::string program = "python3", script = GAPURA_SOURCE_DIR "/tests/drivers/modbus/" + name, given = argument;
    char* arguments[] = {program.data(), script.data(), argument.empty() ? nullptr : given.data(), nullptr};
    if (posix_spawn(&pid_, "/usr/bin/python3", &actions, nullptr, arguments, environ) != 0) pid_ = 0;
    posix_spawn_file_actions_destroy(&actions);
    close(out[1]);
    lines_ = fdopen(out[0], "r");
  }
  ~Python() {
    end();
    if (lines_ != nullptr) std::fclose(lines_);
  }
  Python(const Python&) = delete;
  Python& operator=(const Python&) = delete;
  void end() {
    if (pid_ <= 0) return;
    tell(SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }
  void tell(int signal) const { kill(pid_, signal); }
  // The next number that it prints; 0: it ended instead (there is no pymodbus here).
  int number() {
    int value = 0;
    return lines_ != nullptr && std::fscanf(lines_, "%d", &value) == 1 ? value : 0;
  }
  bool word_word_number(std::string& first, std::string& second, int& value) {
    char a[64] = "", b[64] = "";
    if (lines_ == nullptr || std::fscanf(lines_, "%63s %63s %d", a, b, &value) != 3) return false;
    first = a, second = b;
    return true;
  }

 private:
  pid_t pid_ = 0;
  FILE* lines_ = nullptr;
};

bool has_pymodbus() {
  static const bool found = Python("pymodbus_server.py").number() != 0;
  return found;
}
constexpr const char* no_pymodbus = "python3-pymodbus and python3-serial-asyncio are not installed";

}  // namespace

TEST_CASE("an independent server on the far end of a serial cable is polled and pulsed, frozen and thawed") {
  if (!has_pymodbus()) SKIP_TEST(no_pymodbus);
  tests::PtyPair cable;
  Python server("pymodbus_server.py", cable.b);
  REQUIRE(server.number() == 1);
  test::RecordingSink sink;
  auto settings = test::settings_for(502);
  settings.kind = drivers::BusSettings::Kind::rtu;
  settings.device = cable.a;
  settings.baud = 115200;
  settings.controllers = {{ControllerId("door"), 1, test::shipped("door")}};
  settings.controllers[0].profile.outputs[0].pulse_address.reset();
  auto bus = drivers::ControllerBus::create(settings, sink);
  REQUIRE(bus);
  REQUIRE(sink.wait_online("door", true));
  CHECK(sink.wait_level("door.rex", Level::on));
  (*bus)->pulse({1, "door.lock", Millis(300), boot_now() + Millis(1500)});
  const PulseReport report = sink.wait_pulse(1);
  INFO(report.detail);
  CHECK(report.outcome == PulseOutcome::acknowledged);
  CHECK(report.readback == Level::on);
  CHECK(sink.wait_level("door.lock", Level::off));
  server.tell(SIGSTOP);
  CHECK(sink.wait_level("door.rex", Level::unknown));
  server.tell(SIGCONT);  // it answers all that it was asked meanwhile, late
  CHECK(sink.wait_level("door.rex", Level::on));
  server.end();
  CHECK(sink.wait_level("door.rex", Level::unknown));
}

TEST_CASE("registers of an independent server are written and read back as a relay board's") {
  if (!has_pymodbus()) SKIP_TEST(no_pymodbus);
  Python server("pymodbus_server.py");
  drivers::modbus::Connection line("127.0.0.1", server.number(), Millis(2000));
  REQUIRE(test::wait_until([&] { return line.open().has_value(); }));
  REQUIRE(line.ask(1, drivers::modbus::request(6, 3, 0x0100)).ok());
  const auto answer = line.ask(1, drivers::modbus::request(3, 3, 1));
  REQUIRE(answer.ok());
  CHECK(drivers::modbus::word_at(answer.data.data(), 0) == 0x0100);
}

TEST_CASE("an independent client finds the simulated boards as they should be, on every kind of line") {
  if (!has_pymodbus()) SKIP_TEST(no_pymodbus);
  const Wire wire = GENERATE(Wire::tcp, Wire::rtu);
  simulated::SimulatedBus device(test::plan_for(wire));
  device.add_door(2);
  device.set_input(2, 0, true);
  Python client("pymodbus_client.py", wire == Wire::tcp ? std::to_string(device.port()) : device.path());
  CHECK(client.number() == 9);
  CHECK(device.trace().size() == 2);
}

TEST_CASE("no malformed answer of a foreign server is an answer") {
  Python server("hostile_server.py");
  std::string name, framing;
  int port = 0, kinds = 0;
  while (server.word_word_number(name, framing, port) && port != 0) {
    INFO(framing << " " << name);
    drivers::BusSettings settings = test::settings_for(port);
    settings.kind = framing == "rtu" ? drivers::BusSettings::Kind::rtu_over_tcp : drivers::BusSettings::Kind::tcp;
    settings.response_timeout = Millis(60);
    drivers::modbus::Connection line(settings);
    for (int attempt = 0; attempt < (name == "noise" ? 40 : 4); ++attempt) {
      if (!line.is_open() && !line.open()) continue;
      const auto answer = line.ask(1, drivers::modbus::request(2, 0, 4));
      CHECK_FALSE(answer.ok());
      CHECK_FALSE(answer.detail.empty());
    }
    ++kinds;
  }
  CHECK(kinds == 38);
}

TEST_CASE("an independent server is polled, pulsed, frozen, thawed and lost") {
  if (!has_pymodbus()) SKIP_TEST(no_pymodbus);
  Python server("pymodbus_server.py");
  test::RecordingSink sink;
  auto settings = test::settings_for(server.number());
  settings.controllers = {{ControllerId("door"), 1, test::shipped("door")}};
  settings.controllers[0].profile.outputs[0].pulse_address.reset();
  auto bus = drivers::ControllerBus::create(settings, sink);
  REQUIRE(bus);
  REQUIRE(sink.wait_online("door", true));
  CHECK(sink.wait_level("door.rex", Level::on));
  CHECK(sink.wait_level("door.contact", Level::off));

  (*bus)->pulse({1, "door.lock", Millis(300), boot_now() + Millis(1500)});
  const PulseReport report = sink.wait_pulse(1);
  CHECK(report.outcome == PulseOutcome::acknowledged);
  CHECK(report.readback == Level::on);
  CHECK(sink.wait_level("door.lock", Level::on));
  CHECK(sink.wait_level("door.lock", Level::off));

  server.tell(SIGSTOP);
  CHECK(sink.wait_level("door.rex", Level::unknown));
  server.tell(SIGCONT);
  CHECK(sink.wait_level("door.rex", Level::on));
  server.end();
  CHECK(sink.wait_level("door.rex", Level::unknown));
  (*bus)->pulse({2, "door.lock", Millis(300), boot_now() + Millis(300)});
  CHECK(sink.wait_pulse(2).outcome == PulseOutcome::expired);
}
