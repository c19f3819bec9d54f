// SPDX-License-Identifier: Apache-2.0
// Whole visits that wait, and a clock that jumps: the daemon runs on a clock that the test sets. The numbers are those of
// the acceptance scenarios.
#include "running_post.h"
#include "support/skip.h"

using namespace gapura;
using namespace gapura::tests;

namespace {

using Reasons = std::vector<std::string>;

bool stands(RunningPost& post, const char* kind) {
  const auto alarms = post.get("guard", "/api/v1/alarms");
  for (const auto& alarm : alarms.at("alarms").as_array())
    if (text(alarm.as_object(), "kind") == kind && alarm.at("active").as_bool()) return true;
  return false;
}

void wait_level(RunningPost& post, std::int64_t level) {
  post.wait_event("approval_escalated", [&](const json::object& event) { return event.at("data").at("level") == level; });
}

}  // namespace

TEST_CASE("3: the aide's telephone is off: three reminders over a power cut, a verbal decision, a dispute; both are kept",
          "[clock]") {
  if (!RunningPost::can_set_clock()) SKIP_TEST(RunningPost::no_clock);
  RunningPost post({.clock = LocalStart(Minutes(10 * 60)).utc});
  const std::string id = text(post.register_guest("Tamu Contoh 03"), "id");
  post.ask(id);
  post.pass(115s);
  CHECK(post.visit(id).at("escalation").to_number<int>() == 0);
  int level = 0;
  for (const Millis wait : {10s, 180s, 300s}) {
    post.pass(wait);
    wait_level(post, ++level);
    const auto visit = post.visit(id, "aide");
    CHECK(visit.at("escalation").to_number<int>() == level);
    CHECK(text(visit, "approval") == "sent");  // no telephone has received it, and no timer has decided
    if (level != 2) continue;
    CHECK(post.end_daemon(SIGKILL) == 128 + SIGKILL);  // the question survives the gateway
    post.start_daemon();
  }
  CHECK(stands(post, "decision_overdue"));

  const std::string decision = visit_path(id, "decision");
  const auto version = post.visit(id).at("approval_version");
  CHECK(post.refused("guard", decision, {{"decision", "accept_now"}, {"version", version}}).find("(403)") !=
        std::string::npos);
  const auto called = post.decide(id, "accept_now", {{"verbal", true}, {"reason", "ajudan lewat telepon kantor"}}, "guard");
  CHECK(text(called, "approval") == "accepted");
  CHECK(text(called, "verbal") == "unconfirmed");
  CHECK(!stands(post, "decision_overdue"));
  const auto guest = post.give_badge(id);
  post.post("guard", visit_path(id, "screening"), {{"result", "clear"}});
  post.walk("gate", guest.token);

  const auto disputed =
      post.post("aide", visit_path(id, "verbal"), {{"confirmed", false}, {"reason", "saya tidak ditelepon"}});
  CHECK(text(disputed.as_object(), "verbal") == "disputed");
  CHECK(post.denied("door", guest.token) == Reasons{"not_approved"});
  const auto visit = post.visit(id);
  const auto decided = events_of(visit, "approval_decided"), reviewed = events_of(visit, "verbal_reviewed");
  REQUIRE(decided.size() == 1);
  CHECK(decided[0].at("actor") == "petugas");
  CHECK(decided[0].at("data").at("verbal") == true);
  CHECK(decided[0].at("note") == "ajudan lewat telepon kantor");
  REQUIRE(reviewed.size() == 1);
  CHECK(reviewed[0].at("actor") == "ajudan");
  CHECK(reviewed[0].at("note") == "saya tidak ditelepon");
  CHECK(events_of(visit, "approval_escalated").size() == 3);
  post.walk("exit", guest.token);  // a dispute keeps no one in
}

TEST_CASE("17: the clock is set back by ten minutes: order is kept, no one enters, everybody may leave", "[clock]") {
  if (!RunningPost::can_set_clock()) SKIP_TEST(RunningPost::no_clock);
  RunningPost post({.clock = LocalStart(Minutes(13 * 60)).utc});
  const auto inside = post.cleared_guest("Tamu Contoh 17");
  post.walk("gate", inside.token);
  const auto outside = post.cleared_guest("Tamu Contoh 18");
  post.mark();
  post.jump(-10min);
  CHECK(text(post.wait_event("clock_changed"), "data", "quality") == "suspect");
  CHECK(post.get("admin", "/api/v1/status").at("clock") == "suspect");
  CHECK(stands(post, "device_offline"));  // of the clock

  CHECK(post.denied("gate", outside.token) == Reasons{"clock_untrusted"});
  post.walk("exit", inside.token);
  CHECK(text(post.visit(inside.visit), "presence") == "outside");

  const std::string late = text(post.register_guest("Tamu Contoh 19"), "id");
  post.ask(late);
  const UtcTime now = post.now();
  const auto open = post.get("guard", "/api/v1/visits?state=open");
  CHECK(open.at("visits").as_array().size() == 3);
  for (const auto& visit : open.at("visits").as_array()) {
    CHECK(now >= time_of(visit.as_object(), "arrived"));
    if (!visit.at("asked").is_null()) {
      CHECK(time_of(visit.as_object(), "asked") >= time_of(visit.as_object(), "arrived"));
      CHECK(now >= time_of(visit.as_object(), "asked"));
    }
  }
  UtcTime last{};
  std::int64_t number = -1;
  const auto all = post.get("admin", "/api/v1/events?after=0&limit=500");
  for (const auto& event : all.at("events").as_array()) {
    CHECK(event.at("number").to_number<std::int64_t>() > number);
    CHECK(time_of(event.as_object(), "time") >= last);
    number = event.at("number").to_number<std::int64_t>();
    last = time_of(event.as_object(), "time");
  }

  // Set right again, it is trusted again.
  post.mark();
  post.jump(10min);
  CHECK(text(post.wait_event("clock_changed"), "data", "quality") == "ok");
  post.walk("gate", outside.token);
}

TEST_CASE("17: a gateway that starts on a clock that was set back does not believe it", "[clock]") {
  if (!RunningPost::can_set_clock()) SKIP_TEST(RunningPost::no_clock);
  RunningPost post({.clock = LocalStart(Minutes(13 * 60)).utc});
  const std::string id = text(post.register_guest("Tamu Contoh 17"), "id");
  post.ask(id);
  CHECK(post.end_daemon(SIGTERM) == 0);
  post.jump(-10min);
  post.start_daemon();
  CHECK(post.get("admin", "/api/v1/status").at("clock") == "suspect");
  const auto visit = post.visit(id);
  CHECK(post.now() >= time_of(visit, "arrived"));
  CHECK(post.now() >= time_of(visit, "asked"));
}

TEST_CASE("19: at 21:00 a guest still waits: all were asked, no one decided, and the guest leaves with a kind word",
          "[clock]") {
  if (!RunningPost::can_set_clock()) SKIP_TEST(RunningPost::no_clock);
  const LocalStart start(Minutes(20 * 60 + 45));
  RunningPost post({.also = "[[visiting_hours.open]]\ncategory = \"general\"\nfrom = \"08:00\"\nto = \"21:00\"\n"
                            "days = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\", \"sat\", \"sun\"]\n",
                    .clock = start.utc});
  const std::string id = text(post.register_guest("Tamu Contoh 19"), "id");
  post.ask(id);
  post.post("aide", visit_path(id, "receipt"), {{"seen", true}});
  post.pass(15min + 5s);
  wait_level(post, 3);
  CHECK(post.now() >= start.at(Minutes(21 * 60)));
  CHECK(text(post.get("guard", "/api/v1/hours?category=general").as_object(), "reason") == "not_now");
  const auto waiting = post.get("guard", "/api/v1/visits?state=open").at("visits").as_array();
  REQUIRE(waiting.size() == 1);
  CHECK(waiting[0].at("escalation").to_number<int>() == 3);
  CHECK(waiting[0].at("approval") == "seen");
  CHECK(stands(post, "decision_overdue"));

  const std::string kind_word = "Mohon maaf, jam bertamu telah usai. Kami bantu atur waktu lain besok pagi.";
  CHECK(post.refused("guard", visit_path(id, "move"), {{"to", "left_early"}}).find("(400)") != std::string::npos);
  post.post("guard", visit_path(id, "close"), {{"outcome", "left_early"}, {"reason", kind_word}});
  const auto gone = post.visit(id);
  CHECK(text(gone, "state") == "left_early");
  CHECK(!gone.at("closed").is_null());
  const auto closed = events_of(gone, "visit_closed");
  REQUIRE(closed.size() == 1);
  CHECK(closed[0].at("note") == json::value(kind_word));
  CHECK(closed[0].at("actor") == "petugas");
  CHECK(events_of(gone, "approval_decided").empty());
  CHECK(!stands(post, "decision_overdue"));
}
