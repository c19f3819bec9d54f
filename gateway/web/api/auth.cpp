// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/auth.h"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "gateway/web/api/router.h"
#include "gateway/web/http/passwords.h"
#include "models/base/sha256.h"
#include "models/base/text.h"

namespace gapura::gateway {
namespace {

constexpr Throttle::Rate known_device{10, std::chrono::seconds(30)};
constexpr Throttle::Rate unknown_device{5, std::chrono::seconds(60)};
constexpr Throttle::Rate per_address{20, std::chrono::seconds(15)};
constexpr Throttle::Rate setup_code{5, std::chrono::seconds(30)};
constexpr Throttle::Rate session_pin{3, std::chrono::seconds(10)};

// Kept beside the database, so that devices stay known over a restart. Without the file they become unknown, no more.
std::string device_key(const std::string& data_folder) {
  const std::string path = data_folder + "/device.key";
  std::ifstream in(path, std::ios::binary);
  std::string key{std::istreambuf_iterator<char>(in), {}};
  if (key.size() == crypto_auth_hmacsha256_KEYBYTES) return key;
  key.resize(crypto_auth_hmacsha256_KEYBYTES);
  randombytes_buf(key.data(), key.size());
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd >= 0) {
    (void)!::write(fd, key.data(), key.size());
    ::close(fd);
  }
  return key;
}

std::int64_t in_ms(const Now& now) { return now.utc.time_since_epoch().count(); }

enum class Stage { fresh, view_only, ended };

// docs/decisions: a PIN on the post's own device. A guard's monitor is watched the whole shift; an aide's phone while the
// post may ask them.
Stage stage_of(const SessionRow& row, Queries& db, const Now& now) {
  const Account& account = row.account;
  if (account.disabled || row.absolute_until <= in_ms(now)) return Stage::ended;
  if (row.idle_until > in_ms(now)) return Stage::fresh;
  if (row.is_api_token || row.pin_hash.empty()) return Stage::ended;
  if (account.role == Role::guard) return Stage::view_only;
  if (account.role != Role::aide) return Stage::ended;
  const Duty duty = db.duty_of(account.id);
  return duty == Duty::on || duty == Duty::second ? Stage::view_only : Stage::ended;
}

constexpr std::string_view bearer = "Bearer ";

}  // namespace

Auth::Auth(const WebContext& context) : devices_(device_key(context.data_folder)) {}

void Auth::check_origin(const Request& request) const {
  if (request.local || request.method == "GET") return;
  const auto origin = request.header("origin");
  const auto site = request.header("sec-fetch-site");
  const bool foreign_origin =
      !origin.empty() && lower_case(std::string(origin)) != "https://" + lower_case(std::string(request.header("host")));
  if (foreign_origin || (!site.empty() && site != "same-origin"))
    throw Refused("not_permitted", "This request comes from another site.", Refused::request(RefusalReason::origin));
}

Identity Auth::identify(const Request& request, Queries& db, const Now& now) {
  if (request.local) return {"local", "local", Role::admin, guard | admin, "", 0, 0, false};  // docs/decisions/0005
  const auto authorization = request.header("authorization");
  const bool by_token = authorization.starts_with(bearer);
  const auto secret = by_token ? authorization.substr(bearer.size()) : request.cookie("__Host-sid");
  if (secret.empty() || secret.size() > 200) throw Problem("unauthenticated", "Sign in first.");
  const std::string hash = sha256_hex(secret);
  const auto row = db.session(hash);
  const bool made_here = row && row->is_api_token == by_token;
  const Stage stage = made_here ? stage_of(*row, db, now) : Stage::ended;
  if (stage == Stage::ended)
    throw Refused(
        "unauthenticated", "The session has ended. Sign in again.",
        made_here ? Refused::request(RefusalReason::ended, row->account.id) : Refused::request(RefusalReason::no_session));
  const Account& account = row->account;
  if (!by_token && request.method != "GET") {
    check_origin(request);
    if (request.header("x-gapura") != "1")
      throw Refused("not_permitted", "The header X-Gapura: 1 is missing.",
                    Refused::request(RefusalReason::origin, account.id));
  }
  return {account.id,      account.name,        account.role, role_mask(account.role),   hash,
          row->idle_until, row->absolute_until, by_token,     stage == Stage::view_only, row->device,
          row->pin_hash,   row->wrong_pins};
}

bool Auth::still_valid(const std::string& session, Queries& db, const Now& now) {
  if (session.empty()) return true;
  const auto row = db.session(session);
  return row && stage_of(*row, db, now) != Stage::ended;
}

std::optional<Command> Auth::touch(const Identity& who, const Route& route, const Request& request, const Now& now) {
  if (who.session.empty() || who.is_token || who.view_only) return std::nullopt;
  if (route.open_to_view_only() && request.header("x-gapura-background") == "1") return std::nullopt;
  const auto wanted = std::min(in_ms(now) + idle_limit.count(), who.absolute_until);
  if (wanted - who.idle_until < 60'000) return std::nullopt;
  const MutexLock lock(mutex_);
  // Until the commit is seen every request would ask again.
  if (touched_.size() > 1'000) touched_.clear();
  auto [last, fresh] = touched_.try_emplace(who.session, now.boot);
  if (!fresh && now.boot - last->second < std::chrono::minutes(1)) return std::nullopt;
  last->second = now.boot;
  return TouchSession{who.session, UtcTime(Millis(wanted))};
}

std::string Auth::login_bucket(const Request& request, const std::string& name, bool known) const {
  if (request.local) return "local " + lower_case(name);
  return known ? "device " + sha256_hex(request.cookie("__Host-device")) : "account " + lower_case(name);
}

bool Auth::begin_login(const Request& request, const std::string& name, const Now& now) {
  const bool known = knows_device(request, name);
  const std::string bucket = login_bucket(request, name, known);
  // The address first: one that has failed too often makes no buckets of names.
  const bool may = (known || request.loopback || addresses_.take(request.peer_key, per_address, now.boot)) &&
                   (known ? known_ : accounts_).take(bucket, known ? known_device : unknown_device, now.boot);
  if (may) return known;
  Refused refused("too_many",
                  "Too many failed attempts. Wait a minute, or sign in from a device that this account has used.",
                  Refused::sign_in(RefusalReason::throttled, "", known));
  refused.typed = name;
  throw refused;
}

void Auth::login_succeeded(const Request& request, const std::string& name) {
  const bool known = knows_device(request, name);
  const std::string bucket = login_bucket(request, name, known);
  (known ? known_ : accounts_).forget(bucket);
  if (!known) addresses_.give_back(request.peer_key, per_address);
}

void Auth::begin_proof(const Identity& who, const Now& now) {
  if (!pins_.take(who.session, session_pin, now.boot))
    throw Problem("too_many", "Too many wrong PINs one after the other. Wait ten seconds.").after(session_pin.each);
}

void Auth::proof_succeeded(const Identity& who) { pins_.forget(who.session); }

void Auth::login_untried(const Request& request, const std::string& name) {
  const bool known = knows_device(request, name);
  const std::string bucket = login_bucket(request, name, known);
  (known ? known_ : accounts_).give_back(bucket, known ? known_device : unknown_device);
  if (!known) addresses_.give_back(request.peer_key, per_address);
}

std::string Auth::same_name(std::string name) { return lower_case(std::move(name)); }

bool Auth::knows_device(const Request& request, const std::string& name) const {
  return request.local || devices_.valid(lower_case(name), request.cookie("__Host-device"));
}

void Auth::begin_setup(const Request& request, const Now& now) {
  if (!setup_.take("setup", setup_code, now.boot))
    throw Refused("too_many", "Too many wrong codes. Wait half a minute.",
                  Refused::sign_in(RefusalReason::throttled, "", request.local));
}

std::string Auth::device_cookie(const std::string& name) const { return devices_.make(lower_case(name)); }

}  // namespace gapura::gateway
