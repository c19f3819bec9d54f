// SPDX-License-Identifier: Apache-2.0
// The people at the post: guests with their habits, one guard who does one thing after the other, an aide with a telephone,
// an admin. They know what people know: what they see and what the screen shows, never the core's state.
#pragma once

#include <deque>
#include <memory>

#include "gateway/simulation/bus.h"
#include "gateway/simulation/script.h"

namespace gapura::simulation {

struct Guest {
  Guest(const Item& script, std::size_t index) : item(script), random(script.seed), number(index) {}
  bool has(std::string_view habit) const { return item.has(habit); }
  bool is_staff() const { return item.kind == ItemKind::staff; }
  std::string name() const { return is_staff() ? badge.str() : visit.str(); }  // the journal's id of them
  const Item& item;
  Random random;
  std::size_t number;
  VisitId visit, planned;
  std::string deposit;  // its number in the lockers; empty: none
  UtcTime planned_for;  // by the clock at that time, which may have been wrong
  BadgeId badge;
  std::string token;             // the text on the badge in hand; empty: none
  std::string area = "outside";  // where those are who have not yet passed the next point
  Places bodies{{"outside", 1}};
  int passes = 0;
  AccessPointId wants;  // waits in front of this point for it to open
  int tries = 0, helped = 0, visits = 0;
  std::int64_t version = 0;  // of the approval, as the post's screen shows it
  bool accepted = false, refused = false, leaving = false, done = false, stowaway = false, met = false;
  bool card = false;  // the badge is a card from the box
  // Staff: where they want to be; idle there, and available as an escort. `turn`: number of their plans; earlier plans are
  // dropped.
  std::string goal = "outside";
  bool idle = false, alone = false;
  int turn = 0;
  Guest* leads = nullptr;  // a guest who follows at the door
};

class People {
 public:
  People(const SiteConfig& site, Queue& queue, Machine& machine, Bus& bus, Checks& checks, Random random);
  void open_day();                                // cards into the box, a second guard, the first guard's shift
  void come(const Item& item);                    // a visit of the script
  void add_staff(const Item& item);               // a member of staff
  void carry_out(const Item& item);               // any other action of people in the script
  std::size_t visits() const { return visits_; }  // registered
  bool all_gone() const;
  void handle_alarms();      // every quarter of an hour
  void close_open_visits();  // the guard closes what is still open

 private:
  // Guests: guests.cpp
  void arrive(Guest& guest);
  void go_in(Guest& guest);
  void go_to_door(Guest& guest);
  void meet(Guest& guest);
  void leave(Guest& guest);
  void present(Guest& guest, const AccessPointId& point);
  void show(Guest& guest, const AccessPointId& point, std::vector<std::string> codes);
  void try_again(Guest& guest, const AccessPointId& point, int passes);
  void opened(std::uint64_t intent);
  void pass(Guest& guest, const AccessPointConfig& point, Guest* partner);
  void arrived_in(Guest& guest);
  void tailgate(const AccessPointConfig& point, const Guest& ahead);
  void move_one(Guest& guest, const AccessPointConfig& point);
  void slip_through(Guest& guest, const AccessPointConfig& point);  // without a right that the journal knows

  // The house: house.cpp. Staff, and what guests do beyond the waiting room.
  bool has_area(const std::string& area) const;
  AccessPointId way(Guest& guest, const std::string& goal);  // the next point from where the guest is
  void go_on(Guest& guest);
  void start_work(Guest& guest);
  void stay(Guest& guest);
  void send(Guest& guest, const std::string& goal);
  void staff_arrived(Guest& guest);
  Guest* idle_staff(const std::string& area, const Guest* but);
  void get_escort(Guest& guest, int asked);
  void bring_escort_back(Guest& guest);
  void go_in_pairs(const Item& item);
  void unlock(const Item& item);
  void show_stock_card(const Item& item);
  void call_the_roll(const Item& item);
  void hand_over();
  void call_for_help(const Item& item);

  // Procedures: procedures.cpp. These do nothing where no procedure has a gate.
  bool has_gates() const;
  void tick_off(Guest& guest, std::initializer_list<const char*> steps, int per_mille);
  void permit_all(Guest& guest);

  // The post: post.cpp. Each is one action of the guard, done when the guard has time, and repeated when the computer is
  // down.
  void queue_for_guard(Millis takes, std::function<void()> action);
  void register_guest(Guest& guest);
  void ask_aide(Guest& guest);
  void give_badge(Guest& guest, const std::string& reason);
  void screen(Guest& guest, bool again);
  void help(Guest& guest, const AccessPointId& point);
  void take_badge_back(Guest& guest);
  void close_visit(Guest& guest, VisitState outcome, const std::string& reason);
  void decide(Guest& guest);
  void revoke_some_badge(Random random);
  void plan(Guest& guest);
  void give_item(Guest& guest);
  void hand_item_back(Guest& guest);
  void lock_down(const Item& item);
  void block(const Item& item);
  void strangers(const Item& item);
  void badge_at_all_lanes(Random random);
  Guest* any_guest(Random& random, std::string_view area);

  const AccessPointConfig& find_point(const AccessPointId& id) const;
  gateway::GuestForm form_of(const Guest& guest) const;

  const SiteConfig& site_;
  Queue& queue_;
  Machine& machine_;
  Bus& bus_;
  Checks& checks_;
  Random random_;
  std::deque<Guest> guests_;  // references to them stay valid
  WorldTime guard_busy_{0}, phone_off_until_{0};
  struct Asker {
    Guest* guest = nullptr;
    AccessPointId point;
  };
  struct Card {
    BadgeId badge;
    std::string token;
  };
  Asker asker_;                              // during the computer's decision on what was shown or asked
  std::map<std::uint64_t, Asker> released_;  // the person that an order is for
  std::size_t visits_ = 0;
  std::deque<Card> box_;   // cards in stock
  std::string guards_[2];  // user ids; the one on duty first
};

}  // namespace gapura::simulation
