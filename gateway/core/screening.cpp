// SPDX-License-Identifier: Apache-2.0
// Facts reported by walk-through detectors.
#include "gateway/core/change_tools.h"
#include "gateway/core/post.h"

namespace gapura::gateway {

PostPart::PostPart(SiteContext& site, DevicesPart& devices) : site_(site), devices_(devices) {
  for (const auto& detector : site_.config.detectors) detectors_.emplace_back(detector);
}

void PostPart::on_level(Change& change, const LevelReport& report) {
  for (auto& detector : detectors_)
    if (detector.uses(report.signal))
      for (const auto& news : detector.level(report.signal, report.level, report.at)) detector_fact(change, detector, news);
}

void PostPart::tick_detectors(Change& change, const Now& now) {
  for (auto& detector : detectors_)
    for (const auto& news : detector.tick(now.boot)) detector_fact(change, detector, news);
}

std::optional<BootTime> PostPart::next_deadline() const {
  std::optional<BootTime> next;
  for (const auto& detector : detectors_) earliest(next, detector.next_deadline());
  return next;
}

// Returns whose passage it was: known only while exactly one guest still has to go through, including one who has to walk
// again. Otherwise the guard records it.
const Visit* PostPart::only_visit_to_screen() const {
  const Visit* only = nullptr;
  for (const auto& [id, visit] : site_.state.visits) {
    const bool waits =
        !visit.closed && !visit.badge.empty() && visit.presence == Presence::at_post && !is_cleared(visit.screening);
    if (!waits) continue;
    if (only) return nullptr;
    only = &visit;
  }
  return only;
}

void PostPart::detector_fact(Change& change, const Detector& detector, const DetectorNews& news) {
  const DetectorFact fact = news.fact;
  if (fact == DetectorFact::manual || fact == DetectorFact::automatic) return devices_.lane_changed(change, detector, news);
  Entry entry = device_entry(detector.config().id.str(),
                             fact == DetectorFact::passage ? EventType::screening_passage : EventType::screening_alarm);
  if (const Visit* visit = only_visit_to_screen()) entry.visit = visit->id;
  change.entries.push_back(std::move(entry));
  if (fact == DetectorFact::passage) unplanned_passage(change, detector);
}

// A passage while no guest at the post has to be screened.
void PostPart::unplanned_passage(Change& change, const Detector& detector) {
  for (const auto& [id, visit] : site_.state.visits)
    if (!visit.closed && visit.state != VisitState::planned && visit.presence == Presence::at_post) return;
  change.entries.push_back(
      site_entry(detector.config().id.str(), DeviationNoted{.kind = Deviation::passage_without_visit}));
}

Change PostPart::on_picture(const PictureKept& kept) {
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
