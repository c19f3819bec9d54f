// SPDX-License-Identifier: Apache-2.0
// Accounts and who is signed in.
#pragma once

#include <string>
#include <vector>

#include "gateway/web/queries/answer.h"
#include "models/record/events.h"

namespace gapura::gateway::answer {

struct User {
  static constexpr const char* schema = "User";
  std::string id, name;
  Role role = Role::guard;
  bool disabled = false;
  GAPURA_FIELDS(id, name, role, disabled);
};

struct Person {
  static constexpr const char* schema = "Person";
  std::string id, name;
  GAPURA_FIELDS(id, name);
};

struct Site {
  static constexpr const char* schema = "Site";
  std::string id, name, timezone, language;
  GAPURA_FIELDS(id, name, timezone, language);
};

struct Setup {
  bool needed = false;
  GAPURA_FIELDS(needed);
};

struct OneUser {
  User user;
  GAPURA_FIELDS(user);
};

struct Users {
  std::vector<User> users;
  GAPURA_FIELDS(users);
};

struct NewUser {
  User user;
  UnsaidNull<std::string> password;  // where it was generated
  GAPURA_FIELDS(user, password);
};

struct NewPassword {
  std::string password;
  GAPURA_FIELDS(password);
};

struct NewToken {
  std::string token;
  GAPURA_FIELDS(token);
};

struct Session {
  User user;
  Site site;
  std::string version;
  bool pin = false, pin_settable = false, view_only = false;
  GAPURA_FIELDS(user, site, version, pin, pin_settable, view_only);
};

}  // namespace gapura::gateway::answer
