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

PortalConfig make_door(const std::string& name, const std::string& controller) {
  PortalConfig door;
  door.id = PortalId(name);
  door.lock = controller + ".lock", door.contact = controller + ".contact";
  door.rex = controller + ".rex", door.passage = controller + ".passage";
  return door;
}

// Both directions of a portal. Entering needs the aide's acceptance and a clear screening; leaving needs nothing.
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

Area& add_area(SiteConfig& site, const char* id) {
  Area& area = site.areas.emplace_back();
  area.id = AreaId(id);
  return area;
}

// Features that only some houses have: an archive in which no one is alone, an airlock before a vault, escorts, a daily
// reset.
void add_rarities(SiteConfig& site, Random& random) {
  if (random.chance(350)) {
    add_area(site, "archive").two_person = true;
    add_points(site, make_door("archive", "door2"), "residence", "archive");
    for (auto point = site.points.end() - 2; point != site.points.end(); ++point)
      point->categories = {"staff"}, point->needs_decision = point->needs_screening = false;
  }
  if (random.chance(350)) {
    add_area(site, "airlock");
    add_area(site, "vault").limit = random.chance(500) ? 3 : 0;
    add_points(site, make_door("outer", "door3"), "waiting_room", "airlock");
    add_points(site, make_door("inner", "door4"), "airlock", "vault");
    site.interlocks = {{"airlock", {PortalId("outer"), PortalId("inner")}, AreaId("airlock"), Millis(2 * 60'000)}};
  }
  Area &waiting_room = site.areas[1], &residence = site.areas[2];
  if (random.chance(350)) residence.escort = random.chance(500) ? EscortRule::attested : EscortRule::ordered;
  if (random.chance(500)) residence.escort_cap = 2;
  if (random.chance(200)) waiting_room.passback = Passback::timed, waiting_room.passback_time = Millis(15 * 60'000);
  if (random.chance(200)) residence.passback_exempt = {"special"};
  if (random.chance(200)) site.rules.passback_reset = Minutes(13 * 60);
  if (random.chance(500)) site.rules.panic_lockdown = "house";
  site.rules.panic_inputs = {"desk.panic"};
  if (random.chance(400))
    for (auto& point : site.points)
      if (point.id.str() == "inner.in") point.categories = {"staff", "special"};
  if (random.chance(400)) {  // a procedure, and its second version from noon of the day on
    for (const int revision : {1, 2}) {
      Sop& sop = site.sops.emplace_back();
      sop.id = "SOP-" + std::to_string(revision), sop.revision = revision;
      sop.effective = UtcTime(Millis(1'767'546'000'000)) + std::chrono::hours(revision == 1 ? -24 * 30 : 12);
      sop.categories = {"general", "special"};
      sop.steps.emplace_back().id = "greet";
    }
  }
  for (const char* host : {"h-1", "h-2", "h-3", "h-4"}) site.hosts.push_back({host, ""});
}

SopStep make_step(const char* id, const char* event = nullptr) {
  SopStep step;
  step.id = id;
  if (event) step.evidence = Evidence::system, step.event = event;
  return step;
}

// Two of a party beyond the waiting room, more if the aide permits it, and never more than four. The second version, in
// force from noon of the day, requires another step before the residence.
void add_procedures(SiteConfig& site) {
  site.sops.clear();
  for (const int revision : {1, 2}) {
    Sop& sop = site.sops.emplace_back();
    sop.id = "SOP-G-" + std::to_string(revision), sop.revision = revision;
    sop.effective = UtcTime(Millis(1'767'546'000'000)) + std::chrono::hours(revision == 1 ? -24 * 30 : 12);
    sop.categories = {"general", "special"};
    sop.steps = {make_step("greet"),
                 make_step("identity"),
                 make_step("rules"),
                 make_step("badge", "badge.issued"),
                 make_step("screening", "checkpoint.disposed"),
                 make_step("decision", "approval.decided"),
                 make_step("survey")};
    const char* before_the_residence = revision == 1 ? "identity" : "rules";
    sop.gates = {{"waiting_room", {"greet"}},
                 {"residence", {before_the_residence, "screening", "decision:accept"}},
                 {"outside", {"survey"}}};
    sop.rules.push_back({.type = "limit", .measure = "members_inside", .unless = "aide_permission", .max = 2});
    sop.rules.push_back({.type = "limit", .measure = "members_inside", .max = 4});
  }
  for (auto& point : site.points)  // there only the procedure applies
    if (point.id.str() == "door.in") point.needs_decision = point.needs_screening = false;
}

}  // namespace

SiteConfig make_site(std::uint64_t seed, Scene scene) {
  Random random(seed ^ 0x73697465);
  SiteConfig site;
  for (const char* area : {"outside", "waiting_room", "residence"}) add_area(site, area);
  static constexpr Passback modes[] = {Passback::off, Passback::soft, Passback::hard};
  site.areas[1].passback = modes[random.below(3)];
  site.areas[2].passback = modes[random.below(3)];
  if (random.chance(300)) site.areas[2].limit = static_cast<int>(3 + random.below(10));
  if (random.chance(300)) site.rules.screening_valid = Millis(20 * 60'000);
  site.lockdowns = {{"house", "", {AreaId("residence")}, 1, {"leaving"}, Millis(30 * 60'000)}};
  if (random.chance(500)) {  // general guests from seven to eight, and none of them at maghrib
    using std::chrono::weekday;
    std::vector<weekday> week;
    for (unsigned day = 0; day < 7; ++day) week.emplace_back(day);
    site.hours.rules = {{"general", {{week, {false, Minutes(7 * 60)}, {false, Minutes(20 * 60)}}}}};
    site.hours.rests = {{"maghrib", "", week, {false, Minutes(18 * 60)}, {false, Minutes(18 * 60 + 30)}, {"general"}}};
  }
  add_points(site, make_lane("1"), "outside", "waiting_room");
  add_points(site, make_lane("2"), "outside", "waiting_room");
  add_points(site, make_door("door", "door1"), "waiting_room", "residence");
  DetectorConfig detector;
  detector.id = DetectorId("wtmd"), detector.alarm = "wtmd1.alarm", detector.passage = "wtmd1.passage";
  site.detectors.push_back(detector);
  Random rare(seed ^ 0x72617265);
  add_rarities(site, rare);
  if (scene == Scene::procedures) add_procedures(site);
  return site;
}

std::vector<std::string> all_signals(const SiteConfig& site) {
  std::vector<std::string> signals = site.rules.panic_inputs;
  for (const auto& portal : site.portals)
    for (const auto& signal : {portal.lock, portal.contact, portal.rex, portal.passage, portal.entry_release,
                               portal.exit_release, portal.entry_passage, portal.exit_passage})
      if (!signal.empty()) signals.push_back(signal);
  for (const auto& detector : site.detectors)
    for (const auto& signal : {detector.alarm, detector.passage}) signals.push_back(signal);
  return signals;
}

}  // namespace gapura::simulation
