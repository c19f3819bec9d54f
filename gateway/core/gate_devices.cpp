// SPDX-License-Identifier: Apache-2.0
// What devices say: levels, acknowledgements, health, pictures.
#include "gateway/core/change_tools.h"

namespace gapura::gateway {

using Kind = PortalFact::Kind;

Change Gate::on_level(const LevelReport& report, const Now& now) {
  Change change;
  for (auto& portal : portals_)
    if (portal.uses(report.signal))
      portal_facts(change, portal, portal.level(report.signal, report.level, report.at, report.unordered));
  for (auto& detector : detectors_)
    if (detector.uses(report.signal))
      for (const auto& news : detector.level(report.signal, report.level, report.at)) detector_fact(change, detector, news);
  if (const auto button = panic_levels_.find(report.signal); button != panic_levels_.end()) {
    const Level before = std::exchange(button->second, report.level);
    if (before != Level::on && report.level == Level::on) {
      Change panic = run(Panic{report.signal, false}, Actor{UserId("device"), ""}, now);
      for (auto& entry : panic.entries) change.entries.push_back(std::move(entry));
    }
  }
  return change;
}

Change Gate::on_pulse(const PulseReport& report, const Now&) {
  Change change;
  for (auto& portal : portals_)
    if (portal.pending() && portal.pending()->intent == report.intent)
      portal_facts(change, portal, portal.pulse_done(report));
  return change;
}

void Gate::portal_facts(Change& change, Portal& portal, const PortalFacts& facts) {
  const std::string& id = portal.config().id.str();
  for (const auto& fact : facts) {
    switch (fact.kind) {
      case Kind::taken:
      case Kind::not_taken:
      case Kind::unknown: {
        const auto type = fact.kind == Kind::taken       ? EventType::access_taken
                          : fact.kind == Kind::not_taken ? EventType::access_not_taken
                                                         : EventType::access_unknown;
        AccessEnded ended{.why = fact.why, .readback = fact.release->readback};
        if (fact.release->acknowledged_after) ended.relay_ms = fact.release->acknowledged_after->count();
        Entry entry = device_entry(fact.release->point.str(), make_entry(type, ended));
        entry.visit = fact.release->visit;
        entry.badge = fact.release->badge;
        entry.ref = fact.release->intent;
        const VisitId visit = entry.visit;
        if (type == EventType::access_taken) note_unscreened(change, entry);
        change.entries.push_back(std::move(entry));
        if (type == EventType::access_taken && !visit.empty()) clear(change, AlarmKind::visitor_astray, visit.str());
        break;
      }
      case Kind::forced_open:
        raise(change, AlarmKind::forced_open, id);
        break;
      case Kind::held_open:
        raise(change, AlarmKind::held_open, id);
        break;
      case Kind::released_by_unknown:
        raise(change, AlarmKind::released_by_unknown, id);
        break;
      case Kind::tamper:
        raise(change, AlarmKind::tamper, id);
        break;
      case Kind::fault:
        raise(change, AlarmKind::fault, id);
        break;
      case Kind::forced_open_over:
        clear(change, AlarmKind::forced_open, id);
        break;
      case Kind::held_open_over:
        clear(change, AlarmKind::held_open, id);
        break;
      case Kind::released_by_unknown_over:
        clear(change, AlarmKind::released_by_unknown, id);
        break;
      case Kind::tamper_over:
        clear(change, AlarmKind::tamper, id);
        break;
      case Kind::fault_over:
        clear(change, AlarmKind::fault, id);
        break;
      case Kind::exit_requested:
      case Kind::state_unknown: {
        const bool asked = fact.kind == Kind::exit_requested;
        if (!asked && chatters(portal.config().contact)) break;
        change.entries.push_back(device_entry(id, asked ? EventType::exit_requested : EventType::door_state_unknown));
        break;
      }
    }
  }
}

// Somebody is inside who was never cleared, at a site that screens.
void Gate::note_unscreened(Change& change, const Entry& taken) {
  const Visit* visit = find_open_visit(taken.visit);
  const AccessPointConfig* point = find_point(AccessPointId(taken.point));
  const bool inside = point && presence_in(point->to) == Presence::inside;
  if (config_.detectors.empty() || !visit || !inside || visit->entered || is_cleared(visit->screening)) return;
  Entry entry = site_entry(taken.point, DeviationNoted{.kind = Deviation::not_screened});
  entry.visit = visit->id;
  change.entries.push_back(std::move(entry));
}

// Whose passage it was: known only while exactly one guest is not through yet; one who has to walk again counts. Otherwise
// the guard says it.
const Visit* Gate::only_visit_to_screen() const {
  const Visit* only = nullptr;
  for (const auto& [id, visit] : state_.visits) {
    const bool waits =
        !visit.closed && !visit.badge.empty() && visit.presence == Presence::at_post && !is_cleared(visit.screening);
    if (!waits) continue;
    if (only) return nullptr;
    only = &visit;
  }
  return only;
}

void Gate::detector_fact(Change& change, const Detector& detector, const DetectorNews& news) {
  const DetectorFact fact = news.fact;
  if (fact == DetectorFact::manual || fact == DetectorFact::automatic) return lane_changed(change, detector, news);
  Entry entry = device_entry(detector.config().id.str(),
                             fact == DetectorFact::passage ? EventType::screening_passage : EventType::screening_alarm);
  if (const Visit* visit = only_visit_to_screen()) entry.visit = visit->id;
  change.entries.push_back(std::move(entry));
  if (fact == DetectorFact::passage) unplanned_passage(change, detector);
}

// Somebody walked, and nobody at the post was waiting to be screened.
void Gate::unplanned_passage(Change& change, const Detector& detector) {
  for (const auto& [id, visit] : state_.visits)
    if (!visit.closed && visit.state != VisitState::planned && visit.presence == Presence::at_post) return;
  change.entries.push_back(
      site_entry(detector.config().id.str(), DeviationNoted{.kind = Deviation::passage_without_visit}));
}

Change Gate::on_picture(const PictureKept& kept) {
  Change change;
  Entry entry = device_entry(kept.camera, make_entry(kept.clip_ms > 0 ? EventType::clip_kept : EventType::picture_kept,
                                                     EvidenceKept{.hash = kept.hash,
                                                                  .camera = kept.camera,
                                                                  .role = kept.role,
                                                                  .bytes = static_cast<std::int64_t>(kept.bytes),
                                                                  .ms = kept.clip_ms}));
  entry.visit = kept.visit;
  entry.badge = kept.badge;
  entry.ref = kept.entry;
  change.entries.push_back(std::move(entry));
  return change;
}

}  // namespace gapura::gateway
