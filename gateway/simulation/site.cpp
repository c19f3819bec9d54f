// SPDX-License-Identifier: Apache-2.0
#include "gateway/simulation/site.h"

#include "gateway/simulation/random.h"

namespace gapura::simulation {
namespace {

PortalConfig make_lane(const std::string& number) {
  PortalConfig lane;
  lane.id = PortalId("lane-" + number);
  lane.kind = PortalKind::turnstile;
  const std::string controller = "lane" + number;
  lane.entry_release = controller + ".release_in", lane.exit_release = controller + ".release_out";
  lane.entry_passage = controller + ".passage_in", lane.exit_passage = controller + ".passage_out";
  return lane;
}

PortalConfig make_door() {
  PortalConfig door;
  door.id = PortalId("door");
  door.lock = "door1.lock", door.contact = "door1.contact", door.rex = "door1.rex", door.passage = "door1.passage";
  return door;
}

// Both directions of a portal. Who goes in needs the aide's word and a clear screening; who leaves needs nothing.
void add_points(SiteConfig& site, const PortalConfig& portal, const char* outer, const char* inner) {
  AccessPointConfig in;
  in.id = AccessPointId(portal.id.str() + ".in"), in.portal = portal.id;
  in.from = AreaId(outer), in.to = AreaId(inner), in.reader = ReaderId(in.id.str());
  in.needs_decision = in.needs_screening = true;
  AccessPointConfig out = in;
  out.id = AccessPointId(portal.id.str() + ".out"), out.direction = Direction::exit;
  out.from = in.to, out.to = in.from, out.reader = ReaderId(out.id.str());
  out.needs_decision = out.needs_screening = false;
  site.portals.push_back(portal);
  site.points.push_back(in);
  site.points.push_back(out);
}

}  // namespace

SiteConfig make_site(std::uint64_t seed) {
  Random random(seed ^ 0x73697465);
  SiteConfig site;
  for (const char* area : {"outside", "waiting_room", "residence"}) {
    Area made;
    made.id = AreaId(area);
    site.areas.push_back(made);
  }
  static constexpr Passback modes[] = {Passback::off, Passback::soft, Passback::hard};
  site.areas[1].passback = modes[random.below(3)];
  site.areas[2].passback = modes[random.below(3)];
  if (random.chance(300)) site.areas[2].limit = static_cast<int>(3 + random.below(10));
  if (random.chance(300)) site.rules.screening_valid = Millis(20 * 60'000);
  site.lockdowns = {{"house", "", {AreaId("residence")}, 1, {"leaving"}, Millis(30 * 60'000)}};
  if (random.chance(500)) {  // general guests from seven to eight, and nobody of them at maghrib
    using std::chrono::weekday;
    std::vector<weekday> week;
    for (unsigned day = 0; day < 7; ++day) week.emplace_back(day);
    site.hours.rules = {{"general", {{week, {false, Minutes(7 * 60)}, {false, Minutes(20 * 60)}}}}};
    site.hours.rests = {{"maghrib", "", week, {false, Minutes(18 * 60)}, {false, Minutes(18 * 60 + 30)}, {"general"}}};
  }
  add_points(site, make_lane("1"), "outside", "waiting_room");
  add_points(site, make_lane("2"), "outside", "waiting_room");
  add_points(site, make_door(), "waiting_room", "residence");
  DetectorConfig detector;
  detector.id = DetectorId("wtmd"), detector.alarm = "wtmd1.alarm", detector.passage = "wtmd1.passage";
  site.detectors.push_back(detector);
  return site;
}

std::vector<std::string> all_signals(const SiteConfig& site) {
  std::vector<std::string> signals;
  for (const auto& portal : site.portals)
    for (const auto& signal : {portal.lock, portal.contact, portal.rex, portal.passage, portal.entry_release,
                               portal.exit_release, portal.entry_passage, portal.exit_passage})
      if (!signal.empty()) signals.push_back(signal);
  for (const auto& detector : site.detectors)
    for (const auto& signal : {detector.alarm, detector.passage}) signals.push_back(signal);
  return signals;
}

}  // namespace gapura::simulation
