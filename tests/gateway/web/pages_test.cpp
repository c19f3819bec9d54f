// SPDX-License-Identifier: Apache-2.0
// Lists longer than a page: nothing is left out without notice.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <functional>
#include <set>

#include "gateway/web/client.h"

using namespace gapura;
using namespace gapura::test;
namespace json = boost::json;

namespace {

std::string register_guest(Client& guard, int n) {
  const Answer made =
      guard.post("/api/v1/visits",
                 fmt::format(R"({{"name":"Tamu Contoh {:04}","purpose":"rapat","whom":"Sekretaris","category":"general",)"
                             R"("phone":"+62 811-2000-{:04}","institution":"Dinas Élok"}})",
                             n, n));
  REQUIRE(made.status == 201);
  return made.text("id");
}

struct Read {
  std::set<std::string> ids;
  std::vector<std::string> order;
  std::int64_t total = 0;
  int pages = 0;
};
// Every page of a list, as a client reads them.
Read read_all(Client& who, const std::string& path, const char* name, const std::function<void(int)>& between = {}) {
  Read read;
  for (std::string after;;) {
    const json::object page = who.get("/api/v1" + path + (after.empty() ? "" : "&after=" + after)).json();
    for (const auto& row : page.at(name).as_array()) {
      const std::string id(row.at("id").as_string());
      if (read.ids.insert(id).second) read.order.push_back(id);
    }
    read.total = page.at("total").to_number<std::int64_t>();
    REQUIRE(++read.pages < 50);
    if (page.at("more").is_null()) return read;
    after = std::string(page.at("more").as_string());
    if (between) between(read.pages);
  }
}

}  // namespace

TEST_CASE("However many visits are open, all are given, page by page, and their number is reported") {
  const int many = GENERATE(600, 1200);
  Post post;
  Client guard = signed_in(post, "sari"), aide = signed_in(post, "budi");
  std::vector<std::string> made;
  for (int n = 1; n <= many; ++n) made.push_back(register_guest(guard, n));

  const json::object first = guard.get("/api/v1/visits?state=open&limit=500").json();
  CHECK(first.at("visits").as_array().size() == 500);
  REQUIRE(first.contains("total"));
  CHECK(first.at("total").to_number<int>() == many);
  CHECK(first.at("more").is_string());
  CHECK(guard.get("/api/v1/visits?state=open").json().at("visits").as_array().size() == 100);

  const Read all = read_all(guard, "/visits?state=open&limit=500", "visits");
  CHECK(all.pages == (many + 499) / 500);
  CHECK(all.ids.size() == static_cast<std::size_t>(many));
  CHECK(all.ids.count(made.back()) == 1);  // the one who arrived last
  CHECK(read_all(aide, "/visits?state=all&limit=333", "visits").ids == all.ids);

  // A guest leaves from a page that was read, one of the next page leaves and one arrives: the others are all there.
  const Read moving = read_all(guard, "/visits?state=open&limit=200", "visits", [&](int page) {
    if (page != 1) return;
    REQUIRE(guard.post("/api/v1/visits/" + made[10] + "/close", R"({"outcome":"left_early"})").status == 200);
    REQUIRE(guard.post("/api/v1/visits/" + made[200] + "/close", R"({"outcome":"left_early"})").status == 200);
    made.push_back(register_guest(guard, many + 1));
  });
  for (const std::string& id : made)
    if (id != made[200]) CHECK(moving.ids.count(id) == 1);
  CHECK(moving.total == many - 1);
}

TEST_CASE("Guests who are here precede those expected, so that a thousand invitations push none off the first page") {
  Post post;
  Client guard = signed_in(post, "sari");
  for (int n = 1; n <= 4; ++n) register_guest(guard, n);
  post.core->run_sql("UPDATE main.visit SET state = 'planned' WHERE id IN (SELECT id FROM main.visit ORDER BY id LIMIT 2)");
  const Read all = read_all(guard, "/visits?state=open&limit=1", "visits");
  REQUIRE(all.order.size() == 4);
  for (int n = 0; n < 4; ++n)
    CHECK(guard.get("/api/v1/visits/" + all.order[static_cast<std::size_t>(n)]).text("state") ==
          (n < 2 ? "registered" : "planned"));
}

TEST_CASE("Open visits are found by name, institution, host and telephone number, on the server") {
  Post post;
  Client guard = signed_in(post, "sari");
  for (int n = 1; n <= 120; ++n) register_guest(guard, n);
  const std::string last = register_guest(guard, 121);
  const auto find = [&](const std::string& text) {
    return read_all(guard, "/visits?state=open&limit=50&find=" + text, "visits");
  };
  for (const char* text : {"contoh%200121", "TAMU%20CONTOH%200121", "0811-2000-0121", "%2B628112000012", "20000121"}) {
    INFO(text);
    CHECK(find(text).ids.count(last) == 1);
  }
  CHECK(find("contoh%200121").total == 1);
  CHECK(find("dinas%20%C3%A9lok").total == 121);
  CHECK(find("sekretaris").ids.size() == 121);
  CHECK(find("sekretaris").pages == 3);
  CHECK(find("121").total == 1);  // fewer than four digits: of a name, no telephone number
  CHECK(find("tidak%20ada").total == 0);
  REQUIRE(guard.post("/api/v1/visits/" + last + "/close", R"({"outcome":"left_early"})").status == 200);
  CHECK(find("contoh%200121").total == 0);
  CHECK(guard.get("/api/v1/visits?state=all&find=contoh").status == 400);
}

TEST_CASE("A cursor that no page gave is refused") {
  Post post;
  Client guard = signed_in(post, "sari");
  for (const char* after : {"x", "0.", "0.5", "0.y.z", "-", "99999999999999999999.1.a"})
    CHECK(guard.get(std::string("/api/v1/visits?state=open&after=") + after).status == 400);
  CHECK(guard.get("/api/v1/badges?after=x").status == 400);
}

TEST_CASE("Badges, debts, verbal decisions, alarms, deposits and the attention list say how many there are") {
  Post post;
  Client guard = signed_in(post, "sari"), admin = signed_in(post, "wayan");
  const std::string visit = register_guest(guard, 1);
  const auto rows = [&](const std::string& sql) {
    post.core->run_sql("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 700) " + sql);
  };
  const std::string out = "'paper', 'active', '" + visit + "'", stock = "'card', 'in_stock', ''";
  for (const auto& [prefix, kind] : {std::pair(std::string("p"), out), {"c", stock}})
    rows("INSERT INTO main.badge (id, kind, state, visit, token_hash, issued_utc, valid_until_utc, last_entry) SELECT '" +
         prefix + "' || i, " + kind + ", randomblob(32), 1000 + i / 7, 9000, 0 FROM n");
  CHECK(read_all(guard, "/badges?state=stock&limit=500", "badges").ids.size() == 700);
  CHECK(read_all(guard, "/badges?state=out&limit=500", "badges").total == 1400);
  CHECK(read_all(admin, "/badges?state=all&limit=300", "badges").ids.size() == 1400);

  post.core->run_sql("UPDATE main.visit SET in_debt = 1, verbal = 'unconfirmed'");
  CHECK(guard.get("/api/v1/visits/debts").json().at("total").to_number<int>() == 1);
  CHECK(admin.get("/api/v1/visits?state=unconfirmed").json().at("total").to_number<int>() == 1);

  for (int n = 0; n < 700; ++n) post.core->append("alarm_raised", R"({"kind":"device_offline"})");
  post.core->run_sql(
      "INSERT INTO alarm (number, kind, priority, subject, active, raised_utc) SELECT number, 'device_offline', 'medium', "
      "'d' || number, 1, 1000 FROM entry WHERE type = 'alarm_raised'");
  const json::object alarms = guard.get("/api/v1/alarms").json();
  CHECK(alarms.at("alarms").as_array().size() == 500);
  CHECK(alarms.at("total").to_number<int>() == 700);
}

TEST_CASE("A visit with more entries than are given says how many it has") {
  Post post;
  Client guard = signed_in(post, "sari");
  const std::string visit = register_guest(guard, 1);
  for (int n = 0; n < 620; ++n) post.core->append("access_denied", "{}", visit);
  const json::object full = guard.get("/api/v1/visits/" + visit).json();
  CHECK(full.at("events").as_array().size() == 500);
  CHECK(full.at("events_total").to_number<int>() == 621);
}
