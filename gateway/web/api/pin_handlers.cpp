// SPDX-License-Identifier: Apache-2.0
// The PIN of an account on one device: set after the password, asked for after thirty idle minutes.
#include <algorithm>

#include "gateway/web/api/bodies.h"
#include "gateway/web/api/handlers.h"
#include "gateway/web/http/passwords.h"
#include "models/base/sha256.h"

namespace gapura::gateway {
namespace {

constexpr const char* cookie_name = "__Host-pin";

// The device's secret is part of what is hashed: who copied the database has no PINs to try.
std::string salted(const std::string& pin, std::string_view secret) { return pin + '\n' + std::string(secret); }

Problem wrong_pin(int left) {
  return {"wrong_pin", left == 1 ? "The PIN is wrong. The next wrong one ends this session."
                                 : "The PIN is wrong. " + std::to_string(left) + " tries are left."};
}

}  // namespace

bool may_set_pin(const Call& call) {
  if (call.who.session.empty() || call.who.is_token || !(call.who.roles & (guard | aide))) return false;
  const UtcTime signed_in = UtcTime(Millis(call.who.absolute_until)) - Auth::absolute_limit;
  return call.now.utc < signed_in + Auth::pin_time;
}

Response post_session_pin(Call& call) {
  if (!may_set_pin(call))
    throw Problem("not_permitted", "A PIN is set within five minutes of the password: sign out and in again first.");
  const std::string pin = call.read<GivenPin>().pin;
  if (const auto weakness = pin_weakness(pin)) throw Problem("bad_input", *weakness);
  // One secret for the device, under which each account has its own PIN.
  std::string secret(call.request.cookie(cookie_name));
  if (secret.size() < 40 || secret.size() > 100) secret = generate_secret();
  const std::string hash = hash_password(salted(pin, secret));
  if (hash.empty()) throw Problem("unavailable", "Not enough memory to hash a PIN. Try again.");
  call.ask(SetPin{call.who.session, sha256_hex(secret), hash});
  Response response;
  response.status = 204;
  response.headers.emplace_back("Set-Cookie", std::string(cookie_name) + '=' + secret +
                                                  "; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=31536000");
  return response;
}

// The hash lane answers one at a time, each after the commit of the one before: every try is counted.
Response post_session_proof(Call& call) {
  const Identity& who = call.who;
  const auto secret = call.request.cookie(cookie_name);
  if (who.pin_hash.empty() || secret.empty() || sha256_hex(secret) != who.device)
    throw Problem("not_permitted", "This account has no PIN on this device.");
  call.api.auth.begin_proof(who, call.now);
  if (password_matches(who.pin_hash, salted(call.read<GivenPin>().pin, secret))) {
    const auto until = std::min((call.now.utc + Auth::idle_limit).time_since_epoch().count(), who.absolute_until);
    call.ask(ProvePin{who.session, UtcTime(Millis(until))});
    call.api.auth.proof_succeeded(who);
    Response response;
    response.status = 204;
    return response;
  }
  const int left = Auth::pin_tries - static_cast<int>(who.wrong_pins) - 1;
  call.ask(FailPin{who.session, left <= 0});
  if (left <= 0) throw Problem("unauthenticated", "Five wrong PINs: the session has ended. Sign in with the password.");
  throw wrong_pin(left);
}

}  // namespace gapura::gateway
