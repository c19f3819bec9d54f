// SPDX-License-Identifier: Apache-2.0
#include <sodium.h>

#include "gateway/contract/version.h"
#include "gateway/settings/setup_code.h"
#include "gateway/web/api/bodies.h"
#include "gateway/web/api/handlers.h"
#include "gateway/web/http/passwords.h"
#include "models/base/sha256.h"

namespace gapura::gateway {
namespace {

constexpr std::chrono::hours token_lifetime{24 * 365};

void check_password(const Call& call, const std::string& name, const std::string& password) {
  const auto& settings = call.api.context.settings;
  if (auto weakness = password_weakness(password, {name, settings.site_id, settings.site_name}))
    throw Problem("bad_input", *weakness);
}

std::string hashed(const std::string& password) {
  std::string hash = hash_password(password);
  if (hash.empty()) throw Problem("unavailable", "Not enough memory to hash a password. Try again.");
  return hash;
}

Account account_now(Call& call, const std::string& id) {
  auto account = call.db.account(id);
  if (!account) throw Problem("not_found", "There is no such account.");
  return *account;
}

std::string cookie(const char* name, const std::string& value, const std::string& attributes) {
  return std::string(name) + '=' + value + "; Path=/; Secure; HttpOnly; SameSite=Strict" + attributes;
}

// There is an admin: setup by code is closed until `gapura init` at the machine opens it again.
void close_setup(Call& call) {
  (void)forget_setup_code(call.api.context.data_folder);
  call.api.first_admin_made();
}

void open_session(Call& call, const Account& account, Response& response) {
  const std::string secret = generate_secret();
  const auto device = call.request.cookie("__Host-pin");
  call.api.ask(
      OpenSession{UserId(account.id), sha256_hex(secret), call.now.utc + Auth::idle_limit,
                  call.now.utc + Auth::absolute_limit, false, "", call.request.peer,
                  call.api.auth.knows_device(call.request, account.name), device.empty() ? "" : sha256_hex(device)},
      {UserId(account.id), account.role});
  response.headers.emplace_back("Set-Cookie", cookie("__Host-sid", secret, ""));
  response.headers.emplace_back("Set-Cookie",
                                cookie("__Host-device", call.api.auth.device_cookie(account.name), "; Max-Age=31536000"));
}

Response user_response(Call& call, const std::string& id) {
  return json_response(call, answer::OneUser{user_of(account_now(call, id))});
}

}  // namespace

answer::Site site_of(const Settings& settings) {
  return {settings.site_id, settings.site_name, settings.timezone, settings.language};
}

Response get_setup(Call& call) {
  return json_response(call, answer::Setup{!call.db.has_admin() || has_setup_code(call.api.context.data_folder)});
}

// The first admin, or one more when a code was made again at the machine (a lost password).
Response post_setup(Call& call) {
  const std::string& folder = call.api.context.data_folder;
  const bool first = !call.db.has_admin();
  if (!has_setup_code(folder)) {
    if (!first) throw Problem("conflict", "This site has an admin already.");
    throw Problem("not_permitted", "There is no setup code. `gapura init DIR --new-code` makes one, on this machine.");
  }
  call.api.auth.begin_setup(call.request, call.now);
  const auto given = call.read<FirstAdmin>();
  if (!setup_code_matches(folder, given.code))
    throw Refused("not_permitted", "The code is wrong.", Refused::sign_in(RefusalReason::code, "", call.request.local));
  check_password(call, given.name, given.password);
  const Reply made =
      call.api.ask(AddUser{given.name, Role::admin, hashed(given.password), first}, {UserId("setup"), Role::admin});
  close_setup(call);
  return user_response(call, made.id);
}

// Its try was taken before it waited for the hashing thread (Api::hash_place).
Response post_session(Call& call) {
  const auto [name, password] = call.read<SignIn>();
  const auto account = call.db.account_named(name);
  const bool may = account && !account->disabled;
  // An unknown name costs the same time and gets the same words as a wrong password.
  if (!password_matches(may ? account->password_hash : "", password))
    throw Refused("unauthenticated", "The name or the password is wrong.",
                  Refused::sign_in(account && account->disabled ? RefusalReason::disabled : RefusalReason::wrong,
                                   account ? account->id : "", call.api.auth.knows_device(call.request, name)));
  call.api.auth.login_succeeded(call.request, name);
  if (const auto old = call.request.cookie("__Host-sid"); !old.empty())
    call.api.ask_in_passing(CloseSession{sha256_hex(old)}, {UserId(account->id), account->role});
  Response response = json_response(call, answer::OneUser{user_of(*account)});
  open_session(call, *account, response);
  return response;
}

Response get_session(Call& call) {
  const Identity& who = call.who;
  return json_response(call, answer::Session{.user = {who.user, who.name, who.role, false},
                                             .site = site_of(call.api.context.settings),
                                             .version = version,
                                             .pin = !who.pin_hash.empty(),
                                             .pin_settable = may_set_pin(call),
                                             .view_only = who.view_only});
}

Response delete_session(Call& call) {
  if (!call.who.session.empty()) call.ask(CloseSession{call.who.session});
  Response response;
  response.status = 204;
  response.headers.emplace_back("Set-Cookie", cookie("__Host-sid", "", "; Max-Age=0"));
  response.headers.emplace_back("Clear-Site-Data", "\"cache\", \"storage\"");
  return response;
}

Response get_users(Call& call) { return json_response(call, answer::Users{call.db.users()}); }

Response post_users(Call& call) {
  auto asked = call.read<AddUser>();
  std::string password = call.read<NewPassword>().password;
  const bool generated = password.empty();
  if (generated)
    password = generate_password();
  else
    check_password(call, asked.name, password);
  asked.password_hash = hashed(password);
  const Reply made = call.ask(asked);
  if (asked.role == Role::admin) close_setup(call);
  answer::NewUser answer{user_of(account_now(call, made.id)), {}};
  if (generated) answer.password = password;
  return json_response(call, answer);
}

Response post_user_disable(Call& call) {
  const std::string id = call.parameters[0];
  call.ask(DisableUser{UserId(id)});
  return user_response(call, id);
}

Response post_user_password(Call& call) {
  const std::string id = account_now(call, call.parameters[0]).id;
  const std::string password = generate_password();
  call.ask(SetPassword{UserId(id), hashed(password)});
  return json_response(call, answer::NewPassword{password});
}

Response post_user_pins_end(Call& call) {
  const std::string id = call.parameters[0];
  call.ask(RemovePins{UserId(id)});
  return user_response(call, id);
}

// A program is an account without a password, with one long session: disabling it ends the token.
Response post_tokens(Call& call) {
  auto asked = call.read<AddUser>();
  asked.password_hash = "*";
  const Reply made = call.ask(asked);
  const std::string secret = generate_secret();
  const UtcTime until = call.now.utc + token_lifetime;
  call.ask(OpenSession{UserId(made.id), sha256_hex(secret), until, until, true, asked.name, call.request.peer});
  return json_response(call, answer::NewToken{secret});
}

}  // namespace gapura::gateway
