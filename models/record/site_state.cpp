// SPDX-License-Identifier: Apache-2.0
// Finding, overlaying and merging values of the state. What an entry means is in fold.cpp.
#include "models/record/site_state.h"

#include <cstring>

namespace gapura {
namespace {

template <class Map, class Key>
auto find_in(const Map& map, const Key& key) -> const typename Map::mapped_type* {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : &found->second;
}

// Returns the present value, copied into the overlay at the first access.
template <class Overlay, class Key, class Value>
Value* touch(Overlay& overlay, const Key& id, const Value* base) {
  const auto found = overlay.find(id);
  if (found != overlay.end()) return &found->second;
  return base ? &overlay.emplace(id, *base).first->second : nullptr;
}

void count(std::map<AreaId, int>& people, const AreaId& area, int by) {
  if (area.empty() || area == outside_area || by == 0) return;
  const auto place = people.try_emplace(area, 0).first;
  place->second += by;
  if (place->second == 0) people.erase(place);
}

void count(std::map<AreaId, int>& people, const Visit& visit, int sign) {
  if (visit.closed) return;
  for (const auto& [area, number] : visit.where) count(people, area, sign * number);
}

void count(std::map<AreaId, int>& people, const Badge& badge, int sign) {
  if (badge.kind == BadgeKind::staff) count(people, badge.area, sign);
}

}  // namespace

std::size_t HashOfHash::operator()(const Hash& hash) const noexcept {
  std::size_t value = 0;  // the bytes are already uniform
  std::memcpy(&value, hash.data(), sizeof value);
  return value;
}

const Visit* SiteState::find_visit(const VisitId& id) const { return find_in(visits, id); }
const Badge* SiteState::find_badge(const BadgeId& id) const { return find_in(badges, id); }
const Badge* SiteState::find_badge(const Hash& token) const {
  const BadgeId* id = find_in(badge_by_token, token);
  return id ? find_badge(*id) : nullptr;
}

int SiteState::people_in(const AreaId& area) const {
  const int* number = find_in(people, area);
  return number ? *number : 0;
}

void SiteState::count_people() {
  people.clear();
  for (const auto& [id, visit] : visits) count(people, visit, 1);
  for (const auto& [id, badge] : badges) count(people, badge, 1);
}

Visit* SiteEdit::find_visit(const VisitId& id) { return touch(visits, id, base_.find_visit(id)); }
Badge* SiteEdit::find_badge(const BadgeId& id) { return touch(badges, id, base_.find_badge(id)); }
Deposit* SiteEdit::find_deposit(const std::string& id) { return touch(deposits, id, find_in(base_.deposits, id)); }

const OpenIntent* SiteEdit::find_intent(std::uint64_t number) const {
  const OpenIntent* fresh = find_in(opened, number);
  return fresh ? fresh : find_in(base_.open_intents, number);
}

Visit& SiteEdit::add_visit(const VisitId& id) {
  Visit& visit = visits[id];
  visit.id = id;
  return visit;
}

Badge& SiteEdit::add_badge(const BadgeId& id) {
  Badge& badge = badges[id];
  badge.id = id;
  return badge;
}

Deposit& SiteEdit::add_deposit(const std::string& id) {
  Deposit& deposit = deposits[id];
  deposit.id = id;
  return deposit;
}

Alarm& SiteEdit::alarm(std::uint64_t number) {
  const auto [place, fresh] = alarms.try_emplace(number);
  if (fresh) {
    if (const Alarm* now = find_in(base_.alarms, number)) place->second = *now;
    place->second.number = number;
  }
  return place->second;
}

SiteFacts& SiteEdit::change_facts() {
  if (!facts_) facts_ = base_.facts;
  return *facts_;
}

void SiteEdit::close(std::uint64_t intent) {
  if (opened.erase(intent) == 0) closed.push_back(intent);
}

void SiteEdit::merge_into(SiteState& state, UtcTime now) const {
  for (const auto& [id, badge] : badges) {
    if (const Badge* before = state.find_badge(id)) count(state.people, *before, -1);
    count(state.people, badge, 1);
    state.badges.insert_or_assign(id, badge);
    state.badge_by_token.insert_or_assign(badge.token, id);
  }
  for (const auto& [id, visit] : visits) {
    const Visit* before = state.find_visit(id);
    if (visit.closed && !(before && before->closed)) state.lately_closed.emplace_back(*visit.closed, id);
    if (before) count(state.people, *before, -1);
    count(state.people, visit, 1);
    state.visits.insert_or_assign(id, visit);
  }
  for (const auto& [id, deposit] : deposits) {
    if (deposit.state == DepositState::returned) {
      state.deposits.erase(id);
    } else {
      state.deposits.insert_or_assign(id, deposit);
    }
  }
  for (const auto& [number, intent] : opened) state.open_intents.insert_or_assign(number, intent);
  for (const auto number : closed) state.open_intents.erase(number);
  for (const auto& [number, alarm] : alarms) {
    if (alarm.standing()) {
      state.alarms.insert_or_assign(number, alarm);
    } else {
      state.alarms.erase(number);
    }
  }
  if (facts_) state.facts = *facts_;
  if (next_number > state.next_number) state.next_number = next_number;
  state.forget_closed(now);
}

// A closed visit is kept while its closing can be undone, and while its badge could still be scanned, so that the scan can
// name the visit.
void SiteState::forget_closed(UtcTime now) {
  for (auto left = lately_closed.size(); left > 0 && now >= lately_closed.front().first + undo_limit; --left) {
    const auto [closed, id] = lately_closed.front();
    lately_closed.pop_front();
    const Visit* visit = find_visit(id);
    if (!visit || !visit->closed) continue;  // the closing was undone
    const Badge* badge = find_badge(visit->badge);
    const bool closed_again = now < *visit->closed + undo_limit;  // closed again after an undo
    if (closed_again || (badge && is_outstanding(*badge))) {
      lately_closed.emplace_back(now, id);  // looked at again later
    } else {
      visits.erase(id);
    }
  }
}

}  // namespace gapura
