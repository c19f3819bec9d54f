// SPDX-License-Identifier: Apache-2.0
// The route table. Dispatch, roles, openapi.json and the role tests all come from it: what is not here cannot be reached.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/web/api/lanes.h"
#include "gateway/web/http/http.h"
#include "gateway/web/http/shape.h"
#include "models/record/events.h"

namespace gapura::gateway {

struct Call;
using RouteHandler = Response (*)(Call&);

enum Roles : unsigned { nobody = 0, guard = 1, aide = 2, admin = 4, anybody = guard | aide | admin };
unsigned role_mask(Role role);

// Of success: a media type, or JSON of this shape; neither: nothing. The texts are literals.
struct RouteAnswer {
  std::string_view media = {};
  std::string_view schema = {};  // the name that answer_shapes() gives `shape`, where it has one
  Shape shape = {};
};

struct Route {
  const char* method;
  const char* pattern;  // below /api/v1; {id} matches one segment, {id}.jpg for one with that end
  unsigned roles;       // who may; 0: no account needed
  Lane lane;
  RouteHandler handler;
  const char* summary;
  Shape body;  // body<MoveVisit>() (body.h), {} for none
  RouteAnswer answer;
  int status = 200;  // of success
  std::size_t body_limit = std::size_t{64} * 1024;
  const char* raw_body = nullptr;  // a media type: the handler reads the body itself
  bool while_idle = false;

  // Stays open in a session that is view only (Auth): reading, and the routes marked for it.
  bool open_to_view_only() const { return while_idle || std::string_view(method) == "GET"; }
  // Is about the one visit that the path's {id} names.
  bool is_of_one_visit() const { return std::string_view(pattern).starts_with("/visits/{id}"); }
};

const std::vector<Route>& routes();

struct Match {
  const Route* route = nullptr;
  std::vector<std::string> parameters;
  std::string allow;  // when the path is known and the method is not: the methods it has
};
// `path` is below /api/v1: "/visits/abc".
Match find_route(std::string_view method, std::string_view path);

// The shapes that answers name: "Visit" and its members.
const std::vector<std::pair<std::string, Shape>>& answer_shapes();

boost::json::object openapi_document();

}  // namespace gapura::gateway
