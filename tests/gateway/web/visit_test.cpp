// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <cctype>

#include "gateway/web/api/token_shelf.h"
#include "gateway/web/client.h"
#include "gateway/web/http/body.h"
#include "gateway/web/http/idempotency.h"
#include "gateway/web/http/problem.h"
#include "gateway/web/real_post.h"
#include "models/visit/credential.h"

using namespace gapura;
using namespace gapura::test;

namespace {

const std::string guest =
    R"({"name":" Ni Luh Ayu ","purpose":"rapat","whom":"Sekretaris","category":"special","phone":"0812"})";

std::string registered(Client& guard) {
  const Answer made = guard.post("/api/v1/visits", guest);
  REQUIRE(made.status == 201);
  return made.text("id");
}

struct Admitted {
  std::string visit, badge;  // ids
};
// Registered, accepted and given a badge.
Admitted admitted(Client& guard, Client& aide) {
  const std::string id = registered(guard);
  guard.post("/api/v1/visits/" + id + "/ask", "");
  aide.post("/api/v1/visits/" + id + "/decision", R"({"decision":"accept_now","version":1})");
  const Answer made = guard.post("/api/v1/visits/" + id + "/badge", "{}");
  REQUIRE(made.status == 201);
  return {id, std::string(made.json().at("badge").at("id").as_string())};
}

}  // namespace

TEST_CASE("A guest is registered, announced, accepted, given a badge, checked and let go") {
  Post post;
  Client guard = signed_in(post, "sari"), aide = signed_in(post, "budi"), admin = signed_in(post, "wayan");
  const std::string id = registered(guard);
  CHECK(guard.get("/api/v1/visits/" + id).text("name") == "Ni Luh Ayu");
  CHECK(guard.get("/api/v1/visits/" + id).text("arrived").ends_with("+08:00"));

  CHECK(guard.post("/api/v1/visits/" + id + "/ask", "").text("approval") == "sent");
  CHECK(aide.get("/api/v1/visits?state=open").json().at("visits").as_array().size() == 1);
  CHECK(aide.post("/api/v1/visits/" + id + "/decision", R"({"decision":"accept_now","version":0})").status == 409);
  CHECK(aide.post("/api/v1/visits/" + id + "/decision", R"({"decision":"accept_now","version":1})").text("approval") ==
        "accepted");

  const Answer badge = guard.post("/api/v1/visits/" + id + "/badge", "{}");
  REQUIRE(badge.status == 201);
  const std::string badge_id(badge.json().at("badge").at("id").as_string());
  CHECK(badge.text("qr") == "/api/v1/badges/" + badge_id + "/qr.png");
  CHECK(guard.post("/api/v1/visits/" + id + "/screening", R"({"result":"clear"})").text("screening") == "clear");

  const Answer revoked = admin.post("/api/v1/badges/" + badge_id + "/revoke", R"({"reason":"hilang"})");
  REQUIRE(revoked.status == 200);
  CHECK(revoked.json().at("badge").at("state").as_string() == "revoked");
  CHECK(revoked.json().at("doors").as_array().at(0).at("point").as_string() == "gate.in");
  CHECK_FALSE(revoked.json().at("doors").as_array().at(0).at("refused").as_bool());  // of this door nothing is known
  CHECK(guard.post("/api/v1/visits/" + id + "/close", R"({"outcome":"departed","reason":"x"})").text("state") ==
        "departed");

  const auto events = guard.get("/api/v1/visits/" + id).json().at("events").as_array();
  REQUIRE(events.size() == 6);
  CHECK(events.front().at("type").as_string() == "visit_registered");
  CHECK(events.front().at("actor").as_string() == "sari");
  CHECK(events.front().at("actor_id").as_string() == "u-sari");
}

TEST_CASE("What a revocation does at a door is reported by the door, not by the row just written") {
  Post post;
  Client guard = signed_in(post, "sari"), aide = signed_in(post, "budi"), admin = signed_in(post, "wayan");
  const std::string badge = admitted(guard, aide).badge;

  PortalView gate;
  gate.id = PortalId("gate");
  gate.online = true;
  gate.observed_at = shifted_now(Millis(-5000)).boot;
  std::uint64_t entries = 1000;  // more than were written: the core has seen the revocation
  std::string says = "refuses";
  bool heard = true;
  SECTION("online and locked") {}
  SECTION("offline") {
    gate.online = false;
    says = "offline";
  }
  SECTION("never heard") {
    gate.online = false;
    gate.observed_at = {};
    says = "offline";
    heard = false;
  }
  SECTION("unlocked for all") {
    gate.mode = "unlocked";
    says = "open";
  }
  SECTION("open for an emergency") {
    gate.mode = "emergency_open";
    says = "open";
  }
  SECTION("released for another guest just now") {
    gate.lock_observed = Level::on;
    says = "open";
  }
  SECTION("the core has not got the entry") {
    entries = 1;
    says = "unknown";
  }
  auto view = std::make_shared<SiteView>();
  view->granting = true;
  view->entries = entries;
  view->portals = {gate};
  post.view = view;
  const Answer revoked = admin.post("/api/v1/badges/" + badge + "/revoke", R"({"reason":"hilang"})");
  REQUIRE(revoked.status == 200);
  const auto door = revoked.json().at("doors").as_array().at(0).as_object();
  CHECK(door.at("door").as_string() == says);
  CHECK(door.at("refused").as_bool() == (says == "refuses"));
  CHECK(door.at("last_heard").is_string() == heard);
}

TEST_CASE("A badge is found by its printed number at the post only, and numbers cannot be tried out") {
  Post post;
  Client guard = signed_in(post, "sari"), aide = signed_in(post, "budi"), admin = signed_in(post, "wayan");
  const auto [id, badge] = admitted(guard, aide);
  const std::string code = badge_code(badge);
  std::string small = code;
  std::transform(small.begin(), small.end(), small.begin(), [](unsigned char c) { return std::tolower(c); });
  const auto find = [](Client& who, const std::string& typed) {
    return who.post("/api/v1/badges/find", R"({"code":")" + typed + "\"}");
  };
  for (const std::string& typed : {code, small, code.substr(0, 3) + " - " + code.substr(3)}) {
    const Answer found = find(guard, typed);
    REQUIRE(found.status == 200);
    CHECK(found.json().at("badges").as_array().size() == 1);
    CHECK(found.json().at("badges").as_array().at(0).at("id").as_string() == badge);
    CHECK(found.json().at("badges").as_array().at(0).at("visit").as_string() == id);
  }
  CHECK(find(aide, code).status == 403);
  CHECK(find(admin, code).status == 403);
  // A slip of the finger costs nothing.
  for (int i = 0; i < 10; ++i) CHECK(find(guard, code.substr(0, 6) + (code[6] == '0' ? '1' : '0')).status == 400);
  CHECK(find(guard, "").status == 400);
  for (int i = 0; i < 5; ++i) CHECK(find(guard, badge_code("nobody's " + std::to_string(i))).status == 404);
  CHECK(find(guard, badge_code("nobody's")).status == 429);
  CHECK(find(guard, code).status == 429);
  // A colleague has tries of his own.
  Client other = signed_in(post, "made");
  CHECK(find(other, code).status == 200);
  guard.post("/api/v1/badges/" + badge + "/revoke", R"({"reason":"hilang"})");
  CHECK(find(other, code).status == 404);
}

TEST_CASE("A guard records the aide's spoken word, and cannot decide alone") {
  Post post;
  Client guard = signed_in(post, "sari");
  const std::string id = registered(guard);
  const std::string path = "/api/v1/visits/" + id + "/decision";
  CHECK(guard.post(path, R"({"decision":"accept_now","version":0})").status == 403);
  CHECK(guard.post(path, R"({"decision":"accept_now","version":0,"verbal":true,"reason":"Pak Budi, telepon"})").status ==
        200);
}

TEST_CASE("A badge can be printed for ten minutes, by a guard, and not after its revocation") {
  Post post;
  Client guard = signed_in(post, "sari");
  const std::string id = registered(guard);
  const Answer badge = guard.post("/api/v1/visits/" + id + "/badge", "{}");
  const std::string badge_id(badge.json().at("badge").at("id").as_string());
  const Answer qr = guard.get(badge.text("qr"));
  CHECK(qr.status == 200);
  CHECK(qr.header("content-type") == "image/png");
  CHECK(qr.body.starts_with("\x89PNG"));
  CHECK(qr.header("cache-control") == "no-store");
  const Answer page = guard.get(badge.text("page"));
  CHECK(page.status == 200);
  CHECK(page.body.find("Ni Luh Ayu") != std::string::npos);
  CHECK(page.body.find("Pos &lt;Uji&gt;") != std::string::npos);
  CHECK(page.body.find("0812") == std::string::npos);
  CHECK(page.body.find("style=") == std::string::npos);
  CHECK(guard.get("/print.css").header("content-type") == "text/css; charset=utf-8");
  CHECK(guard.get("/api/v1/badges/none/qr.png").status == 404);
  SECTION("ten minutes later") { post.later(std::chrono::minutes(10)); }
  SECTION("revoked") { guard.post("/api/v1/badges/" + badge_id + "/revoke", R"({"reason":"hilang"})"); }
  CHECK(guard.get(badge.text("qr")).status == 410);
  CHECK(guard.get(badge.text("page")).status == 410);
}

TEST_CASE("The token shelf forgets the oldest of a thousand and one") {
  TokenShelf shelf;
  const BootTime now{};
  const TokenShelf::Owner owner{"u-sari", "session"};
  for (int i = 0; i < 1001; ++i) shelf.put(std::to_string(i), owner, "token", now);
  CHECK_FALSE(shelf.find("0", owner, now).known);
  CHECK(shelf.find("1", owner, now).token == "token");
  CHECK(shelf.find("1000", owner, now).token == "token");
  for (const TokenShelf::Owner& other : {TokenShelf::Owner{"u-made", "session"}, TokenShelf::Owner{"u-sari", "another"}}) {
    CHECK(shelf.find("1", other, now).known);
    CHECK_FALSE(shelf.find("1", other, now).token);
  }
  CHECK_FALSE(shelf.find("1000", owner, now + TokenShelf::lifetime).known);
}

TEST_CASE("An answer is repeated to the session that had it, and to the same question only") {
  RealPost post;
  Client first = signed_in(post, "wayan"), second = signed_in(post, "wayan");
  const Answer made = first.post("/api/v1/badges/stock", R"({"count":1})", {"Idempotency-Key: stock"});
  REQUIRE(made.status == 201);
  CHECK(first.post("/api/v1/badges/stock", R"({"count":1})", {"Idempotency-Key: stock"}).body == made.body);
  const Answer other = second.post("/api/v1/badges/stock", R"({"count":1})", {"Idempotency-Key: stock"});
  REQUIRE(other.status == 201);
  CHECK(other.body != made.body);
  const std::string list =
      "name,phone,institution,purpose,whom,category,from,until\nTamu Contoh 07,081234529007,,uji,Pimpinan,"
      "umum,2030-01-02 09:00,2030-01-02 10:00\n";
  const Answer dry = first.post("/api/v1/visits/import?dry_run=1", list, {"Idempotency-Key: list"});
  INFO(dry.body);
  REQUIRE(dry.json().at("stored") == false);
  CHECK(first.post("/api/v1/visits/import", list, {"Idempotency-Key: list"}).json().at("stored") == true);
}

TEST_CASE("A repeated POST with the same Idempotency-Key does its work once") {
  Post post;
  Client guard = signed_in(post, "sari");
  const Answer first = guard.post("/api/v1/visits", guest, {"Idempotency-Key: k1"});
  const Answer again = guard.post("/api/v1/visits", guest, {"Idempotency-Key: k1"});
  REQUIRE(first.status == 201);
  CHECK(again.status == 201);
  CHECK(again.body == first.body);
  CHECK(guard.get("/api/v1/visits?state=all").json().at("visits").as_array().size() == 1);
  CHECK(
      guard.post("/api/v1/visits", R"({"name":"B","purpose":"b","whom":"c","category":"general"})", {"Idempotency-Key: k1"})
          .status == 409);
  CHECK(signed_in(post, "sari").post("/api/v1/visits", guest, {"Idempotency-Key: k2"}).status == 201);
  post.later(std::chrono::minutes(10));
  CHECK(guard.post("/api/v1/visits", guest, {"Idempotency-Key: k1"}).text("id") != first.text("id"));
}

TEST_CASE("An unconfirmed request stays in doubt until its outcome is known") {
  Idempotency repeats;
  const BootTime now{};
  Outcome outcome = Outcome::unknown;
  const auto kind = [&] {
    try {
      return repeats.begin("who, where, key", "body", now) ? std::string("answer") : std::string("first");
    } catch (const Problem& problem) {
      return problem.kind();
    }
  };
  REQUIRE(kind() == "first");
  CHECK(kind() == "conflict");  // still running
  repeats.doubt("who, where, key", [&] { return outcome; });
  CHECK(kind() == "timed_out");
  SECTION("carried out after all: not again") {
    outcome = Outcome::carried_out;
    CHECK(kind() == "conflict");
    CHECK(kind() == "conflict");
  }
  SECTION("refused: nothing has happened, so the next one is the first") {
    outcome = Outcome::refused;
    CHECK(kind() == "first");
    CHECK(kind() == "conflict");
    Response made;
    made.status = 201;
    repeats.finish("who, where, key", made);
    CHECK(kind() == "answer");
  }
}

TEST_CASE("The second of two equal requests at the same time learns that the first still runs") {
  Post post;
  Client guard = signed_in(post, "sari");
  Client twin = guard;
  Answer first = guard.post("/api/v1/pictures", R"({"camera":"cam-gate"})");  // the core makes the day's key once
  CHECK(first.status == 201);
  post.core->hold();
  const int before = post.core->commands();
  std::thread slow([&] { first = guard.post("/api/v1/pictures", R"({"camera":"cam-gate"})", {"Idempotency-Key: p"}); });
  slow.join();
  CHECK(first.status == 201);
  std::thread held([&] { first = guard.post("/api/v1/visits", guest, {"Idempotency-Key: k"}); });
  while (post.core->commands() == before) std::this_thread::yield();
  // The write lane is busy with the first; the twin waits behind it and then gets the same answer.
  std::thread second([&] { CHECK(twin.post("/api/v1/visits", guest, {"Idempotency-Key: k"}).status == 201); });
  CHECK(twin.get("/api/v1/visits").status == 200);  // a stuck core stops no reads
  post.core->go_on();
  held.join();
  second.join();
  CHECK(first.status == 201);
  CHECK(guard.get("/api/v1/visits").json().at("visits").as_array().size() == 1);
}

TEST_CASE("Bodies that are broken, deep, too large or not what is expected are refused by name") {
  Post post;
  Client guard = signed_in(post, "sari");
  const int before = post.core->commands();
  const auto detail = [&](const std::string& body) {
    const Answer answer = guard.post("/api/v1/visits", body);
    CHECK(answer.status == 400);
    CHECK(answer.header("content-type") == "application/problem+json");
    CHECK(answer.text("type") == "/problems/bad_input");
    return answer.text("detail");
  };
  CHECK(detail("{\"name\":") != "");
  CHECK(detail("[]").find("object") != std::string::npos);
  CHECK(detail("{}").find("\"name\"") != std::string::npos);
  CHECK(detail(R"({"name":1,"purpose":"b","whom":"c","category":"general"})").find("\"name\"") != std::string::npos);
  CHECK(detail(R"({"name":"a","purpose":"b","whom":"c","category":"vip"})").find("general, special") != std::string::npos);
  CHECK(detail(R"({"name":"a","purpose":"b","whom":"c","category":"general","nik":"1"})").find("\"nik\"") !=
        std::string::npos);
  CHECK(detail(R"({"name":"a\u001b[2J","purpose":"b","whom":"c","category":"general"})").find("control") !=
        std::string::npos);
  CHECK(detail("{\"name\":\"" + std::string(201, 'a') + "\",\"purpose\":\"b\",\"whom\":\"c\",\"category\":\"general\"}") !=
        "");
  CHECK(detail("{\"name\":\"\xff\xfe\",\"purpose\":\"b\",\"whom\":\"c\",\"category\":\"general\"}") != "");
  CHECK(detail(R"({"name":"a","purpose":"b","whom":"c","category":"general","portrait":"../../etc/passwd"})") != "");
  std::string deep = "{\"name\":";
  for (int i = 0; i < 10'000; ++i) deep += '[';
  CHECK(detail(deep).find("deep") != std::string::npos);
  CHECK(guard.post("/api/v1/visits", std::string(70'000, ' ')).status == 413);
  CHECK(post.core->commands() == before);
}

TEST_CASE("Names with quotes, markup and SQL come back as they were written") {
  Post post;
  Client guard = signed_in(post, "sari");
  const std::string name = "Robert'); DROP TABLE visit;-- <script>alert(\"1\")</script>";
  const Answer made =
      guard.post("/api/v1/visits", boost::json::serialize(boost::json::object{
                                       {"name", name}, {"purpose", "b"}, {"whom", "c"}, {"category", "general"}}));
  REQUIRE(made.status == 201);
  CHECK(made.text("name") == name);
  const Answer badge = guard.post("/api/v1/visits/" + made.text("id") + "/badge", "{}");
  CHECK(guard.get(badge.text("page")).body.find("<script>") == std::string::npos);
  CHECK(guard.get("/api/v1/visits/x'%20OR%20'1'='1").status == 404);
}

TEST_CASE("A guard sees today's and open visits, an aide also older ones") {
  Post post;
  Client guard = signed_in(post, "sari"), aide = signed_in(post, "budi");
  const std::string id = registered(guard);
  post.core->run_sql("UPDATE visit SET arrived_utc = arrived_utc - 259200000, closed_utc = 1");
  CHECK(guard.get("/api/v1/visits?state=all").json().at("visits").as_array().empty());
  CHECK(guard.get("/api/v1/visits/" + id).status == 403);
  CHECK(aide.get("/api/v1/visits?state=all").json().at("visits").as_array().size() == 1);
  CHECK(aide.get("/api/v1/visits?state=none").status == 400);
  const auto on = [&](Client& who, std::chrono::hours ago) {
    return who.get("/api/v1/visits?date=" + format_rfc3339(shifted_now(-ago).utc, std::chrono::minutes(480)).substr(0, 10))
        .json()
        .at("visits")
        .as_array()
        .size();
  };
  CHECK(on(aide, std::chrono::hours(72)) == 1);
  CHECK(on(guard, std::chrono::hours(72)) == 0);
  CHECK(on(aide, std::chrono::hours(48)) == 0);
  CHECK(on(aide, std::chrono::hours(96)) == 0);
  for (const char* day : {"2026-02-31", "kemarin", "2026-01-01T00", "%27%20OR%201"})
    CHECK(aide.get("/api/v1/visits?date=" + std::string(day)).status == 400);
  post.core->run_sql("UPDATE visit SET closed_utc = NULL");
  CHECK(guard.get("/api/v1/visits/" + id).status == 200);
}

TEST_CASE("Pictures are kept by their hash when they are JPEGs, and nothing else is") {
  Post post;
  Client guard = signed_in(post, "sari");
  const auto upload = [&](const std::string& bytes, const std::string& type) {
    return guard.request("POST", "/api/v1/pictures", bytes, {"Content-Type: " + type});
  };
  const Answer made = upload(small_jpeg(), "image/jpeg");
  REQUIRE(made.status == 201);
  const Answer back = guard.get(made.text("url"));
  CHECK(back.body == small_jpeg());
  CHECK(back.header("content-type") == "image/jpeg");
  CHECK(upload(small_jpeg(), "image/jpeg").text("hash") == made.text("hash"));
  CHECK(upload("\x89PNG\r\n", "image/jpeg").status == 400);
  CHECK(upload(small_jpeg().substr(0, 40), "image/jpeg").status == 400);
  // A frame's header without a picture behind it.
  const std::string frame("\xff\xc0\x00\x0b\x08\x00\x30\x00\x40\x01\x01\x11\x00", 13);
  CHECK(upload("\xff\xd8" + frame + std::string(13, '\0') + "\xff\xd9", "image/jpeg").status == 400);
  CHECK(upload("\xff\xd8" + frame + std::string("\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x55\x55", 12) + "\xff\xd9",
               "image/jpeg")
            .status == 400);
  std::string huge = small_jpeg();  // the same few bytes said to be 8192 pixels a side
  huge.replace(huge.find(frame) + 5, 4, std::string("\x20\x00\x20\x00", 4));
  CHECK(upload(huge, "image/jpeg").status == 400);
  CHECK(upload(small_jpeg(), "text/html").status == 415);
  CHECK(upload(small_jpeg() + std::string(5 << 20, ' '), "image/jpeg").status == 413);
  CHECK(guard.post("/api/v1/pictures", R"({"camera":"cam-gate"})").text("hash") == made.text("hash"));
  CHECK(guard.post("/api/v1/pictures", R"({"camera":"none"})").status == 404);
  CHECK(guard.get("/api/v1/cameras/cam-gate/still.jpg").body == small_jpeg());
  CHECK(guard.get("/api/v1/pictures/" + std::string(64, '0') + ".jpg").status == 404);
  CHECK(guard.get("/api/v1/pictures/..%2f..%2fgapura.jpg").status == 404);
  post.camera.still = nullptr;
  CHECK(guard.get("/api/v1/cameras/cam-gate/still.jpg").status == 204);
  CHECK(guard.post("/api/v1/pictures", R"({"camera":"cam-gate"})").status == 503);
}

TEST_CASE("A camera's new view is accepted with a reason, and the camera learns it") {
  Post post;
  Client guard = signed_in(post, "sari");
  CHECK(guard.post("/api/v1/cameras/cam-gate/view", "{}").status == 400);
  CHECK(guard.post("/api/v1/cameras/none/view", R"({"reason":"aimed_anew"})").status == 404);
  CHECK(post.camera.views_accepted == 0);
  CHECK(guard.post("/api/v1/cameras/cam-gate/view", R"({"reason":"aimed_anew"})").status == 202);
  CHECK(post.camera.views_accepted == 1);
}

TEST_CASE("A portal is opened by hand with a reason, and an alarm is acknowledged") {
  Post post;
  Client guard = signed_in(post, "sari");
  CHECK(guard.post("/api/v1/points/gate.in/release", "{}").status == 400);
  const Answer released = guard.post("/api/v1/points/gate.in/release", R"({"reason":"kursi roda"})");
  CHECK(released.status == 202);
  CHECK(released.json().at("entry").is_int64());
  const auto number = std::to_string(post.core->append("alarm_raised"));
  post.core->run_sql("INSERT INTO alarm VALUES (" + number + ", 'held_open', 'high', 'gate', 1, NULL, NULL, 1, NULL, 0)");
  REQUIRE(guard.get("/api/v1/alarms").json().at("alarms").as_array().size() == 1);
  const Answer done = guard.post("/api/v1/alarms/" + number + "/acknowledge", R"({"handling":"handled"})");
  CHECK(done.text("acknowledged_by") == "sari");
  CHECK(guard.post("/api/v1/alarms/99999/acknowledge", R"({"handling":"handled"})").status == 404);
  CHECK(guard.post("/api/v1/alarms/1x/acknowledge", R"({"handling":"handled"})").status == 404);
}

TEST_CASE("The journal says which alarms chatter, which stand too long, and how many there are") {
  Post post;
  Client aide = signed_in(post, "budi");
  for (int i = 0; i < 4; ++i) post.core->append("alarm_raised", R"({"kind":"held_open"})");
  post.core->append("alarm_raised", R"({"kind":"forced_open"})");
  post.core->append("alarm_raised", R"({"kind":"panic","silent":true})");
  post.core->run_sql(
      "INSERT INTO alarm SELECT number, 'held_open', 'medium', 'gate', 1, NULL, NULL, utc - 90000000, NULL, 0 "
      "FROM entry WHERE type = 'alarm_raised' LIMIT 1");
  const auto report = aide.get("/api/v1/alarms/report").json();
  CHECK(report.at("rate").at("day").as_int64() == 6);
  CHECK(report.at("rate").at("worst_10_minutes").as_int64() == 6);
  REQUIRE(report.at("chattering").as_array().size() == 1);
  CHECK(report.at("chattering").at(0).at("kind").as_string() == "held_open");
  CHECK(report.at("chattering").at(0).at("times").as_int64() == 2);  // the third and the fourth within a minute
  CHECK(report.at("stale").as_array().size() == 1);
  CHECK(signed_in(post, "sari").get("/api/v1/alarms/report").json().at("rate").at("day").as_int64() == 5);
}

TEST_CASE("The state of the post is one answer, and readiness follows the core") {
  Post post;
  Client aide = signed_in(post, "budi");
  const auto status = aide.get("/api/v1/status").json();
  CHECK(status.at("granting").as_bool());
  CHECK(status.at("devices").as_array().at(0).at("stats").at("fps").as_double() == 25.0);
  const auto portal = status.at("portals").as_array().at(0).as_object();
  CHECK(portal.at("contact").as_string() == "unknown");
  CHECK(portal.at("points").as_array().at(0).at("id").as_string() == "gate.in");
  CHECK(portal.at("points").as_array().at(0).at("device").as_string() == "cam-gate");  // that reads for its reader
  CHECK(status.at("journal").at("entries").as_int64() == 1);
  CHECK(aide.get("/healthz").status == 200);
  CHECK(aide.get("/readyz").status == 200);
  auto stopped = std::make_shared<SiteView>();
  stopped->why_not = {"The disk failed."};
  post.view = stopped;
  const Answer not_ready = aide.get("/readyz");
  CHECK(not_ready.status == 503);
  CHECK(not_ready.body == "not ready\n");  // a stranger need not know why
  CHECK(boost::json::serialize(aide.get("/api/v1/status").json().at("why_not")).find("The disk failed.") !=
        std::string::npos);
  CHECK(aide.get("/metrics").body.find("gapura_granting 0\n") != std::string::npos);
}

TEST_CASE("Times in bodies may be short, and must be times") {
  const auto utc = [](const char* text) {
    const auto time = parse_time(text);
    return time ? format_rfc3339(*time, std::chrono::minutes(0)) : std::string("none");
  };
  CHECK(utc("2026-01-31T08:15:02.123+07:00") == "2026-01-31T01:15:02.123+00:00");
  CHECK(utc("2026-01-31T08:15:02.1Z") == "2026-01-31T08:15:02.100+00:00");
  CHECK(utc("2026-01-31T08:15:02Z") == "2026-01-31T08:15:02.000+00:00");
  CHECK(utc("2026-01-31T08:15-01:30") == "2026-01-31T09:45:00.000+00:00");
  for (const char* bad : {"", "2026-01-31", "2026-01-31T08:15", "2026-02-30T08:15Z", "2026-01-31T24:15Z",
                          "2026-01-31T08:60Z", "2026-01-31 08:15Z", "2026-01-31T08:15+0700", "2026-01-31T08:15:0xZ",
                          "2026-01-31T08:15:5Z", "2026-01-31T08:15:02.1234Z", "2026-01-31T08:15ZZ"})
    CHECK(utc(bad) == "none");
}

namespace {

struct NumbersAndMinutes {
  std::vector<std::int64_t> numbers;
  Maybe<Whole<1440>> minutes;
  GAPURA_FIELDS(numbers, minutes);
};

}  // namespace

TEST_CASE("A list in a body has at most 500 members, each checked") {
  const Shape shape = body<NumbersAndMinutes>();
  CHECK(read_body(shape, R"({"numbers":[1,2],"minutes":1440})").at("numbers").as_array().size() == 2);
  CHECK_THROWS_AS(read_body(shape, R"({"numbers":[1,"2"]})"), Problem);
  CHECK_THROWS_AS(read_body(shape, R"({"numbers":3})"), Problem);
  CHECK_THROWS_AS(read_body(shape, R"({"numbers":[],"minutes":1441})"), Problem);
  CHECK_THROWS_AS(read_body(shape, R"({"numbers":[],"minutes":-1})"), Problem);
  std::string many = "0";
  for (int i = 0; i < 500; ++i) many += ",0";
  CHECK_THROWS_AS(read_body(shape, "{\"numbers\":[" + many + "]}"), Problem);
}

TEST_CASE("What the database could not do is answered without the statement's text") {
  Post post;
  Client guard = signed_in(post, "sari");
  post.core->run_sql("ALTER TABLE deposit RENAME TO deposit_elsewhere");
  const Answer failed = guard.get("/api/v1/deposits");
  CHECK(failed.status == 500);
  for (const char* word : {"FROM", "WHERE", "JOIN", "d.state", "LIMIT"}) {
    INFO(word << ": " << failed.body);
    CHECK(failed.body.find(word) == std::string::npos);
  }
}
