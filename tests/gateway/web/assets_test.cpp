// SPDX-License-Identifier: Apache-2.0
// The console's files on the line: compressed where the client takes that, and not sent again to who has them.
#include <catch2/catch.hpp>

#include "gateway/web/api/console.h"
#include "gateway/web/client.h"
#include "support/skip.h"

using namespace gapura;
using namespace gapura::gateway;
using namespace gapura::test;

namespace {

constexpr Asset script{"/assets/main-1a2b.js", "text/javascript; charset=utf-8", "1a2b", "plain", "brotli", "gzip"};
constexpr Asset png_of_console{"/gapura-192.png", "image/png", "3c4d", "pixels", {}, {}};

Response ask(const Asset& asset, const std::string& accept, const std::string& known = "") {
  Request request;
  request.path = std::string(asset.path);
  if (!accept.empty()) request.headers.emplace_back("accept-encoding", accept);
  if (!known.empty()) request.headers.emplace_back("if-none-match", known);
  return asset_response(asset, request);
}

std::string header_of(const Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers)
    if (key == name) return value;
  return "";
}

}  // namespace

TEST_CASE("A file is sent in the smallest form that the client takes, and says which") {
  struct Row {
    const char *accept, *body, *coding, *etag;
  };
  const Row rows[] = {
      {"gzip, deflate, br, zstd", "brotli", "br", "\"1a2b-br\""},
      {"br;q=0.1, gzip", "brotli", "br", "\"1a2b-br\""},
      {"gzip", "gzip", "gzip", "\"1a2b-gzip\""},
      {"br;q=0, gzip", "gzip", "gzip", "\"1a2b-gzip\""},
      {"br; q=0.000, gzip; q=0", "plain", "", "\"1a2b\""},
      {"*", "brotli", "br", "\"1a2b-br\""},
      {"*, br;q=0", "gzip", "gzip", "\"1a2b-gzip\""},
      {"*;q=0", "plain", "", "\"1a2b\""},
      {"identity", "plain", "", "\"1a2b\""},
      {"brotli, xgzip", "plain", "", "\"1a2b\""},
      {",, ;,", "plain", "", "\"1a2b\""},
      {"", "plain", "", "\"1a2b\""},
  };
  for (const Row& row : rows) {
    INFO(row.accept);
    const Response response = ask(script, row.accept);
    CHECK(response.status == 200);
    CHECK(response.body == row.body);
    CHECK(response.type == script.type);
    CHECK(header_of(response, "Content-Encoding") == row.coding);
    CHECK(header_of(response, "ETag") == row.etag);
    CHECK(header_of(response, "Vary") == "Accept-Encoding");
  }
  const Response plain = ask(png_of_console, "br, gzip");
  CHECK(plain.body == "pixels");
  CHECK(header_of(plain, "Content-Encoding").empty());
  CHECK(header_of(plain, "Vary").empty());
}

TEST_CASE("Who has a form of a file is not sent it again; who has another form is") {
  for (const char* known : {"\"1a2b-br\"", "W/\"1a2b-br\"", "\"other\", \"1a2b-br\"", "*"}) {
    INFO(known);
    const Response response = ask(script, "br", known);
    CHECK(response.status == 304);
    CHECK(response.body.empty());
    CHECK(header_of(response, "ETag") == "\"1a2b-br\"");
    CHECK(header_of(response, "Vary") == "Accept-Encoding");
    CHECK(header_of(response, "Content-Encoding").empty());
  }
  for (const char* known : {"\"1a2b\"", "\"1a2b-gzip\"", "1a2b-br", "\"1a2b-b\""}) {
    INFO(known);
    CHECK(ask(script, "br", known).status == 200);
  }
}

TEST_CASE("The built console is served compressed, and by ETag not a second time") {
  if (embedded_assets_begin() == embedded_assets_end()) SKIP_TEST("the console is not built");
  Post post;
  Client browser(post);
  const Answer page = browser.get("/", {"Accept-Encoding: gzip"});
  REQUIRE(page.status == 200);
  CHECK(page.header("content-type") == "text/html; charset=utf-8");
  CHECK(page.header("content-encoding") == "gzip");
  CHECK(page.body.substr(0, 2) == "\x1f\x8b");
  CHECK(page.header("content-length") == std::to_string(page.body.size()));
  const Answer again = browser.get("/", {"Accept-Encoding: gzip", "If-None-Match: " + page.header("etag")});
  CHECK(again.status == 304);
  CHECK(again.body.empty());
  CHECK(browser.get("/", {"If-None-Match: " + page.header("etag")}).status == 200);
  std::size_t scripts = 0;
  for (const Asset* asset = embedded_assets_begin(); asset != embedded_assets_end(); ++asset) {
    if (!asset->path.ends_with(".js")) continue;
    ++scripts;
    INFO(asset->path);
    CHECK(asset->br.size() < asset->gz.size());
    CHECK(asset->gz.size() < asset->body.size());
  }
  CHECK(scripts > 3);  // a bundle for each role
}
