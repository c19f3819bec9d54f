// SPDX-License-Identifier: Apache-2.0
// A badge's picture is its secret: it is shown to the account and session that made the badge, and each look is entered.
#include <algorithm>
#include <catch2/catch.hpp>

#include "gateway/web/real_post.h"

using namespace gapura;
using namespace gapura::test;
namespace json = boost::json;

namespace {

struct Badges : MannedPost {
  Answer made(Client& who, const std::string& path, const std::string& body) {
    Answer answer = who.post("/api/v1" + path, body);
    INFO(path << " -> " << answer.body);
    REQUIRE(answer.status == 201);
    return answer;
  }
  std::string visit() {
    return made(guard, "/visits", R"({"name":"Tamu Contoh 31","purpose":"rapat","whom":"Sekretaris","category":"special"})")
        .text("id");
  }
  Answer guest_badge(Client& who, const std::string& visit, const std::string& body = "{}") {
    return made(who, "/visits/" + visit + "/badge", body);
  }
  json::array looks() { return admin.get("/api/v1/events?type=badge_shown&limit=500").json().at("events").as_array(); }
  static std::string id_of(const Answer& badge) { return std::string(badge.json().at("badge").at("id").as_string()); }
  // Only the account that made it, and in the same session.
  void check_refused(Client& who, const std::string& badge) {
    for (const char* as : {"/qr.png", "/page"}) {
      const Answer answer = who.get("/api/v1/badges/" + badge + as);
      INFO(badge << as << " -> " << answer.body.substr(0, 200));
      CHECK(answer.status == 403);
      CHECK(answer.header("content-type") == "application/problem+json");
    }
    const Answer printed = who.post("/api/v1/badges/" + badge + "/print", "{}");
    INFO(printed.body);
    CHECK(printed.status == 403);
  }
};

}  // namespace

TEST_CASE("A badge's picture and page are for the account and session that made it") {
  Badges it;
  const Answer badge = it.guest_badge(it.guard, it.visit());
  const std::string id = Badges::id_of(badge);
  CHECK(it.guard.get(badge.text("qr")).body.starts_with("\x89PNG"));
  CHECK(it.guard.get(badge.text("page")).status == 200);
  it.check_refused(it.other, id);
  it.check_refused(it.admin, id);
  Client again = signed_in(it.post, "sari");  // the same account elsewhere
  it.check_refused(again, id);
  CHECK(it.guard.get(badge.text("qr")).status == 200);
}

TEST_CASE("A staff badge and the cards of the stock are shown to the admin who made them, to no guard") {
  Badges it;
  const Answer staff = it.made(it.admin, "/badges/staff", R"({"host":"h1","duress":true})");
  const auto cards = it.made(it.admin, "/badges/stock", R"({"count":2})").json().at("cards").as_array();
  std::vector<std::string> ids{Badges::id_of(staff)};
  for (const auto& card : cards) ids.emplace_back(card.at("badge").as_string());
  it.made(it.admin, "/users", R"({"name":"ketut","role":"admin","password":")" + good_password + R"("})");
  Client second = signed_in(it.post, "ketut");
  for (const std::string& id : ids) {
    it.check_refused(it.guard, id);
    it.check_refused(second, id);
    CHECK(it.admin.get("/api/v1/badges/" + id + "/qr.png").body.starts_with("\x89PNG"));
  }
  Client local(it.post, true);  // the command line has its own
  it.check_refused(local, ids[0]);
}

TEST_CASE("Each look at a badge's picture or page is in the journal with who looked, and a refused one shows nothing") {
  Badges it;
  const std::string visit = it.visit();
  const Answer badge = it.guest_badge(it.guard, visit);
  CHECK(it.looks().empty());
  it.guard.get(badge.text("page"));
  it.guard.get(badge.text("qr"));
  it.guard.get(badge.text("qr"));
  it.other.get(badge.text("qr"));
  const auto looks = it.looks();
  REQUIRE(looks.size() == 3);
  std::multiset<std::string> as;
  for (const auto& look : looks) {
    CHECK(look.at("actor").as_string() == "sari");
    CHECK(look.at("badge").as_string() == Badges::id_of(badge));
    CHECK(look.at("visit").as_string() == visit);
    as.insert(std::string(look.at("data").at("as").as_string()));
    CHECK(json::serialize(look).find(badge.text("token")) == std::string::npos);
  }
  CHECK(as == std::multiset<std::string>{"page", "qr", "qr"});
}

TEST_CASE("After a change of shift the next guard prints with a new code, and the first badge is dead") {
  Badges it;
  const std::string visit = it.visit();
  const Answer first = it.guest_badge(it.guard, visit);
  CHECK(it.guard.request("DELETE", "/api/v1/session", "", {}).status == 204);
  it.check_refused(it.other, Badges::id_of(first));
  const Answer second = it.guest_badge(it.other, visit, R"({"reason":"not_printed"})");
  CHECK(second.text("token") != first.text("token"));
  CHECK(it.other.get(second.text("qr")).body.starts_with("\x89PNG"));
  CHECK(it.other.get("/api/v1/badges/" + Badges::id_of(first)).text("state") == "revoked");
}
