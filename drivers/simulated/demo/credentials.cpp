// SPDX-License-Identifier: Apache-2.0
#include "simulated/demo/credentials.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <fstream>
#include <sstream>

namespace gapura::simulated {
namespace {

using Accounts = std::map<std::string, Account>;

Accounts from_json(const std::string& text) {
  Accounts accounts;
  const boost::json::value root = boost::json::parse(text);
  const auto field = [](const boost::json::object& object, const char* key) {
    const auto* value = object.if_contains(key);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
  };
  for (const auto& [role, value] : root.as_object()) {
    if (const auto* object = value.if_object()) {
      accounts[role] = {field(*object, "name"), field(*object, "password"), field(*object, "token")};
    }
  }
  return accounts;
}

Accounts from_toml(const std::string& text) {
  Accounts accounts;
  for (const auto& [role, node] : toml::parse(text)) {
    if (const auto* table = node.as_table()) {
      const auto field = [&](const char* key) { return (*table)[key].value_or(std::string()); };
      accounts[std::string(role.str())] = {field("name"), field("password"), field("token")};
    }
  }
  return accounts;
}

}  // namespace

Result<Accounts> load_credentials(const std::string& file) {
  std::ifstream in(file);
  if (!in) return fail(ErrorKind::bad_input, fmt::format("{}: the credentials can't be read", file));
  std::ostringstream text;
  text << in.rdbuf();
  const std::string content = text.str();
  try {
    const auto first = content.find_first_not_of(" \t\r\n");
    const bool is_json = first != std::string::npos && content[first] == '{';
    Accounts accounts = is_json ? from_json(content) : from_toml(content);
    for (const char* role : {"guard", "aide", "admin"}) {
      if (!accounts.contains(role)) return fail(ErrorKind::bad_input, fmt::format("{}: there is no {}", file, role));
    }
    return accounts;
  } catch (const std::exception& error) {
    return fail(ErrorKind::bad_input, fmt::format("{}: {}", file, error.what()));
  }
}

}  // namespace gapura::simulated
