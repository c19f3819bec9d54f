// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "gateway/settings/setup_code.h"
#include "gateway/web/client.h"
#include "gateway/web/http/passwords.h"
#include "models/base/sha256.h"

using namespace gapura;
using namespace gapura::test;

TEST_CASE("A guard signs in over TLS and is known afterwards") {
  Post post;
  Client guard(post);
  CHECK(guard.get("/api/v1/session").status == 401);
  const Answer login = guard.login("sari");
  REQUIRE(login.status == 200);
  CHECK(login.json().at("user").at("role").get_string() == "guard");
  const Answer me = guard.get("/api/v1/session");
  REQUIRE(me.status == 200);
  CHECK(me.json().at("user").at("name").get_string() == "sari");
  CHECK(me.json().at("site").at("id").get_string() == "uji");
}

TEST_CASE("The session's cookie cannot be read by scripts, sent by other sites or found in the database") {
  Post post;
  Client guard(post);
  const Answer login = guard.login("sari");
  std::string sid;
  for (auto [it, end] = login.headers.equal_range("set-cookie"); it != end; ++it)
    if (it->second.starts_with("__Host-sid=")) sid = it->second;
  for (const char* attribute : {"; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict"})
    CHECK(sid.find(attribute) != std::string::npos);
  CHECK(sid.find("Domain") == std::string::npos);
  const std::string secret = guard.cookies["__Host-sid"];
  CHECK(secret.size() == 43);  // 256 bits
  CHECK(post.core->one_text("SELECT hash FROM session") == sha256_hex(secret));
}

TEST_CASE("An unknown name and a wrong password get the same answer") {
  Post post;
  Client stranger(post);
  const Answer wrong = stranger.login("sari", "bukan kata sandinya");
  const Answer unknown = stranger.login("nobody", "bukan kata sandinya");
  CHECK(wrong.status == 401);
  CHECK(wrong.body == unknown.body);
  CHECK(wrong.header("content-type") == "application/problem+json");
  CHECK(wrong.text("type") == "/problems/unauthenticated");
}

TEST_CASE("A request of another site is refused although the browser adds the cookie") {
  Post post;
  Client guard = signed_in(post, "sari");
  guard.proper = false;
  const std::string visit = R"({"name":"A","purpose":"b","whom":"c","category":"general"})";
  const int before = post.core->commands();
  CHECK(guard.post("/api/v1/visits", visit).status == 403);
  CHECK(guard.post("/api/v1/visits", visit, {"X-Gapura: 1", "Origin: https://evil.example"}).status == 403);
  CHECK(guard.post("/api/v1/visits", visit, {"X-Gapura: 1", "Sec-Fetch-Site: cross-site"}).status == 403);
  CHECK(guard.post("/api/v1/visits", visit, {"Origin: " + post.url("")}).status == 403);
  CHECK(post.core->commands() == before);
  CHECK(guard.post("/api/v1/visits", visit, {"X-Gapura: 1", "Origin: " + post.url("")}).status == 201);
  CHECK(
      Client(post).post("/api/v1/session", R"({"name":"sari","password":"x"})", {"Origin: https://evil.example"}).status ==
      403);
}

TEST_CASE("A session ends by signing out, by disabling, by a new password, after 30 idle minutes and after 12 hours") {
  Post post;
  Client admin = signed_in(post, "wayan"), guard = signed_in(post, "sari");
  REQUIRE(guard.get("/api/v1/visits").status == 200);
  SECTION("signing out") { CHECK(guard.request("DELETE", "/api/v1/session", "", {}).status == 204); }
  SECTION("disabling") { CHECK(admin.post("/api/v1/users/u-sari/disable", "{}").status == 200); }
  SECTION("a new password") {
    const Answer made = admin.post("/api/v1/users/u-sari/password", "{}");
    REQUIRE(made.status == 200);
    CHECK(guard.get("/api/v1/visits").status == 401);
    CHECK(Client(post).login("sari").status == 401);
    CHECK(Client(post).login("sari", made.text("password")).status == 200);
  }
  SECTION("idle") { post.later(std::chrono::minutes(31)); }
  SECTION("twelve hours of work") {
    const auto ms = [](int minutes) { return std::chrono::milliseconds(std::chrono::minutes(minutes)).count(); };
    const auto begin =
        std::stoll(post.core->one_text("SELECT absolute_until_utc FROM session WHERE user = 'u-sari'")) - ms(720);
    const auto work = [&](int minutes, int idle_until) {
      post.later(std::chrono::minutes(minutes));
      REQUIRE(guard.get("/api/v1/visits").status == 200);
      const std::string renewed =
          "SELECT 1 FROM session WHERE user = 'u-sari' AND idle_until_utc >= " + std::to_string(begin + ms(idle_until));
      REQUIRE(tests::wait_until([&] { return post.core->one_text(renewed) == "1"; }));
    };
    for (int worked = 20; worked <= 680; worked += 20) work(20, worked + 30);
    work(19, 720);
    work(20, 720);
    post.later(std::chrono::minutes(2));
  }
  CHECK(guard.get("/api/v1/visits").status == 401);
}

TEST_CASE("Signing in again makes a new session and ends the old one of that browser") {
  Post post;
  Client guard = signed_in(post, "sari");
  Client old = guard;
  REQUIRE(guard.login("sari").status == 200);
  CHECK(guard.cookies["__Host-sid"] != old.cookies["__Host-sid"]);
  CHECK(guard.get("/api/v1/session").status == 200);
  CHECK(old.get("/api/v1/session").status == 401);
}

TEST_CASE("Guessing is slowed down, and does not keep a guard out who has signed in on this device before") {
  Post post;
  Client guard = signed_in(post, "sari");
  Client attacker(post);
  int refused = 0;
  for (int i = 0; i < 8; ++i) refused += attacker.login("sari", "tebakan nomor " + std::to_string(i)).status == 429;
  CHECK(refused == 3);
  CHECK(attacker.login("sari").status == 429);  // even the right one, from an unknown device
  CHECK(guard.login("sari").status == 200);
  post.later(std::chrono::minutes(1));
  CHECK(attacker.login("sari").status == 200);
}

TEST_CASE("A device cookie made for one account is nothing to another") {
  Post post;
  Client guard = signed_in(post, "sari");
  Client attacker(post);
  attacker.cookies["__Host-device"] = guard.cookies["__Host-device"];
  int refused = 0;
  for (int i = 0; i < 7; ++i) refused += attacker.login("wayan", "tebakan nomor " + std::to_string(i)).status == 429;
  CHECK(refused == 2);
}

TEST_CASE("More sign-ins at once than the hashing thread can take get 503, and reads go on") {
  Post post;
  Client admin = signed_in(post, "wayan");
  std::vector<std::thread> crowd;
  std::atomic<int> busy{0}, answered{0};
  for (int i = 0; i < 12; ++i)
    crowd.emplace_back([&, i] {
      const Answer answer = Client(post).login("orang" + std::to_string(i));
      busy += answer.status == 503;
      answered += answer.status == 401;
    });
  CHECK(admin.get("/api/v1/users").status == 200);
  for (auto& thread : crowd) thread.join();
  CHECK(busy + answered == 12);
  CHECK(busy > 0);
  CHECK(answered >= 4);
}

TEST_CASE("The first admin is made with the code, once") {
  Post post(true);
  const std::string code = "K7QF-2M9X-PD4T";
  REQUIRE(store_setup_code(post.folder, code));
  Client browser(post);
  const auto setup = [&](const std::string& with, const std::string& password) {
    return browser.post("/api/v1/setup", R"({"code":")" + with + R"(","name":"wayan","password":")" + password + "\"}");
  };
  CHECK(browser.get("/api/v1/setup").json().at("needed").get_bool());
  CHECK(setup("K7QF-2M9X-PD4U", good_password).status == 403);
  CHECK(setup(code, "terlalu pendek").status == 400);
  REQUIRE(setup(code, good_password).status == 201);
  CHECK_FALSE(browser.get("/api/v1/setup").json().at("needed").get_bool());
  CHECK_FALSE(std::filesystem::exists(post.folder + "/setup-code.sha256"));
  CHECK(setup(code, good_password).status == 409);
  CHECK(browser.login("wayan").status == 200);
}

TEST_CASE("A lost admin password: a new code, made on the machine, lets one more admin in, once") {
  Post post;  // has an admin
  Client browser(post);
  CHECK_FALSE(browser.get("/api/v1/setup").json().at("needed").get_bool());
  REQUIRE(store_setup_code(post.folder, "K7QF-2M9X-PD4T"));
  CHECK(browser.get("/api/v1/setup").json().at("needed").get_bool());
  const auto body = [](const std::string& name) {
    return R"({"code":"k7qf2m9xpd4t","name":")" + name + R"(","password":")" + good_password + "\"}";
  };
  REQUIRE(browser.post("/api/v1/setup", body("pemulih")).status == 201);
  CHECK(browser.post("/api/v1/setup", body("kedua")).status == 409);
  CHECK(browser.login("pemulih").status == 200);
}

TEST_CASE("Codes for the first admin cannot be tried one after the other") {
  Post post(true);
  const std::string right = "K7QF-2M9X-PD4T";
  REQUIRE(store_setup_code(post.folder, right));
  Client browser(post);
  const auto with = [&](const std::string& code) {
    return browser.post("/api/v1/setup", R"({"code":")" + code + R"(","name":"w","password":"x"})").status;
  };
  for (int i = 0; i < 5; ++i) CHECK(with(std::to_string(i)) == 403);
  CHECK(with(right) == 429);
}

TEST_CASE("Until the first admin exists only this machine can connect, afterwards the configured address") {
  Post post(true, [](Settings& settings) { settings.http.listen = "127.0.0.2"; });
  // 127.0.0.2 counts as loopback, so it is bound at once; a real one is not.
  CHECK(post.port() > 0);
  Post other(true, [](Settings& settings) { settings.http.listen = "0.0.0.0"; });
  REQUIRE(store_setup_code(other.folder, "K7QF-2M9X-PD4T"));
  const auto listening_everywhere = [&] {
    std::ifstream table("/proc/net/tcp");
    char wanted[32];
    std::snprintf(wanted, sizeof wanted, " 00000000:%04X 00000000:0000 0A", static_cast<unsigned>(other.port()));
    for (std::string line; std::getline(table, line);)
      if (line.find(wanted) != std::string::npos) return true;
    return false;
  };
  CHECK_FALSE(listening_everywhere());
  Client browser(other);
  REQUIRE(browser.post("/api/v1/setup", R"({"code":"K7QF-2M9X-PD4T","name":"wayan","password":")" + good_password + "\"}")
              .status == 201);
  CHECK(tests::wait_until(listening_everywhere));
  CHECK(browser.login("wayan").status == 200);
}

TEST_CASE(
    "Passwords that are short, common or the site's own name are refused; others are not judged by their characters") {
  const std::vector<std::string> known{"wayan", "uji", "Pos Jaga Demo"};
  for (const char* bad : {"pendek", "passwordpassword", "katasandi123456789", "aaaaaaaaaaaaaaaaaaaa", "Pos Jaga Demo 2026",
                          "wayanwayanwayanwayan", "123456789012345"})
    CHECK(password_weakness(bad, known).has_value());
  for (const char* good : {"tiga kerbau minum teh", "correct horse battery", "サクラの木の下で昼寝をする午後三時"})
    CHECK_FALSE(password_weakness(good, known).has_value());
  CHECK_FALSE(password_weakness(generate_password(), known).has_value());
  CHECK(generate_password() != generate_password());
}

TEST_CASE("A program's token works without a cookie, counts as its role, and ends with its account") {
  Post post;
  Client admin = signed_in(post, "wayan");
  const Answer made = admin.post("/api/v1/tokens", R"({"name":"papan","role":"guard"})");
  REQUIRE(made.status == 201);
  const std::string bearer = "Authorization: Bearer " + made.text("token");
  Client program(post);
  program.proper = false;
  CHECK(program.get("/api/v1/visits", {bearer}).status == 200);
  CHECK(program.get("/api/v1/users", {bearer}).status == 403);
  CHECK(program.post("/api/v1/visits", R"({"name":"A","purpose":"b","whom":"c","category":"general"})", {bearer}).status ==
        201);
  CHECK(program.login("papan", "*").status == 401);
  // A token is no cookie and a cookie no token.
  CHECK(program.get("/api/v1/visits", {"Cookie: __Host-sid=" + made.text("token")}).status == 401);
  CHECK(program.get("/api/v1/visits", {"Authorization: Bearer " + admin.cookies["__Host-sid"]}).status == 401);
  std::string id;
  const auto users = admin.get("/api/v1/users").json();
  for (const auto& user : users.at("users").as_array())
    if (user.at("name").as_string() == "papan") id = std::string(user.at("id").as_string());
  CHECK(admin.post("/api/v1/users/" + id + "/disable", "{}").status == 200);
  CHECK(program.get("/api/v1/visits", {bearer}).status == 401);
}

TEST_CASE("A new account gets a generated password, shown once, with which its owner signs in") {
  Post post;
  Client admin = signed_in(post, "wayan");
  const Answer made = admin.post("/api/v1/users", R"({"name":"dewi","role":"guard"})");
  REQUIRE(made.status == 201);
  CHECK(made.text("password").size() >= 28);
  CHECK(Client(post).login("dewi", made.text("password")).status == 200);
  CHECK(admin.post("/api/v1/users", R"({"name":"dewi","role":"guard"})").status == 409);
  CHECK(admin.post("/api/v1/users", R"({"name":"x","role":"king"})").status == 400);
  CHECK(admin.get("/api/v1/users").body.find("argon2") == std::string::npos);
}

TEST_CASE("The command line's socket acts as the local admin, without TLS or password") {
  Post post;
  Client local(post, true);
  const Answer me = local.get("/api/v1/session");
  REQUIRE(me.status == 200);
  CHECK(me.json().at("user").at("role").get_string() == "admin");
  CHECK(local.post("/api/v1/users", R"({"name":"dewi","role":"guard"})").status == 201);
  CHECK(post.core->last_actor().user.str() == "local");
  const auto mode = std::filesystem::status(post.socket()).permissions();
  CHECK(mode == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
}

TEST_CASE("A screen that asks by itself does not keep its session alive") {
  Post post;
  Client guard = signed_in(post, "sari");
  const auto idle_until = [&] { return post.core->one_text("SELECT idle_until_utc FROM session WHERE user = 'u-sari'"); };
  const std::string before = idle_until();
  post.later(std::chrono::minutes(20));
  REQUIRE(guard.get("/api/v1/visits", {"X-Gapura-Background: 1"}).status == 200);
  CHECK(idle_until() == before);
  // A person's POST does; the core takes the renewal before the visit.
  REQUIRE(guard.post("/api/v1/visits", R"({"name":"A","purpose":"b","whom":"c","category":"general"})").status == 201);
  CHECK(idle_until() != before);
  const std::string after = idle_until();
  post.later(std::chrono::minutes(20));
  const int commands = post.core->commands();
  REQUIRE(guard.get("/api/v1/visits", {"X-Gapura-Background: 1"}).status == 200);
  CHECK(post.core->commands() == commands);
  CHECK(idle_until() == after);
  post.later(std::chrono::minutes(11));
  CHECK(guard.get("/api/v1/visits").status == 401);
}
