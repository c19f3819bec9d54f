// SPDX-License-Identifier: Apache-2.0
// Two persons agree, not one with two accounts.
#include <catch2/catch.hpp>

#include "gateway/web/client.h"
#include "gateway/web/http/shape.h"
#include "gateway/web/real_post.h"

using namespace gapura;
using namespace gapura::test;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

const std::string agree = "/api/v1/retention/rules/visit/agree";

struct Admins {
  Admins() {
    add("ketut");
    add("nyoman");
    auto rules = default_retention();
    rules[0].days = 30;
    REQUIRE(post.core.call(AdoptRetention{rules}, Actor{UserId("system"), Role::admin}));
  }
  RealPost post;
  Client local{post, true};

  std::string add(const std::string& name) { return add(local, name); }
  std::string add(Client& by, const std::string& name) {
    const Answer made =
        by.post("/api/v1/users", R"({"name":")" + name + R"(","role":"admin","password":")" + good_password + R"("})");
    REQUIRE(made.status == 201);
    return std::string(made.json().at("user").at("id").as_string());
  }
  // With the password that another account gave.
  Answer agrees(const std::string& name, const std::string& password = good_password) {
    Client client(post);
    REQUIRE(client.login(name, password).status == 200);
    return client.post(agree, "{}");
  }
  std::string id_of(const std::string& name) {
    const auto users = local.get("/api/v1/users").json().at("users").as_array();
    for (const auto& user : users)
      if (user.at("name").as_string() == name) return std::string(user.at("id").as_string());
    FAIL(name);
    return "";
  }
  std::string reset(Client& by, const std::string& name) {
    const Answer made = by.post("/api/v1/users/" + id_of(name) + "/password", "{}");
    REQUIRE(made.status == 200);
    return made.text("password");
  }
  // Three days on, the first person makes themselves another account.
  Client make_puppet() {
    post.later(73h);
    Client first = signed_in(post, "ketut");
    add(first, "boneka");
    return first;
  }
  std::int64_t days() { return local.get("/api/v1/retention").json().at("classes").as_array().at(0).at("days").as_int64(); }
};

std::string kind(const Answer& answer) { return answer.status == 200 ? "" : answer.text("type").substr(10); }

}  // namespace

TEST_CASE("An account agrees three days after its password was given, and the answer says from when") {
  Admins it;
  const UtcTime made = it.post.now().utc;
  const Answer refused = it.agrees("ketut");
  CHECK(refused.status == 403);
  CHECK(kind(refused) == "too_new");
  const auto from = parse_time(refused.text("from"));
  REQUIRE(from);
  CHECK(*from - made >= 72h - 1min);
  CHECK(*from - made <= 72h + 1min);
  CHECK(it.local.get("/api/v1/retention").json().at("classes").as_array().at(0).at("next").at("agreed_by").is_null());
  it.post.later(71h + 58min);
  CHECK(kind(it.agrees("ketut")) == "too_new");
  it.post.later(4min);
  CHECK(it.agrees("ketut").status == 200);
  CHECK(it.agrees("nyoman").status == 200);
  CHECK(it.days() == 30);
}

TEST_CASE("An account that the first person made or reset is no second person, also by way of a third account") {
  Admins it;
  Client first = it.make_puppet();
  CHECK(it.agrees("ketut").status == 200);
  CHECK(kind(it.agrees("boneka")) == "too_new");
  const std::string given = it.reset(first, "nyoman");
  CHECK(kind(it.agrees("nyoman", given)) == "too_new");
  it.post.later(73h);
  for (const Answer& answer : {it.agrees("boneka"), it.agrees("nyoman", given)}) {
    CHECK(answer.status == 403);
    CHECK(kind(answer) == "same_hand");
  }
  Client third(it.post);
  REQUIRE(third.login("nyoman", given).status == 200);
  it.add(third, "boneka-dua");
  it.post.later(73h);
  CHECK(kind(it.agrees("boneka-dua")) == "same_hand");
  CHECK(it.days() == 365);
  // At the machine, by its administrator; and three days later.
  const std::string fresh = it.reset(it.local, "nyoman");
  CHECK(kind(it.agrees("nyoman", fresh)) == "too_new");
  it.post.later(73h);
  CHECK(it.agrees("nyoman", fresh).status == 200);
  CHECK(it.days() == 30);
}

TEST_CASE("It does not matter which of the two accounts agrees first") {
  Admins it;
  it.make_puppet();
  it.post.later(73h);
  CHECK(it.agrees("boneka").status == 200);
  CHECK(kind(it.agrees("ketut")) == "same_hand");
  CHECK(it.days() == 365);
  CHECK(it.agrees("nyoman").status == 200);
  CHECK(it.days() == 30);
}

TEST_CASE("An account of which the record says nothing agrees to nothing") {
  Admins it;
  const Answer refused = it.agrees("wayan");  // put into the table past the record
  CHECK(refused.status == 403);
  CHECK(kind(refused) == "same_hand");
}
