// SPDX-License-Identifier: Apache-2.0
// A day as data: who comes with which habits, and what breaks when. Made from a seed; any part can be left out, saved in a
// file and played again. Each item has its own seed, so that the others do not change when one is left out.
#pragma once

#include <string>
#include <vector>

#include "gateway/simulation/queue.h"
#include "models/base/result.h"

namespace gapura::simulation {

GAPURA_ENUM(ItemKind,    //
            visit,       // a guest comes; `target`: habits, separated by commas
            phone_off,   // the aide's telephone, for `lasts`
            revoke,      // the admin revokes a badge
            power_cut,   // after `count` operations of the disk
            storm,       // for `lasts` the power fails again and again, mostly within `count` operations of the disk
            restart,     // an orderly one
            disk_fault,  // `target`: write | sync | open | full; from the `count`-th operation on, once or (with `lasts`)
                         // with `lasts`, until repaired
            controller,  // `target`: offline | silent | late | refuse | lost, for `lasts`
            blind,       // the passage contacts of the portal `target` do not react, for `lasts`
            clock_jump,  // by `count` milliseconds
            forced,      // a person goes through the portal `target` without a release
            lockdown,    // of the residence, for `lasts`
            blocked,     // the portal `target`, for `lasts`
            stranger,    // codes that are not badges
            lanes,       // one badge at all lanes within ten milliseconds
            staff,       // a member of staff comes with a staff badge and moves about the rooms, for `lasts`
            pair,        // two members of staff enter the archive together; `target` alone: one tries without the other
            unlocked,    // the door is unlocked, for `lasts`
            stock_card,  // a card from the box is held to the reader `target`
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
            procedures  // its procedures require steps before an area opens, and limit how many of a party are in at once
);

struct Script {
  std::uint64_t seed = 0;
  std::vector<Item> items;
  Scene scene = Scene::post;
};

// What may break; the words of `gapura simulate --faults`.
struct Faults {
  bool power = true, disk = true, devices = true, clock = true, people = true;
  bool storm = false;  // instead of a day: two hours in which the power rarely lasts for a minute
  static Faults none() { return {false, false, false, false, false}; }
};

// A day from seven to nine with `visits` visitors, or the short one of a storm.
Script make_script(std::uint64_t seed, int visits, const Faults& faults, Scene scene = Scene::post);

// One item per line, `seed N` first, then `scene NAME` unless it is the usual one; lines that start with # are ignored.
std::string to_text(const Script& script);
Result<Script> parse_script(const std::string& text);

}  // namespace gapura::simulation
