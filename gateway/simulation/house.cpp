// SPDX-License-Identifier: Apache-2.0
// Staff, and what guests do beyond the waiting room: staff badges, escorts, the archive in which no one is alone, the
// airlock before the vault; and the guard's rarer actions.
#include <algorithm>

#include "gateway/simulation/people.h"

namespace gapura::simulation {

using namespace std::chrono_literals;
using namespace gapura::gateway;

namespace {

struct Room {
  const char *area, *outer, *portal;  // outer: the room that leads to it
};
constexpr Room rooms[] = {{"waiting_room", "outside", "lane"},
                          {"residence", "waiting_room", "door"},
                          {"archive", "residence", "archive"},
                          {"airlock", "waiting_room", "outer"},
                          {"vault", "airlock", "inner"}};

const Room* find_room(const std::string& area) {
  const auto* room = std::find_if(std::begin(rooms), std::end(rooms), [&](const Room& r) { return area == r.area; });
  return room == std::end(rooms) ? nullptr : room;
}

}  // namespace

bool People::has_area(const std::string& area) const {
  return std::any_of(site_.areas.begin(), site_.areas.end(), [&](const Area& a) { return a.id.str() == area; });
}

// Rooms are a tree: leads down to the goal, or one step out.
AccessPointId People::way(Guest& guest, const std::string& goal) {
  const Room* step = find_room(goal);
  while (step != nullptr && step->outer != guest.area) step = find_room(step->outer);
  const bool in = step != nullptr;
  if (!in) step = find_room(guest.area);
  std::string portal = step->portal;
  if (portal == "lane") portal = guest.random.chance(500) ? "lane-1" : "lane-2";
  return AccessPointId(portal + (in ? ".in" : ".out"));
}

// ---- Staff

void People::add_staff(const Item& item) {
  Guest& guest = guests_.emplace_back(item, guests_.size() + 1);
  queue_.at(item.at, [this, &guest] { start_work(guest); });
  queue_.at(item.at + item.lasts, [this, &guest] {
    guest.leaving = true;
    if (guest.idle) send(guest, "outside");
  });
}

void People::start_work(Guest& guest) {
  const std::string host = "h-" + std::to_string(1 + guest.number % 4);
  const auto answer = machine_.ask(IssueStaffBadge{host, guest.has("duress"), 0}, Role::admin);
  if (!answer) return queue_.in(5min, [this, &guest] { start_work(guest); });
  guest.badge = BadgeId(answer->id);
  guest.token = answer->token;
  checks_.moved(guest.name(), guest.bodies);
  send(guest, "waiting_room");
}

void People::send(Guest& guest, const std::string& goal) {
  ++guest.turn;
  guest.idle = false;
  guest.goal = goal;
  guest.tries = guest.helped = 0;
  go_on(guest);
}

void People::go_on(Guest& guest) {
  if (guest.area == guest.goal) return stay(guest);
  present(guest, way(guest, guest.goal));
}

void People::stay(Guest& guest) {
  if (guest.leaving && guest.area == "outside") {
    guest.done = true;
    return;
  }
  if (guest.leaving) return send(guest, "outside");
  guest.idle = true;
  queue_.in(guest.random.between(5min, 60min), [this, &guest, turn = guest.turn] {
    if (guest.turn != turn) return;
    std::vector<std::string> goals{"waiting_room", "residence"};
    if (has_area("vault")) goals.emplace_back("vault");
    if (guest.random.chance(100)) goals.emplace_back("outside");
    send(guest, goals[static_cast<std::size_t>(guest.random.below(static_cast<std::int64_t>(goals.size())))]);
  });
}

void People::staff_arrived(Guest& guest) {
  guest.helped = 0;
  if (Guest* follower = guest.area == "residence" ? std::exchange(guest.leads, nullptr) : nullptr)
    queue_.in(guest.random.between(2s, 6s), [this, follower] {
      if (follower->area == "waiting_room" && !follower->leaving) present(*follower, AccessPointId("door.in"));
    });
  if (guest.area == guest.goal) return stay(guest);
  const bool lingers = guest.area == "airlock" && guest.has("lingers");
  queue_.in(lingers ? 3min : guest.random.between(2s, 9s), [this, &guest, turn = guest.turn] {
    if (guest.turn == turn) go_on(guest);
  });
}

Guest* People::idle_staff(const std::string& area, const Guest* but) {
  for (auto& guest : guests_)
    if (guest.is_staff() && guest.idle && &guest != but && guest.area == area) return &guest;
  return nullptr;
}

// No one enters the archive alone; the other one comes a moment later, to the same reader. The same on the way out.
void People::go_in_pairs(const Item& item) {
  if (!has_area("archive")) return;
  Random random(item.seed);
  Guest* one = idle_staff("residence", nullptr);
  Guest* two = idle_staff("residence", one);
  if (one == nullptr || two == nullptr) return;
  if (item.has("alone")) {
    one->alone = true;
    return send(*one, "archive");
  }
  const auto both = [this, one, two](const std::string& goal, Millis later) {
    send(*one, goal);
    ++two->turn, two->idle = false;
    queue_.in(later, [this, two, goal] { send(*two, goal); });
  };
  both("archive", random.between(1s, 8s));
  queue_.in(random.between(4min, 20min), [one, two, both, later = random.between(1s, 8s)] {
    if (one->area == "archive" && two->area == "archive") both("residence", later);
  });
}

// ---- Escorts

// Attested: the guard records that a member of staff accompanies the guest. Ordered: a member of staff goes first through
// the door.
void People::get_escort(Guest& guest, int asked) {
  const EscortRule rule = site_.areas[2].escort;
  const AccessPointId door("door.in");
  if (guest.leaving || guest.area != "waiting_room") return;
  if (rule == EscortRule::off) return present(guest, door);
  if (rule == EscortRule::attested)
    return queue_for_guard(guest.random.between(10s, 30s), [this, &guest, door] {
      (void)machine_.ask(MoveEscort{guest.visit, EscortState::started, guest.random.chance(500) ? "" : "h-1"}, Role::guard);
      if (!guest.leaving && guest.area == "waiting_room") present(guest, door);
    });
  Guest* host = idle_staff("waiting_room", nullptr);
  if (host != nullptr) {
    host->leads = &guest;
    return send(*host, "residence");
  }
  if (asked == 0)
    if (Guest* inside = idle_staff("residence", nullptr)) send(*inside, "waiting_room");
  if (asked > 3) return present(guest, door);
  queue_.in(2min, [this, &guest, asked] { get_escort(guest, asked + 1); });
}

void People::bring_escort_back(Guest& guest) {
  if (site_.areas[2].escort != EscortRule::attested || guest.goal != "residence" || guest.leaving) return;
  queue_for_guard(guest.random.between(10s, 60s), [this, &guest] {
    (void)machine_.ask(MoveEscort{guest.visit, EscortState::handed_over, ""}, Role::guard);
    (void)machine_.ask(MoveEscort{guest.visit, EscortState::returned, ""}, Role::guard);
  });
}

// ---- The guard's rarer actions

void People::open_day() {
  if (!machine_.is_up()) return queue_.in(10min, [this] { open_day(); });
  if (const auto stock = machine_.ask(StockCards{12}, Role::admin))
    for (const auto& [badge, token] : stock->tokens) box_.push_back({BadgeId(badge), token});
  for (auto& guard : guards_)
    if (const auto made =
            machine_.ask(AddUser{"jaga-" + std::to_string(&guard - guards_), Role::guard, "x", false}, Role::admin))
      guard = made->id;
  (void)machine_.ask(StartShift{}, Role::guard, guards_[0]);
}

void People::hand_over() {
  if (guards_[0].empty() || guards_[1].empty()) return;
  (void)machine_.ask(AcceptShift{}, Role::guard, guards_[1]);  // too soon: not handed over yet
  if (!machine_.ask(HandOver{UserId(guards_[1]), "uji"}, Role::guard, guards_[0])) return;
  queue_.in(2min, [this] {
    (void)machine_.ask(AcceptShift{}, Role::guard, guards_[0]);  // not the guard it was handed over to
    if (machine_.ask(AcceptShift{}, Role::guard, guards_[1])) std::swap(guards_[0], guards_[1]);
  });
}

void People::unlock(const Item& item) {
  (void)machine_.ask(SetPortalMode{PortalId("door"), PortalMode::unlocked, "uji"}, Role::guard);
  queue_.in(item.lasts, [this] {
    (void)machine_.ask(SetPortalMode{PortalId("door"), PortalMode::locked, "uji"}, Role::guard);
  });
  if (Random(item.seed).chance(300)) {  // an incident: the door has to be shut at once
    queue_.in(item.lasts / 3, [this] { (void)machine_.ask(StartLockdown{"house", "uji"}, Role::guard); });
    queue_.in(item.lasts / 2, [this] { (void)machine_.ask(EndLockdown{"house", "uji"}, Role::guard); });
  }
}

void People::show_stock_card(const Item& item) {
  if (box_.empty()) return;
  machine_.scan(BadgeRead{find_point(AccessPointId(item.target)).reader, {box_.front().token}, BootTime(), nullptr},
                box_.front().badge.str());
}

void People::call_the_roll(const Item& item) {
  (void)machine_.ask(StartMuster{"uji"}, Role::guard);
  Random random(item.seed);
  for (auto& guest : guests_)
    if (!guest.is_staff() && !guest.visit.empty() && guest.area != "outside")
      queue_.in(random.between(10s, 5min),
                [this, visit = guest.visit] { (void)machine_.ask(MarkSafe{visit}, Role::guard); });
  queue_.in(item.lasts, [this] { (void)machine_.ask(EndMuster{"uji"}, Role::guard); });
}

void People::call_for_help(const Item& item) {
  if (item.has("button")) return bus_.press_panic_button();
  (void)machine_.ask(Panic{"pos", item.has("silent")}, Role::guard);
}

}  // namespace gapura::simulation
