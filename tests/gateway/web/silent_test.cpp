// SPDX-License-Identifier: Apache-2.0
// What a guard is answered says nothing about a silent alarm: every route is asked without and with one.
#include <catch2/catch.hpp>
#include <map>
#include <regex>
#include <set>

#include "gateway/web/api/router.h"
#include "gateway/web/real_post.h"

using namespace gapura;
using namespace gapura::test;
namespace json = boost::json;

namespace {

struct Silence : MannedPost {
  std::string visit, badge, date;

  Silence() {
    visit = guard
                .post("/api/v1/visits",
                      R"({"name":"Tamu Contoh 61","purpose":"rapat","whom":"Sekretaris","category":"special"})")
                .text("id");
    badge = std::string(admin.post("/api/v1/badges/staff", R"({"host":"h1"})").json().at("badge").at("id").as_string());
    date = format_rfc3339(post.now().utc, std::chrono::minutes(480)).substr(0, 10);
  }
  // What an admin sees of this type, the newest last.
  json::array events(const std::string& type) {
    return admin.get("/api/v1/events?type=" + type).json().at("events").as_array();
  }
  // The route's path: about something that exists where it only reads, about nothing where it would act.
  std::string path_of(const Route& route, std::int64_t number) const {
    std::string path = "/api/v1";
    path += route.pattern;
    const std::string text = path;
    const auto put = [&](const std::string& name, const std::string& value) {
      if (const auto at = path.find(name); at != std::string::npos) path.replace(at, name.size(), value);
    };
    put("{number}", std::to_string(number));
    const bool reads = route.method == std::string("GET");
    put("{id}", reads && text.find("/visits/") != std::string::npos   ? visit
                : reads && text.find("/badges/") != std::string::npos ? badge
                                                                      : "none");
    put("{hash}", std::string(64, '0'));
    put("{date}", date);
    put("{class}", "visit");
    return path;
  }
};

// What no two moments have in common: instants and ages, sizes of files and disks, how long the record is, its checkpoint.
std::string without_moments(std::string text) {
  static const std::regex time(R"re("\d{4}-\d\d-\d\dT[0-9:.]+(Z|[+-]\d\d:\d\d)")re");
  static const std::regex count(R"re("(entries|bytes|free_bytes|last|size|minutes_left|age_ms)":\d+)re");
  static const std::regex signed_text(R"re("(checkpoint|root)":"[^"]*")re");
  text = std::regex_replace(text, time, "TIME");
  text = std::regex_replace(text, count, "\"$1\":0");
  return std::regex_replace(text, signed_text, "\"$1\":\"\"");
}

// A body that each of these routes takes apart as far as the thing it is about.
std::string body_of(const Route& route) {
  const std::string pattern = route.pattern;
  if (pattern == "/alarms/{number}/acknowledge") return R"({"handling":"handled"})";
  return "{}";
}

}  // namespace

TEST_CASE("Every route answers a guard the same with and without a silent alarm, byte for byte") {
  Silence it;
  // Those whose answer does not end, and the one that ends the session.
  const std::set<std::string> apart{"GET /events/stream", "GET /cameras/{id}/live.mjpeg", "DELETE /session"};
  const auto ask_all = [&](std::vector<std::int64_t> numbers) {
    std::map<std::string, std::string> answers;
    for (const Route& route : routes()) {
      const std::string name = std::string(route.method) + ' ' + route.pattern, pattern = route.pattern;
      const bool reads = route.method == std::string("GET");
      if (apart.contains(name) || route.roles == nobody) continue;
      // Acts that would succeed with nothing said change what is asked next.
      if (!reads && pattern.find('{') == std::string::npos) continue;
      for (std::size_t i = 0; i < numbers.size(); ++i) {
        const std::string path = it.path_of(route, numbers[i]);
        const Answer answer = reads ? it.guard.get(path) : it.guard.post(path, body_of(route));
        answers[name + ' ' + std::to_string(i)] =
            std::to_string(answer.status) + ' ' + answer.header("etag") + ' ' + without_moments(answer.body);
      }
    }
    for (std::size_t i = 0; i < numbers.size(); ++i)
      answers["bulk " + std::to_string(i)] =
          it.guard
              .post("/api/v1/alarms/acknowledge",
                    R"({"handling":"handled","numbers":[)" + std::to_string(numbers[i]) + "]}")
              .body;
    for (const char* query :
         {"/events?type=alarm_raised", "/events?type=duress_signalled", "/events?after=-1&limit=1000", "/events?limit=2"})
      answers[query] = without_moments(it.guard.get(std::string("/api/v1") + query).body);
    return answers;
  };
  const std::vector<std::int64_t> of_nothing{900'000, 900'001};
  (void)ask_all(of_nothing);  // what asking itself changes, changes now
  const auto before = ask_all(of_nothing);
  it.post.core.call(Panic{"pos jaga", true}, Actor{UserId("u-made"), Role::guard}).value();
  const auto silent = it.admin.get("/api/v1/alarms").json().at("alarms").as_array();
  REQUIRE(silent.size() == 1);
  const std::int64_t raised = silent[0].at("number").as_int64();
  const auto after = ask_all({raised - 1, raised});  // the signal and its alarm
  REQUIRE(before.size() == after.size());
  CHECK(before.size() > 100);
  for (const auto& [name, answer] : before) {
    INFO(name);
    CHECK(after.at(name) == answer);
  }
  // And the aide's are others, or nothing was asked.
  CHECK(it.aide.get("/api/v1/alarms").json().at("alarms").as_array().size() == 1);
}

TEST_CASE("A guard cannot take back a silent alarm's entries, acknowledged or not; the answer is as for missing ones") {
  Silence it;
  it.post.core.call(Panic{"pos jaga", true}, Actor{UserId("u-made"), Role::guard}).value();
  std::vector<std::int64_t> numbers{it.events("duress_signalled").at(0).at("number").as_int64(),
                                    it.events("alarm_raised").at(0).at("number").as_int64()};
  REQUIRE(
      it.admin.post("/api/v1/alarms/" + std::to_string(numbers[1]) + "/acknowledge", R"({"handling":"handled"})").status ==
      200);
  for (const char* type : {"alarm_acknowledged", "alarm_cleared"})
    numbers.push_back(it.events(type).at(0).at("number").as_int64());
  const auto undo = [&](Client& who, std::int64_t number) {
    return who.post("/api/v1/events/" + std::to_string(number) + "/undo", "{}");
  };
  const Answer missing = undo(it.guard, 900'000);
  REQUIRE(missing.status == 404);
  for (const std::int64_t number : numbers) {
    INFO(number);
    const Answer answer = undo(it.guard, number);
    CHECK(answer.status == 404);
    CHECK(answer.body == missing.body);
  }
  CHECK(undo(it.aide, numbers[0]).status == 403);  // it exists for the aide
}

TEST_CASE("Numbers that a guard does not see are ordinary: accounts and looks at data are not in a guard's journal") {
  Silence it;
  const auto types = [&](Client& who) {
    std::set<std::string> all;
    const auto events = who.get("/api/v1/events?after=-1&limit=1000").json().at("events").as_array();
    for (const auto& event : events) all.insert(std::string(event.at("type").as_string()));
    return all;
  };
  it.admin.post("/api/v1/users", R"({"name":"dewi","role":"guard"})");
  for (const char* type : {"session_opened", "user_added", "retention_changed", "log_key_changed"}) {
    INFO(type);
    CHECK(types(it.admin).contains(type));
    CHECK_FALSE(types(it.guard).contains(type));
  }
  CHECK(types(it.guard).contains("visit_registered"));
}
