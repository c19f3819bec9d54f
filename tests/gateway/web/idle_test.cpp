// SPDX-License-Identifier: Apache-2.0
// Thirty idle minutes on a device with a PIN: what continues, what asks for the PIN, and what ends all the same.
#include <catch2/catch.hpp>
#include <regex>
#include <set>

#include "gateway/web/api/router.h"
#include "gateway/web/client.h"
#include "gateway/web/real_post.h"
#include "support/wait_until.h"

using namespace gapura;
using namespace gapura::test;
using namespace std::chrono_literals;

namespace {

const std::string pin = "493817";
const std::string a_guest =
    R"({"name":"Tamu Contoh 01","purpose":"rapat","whom":"Sekretaris","category":"special","phone":"0800-000-001"})";

std::string pin_body(const std::string& digits) { return R"({"pin":")" + digits + "\"}"; }
Answer set_pin(Client& who, const std::string& digits = pin) { return who.post("/api/v1/session/pin", pin_body(digits)); }
Answer prove(Client& who, const std::string& digits = pin) { return who.post("/api/v1/session/proof", pin_body(digits)); }
Client enrolled(const Served& post, const std::string& name) {
  Client client = signed_in(post, name);
  const Answer set = set_pin(client);
  INFO(set.body);
  REQUIRE(set.status == 204);
  return client;
}
bool is_view_only(Client& who) { return who.get("/api/v1/session").json().at("view_only").get_bool(); }
std::size_t entries(Client& who, const std::string& type) {
  return who.get("/api/v1/events?limit=500&type=" + type).json().at("events").as_array().size();
}

// Besides reading: calling for help, the proof itself, signing out, and what the aide's phone says without a person.
const std::set<std::string> stays_open{"POST /panic", "POST /session/proof", "DELETE /session",
                                       "POST /visits/{id}/receipt"};

std::string made_up(std::string pattern) {
  pattern = std::regex_replace(pattern, std::regex("\\{hash\\}"), std::string(64, 'a'));
  return std::regex_replace(pattern, std::regex("\\{[a-z]+\\}"), "404");
}

// Every route of the account's role. With `view_only` what looks and what stays open answers as always and everything else
// asks for the PIN; otherwise the session has ended.
void ask_every_route(Client& who, const std::string& role, bool view_only) {
  for (const Route& route : routes()) {
    const std::string_view gives = route.answer.media;
    const bool has_no_end = gives == "text/event-stream" || gives == "multipart/x-mixed-replace";
    if (!(route.roles & role_mask(find_word<Role>(role).value())) || has_no_end) continue;
    if (std::string_view(route.method) == "DELETE") continue;  // would end the session: asked by itself
    const std::string name = std::string(route.method) + ' ' + route.pattern;
    INFO(role << ' ' << name);
    const bool looks = route.method == std::string_view("GET");
    const std::string path = "/api/v1" + made_up(route.pattern);
    const Answer answer = looks ? who.get(path) : who.post(path, "{");
    if (!view_only) {
      CHECK(answer.status == 401);
    } else if (looks || stays_open.contains(name)) {
      CHECK(answer.status != 401);
      CHECK(problem(answer) != "proof_required");
      CHECK(answer.header("x-gapura-view-only") == "1");
    } else {
      CHECK(answer.status == 403);
      CHECK(problem(answer) == "proof_required");
    }
  }
}

}  // namespace

TEST_CASE("After thirty idle minutes a guard or an aide on duty with a PIN is view only, any other is signed out") {
  struct Row {
    const char *name, *role;
    bool pin, on_duty, view_only;
  };
  const Row row = GENERATE(Row{"sari", "guard", true, false, true}, Row{"sari", "guard", false, false, false},
                           Row{"budi", "aide", true, true, true}, Row{"budi", "aide", true, false, false},
                           Row{"budi", "aide", false, true, false}, Row{"budi", "aide", false, false, false},
                           Row{"wayan", "admin", true, false, false}, Row{"wayan", "admin", false, false, false});
  INFO(row.role << (row.pin ? ", PIN" : "") << (row.on_duty ? ", on duty" : ""));
  RealPost post;
  Client who = signed_in(post, row.name);
  if (row.pin) CHECK(set_pin(who).status == (std::string(row.role) == "admin" ? 403 : 204));
  if (row.on_duty) REQUIRE(who.post("/api/v1/duty/take", "{}").status == 200);
  post.later(31min);
  ask_every_route(who, row.role, row.view_only);
  const Answer out = who.request("DELETE", "/api/v1/session", "", {});
  CHECK(out.status == (row.view_only ? 204 : 401));
  CHECK(who.get("/api/v1/session").status == 401);
}

TEST_CASE("The second aide is view only as well") {
  RealPost post;
  Client who = enrolled(post, "budi");
  REQUIRE(who.post("/api/v1/duty/take", R"({"second":true})").status == 200);
  post.later(31min);
  CHECK(is_view_only(who));
}

TEST_CASE("The route table says what stays open, and so does openapi.json") {
  RealPost post;
  std::set<std::string> open;
  const auto document = Client(post).get("/api/v1/openapi.json").json();
  for (const auto& [path, operations] : document.at("paths").as_object())
    for (const auto& [method, operation] : operations.as_object()) {
      std::string upper(method);
      for (char& c : upper) c = static_cast<char>(std::toupper(c));
      const auto* marked = operation.as_object().if_contains("x-view-only");
      const std::string pattern = std::string(path).substr(std::string("/api/v1").size());
      const Match match = find_route(upper, made_up(pattern));
      REQUIRE(match.route);
      if (match.route->roles == nobody) continue;
      REQUIRE(marked);
      if (marked->as_bool() && upper != "GET") open.insert(upper + ' ' + pattern);
      if (upper == "GET") CHECK(marked->as_bool());
    }
  CHECK(open == stays_open);
}

TEST_CASE("A right PIN makes the session fresh again, and the act is done") {
  RealPost post;
  Client guard = enrolled(post, "sari");
  CHECK(guard.get("/api/v1/session").json().at("pin").as_bool());
  CHECK_FALSE(is_view_only(guard));
  post.later(31min);
  CHECK(is_view_only(guard));
  const Answer refused = guard.post("/api/v1/visits", a_guest);
  CHECK(refused.status == 403);
  CHECK(problem(refused) == "proof_required");
  CHECK(guard.get("/api/v1/visits").json().at("visits").as_array().empty());
  const Answer wrong = prove(guard, "493818");
  CHECK(wrong.status == 403);
  CHECK(problem(wrong) == "wrong_pin");
  CHECK(is_view_only(guard));
  CHECK(prove(guard).status == 204);
  CHECK_FALSE(is_view_only(guard));
  CHECK(guard.post("/api/v1/visits", a_guest).status == 201);
  post.later(29min);
  CHECK_FALSE(is_view_only(guard));
}

TEST_CASE("Calling for help needs no PIN, loud or silent") {
  RealPost post;
  Client guard = enrolled(post, "sari"), admin = signed_in(post, "wayan");
  post.later(31min);
  CHECK(guard.post("/api/v1/panic", R"({"where":"pos"})").status == 202);
  CHECK(guard.post("/api/v1/panic", R"({"where":"sari","silent":true})").status == 202);
  CHECK(is_view_only(guard));
  admin = signed_in(post, "wayan");
  std::size_t calls = 0;
  const auto alarms = admin.get("/api/v1/alarms").json();
  for (const auto& alarm : alarms.at("alarms").as_array()) calls += alarm.at("kind").as_string() == "panic";
  CHECK(calls == 2);
}

TEST_CASE("Looking, also by hand, and what a device says by itself make nothing fresh") {
  RealPost post;
  Client aide = enrolled(post, "budi"), guard = signed_in(post, "sari");
  REQUIRE(aide.post("/api/v1/duty/take", "{}").status == 200);
  const std::string path = "/api/v1/visits/" + guard.post("/api/v1/visits", a_guest).text("id");
  post.later(31min);
  guard = signed_in(post, "sari");
  REQUIRE(guard.post(path + "/ask", "{}").status == 200);
  CHECK(aide.get("/api/v1/visits").json().at("visits").as_array().size() == 1);
  CHECK(aide.post(path + "/receipt", R"({"seen":false})").text("approval") == "delivered");
  CHECK(problem(aide.post(path + "/decision", R"({"decision":"accept_now","version":1})")) == "proof_required");
  CHECK(prove(aide).status == 204);
  // A phone that is on the table answers every question, and is idle all the same.
  post.later(20min);
  CHECK(aide.post(path + "/receipt", R"({"seen":false})", {"X-Gapura-Background: 1"}).status == 200);
  post.later(11min);
  CHECK(is_view_only(aide));
  CHECK(prove(aide).status == 204);
  CHECK(aide.post(path + "/decision", R"({"decision":"accept_now","version":1})").text("approval") == "accepted");
}

TEST_CASE("Five wrong PINs end the session, and the journal says so") {
  RealPost post;
  Client guard = enrolled(post, "sari");
  post.later(31min);
  int asked_to_wait = 0;
  const auto wrong = [&] {
    Answer answer = prove(guard, "000111");
    while (answer.status == 429) {
      ++asked_to_wait;
      CHECK(answer.header("retry-after") == "10");
      post.later(10s);
      answer = prove(guard, "000111");
    }
    return answer;
  };
  for (int i = 0; i < 4; ++i) {
    CHECK(problem(wrong()) == "wrong_pin");
    CHECK(is_view_only(guard));
  }
  CHECK(asked_to_wait > 0);
  CHECK(wrong().status == 401);
  CHECK(guard.get("/api/v1/session").status == 401);
  CHECK(prove(guard).status == 401);
  Client admin = signed_in(post, "wayan");
  CHECK(entries(admin, "pin_failed") == 1);
  // The password opens a session on the same device, with the PIN that it has.
  REQUIRE(guard.login("sari").status == 200);
  post.later(31min);
  CHECK(prove(guard).status == 204);
}

TEST_CASE("Wrong PINs before a right one do not count against the next time") {
  RealPost post;
  Client guard = enrolled(post, "sari");
  for (int round = 0; round < 2; ++round) {
    post.later(31min);
    for (int i = 0; i < 3; ++i) CHECK(problem(prove(guard, "000111")) == "wrong_pin");
    post.later(10s);
    CHECK(prove(guard).status == 204);
  }
}

TEST_CASE("A PIN is set within five minutes of the password, of six to twelve digits that are not the first to be tried") {
  RealPost post;
  Client guard = signed_in(post, "sari");
  for (const char* bad : {"12345", "1234567890123", "12345a", "", "123456", "654321", "000000", "121212", "123123",
                          "890123", "112233", "17081945", "444555", "159753"}) {
    INFO(bad);
    CHECK(set_pin(guard, bad).status == 400);
  }
  CHECK(guard.get("/api/v1/session").json().at("pin_settable").as_bool());
  post.later(4min);
  for (const char* good : {"493817", "70415592", "802467135099"}) CHECK(set_pin(guard, good).status == 204);
  post.later(2min);
  const Answer late = set_pin(guard);
  CHECK(late.status == 403);
  CHECK(problem(late) == "not_permitted");
  CHECK_FALSE(guard.get("/api/v1/session").json().at("pin_settable").as_bool());
  Client admin = signed_in(post, "wayan");
  CHECK(entries(admin, "pin_set") == 3);
  CHECK(set_pin(admin).status == 403);
  post.later(31min);
  CHECK(prove(guard, "493817").status == 403);
  CHECK(prove(guard, "802467135099").status == 204);  // the last one counts
}

TEST_CASE("A PIN counts on its device alone, and the database does not have it") {
  RealPost post;
  Client guard = enrolled(post, "sari"), elsewhere = signed_in(post, "sari");
  const auto rows = Database::open_reader(post.folder + "/gapura.db");
  REQUIRE(rows);
  auto row = rows->prepare("SELECT device, pin_hash FROM device_pin WHERE user = 'u-sari'");
  REQUIRE(row);
  REQUIRE(row->step().value());
  CHECK(row->text(1).starts_with("$argon2id$"));
  CHECK(row->text(0).find(guard.cookies["__Host-pin"]) == std::string::npos);
  CHECK(row->text(0).size() == 64);
  row->reset();
  Client copied(post);  // the session's cookie without the device's
  copied.cookies["__Host-sid"] = guard.cookies["__Host-sid"];
  post.later(31min);
  CHECK(elsewhere.get("/api/v1/visits").status == 401);
  CHECK(prove(copied).status == 403);
  CHECK(is_view_only(guard));
}

TEST_CASE("A monitor that two guards share keeps a PIN for each, over signing out and in again") {
  RealPost post;
  Client monitor = enrolled(post, "sari");
  REQUIRE(monitor.request("DELETE", "/api/v1/session", "", {}).status == 204);
  REQUIRE(monitor.login("made").status == 200);
  CHECK_FALSE(monitor.get("/api/v1/session").json().at("pin").as_bool());
  REQUIRE(set_pin(monitor, "208846").status == 204);
  REQUIRE(monitor.request("DELETE", "/api/v1/session", "", {}).status == 204);
  REQUIRE(monitor.login("sari").status == 200);
  CHECK(monitor.get("/api/v1/session").json().at("pin").as_bool());
  post.later(31min);
  CHECK(prove(monitor, "208846").status == 403);
  CHECK(prove(monitor).status == 204);
}

TEST_CASE("A session on a device with a PIN ends after twelve hours, by signing out, and with its account or PIN") {
  RealPost post;
  Client guard = enrolled(post, "sari"), admin = signed_in(post, "wayan");
  SECTION("twelve hours") { post.later(12h + 1min); }
  SECTION("a new password") { REQUIRE(admin.post("/api/v1/users/u-sari/password", "{}").status == 200); }
  SECTION("disabled") { REQUIRE(admin.post("/api/v1/users/u-sari/disable", "{}").status == 200); }
  SECTION("an admin ends the account's PINs") {
    REQUIRE(admin.post("/api/v1/users/u-sari/pins/end", "{}").status == 200);
    CHECK(entries(admin, "pin_removed") == 1);
    CHECK(admin.post("/api/v1/users/u-sari/pins/end", "{}").status == 409);
    CHECK(admin.post("/api/v1/users/u-404/pins/end", "{}").status == 404);
    CHECK(guard.get("/api/v1/visits").status == 200);  // fresh, as any session
    post.later(31min);
  }
  CHECK(guard.get("/api/v1/visits").status == 401);
}

TEST_CASE("After a new password the old PIN is nothing") {
  RealPost post;
  Client guard = enrolled(post, "sari"), admin = signed_in(post, "wayan");
  const std::string password = admin.post("/api/v1/users/u-sari/password", "{}").text("password");
  REQUIRE(guard.login("sari", password).status == 200);
  CHECK_FALSE(guard.get("/api/v1/session").json().at("pin").as_bool());
  post.later(31min);
  CHECK(guard.get("/api/v1/visits").status == 401);
}

TEST_CASE("A sign-in removes ended sessions and leaves those that are view only") {
  RealPost post;
  Client guard = enrolled(post, "sari");
  post.later(31min);
  Client other = signed_in(post, "made");
  CHECK(is_view_only(guard));
}

TEST_CASE("The event stream continues in a view-only session, and ends with the aide's duty") {
  RealPost post;
  Client who = enrolled(post, "budi");
  REQUIRE(who.post("/api/v1/duty/take", "{}").status == 200);
  RawClient live(post.port());
  live.send("GET /api/v1/events/stream?after=-1 HTTP/1.1\r\nHost: localhost\r\nCookie: __Host-sid=" +
            who.cookies["__Host-sid"] + "\r\n\r\n");
  REQUIRE(live.read_until(": hello\n\n"));
  post.later(31min);
  Client guard = signed_in(post, "made");
  REQUIRE(live.read_until("u-made"));
  RawClient later(post.port());  // a page that is loaded again
  later.send("GET /api/v1/events/stream HTTP/1.1\r\nHost: localhost\r\nCookie: __Host-sid=" + who.cookies["__Host-sid"] +
             "\r\n\r\n");
  REQUIRE(later.read_until(": hello\n\n"));
  Client admin = signed_in(post, "wayan");
  REQUIRE(admin.post("/api/v1/users", R"({"name":"citra","role":"aide","password":")" + good_password + "\"}").status ==
          201);
  REQUIRE(admin.post("/api/v1/duty/take", R"({"user":"citra"})").status == 200);
  CHECK(live.closed_within(patience));
  CHECK(later.closed_within(patience));
  CHECK(who.get("/api/v1/visits").status == 401);
}
