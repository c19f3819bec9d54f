// SPDX-License-Identifier: Apache-2.0
// The route table and openapi.json say the same; and the table's roles hold for every route.
#include <catch2/catch.hpp>
#include <fstream>
#include <regex>
#include <set>

#include "gateway/web/api/router.h"
#include "gateway/web/client.h"

using namespace gapura;
using namespace gapura::test;

namespace {

std::string with_ids(std::string pattern) {
  pattern = std::regex_replace(pattern, std::regex("\\{hash\\}"), std::string(64, 'a'));
  return std::regex_replace(pattern, std::regex("\\{[a-z]+\\}"), "404");
}

}  // namespace

// What a client may rely on. An intended change is written into the file by hand, or taken from a running daemon.
TEST_CASE("openapi.json is the document that gateway/console/openapi.json keeps") {
  std::ifstream file(std::string(GAPURA_SOURCE_DIR) + "/gateway/console/openapi.json");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  const auto kept = boost::json::parse(text).as_object();
  const auto document = openapi_document();
  for (const char* part : {"paths", "components"}) {
    std::set<std::string> differ;
    const auto compare = [&](const boost::json::object& these, const boost::json::object& those) {
      for (const auto& [name, value] : these) {
        const auto* other = those.if_contains(name);
        if (!other || *other != value) differ.insert(name);
      }
    };
    compare(kept.at(part).as_object(), document.at(part).as_object());
    compare(document.at(part).as_object(), kept.at(part).as_object());
    CHECK(differ == std::set<std::string>{});
    CHECK(boost::json::serialize(document.at(part)) == boost::json::serialize(kept.at(part)));  // in the same order
  }
}

TEST_CASE("openapi.json has exactly the table's routes, and its references lead somewhere") {
  Post post;
  const auto document = Client(post).get("/api/v1/openapi.json").json();
  CHECK(document.at("openapi").as_string() == "3.1.0");
  std::set<std::string> described, real;
  for (const auto& [path, operations] : document.at("paths").as_object())
    for (const auto& [method, operation] : operations.as_object()) {
      std::string upper(method);
      for (char& c : upper) c = static_cast<char>(std::toupper(c));
      described.insert(upper + ' ' + std::string(path));
      CHECK(operation.as_object().contains("responses"));
    }
  for (const Route& route : routes()) real.insert(std::string(route.method) + " /api/v1" + route.pattern);
  CHECK(described == real);
  const std::string text = boost::json::serialize(document);
  const std::regex reference("#/components/schemas/([A-Za-z]+)");
  for (std::sregex_iterator it(text.begin(), text.end(), reference), end; it != end; ++it)
    CHECK(document.at("components").at("schemas").as_object().contains((*it)[1].str()));
}

TEST_CASE("Every route lets in exactly the roles of the table") {
  Post post;
  std::map<std::string, Client> who;
  for (const auto& [role, name] : {std::pair{"guard", "sari"}, {"aide", "budi"}, {"admin", "wayan"}})
    who.emplace(role, signed_in(post, name));
  Client stranger(post);
  for (const Route& route : routes()) {
    if (route.answer.media == "text/event-stream") continue;   // does not end; see stream_test.cpp
    if (std::string_view(route.method) == "DELETE") continue;  // would end the sessions used here
    const std::string path = "/api/v1" + with_ids(route.pattern);
    INFO(route.method << ' ' << path);
    const auto ask = [&](Client& client) {
      return route.method == std::string_view("GET") ? client.get(path).status : client.post(path, "{").status;
    };
    const int nobody_got = ask(stranger);
    if (route.roles == nobody) {
      CHECK(nobody_got != 401);
      CHECK(nobody_got != 403);
      continue;
    }
    CHECK(nobody_got == 401);
    for (auto& [role, client] : who) {
      INFO(role);
      const int status = ask(client);
      const bool may = route.roles & role_mask(find_word<Role>(role).value());
      CHECK((status == 403) == !may);
      CHECK(status != 401);
      CHECK(status < 500);
    }
  }
  CHECK(post.core->commands() == 3);  // the three sign-ins; a broken body reaches the core from no route
}

TEST_CASE("What is not in the table does not exist, and a wrong method gets the right ones") {
  Post post;
  Client admin = signed_in(post, "wayan");
  for (const char* path :
       {"/api/v1/nothing", "/api/v1", "/api/v2/users", "/api/v1/users/", "/api/v1/visits/a/b/c", "/api/v1//users"})
    CHECK(admin.get(path).status == 404);
  const Answer wrong = admin.request("PUT", "/api/v1/users", "", {});
  CHECK(wrong.status == 405);
  CHECK(wrong.header("allow") == "GET, POST");
}
