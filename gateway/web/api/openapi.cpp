// SPDX-License-Identifier: Apache-2.0
// openapi.json, made from the route table.
#include <boost/json.hpp>
#include <map>

#include "gateway/contract/version.h"
#include "gateway/web/api/router.h"

namespace gapura::gateway {
namespace json = boost::json;
namespace {

json::array parameters_of(const Route& route) {
  json::array parameters;
  std::string_view rest = route.pattern;
  for (auto open = rest.find('{'); open != std::string_view::npos; open = rest.find('{')) {
    const auto close = rest.find('}', open);
    parameters.push_back({{"name", rest.substr(open + 1, close - open - 1)},
                          {"in", "path"},
                          {"required", true},
                          {"schema", json::object{{"type", "string"}}}});
    rest.remove_prefix(close + 1);
  }
  return parameters;
}

json::object json_content(json::object schema) {
  return {{"application/json", json::object{{"schema", std::move(schema)}}}};
}

json::object answer_of(const Route& route) {
  json::object answer{{"description", route.summary}};
  const auto& [media, schema, shape] = route.answer;
  if (!media.empty()) answer["content"] = json::object{{media, json::object{}}};
  if (!schema.empty()) answer["content"] = json_content(schema_of_member({"", std::string(schema)}));
  if (schema.empty() && !shape.empty()) answer["content"] = json_content(schema_of(shape));
  return answer;
}

json::array roles_of(const Route& route) {
  json::array roles;
  for (const Role role : {Role::guard, Role::aide, Role::admin})
    if (route.roles & role_mask(role)) roles.push_back(json::value(word(role)));
  return roles;
}

json::object operation_of(const Route& route) {
  json::object operation{{"summary", route.summary}, {"x-roles", roles_of(route)}};
  if (auto parameters = parameters_of(route); !parameters.empty()) operation["parameters"] = std::move(parameters);
  json::object content;
  if (!route.body.empty()) content = json_content(schema_of(route.body));
  if (route.raw_body) content[route.raw_body] = json::object{};
  if (!content.empty()) operation["requestBody"] = json::object{{"content", std::move(content)}};
  operation["responses"] =
      json::object{{std::to_string(route.status), answer_of(route)},
                   {"default", json::object{{"description", "What went wrong (RFC 9457)"},
                                            {"content", json::object{{"application/problem+json", json::object{}}}}}}};
  if (route.roles == nobody)
    operation["security"] = json::array{};
  else
    operation["x-view-only"] = route.open_to_view_only();
  return operation;
}

}  // namespace

json::object openapi_document() {
  json::object paths;
  for (const Route& route : routes()) {
    std::string method = route.method;
    for (char& c : method) c = static_cast<char>(c - 'A' + 'a');
    json::value& path = paths["/api/v1" + std::string(route.pattern)];
    if (!path.is_object()) path = json::object{};
    path.get_object()[method] = operation_of(route);
  }
  json::object schemas;
  for (const auto& [name, shape] : answer_shapes()) schemas[name] = schema_of(shape);
  return {
      {"openapi", "3.1.0"},
      {"info", json::object{{"title", "Gapura"}, {"version", version}}},
      {"paths", std::move(paths)},
      {"security", json::array{json::object{{"session", json::array{}}}, json::object{{"token", json::array{}}}}},
      {"components",
       json::object{{"schemas", std::move(schemas)},
                    {"securitySchemes",
                     json::object{{"session", json::object{{"type", "apiKey"}, {"in", "cookie"}, {"name", "__Host-sid"}}},
                                  {"token", json::object{{"type", "http"}, {"scheme", "bearer"}}}}}}}};
}

}  // namespace gapura::gateway
