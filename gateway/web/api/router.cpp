// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/router.h"

namespace gapura::gateway {
namespace {

// "{hash}.jpg" against "ab12.jpg": the part that the braces stand for, or nothing.
std::optional<std::string> match_segment(std::string_view pattern, const std::string& segment) {
  const auto open = pattern.find('{'), close = pattern.find('}');
  if (open == std::string_view::npos) return pattern == segment ? std::optional<std::string>("") : std::nullopt;
  const std::string_view before = pattern.substr(0, open), after = pattern.substr(close + 1);
  if (segment.size() <= before.size() + after.size()) return std::nullopt;
  if (!segment.starts_with(before) || !segment.ends_with(after)) return std::nullopt;
  return segment.substr(before.size(), segment.size() - before.size() - after.size());
}

std::optional<std::vector<std::string>> match_path(const Route& route, const std::vector<std::string>& segments) {
  std::vector<std::string> parameters;
  std::string_view rest = std::string_view(route.pattern).substr(1);
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const auto end = rest.find('/');
    const std::string_view part = rest.substr(0, end);
    auto value = match_segment(part, segments[i]);
    if (!value) return std::nullopt;
    if (part.find('{') != std::string_view::npos) parameters.push_back(std::move(*value));
    const bool last = i + 1 == segments.size();
    if (last != (end == std::string_view::npos)) return std::nullopt;
    if (!last) rest.remove_prefix(end + 1);
  }
  return parameters;
}

}  // namespace

unsigned role_mask(Role role) {
  switch (role) {
    case Role::guard:
      return guard;
    case Role::aide:
      return aide;
    case Role::admin:
      return admin;
  }
  return nobody;
}

Match find_route(std::string_view method, std::string_view path) {
  Match match;
  const auto segments = path_segments(path);
  if (!segments) return match;
  for (const Route& route : routes()) {
    auto parameters = match_path(route, *segments);
    if (!parameters) continue;
    if (method == route.method) {
      match.route = &route;
      match.parameters = std::move(*parameters);
      return match;
    }
    match.allow += (match.allow.empty() ? "" : ", ") + std::string(route.method);
  }
  return match;
}

}  // namespace gapura::gateway
