// SPDX-License-Identifier: Apache-2.0
#include "gateway/core/change_check.h"

#include <numeric>

#include "models/base/invariant.h"

namespace gapura::gateway {
namespace {

bool is_outcome(EventType type) {
  return type == EventType::access_taken || type == EventType::access_not_taken || type == EventType::access_unknown;
}

void check_entries(const Change& change, const SiteState& state) {
  for (std::size_t i = 0; i < change.entries.size(); ++i) {
    const Entry& entry = change.entries[i];
    INVARIANT(!entry.ref || *entry.ref < state.next_number + i, "an entry refers to an earlier one");
    INVARIANT(!is_outcome(entry.type) || (entry.ref && state.open_intents.contains(*entry.ref)),
              "an outcome is of a release that has none yet");
  }
}

void check_pulse(const PulseOrderOut& pulse, const Change& change, const SiteState& state) {
  INVARIANT(pulse.length > Millis(0) && pulse.deadline != BootTime(), "a pulse has a length and a deadline");
  INVARIANT(!pulse.intent || *pulse.intent < state.next_number, "a pulse is renewed by an entry that is committed");
  INVARIANT(pulse.intent || change.entries[pulse.entry].type == EventType::access_granted, "a pulse is allowed by a grant");
}

void check_orders(const Change& change, const SiteState& state) {
  const PulseOrderOut* earlier = nullptr;
  for (const auto& order : change.orders) {
    std::visit(
        [&](const auto& out) {
          if constexpr (requires { out.entry; }) {
            bool renews = false;
            if constexpr (requires { out.intent; }) renews = out.intent.has_value();
            INVARIANT(renews || out.entry < change.entries.size(), "an order is allowed by an entry of its change");
          }
        },
        order);
    if (const auto* keep = std::get_if<KeepStillOut>(&order)) INVARIANT(keep->still, "a still that is to be kept is there");
    if (const auto* scrub = std::get_if<ScrubOut>(&order)) INVARIANT(scrub->step, "a part of the file to clear is named");
    const auto* pulse = std::get_if<PulseOrderOut>(&order);
    if (!pulse) continue;
    check_pulse(*pulse, change, state);
    if (pulse->intent) continue;
    INVARIANT(!earlier || earlier->entry < pulse->entry, "a grant is ordered once");
    earlier = pulse;
  }
}

}  // namespace

void check_change(const Change& change, const SiteState& state) {
  check_entries(change, state);
  check_orders(change, state);
  for (const auto& row : change.rows)
    std::visit(
        [&](const auto& value) {
          if constexpr (requires { value.entry; })
            INVARIANT(value.entry < change.entries.size(), "a row is of an entry of its change");
        },
        row);
}

void check_presence(const SiteEdit& edit) {
  for (const auto& [id, visit] : edit.visits) {
    const int people = std::accumulate(visit.where.begin(), visit.where.end(), 0,
                                       [](int sum, const auto& area) { return sum + area.second; });
    INVARIANT(people == visit.party, "all of a party are somewhere, and no more");
  }
}

}  // namespace gapura::gateway
