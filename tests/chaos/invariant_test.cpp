// SPDX-License-Identifier: Apache-2.0
// The real daemon breaks an invariant: a row was put into its database, an alarm of an entry that is not there. It leaves
// its marker and ends; it starts again and grants nothing, until an officer resumes with a reason.
#include <fmt/format.h>
#include <sqlite3.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>

#include "gateway/journal/broken_marker.h"
#include "small_post.h"
#include "support/wait_until.h"

using namespace gapura;
using namespace gapura::tests;
using namespace std::chrono_literals;

namespace {

const char* const relied_on = "an entry refers to an earlier one";
constexpr int aborted = 128 + SIGABRT;

std::string said_by(SmallPost& post, std::vector<std::string> words) {
  words.insert(words.end(), {"--data", post.data()});
  std::string said;
  post.run(std::move(words), &said);
  return said;
}

std::string doctor(SmallPost& post) { return said_by(post, {"doctor", "--config", post.folder() + "/site.toml"}); }

// An active alarm of an entry that the journal does not have, once the daemon has started again.
constexpr int impossible_alarm = 1'000'000'000;
void put_impossible_alarm(SmallPost& post) {
  post.end(SIGTERM);
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open(post.database().c_str(), &database) == SQLITE_OK);
  const std::string sql = fmt::format(
      "INSERT INTO alarm (number, kind, priority, subject, silent, active, raised_utc) VALUES ({}, 'fault', 'medium', 'x', "
      "0, "
      "0, 0)",
      impossible_alarm);
  const int outcome = sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr);
  sqlite3_close(database);
  REQUIRE(outcome == SQLITE_OK);
  post.start();
}

// The entry that acknowledges it breaks the invariant.
void break_it(SmallPost& post) {
  CHECK_FALSE(
      post.try_post("guard", fmt::format("/api/v1/alarms/{}/acknowledge", impossible_alarm), {{"handling", "handled"}}));
  REQUIRE(post.ends_within(patience));
  REQUIRE(post.end(0) == aborted);
}

}  // namespace

TEST_CASE("a broken invariant ends the daemon, and the next one grants nothing until an officer resumes", "[fault]") {
  SmallPost post;
  const std::string staff = post.staff_badge();
  put_impossible_alarm(post);
  post.wait_ready();
  REQUIRE(post.opens(2, staff));
  break_it(post);

  const std::string marker = gateway::broken_marker_path(post.data());
  REQUIRE(std::filesystem::exists(marker));
  CHECK_THAT(said_by(post, {"status"}), Catch::Contains("found a fault in itself") && Catch::Contains(relied_on));
  CHECK_THAT(doctor(post), Catch::Contains("faults: the gateway found one in itself"));

  post.start();
  post.wait_online();
  const auto status = post.get("guard", "/api/v1/status");
  CHECK_FALSE(status.at("granting").as_bool());
  REQUIRE(status.at("why_not").as_array().size() == 1);
  const std::string why(status.at("why_not").at(0).as_string());
  CHECK_THAT(why, Catch::Contains(relied_on) && Catch::Contains("resume granting with a reason"));
  CHECK_THAT(said_by(post, {"status"}), Catch::Contains("found a fault in itself"));
  CHECK(post.refuses(2, staff));

  // A start by an operator does not resume grants.
  post.end(SIGTERM);
  post.start();
  post.wait_online();
  CHECK_FALSE(post.get("guard", "/api/v1/status").at("granting").as_bool());
  CHECK_FALSE(post.try_post("aide", "/api/v1/granting/resume", {{"reason", "bukan tugas ajudan"}}));
  CHECK_FALSE(post.try_post("guard", "/api/v1/granting/resume", {{"reason", ""}}));
  CHECK(std::filesystem::exists(marker));

  const auto resumed = post.try_post("guard", "/api/v1/granting/resume", {{"reason", "admin sudah tahu"}});
  if (!resumed) FAIL(resumed.error().message);
  post.wait_ready();
  CHECK_FALSE(std::filesystem::exists(marker));
  CHECK(post.opens(2, staff));
  const auto entry = post.get("admin", fmt::format("/api/v1/events?limit=1&type=granting_resumed&after={}",
                                                   resumed->at("entry").to_number<int>() - 1));
  CHECK(entry.at("events").at(0).at("note").as_string() == "admin sudah tahu");
  CHECK_THAT(doctor(post), Catch::Contains("faults: the gateway has found none in itself"));
}

TEST_CASE("an invariant that breaks again and again is no loop: the third time the start is refused", "[fault]") {
  SmallPost post;
  put_impossible_alarm(post);
  post.wait_ready();
  for (int time = 1; time <= gateway::most_broken; ++time) {
    if (time > 1) {
      post.start();
      post.wait_online();
    }
    break_it(post);
  }
  post.start();
  REQUIRE(post.ends_within(patience));
  CHECK(post.end(0) == 1);
  CHECK_THAT(doctor(post), Catch::Contains("faults: found 3 times, so it is not started any more") &&
                               Catch::Contains("remove " + gateway::broken_marker_path(post.data())));
  // What doctor says: once the cause is gone, without the marker it starts.
  REQUIRE(gateway::remove_broken_marker(post.data()));
  post.start();
  post.wait_ready();
}
