// SPDX-License-Identifier: Apache-2.0
#include "models/visit/visit.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <type_traits>

namespace gapura {
namespace {

// One line per state: the states it may move to. Sets of enumerators as bits, so that a line reads like a line of the
// table.
template <class Enum, class... More>
constexpr unsigned to(More... states) {
  static_assert((std::is_same_v<Enum, More> && ...));
  return ((1U << static_cast<unsigned>(states)) | ... | 0U);
}
template <class Enum, std::size_t N>
bool has(const std::array<unsigned, N>& table, Enum from, Enum target) {
  return (table.at(static_cast<std::size_t>(from)) & to<Enum>(target)) != 0;
}

// Guards skip steps, and a door's evidence may come before a guard has typed anything. So a guest who was let in is
// in_meeting from any earlier state, and one who returned the badge at the exit has departed. A decision may change until
// the guest is escorted, so the three refusals lead back. A timer sets only unaccounted.
using enum VisitState;
constexpr std::array<unsigned, words<VisitState>.size()> visit_moves{
    /* planned     */ to<VisitState>(arrived, registered, no_show, cancelled),
    /* arrived     */ to<VisitState>(registered, turned_away, left_early, unaccounted),
    /* registered  */
    to<VisitState>(waiting, called, escorted, in_meeting, declined, rescheduled, referred, turned_away, left_early,
                   departed, unaccounted),
    /* waiting     */
    to<VisitState>(called, escorted, in_meeting, declined, rescheduled, referred, left_early, departed, unaccounted),
    /* called      */
    to<VisitState>(waiting, escorted, in_meeting, declined, rescheduled, referred, left_early, departed, unaccounted),
    /* escorted    */ to<VisitState>(waiting, in_meeting, finished, left_early, departed, unaccounted),
    /* in_meeting  */ to<VisitState>(finished, away, departed, unaccounted),
    /* away        */ to<VisitState>(in_meeting, waiting, finished, departed, unaccounted),
    /* finished    */ to<VisitState>(in_meeting, departed, unaccounted),
    /* departed    */ 0U,
    /* declined    */ to<VisitState>(waiting, called, rescheduled, referred, left_early, departed, unaccounted),
    /* rescheduled */ to<VisitState>(waiting, called, declined, referred, left_early, departed, unaccounted),
    /* referred    */ to<VisitState>(waiting, called, declined, rescheduled, left_early, departed, unaccounted),
    /* turned_away */ 0U,
    /* no_show     */ 0U,
    /* cancelled   */ 0U,
    /* left_early  */ to<VisitState>(departed, unaccounted),
    /* unaccounted */ to<VisitState>(departed),
};

// `any → destroyed` is damage. in_stock exists only for cards; see may_move().
constexpr std::array<unsigned, words<BadgeState>.size()> badge_moves{
    /* in_stock   */ to<BadgeState>(BadgeState::issued, BadgeState::destroyed),
    /* issued     */
    to<BadgeState>(BadgeState::active, BadgeState::suspended, BadgeState::returned, BadgeState::expired,
                   BadgeState::revoked, BadgeState::lost, BadgeState::destroyed),
    /* active     */
    to<BadgeState>(BadgeState::suspended, BadgeState::returned, BadgeState::expired, BadgeState::revoked, BadgeState::lost,
                   BadgeState::destroyed),
    /* suspended  */
    to<BadgeState>(BadgeState::active, BadgeState::returned, BadgeState::revoked, BadgeState::lost, BadgeState::destroyed),
    /* returned   */ to<BadgeState>(BadgeState::in_stock, BadgeState::destroyed),
    /* expired    */ to<BadgeState>(BadgeState::returned, BadgeState::lost, BadgeState::destroyed),
    /* revoked    */ to<BadgeState>(BadgeState::in_stock, BadgeState::returned, BadgeState::lost, BadgeState::destroyed),
    /* lost       */ to<BadgeState>(BadgeState::quarantine, BadgeState::destroyed),
    /* quarantine */ to<BadgeState>(BadgeState::in_stock, BadgeState::destroyed),
    /* destroyed  */ 0U,
};

// A guard may escort a guest without the steps before; a guest who was brought back can be escorted again.
constexpr std::array<unsigned, words<EscortState>.size()> escort_moves{
    /* none        */ to<EscortState>(EscortState::requested, EscortState::started),
    /* requested   */ to<EscortState>(EscortState::none, EscortState::started),
    /* started     */ to<EscortState>(EscortState::at_door, EscortState::handed_over, EscortState::returned),
    /* at_door     */ to<EscortState>(EscortState::handed_over, EscortState::returned),
    /* handed_over */ to<EscortState>(EscortState::started, EscortState::returned),
    /* returned    */ to<EscortState>(EscortState::requested, EscortState::started),
};

// The device reports passed_through and alarm; every other state is recorded by the guard. A cleared guest is pending again
// once outside, and an alarm that the relay reports late still replaces clear.
constexpr unsigned by_hand = to<Screening>(Screening::manual_check, Screening::cleared_by_check, Screening::item_deposited,
                                           Screening::refused, Screening::held_and_reported, Screening::alternative);
constexpr unsigned by_walking = to<Screening>(Screening::passed_through, Screening::clear, Screening::alarm);
constexpr unsigned walk_again = to<Screening>(Screening::rewalk);
constexpr unsigned anew = to<Screening>(Screening::pending);
constexpr std::array<unsigned, words<Screening>.size()> screening_moves{
    /* pending           */ by_walking | by_hand,
    /* passed_through    */ anew | by_walking | by_hand,
    /* clear             */ anew | to<Screening>(Screening::alarm),
    /* alarm             */ walk_again | by_hand,
    /* rewalk            */ by_walking | by_hand,
    /* manual_check      */ walk_again | by_hand,
    /* cleared_by_check  */ anew | to<Screening>(Screening::alarm),
    /* item_deposited    */ walk_again | by_walking | by_hand,
    /* refused           */ anew | walk_again | to<Screening>(Screening::manual_check, Screening::alternative),
    /* held_and_reported */ to<Screening>(Screening::manual_check),
    /* alternative       */ anew | to<Screening>(Screening::alarm),
};

int* largest_but(Whereabouts& where, const AreaId& area) {
  int* largest = nullptr;
  for (auto& [id, people] : where)
    if (id != area && people > 0 && (!largest || people > *largest)) largest = &people;
  return largest;
}

}  // namespace

Presence presence_in(const AreaId& area) {
  if (area == outside_area) return Presence::outside;
  if (area == unknown_area) return Presence::unknown;
  return area == waiting_room_area ? Presence::waiting_room : Presence::inside;
}

bool may_move(VisitState from, VisitState target) { return has(visit_moves, from, target); }

bool is_end(VisitState state) { return visit_moves.at(static_cast<std::size_t>(state)) == 0; }

bool may_move(EscortState from, EscortState target) { return has(escort_moves, from, target); }

bool may_move(BadgeState from, BadgeState target, BadgeKind kind) {
  const bool stock = from == BadgeState::in_stock || target == BadgeState::in_stock;
  return has(badge_moves, from, target) && (!stock || kind == BadgeKind::card);
}

bool may_record(Screening from, Screening target, int rewalks_done, int rewalks_allowed) {
  if (target == Screening::rewalk && rewalks_done >= rewalks_allowed) return false;
  return from != target && has(screening_moves, from, target);
}

std::string attestation(const std::string& step, const std::string& answer) {
  return answer.empty() ? step : step + ":" + answer;
}

std::string answer_in(const std::string& attestation) {
  const auto colon = attestation.find(':');
  return colon == std::string::npos ? "" : attestation.substr(colon + 1);
}

std::string find_attestation(const Visit& visit, const std::string& step) {
  const auto found = std::find_if(visit.attested.begin(), visit.attested.end(), [&](const std::string& given) {
    return given.starts_with(step) && (given.size() == step.size() || given[step.size()] == ':');
  });
  return found == visit.attested.end() ? "" : *found;
}

bool is_accepted(const Visit& visit, UtcTime now) {
  if (visit.verbal == Verbal::disputed) return false;
  if (visit.approval == Approval::accepted) return true;
  return visit.approval == Approval::accepted_later && visit.hold_until && *visit.hold_until <= now;
}

bool is_leaving(const Visit& visit) {
  switch (visit.state) {
    case finished:
    case departed:
    case declined:
    case rescheduled:
    case referred:
    case left_early:
    case unaccounted:
      return true;
    default:
      return false;
  }
}

int count_in(const Whereabouts& where, const AreaId& area) {
  const auto found = where.find(area);
  return found == where.end() ? 0 : found->second;
}

void move_one(Whereabouts& where, const AreaId& from, const AreaId& target) {
  int* group = nullptr;
  if (count_in(where, from) > 0) {
    group = &where.at(from);
  } else if (count_in(where, unknown_area) > 0) {
    group = &where.at(unknown_area);
  } else {
    group = largest_but(where, target);
  }
  if (!group) return;  // all of them are in `to` already
  --*group;
  ++where[target];
  std::erase_if(where, [](const auto& entry) { return entry.second == 0; });
}

std::string to_text(const Whereabouts& where) {
  std::string text;
  for (const auto& [area, people] : where) text += (text.empty() ? "" : " ") + area.str() + "=" + std::to_string(people);
  return text;
}

// Text that we wrote to our own table: a part that is not "area=number" is skipped rather than guessed.
Whereabouts parse_whereabouts(const std::string& text) {
  Whereabouts where;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view item = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(rest.size(), item.size() + 1));
    const auto equals = item.find('=');
    if (equals == std::string_view::npos || equals == 0) continue;
    int people = 0;
    const char* end = item.data() + item.size();
    const auto [stopped, error] = std::from_chars(item.data() + equals + 1, end, people);
    if (error == std::errc{} && stopped == end && people > 0 && people <= largest_party)
      where[AreaId(std::string(item.substr(0, equals)))] += people;
  }
  return where;
}

void complete(Whereabouts& where, int party) {
  int people = 0;
  for (const auto& [area, number] : where) people += number;
  if (people > party) where.clear(), people = 0;
  if (people < party) where[unknown_area] += party - people;
}

}  // namespace gapura
