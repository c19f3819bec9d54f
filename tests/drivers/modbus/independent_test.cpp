// SPDX-License-Identifier: Apache-2.0
// The driver against pymodbus, a server that shares no line with it. Its stock FC05 knows on and off only, so the door
// here is one without a timed pulse.
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>

#include "support.h"

using namespace gapura;
using gapura::test::boot_now;

namespace {

class Python {
 public:
  Python() {
    int out[2];
    if (pipe(out) != 0) return;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    posix_spawn_file_actions_addclose(&actions, out[0]);
    char program[] = "python3", script[] = GAPURA_SOURCE_DIR "/tests/drivers/modbus/pymodbus_server.py";
    char* arguments[] = {program, script, nullptr};
    if (posix_spawn(&pid_, "/usr/bin/python3", &actions, nullptr, arguments, environ) != 0) pid_ = 0;
    posix_spawn_file_actions_destroy(&actions);
    close(out[1]);
    FILE* lines = fdopen(out[0], "r");
    if (pid_ > 0 && std::fscanf(lines, "%d", &port) != 1) port = 0;
    std::fclose(lines);
  }
  ~Python() { end(); }
  void end() {
    if (pid_ <= 0) return;
    tell(SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }
  void tell(int signal) const { kill(pid_, signal); }
  int port = 0;  // 0: there is no pymodbus here

 private:
  pid_t pid_ = 0;
};

}  // namespace

TEST_CASE("an independent server is polled, pulsed, frozen, thawed and lost") {
  Python server;
  if (server.port == 0) {
    WARN("not run: python3-pymodbus and python3-serial-asyncio are not installed");
    return;
  }
  test::RecordingSink sink;
  auto settings = test::settings_for(server.port);
  settings.controllers = {{ControllerId("door"), 1, test::shipped("door")}};
  settings.controllers[0].profile.outputs[0].pulse_address.reset();
  auto bus = drivers::ControllerBus::create(settings, sink);
  REQUIRE(bus);
  REQUIRE(sink.wait_online("door", true, Millis(10'000)));
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
  CHECK(sink.wait_level("door.rex", Level::on, Millis(8000)));
  server.end();
  CHECK(sink.wait_level("door.rex", Level::unknown));
  (*bus)->pulse({2, "door.lock", Millis(300), boot_now() + Millis(300)});
  CHECK(sink.wait_pulse(2).outcome == PulseOutcome::expired);
}
