// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/handlers.h"
#include "gateway/web/router.h"

namespace gapura::gateway {
namespace {

// The guest's form, as everybody sends it.
#define FORM                                                                                            \
  "category:general|special, phone?:text40, institution?:text200, portrait?:text64, party?:number500, " \
  "members?:lines4000, vehicle?:text20, identity_type?:ktp|sim|passport|other, identity_last4?:text4, " \
  "extended?:flag"
#define REASON "reason:lines500"

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
      {"GET", "/visits/debts", anybody, read, get_visit_debts, "Let in at once, the form to be completed", "",
       "visits:[Visit]"},
      {"GET", "/visits/{id}", anybody, read, get_visit, "One visit with its events", "", "Visit"},
      {"POST", "/visits/plan", aide | admin, write, post_visit_plan, "Expects a guest; merges with the guest's open visit",
       "name:text200, purpose:lines500, whom:text200, " FORM ", from:time, until:time", "Visit", 201},
      {"POST", "/visits", guard, write, post_visits, "Registers a guest; quick: name now, the rest by /complete",
       "name:text200, purpose?:lines500, whom?:text200, " FORM ", quick?:flag", "Visit", 201},
      {"POST", "/visits/{id}/complete", guard, write, post_visit_complete, "Completes the form of a quick admission",
       "name:text200, purpose:lines500, whom:text200, " FORM, "Visit"},
      {"POST", "/visits/{id}/move", anybody, write, post_visit_move, "Moves a visit along the table of states",
       "to:arrived|registered|waiting|called|escorted|in_meeting|away|finished|left_early|no_show|cancelled, "
       "reason?:lines500",
       "Visit"},
      {"POST", "/visits/{id}/portrait", guard, write, post_visit_portrait, "Sets the portrait", "portrait:text64", "Visit"},
      {"POST", "/visits/{id}/attest", guard | aide, write, post_visit_attest, "A step of the SOP was done", "step:text100",
       "Visit"},
      {"POST", "/visits/{id}/deviation", guard | aide, write, post_visit_deviation,
       "Why something was not done as the SOP says",
       "kind:step_skipped|wrong_order|late|wrong_executor|input_missing|output_missing|limit_exceeded|out_of_hours|"
       "without_approval|alarm_without_action|badge_not_returned|not_screened, " REASON,
       "Visit"},
      {"POST", "/visits/{id}/exempt", aide | admin, write, post_visit_exempt, "Anti-passback does not count for this visit",
       REASON, "Visit"},
      {"POST", "/visits/{id}/attention", guard | aide, write, post_visit_attention,
       "A person's word on a possible match with the attention list", "is_match:flag, " REASON, "Visit"},
      {"POST", "/visits/{id}/close", guard, write, post_visit_close, "Ends a visit",
       "outcome:departed|left_early|turned_away, reason?:lines500", "Visit"},

      {"POST", "/visits/{id}/ask", guard, write, post_visit_ask, "Asks the aide", "", "Visit"},
      {"POST", "/visits/{id}/receipt", aide, write, post_visit_receipt, "The aide's phone has the question, or shows it",
       "seen:flag", "Visit"},
      {"POST", "/visits/{id}/decision", aide | guard, write, post_visit_decision,
       "Decides; a guard may only with verbal: true, on the aide's word",
       "decision:accept_now|accept_later|hold|refer|reschedule|ask|decline, minutes?:number1440, reason?:lines500, "
       "version:number, verbal?:flag, when?:time",
       "Visit"},
      {"POST", "/visits/{id}/answer", guard, write, post_visit_answer, "Answers the aide's question, which asks anew",
       "answer:lines500", "Visit"},
      {"POST", "/visits/{id}/withdraw", guard, write, post_visit_withdraw, "Takes the question back", REASON, "Visit"},
      {"POST", "/visits/{id}/verbal", aide, write, post_visit_verbal,
       "Confirms or disputes a decision taken down by a guard", "confirmed:flag, reason?:lines500", "Visit"},

      {"POST", "/visits/{id}/badge", guard, write, post_visit_badge,
       "Issues a badge, or binds a card; a second one kills the first unless it is another of a party",
       "reason?:lines500, minutes?:number1440, uses?:number1000, another?:flag, card?:text64",
       "badge:Badge, token:text?, qr:text?, page:text?", 201},
      {"POST", "/visits/{id}/screening", guard, write, post_visit_screening, "Records the detector's result",
       "result:pending|clear|alarm|rewalk|manual_check|cleared_by_check|item_deposited|refused|held_and_reported|"
       "alternative, "
       "note?:lines500, same_gender?:flag",
       "Visit"},
      {"POST", "/visits/{id}/escort", guard, write, post_visit_escort, "The escort's next state; host: who escorts",
       "to:requested|started|at_door|handed_over|returned, host?:text64", "Visit"},
      {"POST", "/visits/{id}/deposits", guard, write, post_visit_deposits, "Takes a thing for keeping",
       "what:text200, tag:text40, locker?:text40", "Deposit", 201},
      {"GET", "/deposits", anybody, read, get_deposits, "Things at the post: ?visit=", "", "deposits:[Deposit]"},
      {"POST", "/deposits/{id}/move", guard, write, post_deposit_move, "Stores a thing, or gives it back",
       "to:stored|returned, locker?:text40", "Deposit"},
      {"GET", "/attention", admin, read, get_attention, "People to look out for", "", "people:[Attention]"},
      {"POST", "/attention", admin, write, post_attention, "Lists a person; blocks: a confirmed match opens nothing",
       "name:text200, phone?:text40, why:lines500, blocks?:flag", "Attention", 201},

      {"GET", "/badges", anybody, read, get_badges, "Badges: ?state=out|all", "", "badges:[Badge]"},
      {"POST", "/badges/stock", admin, write, post_badges_stock, "Makes cards for the stock; their texts are shown once",
       "count:number200", "cards:[Card]", 201},
      {"POST", "/badges/staff", admin, write, post_badges_staff,
       "Makes a host's badge; duress: it opens and calls for help", "host:text64, duress?:flag, days?:number1000",
       "badge:Badge, token:text?, qr:text?, page:text?", 201},
      {"GET", "/badges/{id}", anybody, read, get_badge, "One badge with its events", "", "Badge"},
      {"POST", "/badges/{id}/revoke", admin | guard, write, post_badge_revoke, "Revokes a badge from the next scan on",
       REASON, "badge:Badge, doors:[Refusal]"},
      {"POST", "/badges/{id}/return", guard, write, post_badge_return, "Takes a badge back", "", "Badge"},
      {"POST", "/badges/{id}/change", admin | guard, write, post_badge_change, "Suspends, resumes, loses, finds …",
       "to:suspended|active|lost|quarantine|in_stock|destroyed, " REASON, "Badge"},
      {"POST", "/badges/{id}/print", guard | admin, write, post_badge_print,
       "Prints the same badge again, where certainly nothing came out", "", "Badge", 202},
      {"POST", "/badges/{id}/printed", guard | admin, write, post_badge_printed, "Did paper come out?", "printed:flag",
       "Badge"},
      {"GET", "/badges/{id}/qr.png", guard | admin, read, get_badge_qr, "The QR picture, for ten minutes", "", "image/png"},
      {"GET", "/badges/{id}/page", guard | admin, read, get_badge_page, "A page to print, for ten minutes", "",
       "text/html"},

      {"POST", "/pictures", guard, camera, post_pictures, "Keeps a JPEG, or takes one from a camera", "camera:text64",
       "hash:text, url:text", 201, picture, true},
      {"GET", "/pictures/{hash}.jpg", anybody, read, get_picture, "A kept picture", "", "image/jpeg"},
      {"GET", "/cameras/{id}/still.jpg", anybody, camera, get_camera_still,
       "The newest picture, at most 2 s old; 204 when there is none", "", "image/jpeg"},
      {"GET", "/devices", anybody, read, get_devices, "Devices and their health", "", "devices:[Device]"},
      {"POST", "/detectors/{id}/test", guard, write, post_detector_test, "The test piece was carried through",
       "alarmed:flag", "entry:number"},
      {"GET", "/portals", anybody, read, get_portals, "Doors and turnstiles", "", "portals:[Portal]"},
      {"POST", "/portals/{id}/mode", admin | guard, write, post_portal_mode, "Sets a portal's mode",
       "mode:locked|unlocked|blocked|locked_down|emergency_open, " REASON, "Portal"},
      {"POST", "/points/{id}/release", guard, write, post_point_release, "Opens by hand: named and reasoned", REASON,
       "entry:number", 202},
      {"GET", "/areas", anybody, read, get_areas, "Areas and how many people are there", "", "areas:[Area]"},
      {"POST", "/passback/forgive", guard | admin, write, post_passback_forgive,
       "The next passage of a visit or a staff badge may be from anywhere", "visit?:text64, badge?:text64, " REASON,
       "entry:number"},

      {"GET", "/lockdowns", anybody, read, get_lockdowns, "Lockdown plans and which are active", "",
       "lockdowns:[Lockdown]"},
      {"POST", "/lockdowns/{plan}/start", anybody, write, post_lockdown_start, "Starts a lockdown", REASON, "Lockdown"},
      {"POST", "/lockdowns/{plan}/end", anybody, write, post_lockdown_end, "Ends a lockdown", REASON, "Lockdown"},
      {"POST", "/panic", anybody, write, post_panic, "Calls for help; silent: guards' screens do not show it",
       "where:text100, silent?:flag", "entry:number", 202},
      {"GET", "/muster", anybody, read, get_muster, "The roll call; people and staff inside even when there is none", "",
       "Muster"},
      {"POST", "/muster/start", anybody, write, post_muster_start, "Starts a roll call", REASON, "Muster"},
      {"POST", "/muster/mark", anybody, write, post_muster_mark, "Seen safe; at: when a phone without network took it",
       "visit:text64, at?:time", "Muster"},
      {"POST", "/muster/end", anybody, write, post_muster_end, "Ends the roll call", REASON, "Muster"},

      {"GET", "/shift", anybody, read, get_shift, "Who is on duty, and what is to be handed over", "", "Shift"},
      {"POST", "/shift/start", guard, write, post_shift_start, "Begins a shift, or joins it", "", "Shift"},
      {"POST", "/shift/handover", guard, write, post_shift_handover, "Offers the shift to a colleague, by name or id",
       "to:text64, note?:lines500", "Shift"},
      {"POST", "/shift/accept", guard, write, post_shift_accept, "Takes the offered shift over", "", "Shift"},
      {"POST", "/post", guard, write, post_post, "Is somebody at the post?", "attended:flag", "Shift"},
      {"GET", "/leader", anybody, read, get_leader, "What the leader is doing; suggests, never decides", "", "state:text?"},
      {"POST", "/leader", aide | admin, write, post_leader, "Says what the leader is doing",
       "state:receiving|in_a_meeting|resting|away", "state:text?"},
      {"GET", "/hours", anybody, read, get_hours, "Are guests received now? ?category=general|special", "", "Hours"},
      {"GET", "/sop", anybody, read, get_sop, "The SOP versions in force", "", "sops:[Sop]"},

      {"GET", "/alarms", anybody, read, get_alarms, "The standing alarms", "", "alarms:[Alarm]"},
      {"GET", "/alarms/report", anybody, read, get_alarm_report, "Rate, chattering and stale alarms, what to mend", "",
       "rate:AlarmRate, chattering:[Chatter], stale:[Alarm], fix:[Fix]"},
      {"POST", "/alarms/acknowledge", guard | admin, write, post_alarms_acknowledge,
       "Acknowledges several; refuses them all when one is critical",
       "numbers:[number], handling:handled|false_alarm|passed_on", "alarms:[Alarm]"},
      {"POST", "/alarms/{number}/acknowledge", guard | admin, write, post_alarm_acknowledge, "Acknowledges an alarm",
       "handling:handled|false_alarm|passed_on", "Alarm"},

      {"GET", "/events", anybody, read, get_events, "The journal: ?after=&limit=&type=&visit=&badge=", "",
       "events:[Event], last:number"},
      {"POST", "/events/{number}/undo", guard | aide, write, post_event_undo,
       "Takes back a move, closing, screening or decision within five minutes, by a new entry", "", "entry:number"},
      {"GET", "/events/stream", anybody, read, get_event_stream, "Live events; Last-Event-ID or ?after= resumes", "",
       "text/event-stream"},
      {"GET", "/status", anybody, read, get_status, "The state of the whole post", "", "Status"},
      {"GET", "/openapi.json", nobody, read, get_openapi, "This description", "", "application/json"},
  };
  return table;
}

}  // namespace gapura::gateway
