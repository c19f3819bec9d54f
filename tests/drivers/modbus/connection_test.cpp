// SPDX-License-Identifier: Apache-2.0
#include "drivers/modbus/connection.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <vector>

#include "drivers/modbus/poll_plan.h"
#include "support.h"
#include "support/skip.h"

using namespace gapura;
using drivers::modbus::Answer;
using drivers::modbus::Connection;
using drivers::modbus::request;
using Kind = gapura::simulated::Misbehaviour::Kind;

namespace {

struct Board {
  simulated::SimulatedBus device;
  Connection connection{"127.0.0.1", device.port(), Millis(600)};
  Board() { device.add_door(1); }
  Answer read() { return connection.ask(1, request(2, 0, 4)); }
};

}  // namespace

TEST_CASE("with its descriptors used up to 1,024 a connection is refused instead of aborting the process") {
  Board board;
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
  if (before.rlim_max < 1200) SKIP_TEST("the hard limit of open files is below 1,200");
  const rlimit raised{1200, before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_NOFILE, &raised) == 0);
  std::vector<int> taken;
  while (taken.empty() || taken.back() < 1030) taken.push_back(open("/dev/null", O_RDONLY | O_CLOEXEC));
  const auto refused = board.connection.open();
  for (const int descriptor : taken) close(descriptor);
  setrlimit(RLIMIT_NOFILE, &before);
  REQUIRE_FALSE(refused);
  CHECK_THAT(refused.error().message, Catch::Contains("too many open files"));
  CHECK(board.connection.open().has_value());
  CHECK(board.read().ok());
}

TEST_CASE("every malformed response is detected and closes the connection, an exception does not") {
  struct Row {
    Kind kind;
    Answer::Kind seen;
    bool open;
  };
  const auto row =
      GENERATE(Row{Kind::none, Answer::Kind::ok, true}, Row{Kind::exception, Answer::Kind::exception, true},
               Row{Kind::silent, Answer::Kind::silent, false}, Row{Kind::late, Answer::Kind::silent, false},
               Row{Kind::wrong_unit, Answer::Kind::wrong, false}, Row{Kind::wrong_function, Answer::Kind::wrong, false},
               Row{Kind::short_reply, Answer::Kind::silent, false}, Row{Kind::disconnect, Answer::Kind::closed, false});
  Board board;
  REQUIRE(board.connection.open().has_value());
  board.device.misbehave(1, {row.kind, row.kind == Kind::late ? 1200 : 2});
  CHECK(board.read().kind == row.seen);
  CHECK(board.connection.is_open() == row.open);
}

TEST_CASE("an answer that is late but in time is an answer") {
  Board board;
  REQUIRE(board.connection.open().has_value());
  board.device.misbehave(1, {Kind::late, 50});
  CHECK(board.read().ok());
}

TEST_CASE("a repeated answer is found before the next question is sent") {
  Board board;
  REQUIRE(board.connection.open().has_value());
  board.device.misbehave(1, {Kind::duplicate, 0, false, 1});
  CHECK(board.read().ok());
  const Answer next = board.connection.ask(1, request(1, 0, 1));
  CHECK(next.kind == Answer::Kind::not_sent);
  CHECK_FALSE(next.peer_closed);
  REQUIRE(board.connection.open().has_value());
  CHECK(board.connection.ask(1, request(1, 0, 1)).ok());
}

TEST_CASE("a device that hung up is noticed before anything is sent") {
  Board board;
  REQUIRE(board.connection.open().has_value());
  REQUIRE(board.read().ok());  // the board has taken the connection
  board.device.restart();
  const Answer answer = board.read();
  CHECK(answer.kind == Answer::Kind::not_sent);
  CHECK(answer.peer_closed);
}

TEST_CASE("misbehaviours are chosen by name, and a wrong name lists the right ones") {
  const auto late = simulated::misbehaviour_from_text("late 400 writes once");
  REQUIRE(late);
  CHECK(late->kind == Kind::late);
  CHECK(late->value == 400);
  CHECK(late->writes_only);
  CHECK(late->times == 1);
  CHECK(simulated::misbehaviour_from_text("stuck_contact")->kind == Kind::stuck_contact);
  CHECK_THAT(simulated::misbehaviour_from_text("lazy").error().message, Catch::Contains("no_passage"));
  CHECK_FALSE(simulated::misbehaviour_from_text("late soon"));
  CHECK_FALSE(simulated::misbehaviour_from_text(""));
}

TEST_CASE("the hook of the simulated boards sees a write before its answer leaves, the trace file keeps it") {
  const std::string path = std::string(GAPURA_BINARY_DIR) + "/coil_trace.jsonl";
  std::remove(path.c_str());
  {
    simulated::SimulatedBus device(0, path);
    device.add_turnstile(4);
    std::vector<simulated::CoilChange> seen;
    device.on_coil([&](const simulated::CoilChange& change) {
      if (device.coil(4, 1)) seen.push_back(change);  // the hook may ask the device
    });
    Connection connection("127.0.0.1", device.port(), Millis(500));
    REQUIRE(connection.open().has_value());
    REQUIRE(connection.ask(4, request(5, 0x0201, 2)).ok());
    REQUIRE(seen.size() == 1);
    CHECK(seen[0].coil == 1);
    CHECK(seen[0].pulse_ms == 200);
    REQUIRE(device.wait_for_coil(4, 1, false, test::patience));
  }
  std::ifstream file(path);
  std::string first, second;
  REQUIRE(std::getline(file, first));
  REQUIRE(std::getline(file, second));
  CHECK_THAT(first, Catch::Contains(R"("unit":4,"coil":1,"on":true,"pulse_ms":200,"what":"write")"));
  CHECK_THAT(second, Catch::Contains(R"("on":false,"pulse_ms":0,"what":"timed_off")"));
}
