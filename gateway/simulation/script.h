// SPDX-License-Identifier: Apache-2.0
// A day as data: who comes with which habits, and what breaks when. Made from a seed; any part of it can be left out, kept
// in a file and played again. Each item carries its own seed, so that the others do not change when one is taken away.
#pragma once

#include <string>
#include <vector>

#include "gateway/simulation/queue.h"
#include "models/result.h"

namespace gapura::simulation {

GAPURA_ENUM(ItemKind,    //
            visit,       // somebody comes; `target`: habits, separated by commas
            phone_off,   // the aide's telephone, for `lasts`
            revoke,      // the admin takes somebody's badge away
            power_cut,   // after `count` operations of the disk
            storm,       // for `lasts` the power fails again and again, mostly within `count` operations of the disk
            restart,     // an orderly one
            disk_fault,  // `target`: write | sync | open | full; from the `count`-th operation on, once or (with `lasts`)
                         // until repaired
            controller,  // `target`: offline | silent | late | refuse | lost, for `lasts`
            blind,       // the passage contacts of the portal `target` see nothing, for `lasts`
            clock_jump,  // by `count` milliseconds
            forced,      // somebody goes through the portal `target` without any release
            lockdown,    // of the residence, for `lasts`
            blocked,     // the portal `target`, for `lasts`
            stranger,    // codes that are no badge of ours
            lanes,       // one badge at all lanes within ten milliseconds
            staff,       // somebody of the house comes with a badge of their own and goes about the rooms, for `lasts`
            pair,        // two of them go into the archive together; `target` alone: one tries without the other
            unlocked,    // the door stands unlocked, for `lasts`
            stock_card,  // a card out of the box is held to the reader `target`
            muster,      // a roll call, for `lasts`
            shift,       // the guard hands the post over
            panic,       // `target`: loud | silent | button
            passer       // a person who is not expected walks through the detector
);

struct Item {
  ItemKind kind = ItemKind::visit;
  WorldTime at{0};
  std::uint64_t seed = 0;
  std::string target;
  std::int64_t count = 0;
  Millis lasts{0};
  bool operator==(const Item&) const = default;
  bool has(std::string_view habit) const;
};

GAPURA_ENUM(Scene,      //
            post,       // the usual one
            procedures  // its procedures ask for steps before an area opens, and let only some of a party in at once
);

struct Script {
  std::uint64_t seed = 0;
  std::vector<Item> items;
  Scene scene = Scene::post;
};

// What may break; the words of `gapura simulate --faults`.
struct Faults {
  bool power = true, disk = true, devices = true, clock = true, people = true;
  bool storm = false;  // instead of a day: two hours in which the power hardly ever holds for a minute
  static Faults none() { return {false, false, false, false, false}; }
};

// A day from seven to nine with `visits` visitors, or the short one of a storm.
Script make_script(std::uint64_t seed, int visits, const Faults& faults, Scene scene = Scene::post);

// One item a line, `seed N` first, then `scene NAME` unless it is the usual one; lines that start with # are skipped.
std::string to_text(const Script& script);
Result<Script> parse_script(const std::string& text);

}  // namespace gapura::simulation
