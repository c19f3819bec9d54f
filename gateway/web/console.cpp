// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/console.h"

#include <algorithm>

#include "gateway/web/badge_print.h"
#include "gateway/web/problem.h"

namespace gapura::gateway {
namespace {

constexpr std::string_view missing = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Gapura</title></head>
<body><h1>Gapura</h1><p>This program was built without its web console. Build it with npm and configure again:</p>
<pre>cd gateway/console &amp;&amp; npm ci --ignore-scripts &amp;&amp; npm run build</pre>
<p>The API answers at /api/v1 (see /api/v1/openapi.json).</p></body></html>
)";

const Asset* exact(std::string_view path) {
  const auto* end = embedded_assets_end();
  const auto* found = std::find_if(embedded_assets_begin(), end, [&](const Asset& asset) { return asset.path == path; });
  return found == end ? nullptr : found;
}

Response text(int status, std::string_view type, std::string_view body, const char* caching) {
  Response response;
  response.status = status;
  response.type = std::string(type);
  response.body = std::string(body);
  response.headers.emplace_back("Cache-Control", caching);
  return response;
}

}  // namespace

const Asset* find_asset(std::string_view path) {
  if (const Asset* asset = exact(path)) return asset;
  const auto last = path.substr(path.rfind('/') + 1);
  return last.find('.') == std::string_view::npos ? exact("/index.html") : nullptr;
}

Response console_response(const Request& request) {
  if (!path_segments(request.path)) return problem_response(400, "bad_input", "This path is not valid.");
  if (request.path == "/print.css") return text(200, "text/css; charset=utf-8", print_css, "no-cache");
  const Asset* asset = find_asset(request.path);
  if (!asset) {
    const bool screen = request.path.find('.') == std::string::npos;
    if (screen && embedded_assets_begin() == embedded_assets_end())
      return text(200, "text/html; charset=utf-8", missing, "no-store");
    return problem_response(404, "not_found", "There is no such page.");
  }
  // Names under /assets/ carry a hash of their content; everything else is asked for again each time.
  const char* caching = asset->path.starts_with("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
  const bool known = request.header("if-none-match") == asset->etag;
  Response response = known ? text(304, "", "", caching) : text(200, asset->type, asset->body, caching);
  response.headers.emplace_back("ETag", std::string(asset->etag));
  return response;
}

}  // namespace gapura::gateway
