// SPDX-License-Identifier: Apache-2.0
// The end of a visit: by the guard, the return box or the last badge.
#include "gateway/core/change_tools.h"

namespace gapura::gateway {

// Ends a visit: its badges end with it, and its alarms are cleared.
void end_visit(const SiteContext& site, Change& change, const Visit& visit, const Actor& actor, VisitState outcome) {
  for (const auto& id : visit.badges_out) {
    const Badge* badge = site.state.find_badge(id);
    if (!badge) continue;
    // A paper badge ends at once. A card may still come back: it opens nothing, and is lost at the close of the day.
    const bool card = badge->kind == BadgeKind::card;
    Entry ended = card ? make_entry(BadgeChanged{.from = badge->state, .to = BadgeState::suspended, .why = "not_returned"})
                       : make_entry(BadgeRevoked{.why = "not_returned"});
    ended.badge = badge->id;
    change.entries.push_back(visit_entry(actor, visit.id, ended));
  }
  change.entries.push_back(visit_entry(
      actor, visit.id,
      VisitClosed{.outcome = outcome, .was = visit.state, .where = to_text(visit.where), .presence = visit.presence}));
  using enum AlarmKind;
  for (const AlarmKind kind :
       {decision_overdue, overstay, unaccounted, screening_undisposed, visitor_astray, attention_list})
    site.clear(change, kind, visit.id.str());
}

// Records a badge's return at the post or in the return box. With the last badge of a guest who went out through the exit
// the visit ends (exit passage and badge returned).
void record_return(const SiteContext& site, Change& change, const Badge& badge, const Actor& actor) {
  change.entries.push_back(badge_entry(actor, badge, EventType::badge_returned));
  const Visit* visit = site.find_open_visit(badge.visit);
  if (!visit || visit->deposits_open > 0) return;
  const bool last = visit->badges_out.empty() || (visit->badges_out.size() == 1 && visit->badges_out[0] == badge.id);
  const bool all_out = count_in(visit->where, outside_area) == visit->party && visit->presence == Presence::outside;
  if (!last || !all_out) return;
  Visit gone = *visit;
  gone.badges_out.clear();
  end_visit(site, change, gone, actor, VisitState::departed);
}

}  // namespace gapura::gateway
