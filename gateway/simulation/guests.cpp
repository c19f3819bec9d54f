// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "gateway/simulation/people.h"

namespace gapura::simulation {

using namespace std::chrono_literals;

People::People(const SiteConfig& site, Queue& queue, Machine& machine, Bus& bus, Checks& checks, Random random)
    : site_(site), queue_(queue), machine_(machine), bus_(bus), checks_(checks), random_(random) {
  bus_.ordered = [this](std::uint64_t intent) { released_[intent] = asker_; };
  bus_.opened = [this](std::uint64_t intent) { opened(intent); };
}

const AccessPointConfig& People::find_point(const AccessPointId& id) const {
  return *std::find_if(site_.points.begin(), site_.points.end(), [&](const auto& point) { return point.id == id; });
}

bool People::all_gone() const {
  return std::all_of(guests_.begin(), guests_.end(), [](const Guest& guest) { return guest.done; });
}

void People::come(const Item& item) {
  Guest& guest = guests_.emplace_back(item, guests_.size() + 1);
  if (guest.has("planned")) queue_.at(item.at - guest.random.between(1min, 60min), [this, &guest] { plan(guest); });
  queue_.at(item.at, [this, &guest] { arrive(guest); });
}

void People::arrive(Guest& guest) {
  ++guest.visits;
  guest.tries = guest.helped = 0;
  guest.version = 0;
  guest.accepted = guest.refused = guest.leaving = guest.met = false;
  guest.visit = VisitId(), guest.badge = BadgeId(), guest.token.clear(), guest.deposit.clear();
  guest.area = guest.goal = "outside";
  guest.card = false;
  guest.bodies = {{"outside", static_cast<int>(std::max<std::int64_t>(1, guest.item.count))}};
  queue_for_guard(guest.random.between(20s, 90s), [this, &guest] { register_guest(guest); });
}

// From the post through one of the lanes. A guest who was refused, or lost patience, turns back.
void People::go_in(Guest& guest) {
  if (guest.leaving) return;
  guest.tries = 0;
  const AccessPointId lane(guest.random.chance(500) ? "lane-1.in" : "lane-2.in");
  if (guest.has("changes_mind") && guest.random.chance(300)) {
    show(guest, lane, {guest.token});  // and does not walk
    guest.wants = AccessPointId();
    queue_.in(20s, [this, &guest] { leave(guest); });
    return;
  }
  if (guest.has("tailgates") && guest.random.chance(500)) {
    guest.wants = AccessPointId("tail");  // waits for another person's release, ten minutes at most
    queue_.in(10min, [this, &guest, lane] {
      if (guest.area == "outside" && guest.wants.str() == "tail") present(guest, lane);
    });
    return;
  }
  present(guest, lane);
}

void People::go_to_door(Guest& guest) {
  if (guest.leaving) return leave(guest);
  guest.tries = 0;
  guest.goal = guest.has("vault") && has_area("vault") ? "vault" : "residence";
  const AccessPointId point = way(guest, guest.goal);
  const PortalConfig& portal = *bus_.find_portal(find_point(point).portal);
  if (bus_.is_on(portal.lock) && guest.random.chance(500)) return slip_through(guest, find_point(point));
  if (guest.goal == "residence" && !guest.has("impatient")) return get_escort(guest, 0);
  present(guest, point);
}

void People::meet(Guest& guest) {
  guest.met = true;
  if (guest.has("curious") && guest.area == "residence" && has_area("archive"))
    show(guest, AccessPointId("archive.in"), {guest.token});  // and is refused
  if (guest.has("forgets_badge")) guest.token.clear();
  queue_.in(guest.random.between(5min, guest.has("stays_over") ? 4h : 45min), [this, &guest] { leave(guest); });
}

// One step further out, from wherever the guest is.
void People::leave(Guest& guest) {
  guest.leaving = true;
  guest.tries = 0;
  if (guest.area == "waiting_room") {
    const AccessPointId lane = way(guest, "outside");
    if (!guest.deposit.empty() && !guest.has("forgets_item")) hand_item_back(guest);
    tick_off(guest, {"survey"}, 700);
    if (guest.token.empty()) return help(guest, lane);
    present(guest, lane);
  } else if (guest.area != "outside") {
    const AccessPointId point = way(guest, "outside");
    if (guest.has("by_button") || guest.token.empty()) {
      bus_.press_exit_button(find_point(point).portal);
      checks_.mark_unknown(guest.name());
      slip_through(guest, find_point(point));
    } else {
      present(guest, point);
    }
  } else if (guest.has("keeps_badge") && !guest.token.empty()) {
    guest.done = true;  // the visit is still open at the close of the day
  } else {
    take_badge_back(guest);
  }
}

// ---- At a reader

void People::present(Guest& guest, const AccessPointId& point) {
  guest.wants = point;
  std::vector<std::string> codes{guest.token};
  if (guest.has("wrong_code") && guest.tries == 0) codes = {"https://contoh.example/promo"};
  if (guest.has("two_codes") && guest.tries == 0) codes.emplace_back(make_token({1, 2, 3, 4}));
  show(guest, point, std::move(codes));
  const bool other_lane = guest.has("scans_twice") && point.str().starts_with("lane-1");
  if (other_lane) show(guest, AccessPointId("lane-2" + point.str().substr(6)), {guest.token});
  queue_.in(9s, [this, &guest, point, passes = guest.passes] { try_again(guest, point, passes); });
}

void People::show(Guest& guest, const AccessPointId& point, std::vector<std::string> codes) {
  const AccessPointConfig& config = find_point(point);
  const bool one = codes.size() == 1 && codes.front() == guest.token;
  asker_ = {&guest, point};
  machine_.scan(BadgeRead{config.reader, std::move(codes), BootTime(), nullptr}, one ? guest.badge.str() : "");
  asker_ = {};
}

// Nothing opened: tries again, then asks the guard.
void People::try_again(Guest& guest, const AccessPointId& point, int passes) {
  if (guest.passes != passes || guest.wants != point) return;
  if (++guest.tries < 3) {
    present(guest, point);
  } else if (guest.alone) {  // no escort came
    guest.wants = AccessPointId();
    guest.alone = false;
    send(guest, guest.area);
  } else {
    guest.wants = AccessPointId();
    help(guest, point);
  }
}

void People::opened(std::uint64_t intent) {
  const Asker asker = std::exchange(released_[intent], {});
  released_.erase(intent);
  Guest* guest = asker.guest;
  if (!guest || guest->wants.empty() || guest->wants.str() == "tail") return;
  guest->wants = AccessPointId();
  const AccessPointConfig& point = find_point(asker.point);
  // Two who were let in together walk together, even if the first has asked the guard for help meanwhile.
  Guest* partner = nullptr;
  if (const auto granted = checks_.ledger().intents.find(intent);
      granted != checks_.ledger().intents.end() && !granted->second.partner.empty())
    for (auto& other : guests_)
      if (other.badge.str() == granted->second.partner && other.area == point.from.str() &&
          (other.wants.empty() || other.wants == point.id))
        partner = &other;
  if (partner) partner->wants = AccessPointId();
  queue_.in(guest->random.between(200ms, 900ms), [this, guest, &point, partner] { pass(*guest, point, partner); });
}

void People::move_one(Guest& guest, const AccessPointConfig& point) {
  --guest.bodies[point.from.str()];
  ++guest.bodies[point.to.str()];
  ++guest.passes;
  if (guest.bodies[point.from.str()] == 0) guest.area = point.to.str();
  checks_.moved(guest.name(), guest.bodies);
}

// One of the party passes; the next one shows the same badge, until all are through.
void People::pass(Guest& guest, const AccessPointConfig& point, Guest* partner) {
  if (guest.area != point.from.str()) return;
  if (partner) move_one(*partner, point);
  move_one(guest, point);
  if (!bus_.pass(point.portal, point.direction)) {
    checks_.mark_unknown(guest.name());
    if (partner) checks_.mark_unknown(partner->name());
  }
  tailgate(point, guest);
  if (partner) arrived_in(*partner);
  if (guest.area == point.to.str()) return arrived_in(guest);
  guest.tries = 0;
  queue_.in(guest.random.between(3s, 6s), [this, &guest, &point] { present(guest, point.id); });
}

// A second person follows closely; the beam may take both for one.
void People::tailgate(const AccessPointConfig& point, const Guest& ahead) {
  for (auto& guest : guests_) {
    if (guest.wants.str() != "tail" || &guest == &ahead || guest.area != point.from.str()) continue;
    guest.wants = AccessPointId();
    checks_.mark_unknown(guest.name());
    queue_.in(700ms, [this, &guest, &point] { slip_through(guest, point); });
    return;
  }
}

void People::slip_through(Guest& guest, const AccessPointConfig& point) {
  checks_.mark_unknown(guest.name());
  for (const auto& area : {point.from, point.to}) checks_.entered_by_hand(area.str());
  while (guest.area == point.from.str()) move_one(guest, point);
  bus_.pass(point.portal, point.direction);
  // The sensor detected a passage, so a release of another person may count as used: that person becomes unknown too.
  for (auto& other : guests_)
    if (!other.done) checks_.mark_unknown(other.name());
  arrived_in(guest);
}

void People::arrived_in(Guest& guest) {
  guest.tries = 0;
  if (guest.is_staff()) return staff_arrived(guest);
  if (guest.area == guest.goal) bring_escort_back(guest);
  if (guest.leaving) {
    queue_.in(guest.random.between(10s, 60s), [this, &guest] { leave(guest); });
  } else if (guest.area == "waiting_room") {
    if (guest.has("passes_back"))  // passes the badge back to a friend, who finds the lane shut or does not dare
      queue_.in(20s, [this, &guest] { show(guest, AccessPointId("lane-2.in"), {guest.token}); });
    queue_.in(guest.random.between(30s, 5min), [this, &guest] { go_to_door(guest); });
  } else if (guest.area == guest.goal) {
    meet(guest);
  } else {  // in the airlock
    queue_.in(guest.random.between(2s, 9s), [this, &guest] { present(guest, way(guest, guest.goal)); });
  }
}

}  // namespace gapura::simulation
