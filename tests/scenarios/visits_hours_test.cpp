// SPDX-License-Identifier: Apache-2.0
// Whole visits under rules of hours and dates: the daemon runs on a clock that the test sets. The numbers are those of
// the acceptance scenarios.
#include <fstream>

#include "running_post.h"
#include "support/skip.h"

using namespace gapura;
using namespace gapura::tests;

namespace {

using Reasons = std::vector<std::string>;

constexpr Minutes wib{7 * 60}, wita{8 * 60};

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

}  // namespace

TEST_CASE("4: at 18:05, while the prayer of sunset rests: the rule, the sunset, the next hour, and three ways on",
          "[hours]") {
  if (!RunningPost::can_set_clock()) SKIP_TEST(RunningPost::no_clock);
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
  const std::string closed = visit_path(text(turned, "id"), "close");
  post.post("guard", closed, {{"outcome", "turned_away"}, {"reason", "waktu salat Magrib, dipersilakan kembali"}});
  CHECK(text(post.visit(text(turned, "id")), "state") == "turned_away");

  const std::string later = text(post.register_guest("Tamu Contoh 42"), "id");
  post.ask(later);
  const auto version = post.visit(later).at("approval_version");
  const std::string early = start.time(next_open - 10min);
  const std::string outside = post.refused("aide", visit_path(later, "decision"),
                                           {{"decision", "reschedule"}, {"version", version}, {"when", early}});
  CHECK(outside.find("Salat Magrib") != std::string::npos);
  const auto moved = post.decide(later, "reschedule", {{"when", start.time(next_open)}});
  CHECK(text(moved, "state") == "rescheduled");

  const std::string asked = text(post.register_guest("Tamu Contoh 43"), "id");
  const auto guest = post.give_badge(asked);
  post.post("guard", visit_path(asked, "screening"), {{"result", "clear"}});
  CHECK(post.denied("gate", guest.token) == Reasons{"rest_hours", "not_approved"});
  post.ask(asked);
  const auto accepted = post.decide(asked, "accept_now");
  CHECK(accepted.at("hours_permit") == true);
  CHECK(accepted.at("out_of_hours") == true);
  post.walk("gate", guest.token);
  CHECK(post.pulses(simulated::kTurnstile, 0) == 1);
}

TEST_CASE("5: on a day of collective leave the invited special guest is received, the walk-in is offered another day",
          "[hours]") {
  if (!RunningPost::can_set_clock()) SKIP_TEST(RunningPost::no_clock);
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
  post.post("guard", visit_path(id, "screening"), {{"result", "clear"}});
  post.walk("gate", guest.token);
  post.post("guard", visit_path(id, "escort"), {{"to", "started"}});
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
  post.post("guard", visit_path(text(walk_in, "id"), "screening"), {{"result", "clear"}});
  CHECK(post.denied("gate", badge.token).front() == "holiday");
  post.ask(text(walk_in, "id"));
  const auto moved = post.decide(text(walk_in, "id"), "reschedule", {{"when", text(walk_in, "hours", "next_open")}});
  CHECK(text(moved, "state") == "rescheduled");
  CHECK(text(moved, "next", "step") == "badge_return");
  bool expected = false;  // and is expected then
  const auto open = post.get("guard", "/api/v1/visits?state=open");
  for (const auto& visit : open.at("visits").as_array())
    expected = expected || (text(visit.as_object(), "state") == "planned" &&
                            text(visit.as_object(), "expected") == text(walk_in, "hours", "next_open"));
  CHECK(expected);
}

TEST_CASE(
    "10: the procedure changes at midnight: who came at 23:50 ends under the old one, who came at 00:10 under the new",
    "[hours]") {
  if (!RunningPost::can_set_clock()) SKIP_TEST(RunningPost::no_clock);
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
    post.post("guard", visit_path(id, "screening"), {{"result", "clear"}});
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
  post.post("guard", visit_path(before.visit, "attest"), {{"step", "identity"}});
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
