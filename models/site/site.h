// SPDX-License-Identifier: Apache-2.0
// The configuration of a site: areas, portals, access points, readers, detectors. Constant while running.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/base/ids.h"
#include "models/base/time.h"
#include "models/base/words.h"
#include "models/site/schedule.h"
#include "models/sop/sop.h"

namespace gapura {

GAPURA_ENUM(Passback, off, soft, hard, timed);

// attested: a guard says that the escort started. ordered: a host's badge goes first, visitors follow within the gap.
GAPURA_ENUM(EscortRule, off, attested, ordered);

struct Area {
  AreaId id;
  std::string name;
  Passback passback = Passback::off;              // of entering and leaving this area
  Millis passback_time{0};                        // timed: no second entry within
  std::vector<std::string> passback_exempt = {};  // categories
  int limit = 0;                                  // people at once; 0: any number
  bool two_person = false;  // no person is alone in it: the first two enter together and the last two leave together
  EscortRule escort = EscortRule::off;
  Millis escort_gap{15'000};  // between two people of the group
  int escort_cap = 0;         // visitors per host; 0: any number
  bool escort_tail = false;   // a second host closes the group
};

GAPURA_ENUM(PortalMode, locked, unlocked, blocked, locked_down, emergency_open);

// At most one of these portals is open or released at a time. With a chamber it is an airlock.
struct Interlock {
  std::string id;
  std::vector<PortalId> portals;
  AreaId chamber;
  Millis longest_stay{0};  // in the chamber; 0: no limit
};

struct LockdownPlan {
  std::string id, name;
  std::vector<AreaId> areas;
  int rank = 1;                       // of the active plans that cover an area the one with the highest rank applies
  std::vector<std::string> may_pass;  // staff | special | general | leaving
  Millis revert_after{0};             // ends by itself after this time; 0: only a person ends it
};

// A person or unit of the house. Hosts who escort have staff badges in the registry; hosts who receive are on the guard's
// list of whom guests visit.
struct Host {
  std::string id, name;
  std::string unit = {};  // the unit that a person belongs to
  bool receives = true, escorts = true;
};

GAPURA_ENUM(PortalKind, door, turnstile);
enum class Direction { entry, exit };

// Signals are "controller.signal"; empty where the portal has no such signal.
struct PortalConfig {
  PortalId id;
  std::string name;
  PortalKind kind = PortalKind::door;
  std::string lock, contact, rex, tamper, fault;  // door: lock is the release output. contact: on = open
  std::string passage;                            // door: on while a person passes
  std::string entry_release, exit_release;        // turnstile outputs
  std::string entry_passage, exit_passage;        // turnstile inputs
  Millis pulse{1000};                             // how long the device holds the release
  Millis extended_pulse{0};                       // for a guest who needs more time; 0: the same
  Millis passage_limit{6000};                     // a grant without a passage in this time is access_not_taken
  Millis held_limit{15000};                       // door open longer than this: held_open
  Millis order_limit{1500};              // latest sending of an order, counted from the scan or from the guard's command
  UnlockSchedule unlocked = {};          // doors only: when it is unlocked by schedule
  std::string accept_hold_on_loss = {};  // why an output that stays on when its line is cut was accepted
};

struct AccessPointConfig {
  AccessPointId id;
  PortalId portal;
  Direction direction = Direction::entry;
  AreaId from, to;
  ReaderId reader;                      // empty: no reader
  bool needs_decision = false;          // requires = ["decision"]: an aide accepted the visit
  bool needs_screening = false;         // requires = ["screening"]: cleared at the detector
  std::vector<std::string> categories;  // who may pass: general | special | staff; empty: all
};

struct DetectorConfig {
  DetectorId id;
  std::string name;
  std::string alarm, passage, fault;  // input signals
  std::string ready = {};             // on while the detector works
  std::string alarm_inverse = {};     // the alarm relay's complementary contact: always the opposite of alarm
  Millis stuck{600'000};              // an alarm or passage line that is on for this long is stuck
};

// A reader that belongs to no access point. post: at the guard's post, shows what a badge is. return_box: returns the
// badge.
GAPURA_ENUM(PostReaderKind, post, return_box);
struct PostReader {
  ReaderId reader;
  PostReaderKind kind = PostReaderKind::post;
};

struct PostRules {
  // T1 to T3 count from the moment the question was asked.
  Millis ask_again{120'000};            // T1: the aide is asked again
  Millis ask_second{300'000};           // T2: a second aide
  Millis ask_telephone{600'000};        // T3: the guard is asked to telephone
  Millis screening_prompt{60'000};      // a metal alarm without disposition: screening_undisposed
  Millis screening_deviation{180'000};  // from the metal alarm, not from the prompt: deviation alarm_without_action
  Millis screening_valid{0};            // how long a clear result is valid; 0: until the guest leaves
  int rewalks = 3;
  Millis longest_stay{0};                 // inside; the SOP's own limit takes precedence; 0: none
  Millis second_person{15'000};           // longest time between the two badges of a two-person area
  std::string panic_lockdown;             // plan that a panic starts; empty: none
  std::vector<std::string> panic_inputs;  // signals of panic buttons
  Minutes passback_reset{-1};             // local time of day at which anti-passback is reset; -1: never
};

struct SiteConfig {
  std::vector<Area> areas;
  std::vector<PortalConfig> portals;
  std::vector<AccessPointConfig> points;
  std::vector<DetectorConfig> detectors;
  std::vector<PostReader> post_readers;
  std::vector<Interlock> interlocks;
  std::vector<LockdownPlan> lockdowns;
  std::vector<Host> hosts;
  std::string badge_printer;  // prints every new paper badge; empty: none does
  VisitingHours hours;
  PostRules rules;
  std::vector<Sop> sops;
  std::string notice;  // version of the privacy notice that is shown to guests; empty: none
};
// Returns null when there is no such point.
const AccessPointConfig* find_point(const SiteConfig& site, const AccessPointId& id);

}  // namespace gapura
