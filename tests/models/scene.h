// SPDX-License-Identifier: Apache-2.0
// A guest before a door, for the tests of decide().
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "models/access/decision.h"

namespace gapura {

inline constexpr UtcTime noon{Millis(1'800'000'000'000)};
inline constexpr Millis second{1000};
inline const AreaId hall{"waiting_room"}, vault{"vault"};

// A guest in the waiting room before the vault, where every rule applies and all conditions are met.
struct Scene {
  AccessPointConfig point;
  Area from, to;
  Sop sop;
  Badge badge;
  Visit visit;
  LockdownPlan plan;
  DecisionInput input;

  Scene() {
    point.from = from.id = hall;
    point.to = to.id = vault;
    point.needs_decision = point.needs_screening = true;
    to.passback = Passback::hard;
    to.limit = 5;
    to.two_person = true;
    to.escort = EscortRule::ordered;
    to.escort_cap = 2;
    sop.steps = {{"identity", "", "guard", "process", Evidence::attested, "", {}, {}, "", {}}};
    sop.gates = {{"vault", {"identity"}}};
    badge.issued = noon - second;
    badge.valid_until = noon + second;
    visit.category = "general";
    visit.state = VisitState::called;
    visit.presence = Presence::waiting_room;
    visit.where = {{hall, 1}};
    visit.approval = Approval::accepted;
    visit.screening = Screening::clear;
    visit.screened = noon - second;
    visit.attested = {"identity"};
    input.now = noon;
    input.point = &point;
    input.from = &from;
    input.to = &to;
    input.sop = &sop;
    input.badge = &badge;
    input.visit = &visit;
    input.second_person = input.escort_ahead = true;
    input.screening_valid = 2 * second;
  }
  Scene(const Scene&) = delete;

  void close(DenialReason reason) { input.hours = {false, reason, "", {}, {}}; }
  void leave() {
    point.direction = Direction::exit;
    std::swap(point.from, point.to);
    std::swap(from, to);
    visit.where = {{vault, 1}};
    visit.presence = Presence::inside;
  }
  void give_to_staff() {
    badge.kind = BadgeKind::staff;
    badge.area = hall;
    input.visit = nullptr;
    input.sop = nullptr;
  }
};

inline std::string told(const std::vector<DenialReason>& reasons) {
  std::string text;
  for (const auto reason : reasons) text += (text.empty() ? "" : " ") + std::string(word(reason));
  return text;
}
inline std::string told(const Scene& scene) { return told(decide(scene.input).reasons); }

}  // namespace gapura
