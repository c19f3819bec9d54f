// SPDX-License-Identifier: Apache-2.0
// What an aide may read and decide, by duty.
#include <algorithm>
#include <catch2/catch.hpp>
#include <regex>

#include "gateway/web/api/router.h"
#include "gateway/web/client.h"
#include "gateway/web/real_post.h"
#include "support/wait_until.h"

using namespace gapura;
using namespace gapura::test;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

const std::string accept = R"({"decision":"accept_now","version":1})";

// A guest waits; budi is on duty, citra and dewi are not.
struct Roster {
  RealPost post;
  Client guard = signed_in(post, "sari"), admin = signed_in(post, "wayan"), budi = signed_in(post, "budi"),
         citra = aide("citra"), dewi = aide("dewi");
  std::string id = guest("01"), path = "/api/v1/visits/" + id;

  Client aide(const std::string& name) {
    const Answer made =
        admin.post("/api/v1/users", R"({"name":")" + name + R"(","role":"aide","password":")" + good_password + "\"}");
    REQUIRE(made.status == 201);
    return signed_in(post, name);
  }
  std::string guest(const std::string& number) {
    const Answer visit = guard.post("/api/v1/visits", R"({"name":"Tamu Contoh )" + number + R"(","purpose":"urusan )" +
                                                          number + R"(","whom":"Sekretaris","category":"special"})");
    REQUIRE(visit.status == 201);
    REQUIRE(guard.post("/api/v1/visits/" + visit.text("id") + "/ask", "{}").status == 200);
    return visit.text("id");
  }
  void take(Client& who, const std::string& body = "{}") {
    const Answer answer = who.post("/api/v1/duty/take", body);
    INFO(answer.body);
    REQUIRE(answer.status == 200);
  }
};

std::size_t visits(Client& who, const std::string& query = "") {
  return who.get("/api/v1/visits" + query).json().at("visits").as_array().size();
}

}  // namespace

TEST_CASE("An aide who is not on duty decides no guest, and the answer says what to do") {
  Roster it;
  it.take(it.budi);
  const Answer refused = it.citra.post(it.path + "/decision", accept);
  CHECK(refused.status == 403);
  CHECK(problem(refused) == "not_on_duty");
  CHECK(refused.text("detail").find("Take the duty over") != std::string::npos);
  CHECK(it.guard.get(it.path).json().at("approval").as_string() == "sent");
  CHECK(it.budi.post(it.path + "/decision", accept).text("approval") == "accepted");
}

TEST_CASE("Every route of one guest is closed to an aide who is not on duty, and open to the one who is") {
  Roster it;
  it.take(it.budi);
  int asked = 0;
  for (const Route& route : routes()) {
    const std::string_view pattern = route.pattern;
    if (!pattern.starts_with("/visits/{id}") || !(route.roles & aide)) continue;
    INFO(route.method << ' ' << pattern);
    ++asked;
    const std::string path = "/api/v1" + std::regex_replace(std::string(pattern), std::regex("\\{id\\}"), it.id);
    const auto ask = [&](Client& who) {
      return route.method == std::string_view("GET") ? who.get(path) : who.post(path, "{");
    };
    const Answer refused = ask(it.citra);
    CHECK(refused.status == 403);
    CHECK(problem(refused) == "not_on_duty");
    CHECK(ask(it.budi).status != 403);
  }
  CHECK(asked >= 10);
}

TEST_CASE("An aide who is not on duty reads nothing of guests in lists, events and pictures; the roll call stays") {
  Roster it;
  it.take(it.budi);
  REQUIRE(it.guard.post("/api/v1/visits", R"({"name":"Tamu Contoh 02","category":"special","quick":true})").status == 201);
  REQUIRE(it.budi.post(it.path + "/decision", R"({"decision":"ask","reason":"dari mana?","version":1})").status == 200);
  REQUIRE(it.guard.post(it.path + "/answer", R"({"answer":"dari kabupaten"})").status == 200);
  REQUIRE(it.budi.post(it.path + "/decision", R"({"decision":"accept_now","version":3})").status == 200);
  REQUIRE(it.guard.post(it.path + "/badge", "{}").status == 201);
  REQUIRE(it.guard.post(it.path + "/deposits", R"({"what":"tas hitam","tag":"7"})").status == 201);
  std::string face = small_jpeg();
  const auto hash = it.guard.request("POST", "/api/v1/pictures", face, {"Content-Type: image/jpeg"}).text("hash");
  REQUIRE(it.guard.post(it.path + "/portrait", R"({"portrait":")" + hash + "\"}").status == 200);

  const std::string today = format_rfc3339(it.post.now().utc, 480min).substr(0, 10);
  const auto reads = [&](Client& who) {
    std::string all;
    for (const char* path : {"/visits", "/visits?state=all", "/visits/debts", "/badges", "/badges?state=all", "/deposits",
                             "/events?limit=500", "/events?type=visit_registered"})
      all += who.get("/api/v1" + std::string(path)).body;
    all += who.get("/api/v1/visits?state=all&date=" + today).body;
    all += who.get("/api/v1/events?limit=500&visit=" + it.id).body;
    all += who.get("/api/v1/deposits?visit=" + it.id).body;
    const auto badge = it.guard.get("/api/v1/badges").json().at("badges").as_array().at(0).at("id").as_string();
    return all + who.get("/api/v1/badges/" + std::string(badge)).body;
  };
  const std::vector<std::string> personal{"Tamu Contoh", "urusan 01", "dari mana?", "dari kabupaten", "tas hitam", hash};
  const std::string on_duty = reads(it.budi), off_duty = reads(it.citra);
  for (const std::string& words : personal) {
    INFO(words);
    CHECK(on_duty.find(words) != std::string::npos);
    CHECK(off_duty.find(words) == std::string::npos);
  }
  CHECK(off_duty.find("approval_decided") != std::string::npos);  // that something happened is no secret
  CHECK(visits(it.citra) == 0);
  CHECK(visits(it.budi) == 2);
  const std::string picture = "/api/v1/pictures/" + hash + ".jpg";
  CHECK(it.budi.get(picture).status == 200);
  CHECK(problem(it.citra.get(picture)) == "not_on_duty");
  CHECK(it.budi.get("/api/v1/cameras/cam/still.jpg").status == 200);
  CHECK(problem(it.citra.get("/api/v1/cameras/cam/still.jpg")) == "not_on_duty");
  CHECK(problem(it.citra.get("/api/v1/cameras/cam/live.mjpeg")) == "not_on_duty");
  CHECK(it.citra.get("/api/v1/muster").status == 200);
  CHECK(it.citra.get("/api/v1/duty").status == 200);
  CHECK(it.citra.post("/api/v1/panic", R"({"where":"rumah"})").status == 202);
}

TEST_CASE("The live stream reports to an aide who is not on duty that something happened, without people's words") {
  Roster it;
  it.take(it.budi);
  const auto stream = [&](Client& who, const std::string& after) {
    RawClient live(it.post.port());
    live.send("GET /api/v1/events/stream" + after +
              " HTTP/1.1\r\nHost: localhost\r\nCookie: __Host-sid=" + who.cookies["__Host-sid"] + "\r\n\r\n");
    REQUIRE(live.read_until(": hello\n\n"));
    return live;
  };
  // From the beginning, so that both have what is sent live now and what was sent before.
  auto off = stream(it.citra, "?after=-1"), on = stream(it.budi, "?after=-1");
  REQUIRE(off.read_until("approval_asked"));
  REQUIRE(it.budi.post(it.path + "/decision", R"({"decision":"decline","reason":"alasan contoh","version":1})").status ==
          200);
  REQUIRE(on.read_until("alasan contoh"));
  REQUIRE(off.read_until("approval_decided"));
  it.take(it.citra, R"({"over":true})");
  REQUIRE(off.read_until("duty_changed\",\"point\":null,\"actor\":\"citra"));
  CHECK(off.received.find("alasan contoh") == std::string::npos);
  const std::string next = it.guest("03");
  REQUIRE(it.guard.post("/api/v1/visits/" + next + "/withdraw", R"({"reason":"tamu pulang"})").status == 200);
  CHECK(off.read_until("tamu pulang"));
}

TEST_CASE("Taking the duty over is one act, in the journal, and changes sides at once") {
  Roster it;
  it.take(it.budi);
  CHECK(it.citra.post("/api/v1/duty/take", "{}").status == 409);  // not by accident
  it.take(it.citra, R"({"over":true})");
  const auto events = it.admin.get("/api/v1/events?type=duty_changed").json().at("events").as_array();
  CHECK(events.back().at("data").at("why").as_string() == "taken_over");
  CHECK(events.back().at("actor").as_string() == "citra");
  CHECK(visits(it.citra) == 1);
  CHECK(visits(it.budi) == 0);
  CHECK(problem(it.budi.post(it.path + "/decision", accept)) == "not_on_duty");
  CHECK(it.citra.post(it.path + "/decision", accept).text("approval") == "accepted");
}

TEST_CASE("While no aide is on duty the question is every aide's, as the post asks them all") {
  Roster it;
  CHECK(visits(it.budi) == 1);
  CHECK(visits(it.citra) == 1);
  CHECK(it.dewi.post(it.path + "/decision", accept).text("approval") == "accepted");
}

TEST_CASE("The second aide reads, decides what is put to them, and nothing that is put to another") {
  Roster it;
  it.take(it.budi);
  it.take(it.citra, R"({"second":true})");
  CHECK(visits(it.citra) == 1);
  CHECK(it.citra.get(it.path).status == 200);
  CHECK(problem(it.citra.post(it.path + "/decision", accept)) == "not_on_duty");
  CHECK(it.citra.post(it.path + "/receipt", R"({"seen":true})").text("approval") == "sent");  // not theirs to receive
  it.post.later(6min);
  const auto escalated = [&] {
    // A question to the core lets its clock be looked at.
    it.guard.post("/api/v1/post", R"({"attended":true})");
    return !it.guard.get(it.path).json().at("second_aide").is_null();
  };
  REQUIRE(tests::wait_until(escalated));
  CHECK(problem(it.dewi.post(it.path + "/decision", accept)) == "not_on_duty");
  CHECK(visits(it.dewi) == 0);
  CHECK(it.citra.post(it.path + "/decision", accept).text("approval") == "accepted");
}

TEST_CASE("Without a second on the roster the one whom the post asks next reads and decides that guest alone") {
  Roster it;
  it.take(it.budi);
  it.post.later(6min);
  const auto escalated = [&] {
    it.guard.post("/api/v1/post", R"({"attended":true})");
    return !it.guard.get(it.path).json().at("second_aide").is_null();
  };
  REQUIRE(tests::wait_until(escalated));
  CHECK(it.guard.get(it.path).json().at("second_aide").at("name").as_string() == "citra");
  const std::string other = "/api/v1/visits/" + it.guest("04");
  CHECK(visits(it.citra) == 1);
  CHECK(it.citra.get(other).status == 403);
  CHECK(it.citra.post(it.path + "/decision", accept).text("approval") == "accepted");
}

TEST_CASE("An aide takes back an own decision also after the duty; another's only on duty") {
  Roster it;
  it.take(it.budi);
  REQUIRE(it.budi.post(it.path + "/decision", accept).status == 200);
  const auto decided = it.admin.get("/api/v1/events?type=approval_decided").json().at("events").as_array();
  const std::string undo = "/api/v1/events/" + std::to_string(decided.back().at("number").as_int64()) + "/undo";
  CHECK(problem(it.citra.post(undo, "{}")) == "not_on_duty");
  it.take(it.citra, R"({"over":true})");
  CHECK(it.budi.post(undo, "{}").status == 200);
}

TEST_CASE("An aide invites a guest also while not on duty, and reads that one") {
  Roster it;
  it.take(it.budi);
  const auto at = [&](std::chrono::minutes from_now) { return format_rfc3339(it.post.now().utc + from_now, 480min); };
  const Answer plan = it.citra.post(
      "/api/v1/visits/plan", R"({"name":"Tamu Contoh 05","purpose":"undangan","whom":"Sekretaris","category":"special",)"
                             R"("from":")" +
                                 at(60min) + R"(","until":")" + at(120min) + "\"}");
  REQUIRE(plan.status == 201);
  CHECK(visits(it.citra) == 1);
  CHECK(it.citra.get("/api/v1/visits/" + plan.text("id")).status == 200);
  CHECK(it.dewi.get("/api/v1/visits/" + plan.text("id")).status == 403);
}

TEST_CASE("A plan of an aide who is off duty joins and changes no visit that is put to another") {
  Roster it;
  it.take(it.budi);
  const auto at = [&](std::chrono::minutes from_now) { return format_rfc3339(it.post.now().utc + from_now, 480min); };
  const auto plan = [&](Client& who, const std::string& purpose) {
    return who.post("/api/v1/visits/plan", R"({"name":"Tamu Contoh 06","phone":"081234529006","purpose":")" + purpose +
                                               R"(","whom":"Sekretaris","category":"special","from":")" + at(60min) +
                                               R"(","until":")" + at(120min) + "\"}");
  };
  const bool here = GENERATE(true, false);
  std::string id;
  if (here) {
    const Answer visit = it.guard.post(
        "/api/v1/visits",
        R"({"name":"Tamu Contoh 06","phone":"081234529006","purpose":"rahasia","whom":"Sekretaris","category":"special"})");
    REQUIRE(visit.status == 201);
    id = visit.text("id");
  } else {
    const Answer visit = plan(it.budi, "rahasia");
    REQUIRE(visit.status == 201);
    id = visit.text("id");
  }
  const Answer refused = plan(it.citra, "lain");
  CHECK(refused.status == 403);
  CHECK(problem(refused) == "not_on_duty");
  const Answer listed =
      it.citra.post("/api/v1/visits/import",
                    "name,phone,institution,purpose,whom,category,from,until\nTamu Contoh 06,081234529006,,lain,"
                    "Sekretaris,special," +
                        at(60min).substr(0, 16) + "," + at(120min).substr(0, 16) + "\n");
  INFO(listed.body);
  CHECK(listed.status == 403);
  CHECK(it.citra.get("/api/v1/visits/" + id).status == 403);
  CHECK(it.guard.get("/api/v1/visits/" + id).text("purpose") == "rahasia");
  CHECK(plan(it.budi, "rahasia").status == 201);
}

TEST_CASE("Live pictures end for an aide whose duty was taken over, and not for the one who took it") {
  Roster it;
  it.take(it.budi);
  const auto look = [&](Client& who) {
    RawClient raw(it.post.port(), "127.0.0.1");
    raw.send("GET /api/v1/cameras/cam-gate/live.mjpeg HTTP/1.1\r\nHost: localhost\r\nCookie: __Host-sid=" +
             who.cookies["__Host-sid"] + "\r\n\r\n");
    REQUIRE(raw.read_until("\r\n\r\n"));
    REQUIRE(raw.received.find("HTTP/1.1 200") == 0);
    return raw;
  };
  RawClient before = look(it.budi);
  it.take(it.citra, R"({"over":true})");
  RawClient after = look(it.citra);
  CHECK(WebPace().session_check <= 15s);
  CHECK(before.closed_within(patience));
  CHECK_FALSE(after.closed_within(300ms));
}
