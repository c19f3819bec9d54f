// SPDX-License-Identifier: Apache-2.0
// Who asks: sessions, bearer tokens, the Unix socket; CSRF; and the buckets that slow down guessing.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "drivers/mutex.h"
#include "gateway/contract/command.h"
#include "gateway/web/api/router.h"
#include "gateway/web/api/web_server.h"
#include "gateway/web/http/http.h"
#include "gateway/web/http/problem.h"
#include "gateway/web/http/throttle.h"
#include "gateway/web/queries/queries.h"

namespace gapura::gateway {

struct Identity {
  std::string user, name;
  Role role = Role::guard;  // sees the least
  unsigned roles = 0;       // what it may do, as bits of router.h: the Unix socket is a guard as well as an admin
  std::string session;      // hash; empty for the Unix socket
  std::int64_t idle_until = 0, absolute_until = 0;
  bool is_token = false;
  bool view_only = false;  // idle for long on a device with a PIN: it looks, and acts after the PIN
  std::string device = {}, pin_hash = {};
  std::int64_t wrong_pins = 0;
};

// A refusal that the journal notes.
class Refused : public Problem {
 public:
  Refused(std::string kind, std::string detail, NoteRefusal noted)
      : Problem(std::move(kind), std::move(detail)), note(std::move(noted)) {}
  // An account's id, when it is known.
  static NoteRefusal request(RefusalReason why, const std::string& account = "") { return {false, why, UserId(account)}; }
  static NoteRefusal sign_in(RefusalReason why, const std::string& account, bool known_device) {
    return {true, why, UserId(account), "", "", known_device};
  }
  NoteRefusal note;
  std::string typed;  // the name that was typed, when its account was not looked up. Never entered: it may be a password
};

// Thread-safe.
class Auth {
 public:
  static constexpr Millis idle_limit{std::chrono::minutes(30)}, absolute_limit{std::chrono::hours(12)};
  // How long after the password a PIN may be set, and how many wrong ones end a session.
  static constexpr Millis pin_time{std::chrono::minutes(5)};
  static constexpr int pin_tries = 5;

  explicit Auth(const WebContext& context);

  // Throws Refused: unauthenticated, or not_permitted for a cross-site request; Problem when the request names no account.
  Identity identify(const Request& request, Queries& db, const Now& now);
  // For open streams: is this session still good?
  static bool still_valid(const std::string& session, Queries& db, const Now& now);
  // The command that keeps a session in use alive, at most once a minute. A screen that asks by itself
  // (X-Gapura-Background: 1) is not use by a person.
  std::optional<Command> touch(const Identity& who, const Route& route, const Request& request, const Now& now);
  // Throws Refused when a browser says that another site sent this.
  void check_origin(const Request& request) const;

  // Throws Refused (too_many) when this device, account or address has failed too often. Takes one try. True: the device
  // is known to the account. Waits for nothing.
  bool begin_login(const Request& request, const std::string& name, const Now& now);
  void login_succeeded(const Request& request, const std::string& name);
  void login_untried(const Request& request, const std::string& name);  // no password was looked at: gives the try back
  bool knows_device(const Request& request, const std::string& name) const;
  static std::string same_name(std::string name);  // equal for names of one account: capital letters do not matter
  // Throws Problem (too_many). Takes one try of the session's.
  void begin_proof(const Identity& who, const Now& now);
  void proof_succeeded(const Identity& who);
  void begin_setup(const Request& request, const Now& now);
  std::string device_cookie(const std::string& name) const;

 private:
  // The bucket of this device, or of the account on all unknown ones. This machine's socket counts as a known device.
  std::string login_bucket(const Request& request, const std::string& name, bool known) const;

  DeviceCookies devices_;
  // Apart, so that invented names and other addresses take no room from a known device.
  Throttle known_, accounts_, addresses_, setup_, pins_;
  Mutex mutex_;
  std::map<std::string, BootTime> touched_ GUARDED_BY(mutex_);  // by session hash
};

}  // namespace gapura::gateway
