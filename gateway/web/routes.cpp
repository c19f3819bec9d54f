// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/handlers.h"
#include "gateway/web/router.h"

namespace gapura::gateway {
namespace {

constexpr std::size_t small = 4 * 1024, picture = 5 * 1024 * 1024;

}  // namespace

const std::vector<Route>& routes() {
  using enum Lane;
  static const std::vector<Route> table{
      {"GET", "/setup", nobody, read, get_setup, "Whether the first admin is still missing", "", "needed:flag"},
      {"POST", "/setup", nobody, hash, post_setup, "Makes the first admin with the code from `gapura init`",
       "code:secret100, name:text64, password:secret256", "user:User", 201, small},
      {"POST", "/session", nobody, hash, post_session, "Signs in", "name:text64, password:secret256", "user:User", 200,
       small},
      {"GET", "/session", anybody, read, get_session, "Who is signed in, and where", "",
       "user:User, site:Site, version:text"},
      {"DELETE", "/session", anybody, write, delete_session, "Signs out", "", "", 204},
      {"GET", "/users", admin, read, get_users, "All accounts", "", "users:[User]"},
      {"POST", "/users", admin, hash, post_users, "Makes an account; a password is generated when none is given",
       "name:text64, role:guard|aide|admin, password?:secret256", "user:User, password:text", 201, small},
      {"POST", "/users/{id}/disable", admin, write, post_user_disable, "Disables an account and ends its sessions", "",
       "user:User"},
      {"POST", "/users/{id}/password", admin, hash, post_user_password, "Gives an account a new generated password", "",
       "password:text", 200, small},
      {"POST", "/tokens", admin, write, post_tokens, "Makes an account and a bearer token for a program",
       "name:text64, role:guard|aide|admin", "token:text", 201},

      {"GET", "/visits", anybody, read, get_visits, "Visits: ?state=open|all&limit=", "", "visits:[Visit]"},
      {"GET", "/visits/{id}", anybody, read, get_visit, "One visit with its events", "", "Visit"},
      {"POST", "/visits", guard, write, post_visits, "Registers a guest",
       "name:text200, purpose:lines500, whom:text200, category:general|special, phone?:text40, institution?:text200, "
       "portrait?:text64",
       "Visit", 201},
      {"POST", "/visits/{id}/ask", guard, write, post_visit_ask, "Asks the aide", "", "Visit"},
      {"POST", "/visits/{id}/decision", aide | guard, write, post_visit_decision,
       "Decides; a guard may only with verbal: true, on the aide's word",
       "decision:accept_now|accept_later|hold|decline, minutes?:number, reason?:lines500, version:number, verbal?:flag",
       "Visit"},
      {"POST", "/visits/{id}/portrait", guard, write, post_visit_portrait, "Sets the portrait", "portrait:text64", "Visit"},
      {"POST", "/visits/{id}/badge", guard, write, post_visit_badge, "Issues a badge; a second one needs a reason",
       "reason?:lines500", "badge:Badge, token:text, qr:text, page:text", 201},
      {"POST", "/visits/{id}/screening", guard, write, post_visit_screening, "Records the detector's result",
       "result:clear|alarm|cleared_by_check|refused|pending, note?:lines500", "Visit"},
      {"POST", "/visits/{id}/close", guard, write, post_visit_close, "Ends a visit",
       "outcome:departed|left_early|turned_away, reason?:lines500", "Visit"},

      {"GET", "/badges", anybody, read, get_badges, "Badges: ?state=out|all", "", "badges:[Badge]"},
      {"GET", "/badges/{id}", anybody, read, get_badge, "One badge with its events", "", "Badge"},
      {"POST", "/badges/{id}/revoke", admin | guard, write, post_badge_revoke, "Revokes a badge from the next scan on",
       "reason:lines500", "badge:Badge, doors:[Refusal]"},
      {"POST", "/badges/{id}/return", guard, write, post_badge_return, "Takes a badge back", "", "Badge"},
      {"GET", "/badges/{id}/qr.png", guard, read, get_badge_qr, "The QR picture, for ten minutes", "", "image/png"},
      {"GET", "/badges/{id}/page", guard, read, get_badge_page, "A page to print, for ten minutes", "", "text/html"},

      {"POST", "/pictures", guard, camera, post_pictures, "Keeps a JPEG, or takes one from a camera", "camera:text64",
       "hash:text, url:text", 201, picture, true},
      {"GET", "/pictures/{hash}.jpg", anybody, read, get_picture, "A kept picture", "", "image/jpeg"},
      {"GET", "/cameras/{id}/still.jpg", anybody, camera, get_camera_still,
       "The newest picture, at most 2 s old; 204 when there is none", "", "image/jpeg"},
      {"GET", "/devices", anybody, read, get_devices, "Devices and their health", "", "devices:[Device]"},
      {"GET", "/portals", anybody, read, get_portals, "Doors and turnstiles", "", "portals:[Portal]"},
      {"POST", "/points/{id}/release", guard, write, post_point_release, "Opens by hand: named and reasoned",
       "reason:lines500", "entry:number", 202},
      {"GET", "/alarms", anybody, read, get_alarms, "The standing alarms", "", "alarms:[Alarm]"},
      {"POST", "/alarms/{number}/acknowledge", guard | admin, write, post_alarm_acknowledge, "Acknowledges an alarm",
       "handling:handled|false_alarm|passed_on", "Alarm"},

      {"GET", "/events", anybody, read, get_events, "The journal: ?after=&limit=&type=&visit=&badge=", "",
       "events:[Event], last:number"},
      {"GET", "/events/stream", anybody, read, get_event_stream, "Live events; Last-Event-ID or ?after= resumes", "",
       "text/event-stream"},
      {"GET", "/status", anybody, read, get_status, "The state of the whole post", "", "Status"},
      {"GET", "/openapi.json", nobody, read, get_openapi, "This description", "", "application/json"},
  };
  return table;
}

const std::vector<std::pair<std::string, Shape>>& answer_shapes() {
  static const std::vector<std::pair<std::string, Shape>> shapes = [] {
    std::vector<std::pair<std::string, Shape>> all;
    for (const auto& [name, text] : std::initializer_list<std::pair<const char*, const char*>>{
             {"User", "id:text, name:text, role:guard|aide|admin, disabled:flag"},
             {"Site", "id:text, name:text, timezone:text, language:text"},
             {"Visit",
              "id:text, name:text, phone:text, institution:text, purpose:text, whom:text, category:general|special, "
              "state:registered|waiting|called|in_meeting|finished|departed|declined|turned_away|left_early|unaccounted, "
              "approval:none|sent|accepted|accepted_later|held|declined, approval_version:number, approval_reason:text, "
              "screening:pending|passed_through|clear|alarm|cleared_by_check|refused, "
              "presence:outside|at_post|waiting_room|inside|unknown, portrait:text?, waiting_still:text?, badge:Badge?, "
              "arrived:time, asked:time?, decided:time?, hold_until:time?, closed:time?, previous:[Previous], "
              "events?:[Event]"},
             {"Previous", "arrived:time, state:text, approval:text"},
             {"Badge",
              "id:text, state:issued|active|returned|revoked|expired|lost, visit:text, name:text, issued:time, "
              "valid_until:time, ended:time?, reason:text, events?:[Event]"},
             {"Refusal", "point:text, refused:flag"},
             {"Device", "id:text, kind:text, online:flag, since:time, detail:text, stats:object"},
             {"Portal",
              "id:text, name:text, kind:door|turnstile, mode:text, contact:off|on|unknown, lock:Lock, age_ms:number, "
              "online:flag, points:[Point], alarms:[text]"},
             {"Lock", "commanded:flag, observed:off|on|unknown"},
             {"Point", "id:text, from:text, to:text, reader:text?"},
             {"Alarm",
              "number:number, kind:text, priority:critical|high|medium, subject:text, active:flag, raised:time, "
              "cleared:time?, acknowledged_by:text?, handling:text?"},
             {"Event",
              "number:number, time:time, type:text, point:text?, actor:text, actor_id:text, visit:text?, badge:text?, "
              "ref:number?, data:object, pictures:[text]"},
             {"Status",
              "version:text, site:Site, started:time, time:time, clock:ok|holdover|suspect, granting:flag, why_not:[text], "
              "journal:object, disk:object, devices:[Device], portals:[Portal]"}})
      all.emplace_back(name, parse_shape(text));
    return all;
  }();
  return shapes;
}

}  // namespace gapura::gateway
