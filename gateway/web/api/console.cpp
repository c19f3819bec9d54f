// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/console.h"

#include <algorithm>
#include <optional>

#include "gateway/print/badge_print.h"
#include "gateway/web/http/problem.h"

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

// Of a list such as "gzip, br;q=0.5". Calls `each` with every element and whether it is refused (q=0).
template <class Each>
void each_element(std::string_view list, Each each) {
  const auto trim = [](std::string_view part) {
    const auto begin = part.find_first_not_of(" \t");
    return begin == std::string_view::npos ? std::string_view()
                                           : part.substr(begin, part.find_last_not_of(" \t") - begin + 1);
  };
  while (!list.empty()) {
    const std::string_view element = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), element.size() + 1));
    const auto semicolon = element.find(';');
    const std::string_view weight = semicolon == std::string_view::npos ? "" : trim(element.substr(semicolon + 1));
    const bool zero = weight.starts_with("q=0") && weight.find_first_of("123456789", 2) == std::string_view::npos;
    each(trim(element.substr(0, semicolon)), zero);
  }
}

// A coding counts as taken where it is named, or "*" is, and its own weight is not zero.
bool takes(const Request& request, std::string_view coding) {
  std::optional<bool> named, any;
  each_element(request.header("accept-encoding"), [&](std::string_view element, bool zero) {
    if (element == coding) named = !zero;
    if (element == "*") any = !zero;
  });
  return named.value_or(any.value_or(false));
}

// Weak comparison, as RFC 9110 asks for If-None-Match.
bool is_known(const Request& request, std::string_view etag) {
  bool known = false;
  each_element(request.header("if-none-match"), [&](std::string_view element, bool) {
    if (element.starts_with("W/")) element.remove_prefix(2);
    known = known || element == etag || element == "*";
  });
  return known;
}

struct Form {
  const char* coding;  // Content-Encoding; null: as it is
  std::string_view body;
};
Form smallest_form(const Asset& asset, const Request& request) {
  if (!asset.br.empty() && takes(request, "br")) return {"br", asset.br};
  if (!asset.gz.empty() && takes(request, "gzip")) return {"gzip", asset.gz};
  return {nullptr, asset.body};
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
  return asset_response(*asset, request);
}

Response asset_response(const Asset& asset, const Request& request) {
  // Names under /assets/ carry a hash of their content; everything else is asked for again each time.
  const char* caching = asset.path.starts_with("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
  const Form form = smallest_form(asset, request);
  const std::string etag = '"' + std::string(asset.hash) + (form.coding ? std::string("-") + form.coding : "") + '"';
  const bool known = is_known(request, etag);
  Response response = known ? text(304, "", "", caching) : text(200, asset.type, form.body, caching);
  response.headers.emplace_back("ETag", etag);
  if (!asset.br.empty() || !asset.gz.empty()) response.headers.emplace_back("Vary", "Accept-Encoding");
  if (form.coding && !known) response.headers.emplace_back("Content-Encoding", form.coding);
  return response;
}

}  // namespace gapura::gateway
