// SPDX-License-Identifier: Apache-2.0
// One mistake per line in a site whose rules can all work.
#include "models/site/preflight.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>

using namespace gapura;

namespace {

AccessPointConfig point(const char* id, const char* portal, const char* from, const char* to, const char* reader) {
  AccessPointConfig made;
  made.id = AccessPointId(id);
  made.portal = PortalId(portal);
  made.from = AreaId(from);
  made.to = AreaId(to);
  made.reader = ReaderId(reader);
  return made;
}
PortalConfig door_config(const char* id) {
  PortalConfig made;
  made.id = PortalId(id);
  made.contact = std::string(id) + ".contact";
  return made;
}
SopStep post_step(const char* id, const char* executor, Evidence evidence, const char* event) {
  SopStep made;
  made.id = id, made.executor = executor, made.evidence = evidence, made.event = event;
  return made;
}

// Outside, a hall behind two doors, and a vault where every rule of an area holds.
SiteConfig site() {
  SiteConfig made;
  for (const char* id : {"outside", "hall", "vault"}) made.areas.emplace_back().id = AreaId(id);
  Area& vault = made.areas[2];
  vault.passback = Passback::hard;
  vault.limit = 10;
  vault.two_person = true;
  vault.escort = EscortRule::ordered;
  made.hosts = {{"host", "Tuan Rumah Contoh"}};
  made.portals = {door_config("outer"), door_config("inner")};
  made.points = {point("outer.in", "outer", "outside", "hall", "r1"), point("outer.out", "outer", "hall", "outside", "r2"),
                 point("inner.in", "inner", "hall", "vault", "r3"), point("inner.out", "inner", "vault", "hall", "r4")};
  made.detectors.emplace_back();
  made.interlocks = {{"lock", {PortalId("outer"), PortalId("inner")}, AreaId("hall"), Millis(60'000)}};
  made.lockdowns = {{"all", "Semua", {AreaId("vault")}, 1, {"staff", "leaving"}, Millis(0)}};
  made.rules.panic_lockdown = "all";
  made.hours.place = Coordinates{-5.1, 119.4};
  made.hours.rests = {{"maghrib", "", {}, {true, Minutes(-15)}, {false, Minutes(18 * 60 + 45)}, {}}};
  Sop sop;
  sop.id = "SOP#1";
  sop.steps = {post_step("identity", "guard", Evidence::attested, ""),
               post_step("screening", "guard", Evidence::system, "checkpoint.disposed"),
               post_step("decision", "aide", Evidence::system, "approval.decided"),
               post_step("badge_return", "guard", Evidence::system, "badge.returned")};
  sop.gates = {{"vault", {"identity", "screening", "badge", "decision:accept"}}};
  made.sops = {sop};
  return made;
}

struct PreflightLine {
  bool fatal;
  const char* subject;
  const char* says;  // a part of the sentence
  std::function<void(SiteConfig&)> mistake;
};

Area& vault(SiteConfig& s) { return s.areas[2]; }
void unlock(SiteConfig& s, std::size_t portal = 0) {
  s.portals[portal].unlocked = {{{{std::chrono::Monday}, {false, Minutes(480)}, {false, Minutes(960)}}}};
}
SopGate& gate(SiteConfig& s) { return s.sops[0].gates[0]; }
std::vector<SopStep>& steps(SiteConfig& s) { return s.sops[0].steps; }

const std::vector<PreflightLine>& preflight_lines() {
  static const std::vector<PreflightLine> lines{
      {true, "area vault", "reader at an access point out of the area", [](auto& s) { s.points[3].reader = {}; }},
      {true, "area vault", "reader at an access point out of the area",
       [](auto& s) { vault(s).passback = Passback::soft, s.points.pop_back(); }},
      {true, "area vault", "reader at an access point into the area", [](auto& s) { s.points[2].reader = {}; }},
      {false, "area vault", "exit button", [](auto& s) { s.portals[1].rex = "inner.rex"; }},
      {true, "area vault", "time greater than zero", [](auto& s) { vault(s).passback = Passback::timed; }},
      {true, "area vault", "limit of one", [](auto& s) { vault(s).limit = 1; }},
      {true, "area vault", "second person is zero", [](auto& s) { s.rules.second_person = Millis(0); }},
      {true, "area vault", "turnstile", [](auto& s) { s.portals[1].kind = PortalKind::turnstile; }},
      {true, "area vault", "at least one [[host]]", [](auto& s) { s.hosts.clear(); }},
      {true, "area vault", "second [[host]]", [](auto& s) { vault(s).escort_tail = true; }},
      {true, "area vault", "gap", [](auto& s) { vault(s).escort_gap = Millis(0); }},
      {false, "area vault", "reader counts them out",
       [](auto& s) { vault(s).passback = Passback::off, s.points.pop_back(); }},
      {true, "area yard", "never asked", [](auto& s) { s.areas.emplace_back().id = AreaId("yard"), s.areas[3].limit = 3; }},
      {false, "area yard", "no access point", [](auto& s) { s.areas.emplace_back().id = AreaId("yard"); }},
      {true, "access point inner.in", "\"guest\"",
       [](auto& s) {
         s.points[2].categories = {"staff", "guest"};
       }},
      {true, "interlock lock", "two portals", [](auto& s) { s.interlocks[0].portals.pop_back(); }},
      {true, "interlock lock", "portal gate does not exist", [](auto& s) { s.interlocks[0].portals.emplace_back("gate"); }},
      {true, "interlock lock", "portal side belongs to no access point",
       [](auto& s) { s.portals.push_back(door_config("side")), s.interlocks[0].portals.emplace_back("side"); }},
      {true, "interlock lock", "portal inner has no contact", [](auto& s) { s.portals[1].contact.clear(); }},
      {true, "interlock lock", "chamber cellar is no area", [](auto& s) { s.interlocks[0].chamber = AreaId("cellar"); }},
      {true, "interlock lock", "needs a chamber", [](auto& s) { s.interlocks[0].chamber = {}; }},
      {true, "lockdown all", "area cellar does not exist", [](auto& s) { s.lockdowns[0].areas = {AreaId("cellar")}; }},
      {true, "lockdown all", "covers no area", [](auto& s) { s.lockdowns[0].areas.clear(); }},
      {true, "lockdown all", "\"everybody\"", [](auto& s) { s.lockdowns[0].may_pass.emplace_back("everybody"); }},
      {false, "lockdown all", "way out", [](auto& s) { s.lockdowns[0].may_pass.clear(); }},
      {true, "lockdown none", "no such plan", [](auto& s) { s.rules.panic_lockdown = "none"; }},
      {true, "portal outer", "only a door", [](auto& s) { unlock(s), s.portals[0].kind = PortalKind::turnstile; }},
      {true, "portal outer", "interlock lock never open", [](auto& s) { unlock(s); }},
      {true, "portal outer", "coordinates",
       [](auto& s) { unlock(s), s.hours.place.reset(), s.portals[0].unlocked[0].hours.to.from_sunset = true; }},
      {true, "portal outer", "500 ms", [](auto& s) { unlock(s), s.portals[0].pulse = Millis(400); }},
      {true, "portal inner", "two-person", [](auto& s) { unlock(s, 1); }},
      {true, "portal inner", "nobody leads groups", [](auto& s) { unlock(s, 1); }},
      {true, "portal inner", "hard anti-passback", [](auto& s) { unlock(s, 1); }},
      {false, "portal inner", "not counted in area vault", [](auto& s) { unlock(s, 1); }},
      {false, "portal outer", "asks nobody", [](auto& s) { unlock(s), s.points[0].needs_decision = true; }},
      {false, "sop SOP#1", "area vault has no reader on its way out",
       [](auto& s) {
         s.sops[0].rules.push_back({.type = "limit", .measure = "members_inside", .max = 3});
         vault(s).passback = Passback::off, s.points.pop_back();
       }},
      {true, "area vault", "at least one [[host]]", [](auto& s) { s.hosts[0].escorts = false; }},
      {true, "hours", "coordinates", [](auto& s) { s.hours.place.reset(); }},
      {true, "hours", "coordinates",
       [](auto& s) {
         s.hours.place.reset(), s.hours.rests.clear();
         s.hours.rules = {{"general", {{{}, {false, Minutes(0)}, {true, Minutes(0)}}}}};
       }},
      {true, "sop SOP#1", "area cellar: the area does not exist", [](auto& s) { gate(s).area = "cellar"; }},
      {true, "sop SOP#1", "no step has the id purpose", [](auto& s) { gate(s).requires_ = {"purpose"}; }},
      {true, "sop SOP#1", "no step has the id purpose:yes", [](auto& s) { gate(s).requires_ = {"purpose:yes"}; }},
      {true, "sop SOP#1", "no step has the id identity", [](auto& s) { steps(s).erase(steps(s).begin()); }},
      {true, "sop SOP#1", "metal detector", [](auto& s) { s.detectors.clear(); }},
      {true, "sop SOP#1", "no step asks the aide", [](auto& s) { steps(s).erase(steps(s).begin() + 2); }},
      {true, "sop SOP#1", "is no event",
       [](auto& s) { steps(s)[0].evidence = Evidence::system, steps(s)[0].event = "identity.guessed"; }},
      {true, "sop SOP#1", "only at the end", [](auto& s) { gate(s).requires_.emplace_back("badge_return"); }},
      {false, "sop SOP#1", "always done", [](auto& s) { steps(s)[0].evidence = Evidence::unobservable; }},
  };
  return lines;
}

std::string told(const std::vector<Finding>& findings) {
  std::string text;
  for (const auto& finding : findings) text += (finding.fatal ? "! " : "? ") + finding.subject + ": " + finding.text + "\n";
  return text;
}

}  // namespace

TEST_CASE("a site whose rules can work has no findings") { CHECK(told(impossible_rules(site())).empty()); }

TEST_CASE("each rule that cannot work is reported, with the thing it is about") {
  for (const auto& line : preflight_lines()) {
    SiteConfig broken = site();
    line.mistake(broken);
    const auto findings = impossible_rules(broken);
    INFO(line.subject << " ... " << line.says << "\ntold:\n" << told(findings));
    CHECK(std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
      return finding.fatal == line.fatal && finding.subject == line.subject &&
             finding.text.find(line.says) != std::string::npos;
    }));
  }
}

TEST_CASE("a gate may require the answer of an attested decision") {
  SiteConfig asking = site();
  steps(asking)[0].answers = {{"yes", "Ya"}, {"no", "Tidak"}};
  gate(asking).requires_[0] = "identity:yes";
  CHECK(told(impossible_rules(asking)).empty());
}

TEST_CASE("timed anti-passback needs no exit reader, and gets no warning without one") {
  SiteConfig timed = site();
  Area& area = timed.areas[2];
  area.passback = Passback::timed, area.passback_time = Millis(60'000), area.limit = 0;
  timed.points.pop_back();
  CHECK(told(impossible_rules(timed)).empty());
}

TEST_CASE("with two hosts one can close the group") {
  SiteConfig pair = site();
  pair.areas[2].escort_tail = true;
  pair.hosts.push_back({"second", "Tuan Rumah Contoh 02"});
  CHECK(told(impossible_rules(pair)).empty());
}

TEST_CASE("a gate into an area that no reader guards is reported") {
  SiteConfig open = site();
  open.sops[0].gates[0].area = "outside";
  open.points[1].reader = {};
  const auto findings = impossible_rules(open);
  CHECK(told(findings) ==
        "? sop SOP#1: gate of area outside: no access point with a reader leads into it, so nothing asks for it\n");
}
