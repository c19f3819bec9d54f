// SPDX-License-Identifier: Apache-2.0
// The console's files, embedded in the program by embed.cmake.
#pragma once

#include <string_view>

#include "gateway/web/http/http.h"

namespace gapura::gateway {

struct Asset {
  std::string_view path;  // "/assets/index-3f2a.js"
  std::string_view type;
  std::string_view hash;    // of `body`
  std::string_view body;    // as it is
  std::string_view br, gz;  // compressed by the console's build; empty where that makes nothing smaller
};

// Null when there is no such file. A path without a dot in its last part is one of the console's own screens: index.html.
const Asset* find_asset(std::string_view path);

// Every file, in no order; empty when the program was built without the console. Generated.
const Asset* embedded_assets_begin();
const Asset* embedded_assets_end();

// The smallest form of `asset` that Accept-Encoding allows, each with an ETag of its own; 304 where If-None-Match names it.
Response asset_response(const Asset& asset, const Request& request);

// GET of anything outside /api/v1.
Response console_response(const Request& request);

}  // namespace gapura::gateway
