// SPDX-License-Identifier: Apache-2.0
// Whole visits where the hour matters: the daemon runs on a clock that the test sets. The numbers are those of the
// acceptance scenarios.
#include <fstream>

#include "running_post.h"

using namespace gapura;
using namespace gapura::tests;

namespace {

using Reasons = std::vector<std::string>;

constexpr Minutes wib{7 * 60}, wita{8 * 60};

// False, with words, where the clock of the daemon cannot be set.
bool clock_can_be_set() {
  if (RunningPost::can_set_clock()) return true;
  WARN("skipped: Debian's package faketime is not installed");
  return false;
}

std::string path(const std::string& visit, const char* action) { return "/api/v1/visits/" + visit + "/" + action; }

std::string every_day(const std::string& table, const std::string& rest) {
  return table + R"(days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"])" + "\n" + rest;
}

std::string open_from(const char* category, const char* from, const char* to) {
  const std::string table = "[[visiting_hours.open]]\ncategory = \"" + std::string(category) + "\"\n";
  return every_day(table, "from = \"" + std::string(from) + "\"\nto = \"" + std::string(to) + "\"\n");
}

std::string sample_sop(const char* name) {
  std::ifstream file(GAPURA_SOURCE_DIR "/config/sop/" + std::string(name));
  return {std::istreambuf_iterator<char>(file), {}};
}

void change(std::string& content, const std::string& from, const std::string& to) {
  REQUIRE(content.find(from) != std::string::npos);
  content.replace(content.find(from), from.size(), to);
}

json::array events_of(const json::object& visit, const char* type) {
  json::array found;
  for (const auto& event : visit.at("events").as_array())
    if (text(event.as_object(), "type") == type) found.push_back(event);
  return found;
}

bool stands(RunningPost& post, const char* kind) {
  const auto alarms = post.get("guard", "/api/v1/alarms");
  for (const auto& alarm : alarms.at("alarms").as_array())
    if (text(alarm.as_object(), "kind") == kind && alarm.at("active").as_bool()) return true;
  return false;
}

void wait_level(RunningPost& post, std::int64_t level) {
  post.wait_event("approval_escalated", 5s,
                  [&](const json::object& event) { return event.at("data").at("level") == level; });
}

}  // namespace

TEST_CASE("3: the aide's telephone is off: three reminders over a power cut, a verbal decision, a dispute; both are kept") {
  if (!clock_can_be_set()) return;
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

  const std::string decision = path(id, "decision");
  const auto version = post.visit(id).at("approval_version");
  CHECK(post.refused("guard", decision, {{"decision", "accept_now"}, {"version", version}}).find("(403)") !=
        std::string::npos);
  const auto called = post.decide(id, "accept_now", {{"verbal", true}, {"reason", "ajudan lewat telepon kantor"}}, "guard");
  CHECK(text(called, "approval") == "accepted");
  CHECK(text(called, "verbal") == "unconfirmed");
  CHECK(!stands(post, "decision_overdue"));
  const auto guest = post.give_badge(id);
  post.post("guard", path(id, "screening"), {{"result", "clear"}});
  post.walk("gate", guest.token);

  const auto disputed = post.post("aide", path(id, "verbal"), {{"confirmed", false}, {"reason", "saya tidak ditelepon"}});
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
  post.walk("exit", guest.token);  // nobody is kept in by a dispute
}

TEST_CASE("4: at 18:05, while the prayer of sunset rests: the rule, the sunset, the next hour, and three ways on") {
  if (!clock_can_be_set()) return;
  const LocalStart start(Minutes(18 * 60 + 5), wib);
  const std::string rest = every_day("[[visiting_hours.rest]]\nid = \"maghrib\"\nname = \"Salat Magrib\"\n",
                                     "from = \"sunset-15\"\nto = \"sunset+45\"\ncategories = [\"general\"]\n");
  RunningPost post(
      {.instead = {{"timezone = \"Asia/Makassar\"", "timezone = \"Asia/Jakarta\"\ncoordinates = [-6.1754, 106.8272]"}},
       .also = open_from("general", "08:00", "21:00") + rest,
       .clock = start.utc});
  const auto check_hours = [&](const json::object& hours) {
    CHECK(hours.at("open") == false);
    CHECK(text(hours, "reason") == "rest_hours");
    CHECK(text(hours, "rule") == "Salat Magrib");
    const UtcTime sunset = time_of(hours, "sunset");
    CHECK(sunset >= start.at(Minutes(17 * 60 + 30)));  // Jakarta's year
    CHECK(sunset <= start.at(Minutes(18 * 60 + 20)));
    CHECK(post.now() >= sunset - 15min);
    CHECK(time_of(hours, "next_open") == sunset + 45min);
    return time_of(hours, "next_open");
  };
  const UtcTime next_open = check_hours(post.get("guard", "/api/v1/hours?category=general").as_object());
  CHECK(post.get("guard", "/api/v1/hours?category=special").at("open") == true);

  const auto turned = post.register_guest("Tamu Contoh 41");
  CHECK(turned.at("out_of_hours") == true);
  check_hours(turned.at("hours").as_object());
  const std::string closed = path(text(turned, "id"), "close");
  post.post("guard", closed, {{"outcome", "turned_away"}, {"reason", "waktu salat Magrib, dipersilakan kembali"}});
  CHECK(text(post.visit(text(turned, "id")), "state") == "turned_away");

  const std::string later = text(post.register_guest("Tamu Contoh 42"), "id");
  post.ask(later);
  const auto version = post.visit(later).at("approval_version");
  const std::string early = start.time(next_open - 10min);
  const std::string outside =
      post.refused("aide", path(later, "decision"), {{"decision", "reschedule"}, {"version", version}, {"when", early}});
  CHECK(outside.find("Salat Magrib") != std::string::npos);
  const auto moved = post.decide(later, "reschedule", {{"when", start.time(next_open)}});
  CHECK(text(moved, "state") == "rescheduled");

  const std::string asked = text(post.register_guest("Tamu Contoh 43"), "id");
  const auto guest = post.give_badge(asked);
  post.post("guard", path(asked, "screening"), {{"result", "clear"}});
  CHECK(post.denied("gate", guest.token) == Reasons{"rest_hours", "not_approved"});
  post.ask(asked);
  const auto accepted = post.decide(asked, "accept_now");
  CHECK(accepted.at("hours_permit") == true);
  CHECK(accepted.at("out_of_hours") == true);
  post.walk("gate", guest.token);
  CHECK(post.pulses(simulated::kTurnstile, 0) == 1);
}

TEST_CASE("5: on a day of collective leave the invited special guest is received, the walk-in is offered another day") {
  if (!clock_can_be_set()) return;
  const LocalStart start(Minutes(10 * 60));
  const std::string leave =
      "[[holiday]]\nday = " + start.day() +
      "\nkind = \"collective_leave\"\nname = \"Cuti bersama contoh\"\ndecree = \"CONTOH: keputusan bersama\"\n";
  RunningPost post(
      {.instead = {{R"(requires = ["decision", "screening"])", R"(requires = ["screening"])"}},
       .also = "[visiting_hours]\ncalendar = [\"libur.toml\"]\n" + open_from("general", "08:00", "15:00") +
               open_from("special", "08:00", "15:00") +
               "[[sop]]\nfile = \"sop/residence-general.toml\"\n[[sop]]\nfile = \"sop/residence-special.toml\"\n",
       .files = {{"libur.toml", leave}},
       .clock = start.utc});
  const json::object invitation{{"name", "Tamu Khusus Contoh"},
                                {"purpose", "rapat"},
                                {"whom", "pimpinan"},
                                {"category", "special"},
                                {"phone", "0800-000-005"},
                                {"from", start.time(start.utc - 1h)},
                                {"until", start.time(start.utc + 2h)}};
  const auto planned = post.post("aide", "/api/v1/visits/plan", invitation).as_object();
  CHECK(text(planned, "state") == "planned");
  const auto special =
      post.register_guest("Tamu Khusus Contoh", {{"category", "special"}, {"phone", "0800-000-005"}, {"purpose", "rapat"}});
  const std::string id = text(special, "id");
  CHECK(id == text(planned, "id"));
  CHECK(special.at("invited") == true);
  CHECK(special.at("out_of_hours") == false);
  CHECK(!special.contains("hours"));
  post.ask(id);  // a notice; the answer is not waited for
  const auto guest = post.give_badge(id);
  post.post("guard", path(id, "screening"), {{"result", "clear"}});
  post.walk("gate", guest.token);
  post.post("guard", path(id, "escort"), {{"to", "started"}});
  post.walk("door", guest.token);
  const auto received = post.visit(id);
  CHECK(text(received, "state") == "in_meeting");
  CHECK(text(received, "approval") == "sent");
  CHECK(events_of(received, "deviation_noted").empty());

  const auto walk_in = post.register_guest("Tamu Contoh 05");
  REQUIRE(walk_in.contains("hours"));
  CHECK(text(walk_in, "hours", "reason") == "holiday");
  CHECK(text(walk_in, "hours", "rule") == "Cuti bersama contoh");
  CHECK(time_of(walk_in.at("hours").as_object(), "next_open") == start.at(Minutes(8 * 60), 1));
  const auto badge = post.give_badge(text(walk_in, "id"));
  post.post("guard", path(text(walk_in, "id"), "screening"), {{"result", "clear"}});
  CHECK(post.denied("gate", badge.token).front() == "holiday");
  post.ask(text(walk_in, "id"));
  const auto moved = post.decide(text(walk_in, "id"), "reschedule", {{"when", text(walk_in, "hours", "next_open")}});
  CHECK(text(moved, "state") == "rescheduled");
  CHECK(text(moved, "next", "step") == "badge_return");
}

TEST_CASE(
    "10: the procedure changes at midnight: who came at 23:50 ends under the old one, who came at 00:10 under the new") {
  if (!clock_can_be_set()) return;
  const LocalStart start(Minutes(23 * 60 + 50), wita);
  // The new revision no longer asks for an identity before the waiting room.
  std::string next = sample_sop("residence-general.toml");
  change(next, "revision = 0", "revision = 1");
  change(next, "effective = 2026-01-12", "effective = " + start.day(1));
  change(next, R"(requires = ["identity", "badge", "screening"])", R"(requires = ["badge", "screening"])");
  RunningPost post({.also = "[visiting_hours]\nclose_of_day = \"04:00\"\n"
                            "[[sop]]\nfile = \"sop/residence-general.toml\"\n[[sop]]\nfile = \"baru.toml\"\n",
                    .files = {{"baru.toml", next}},
                    .clock = start.utc});
  const std::string old_sop = "SOP-CONTOH-03/2026#0", new_sop = "SOP-CONTOH-03/2026#1";
  const auto in_force = [&] {
    const auto answer = post.get("guard", "/api/v1/sop");
    return text(answer.at("sops").as_array().at(0).as_object(), "id");
  };
  const auto ready = [&](const char* name) {
    const std::string id = text(post.register_guest(name), "id");
    post.ask(id);
    post.decide(id, "accept_now");
    post.post("guard", path(id, "screening"), {{"result", "clear"}});
    return post.give_badge(id);
  };
  CHECK(in_force() == old_sop);
  const auto before = ready("Tamu Contoh 23.50");
  CHECK(text(post.visit(before.visit), "sop") == old_sop);
  post.pass(20min);
  CHECK(post.get("admin", "/api/v1/status").at("clock") == "ok");
  CHECK(in_force() == new_sop);
  const auto after = ready("Tamu Contoh 00.10");
  CHECK(text(post.visit(after.visit), "sop") == new_sop);

  post.walk("gate", after.token);
  CHECK(post.denied("gate", before.token) == Reasons{"sop_step_missing"});
  post.post("guard", path(before.visit, "attest"), {{"step", "identity"}});
  post.walk("gate", before.token);
  for (const auto& guest : {after, before}) {
    post.walk("exit", guest.token);
    post.post("guard", "/api/v1/badges/" + guest.badge + "/return", json::object{});
  }
  // The list of a day's visits names the procedure of each.
  const auto all = post.get("admin", "/api/v1/visits?state=all");
  std::map<std::string, std::string> sops;
  for (const auto& visit : all.at("visits").as_array()) {
    CHECK(text(visit.as_object(), "state") == "departed");
    sops[text(visit.as_object(), "id")] = text(visit.as_object(), "sop");
  }
  CHECK(sops == std::map<std::string, std::string>{{before.visit, old_sop}, {after.visit, new_sop}});
}

TEST_CASE("17: the clock is set back by ten minutes: order is kept, nobody enters, everybody may leave") {
  if (!clock_can_be_set()) return;
  RunningPost post({.clock = LocalStart(Minutes(13 * 60)).utc});
  const auto inside = post.cleared_guest("Tamu Contoh 17");
  post.walk("gate", inside.token);
  const auto outside = post.cleared_guest("Tamu Contoh 18");
  post.mark();
  post.jump(-10min);
  CHECK(text(post.wait_event("clock_changed", 5s), "data", "quality") == "suspect");
  CHECK(post.get("admin", "/api/v1/status").at("clock") == "suspect");

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
  CHECK(text(post.wait_event("clock_changed", 5s), "data", "quality") == "ok");
  post.walk("gate", outside.token);
}

TEST_CASE("19: at 21:00 a guest still waits: everybody was told, nobody decided, and the guest leaves with a kind word") {
  if (!clock_can_be_set()) return;
  const LocalStart start(Minutes(20 * 60 + 45));
  RunningPost post({.also = open_from("general", "08:00", "21:00"), .clock = start.utc});
  const std::string id = text(post.register_guest("Tamu Contoh 19"), "id");
  post.ask(id);
  post.post("aide", path(id, "receipt"), {{"seen", true}});
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
  CHECK(post.refused("guard", path(id, "move"), {{"to", "left_early"}}).find("(400)") != std::string::npos);
  post.post("guard", path(id, "close"), {{"outcome", "left_early"}, {"reason", kind_word}});
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
