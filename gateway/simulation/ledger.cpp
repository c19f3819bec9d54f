// SPDX-License-Identifier: Apache-2.0
#include "gateway/simulation/ledger.h"

namespace gapura::simulation {
namespace {

bool is_person(const std::string& actor) { return actor != "system" && actor != "device"; }

std::string number_of(const Entry& entry) { return "entry " + std::to_string(entry.number); }

}  // namespace

const AccessPointConfig* Ledger::find_point(const std::string& id) const {
  for (const auto& point : site.points)
    if (point.id.str() == id) return &point;
  return nullptr;
}

std::vector<std::string> Ledger::objections(const AccessPointConfig& point, const std::string& id, UtcTime now) const {
  const auto found = badges.find(id);
  if (found == badges.end()) return {"unknown_badge"};
  const LedgerBadge& badge = found->second;
  const auto owner = visits.find(badge.visit);
  std::vector<std::string> against;
  if (badge.ended == "revoked") against.emplace_back("revoked");
  if (owner == visits.end()) return {"used_up"};
  const LedgerVisit& visit = owner->second;
  const bool is_inside = visit.area != "outside" && visit.area != "at_post";
  const bool leaving = point.direction == Direction::exit && is_inside;
  if (now < badge.issued) against.emplace_back("not_active_yet");
  if (now >= badge.valid_until && !leaving) against.emplace_back("expired");
  if (badge.ended == "returned" || visit.closed() || (visit.met && visit.area == "outside"))
    against.emplace_back("used_up");
  if (point.needs_screening && visit.screening != "clear" && visit.screening != "cleared_by_check")
    against.emplace_back(visit.screening == "alarm" || visit.screening == "refused" ? "screening_alarm"
                                                                                     : "screening_missing");
  if (point.needs_decision) {
    const bool accepted =
        visit.approval == "accept_now" || (visit.approval == "accept_later" && visit.accepted_from <= now);
    if (!accepted) against.emplace_back(visit.approval == "decline" ? "declined" : "not_approved");
  }
  return against;
}

std::string Ledger::add_access(const Entry& entry) {
  if (entry.type == EventType::access_granted) {
    ++grants;
    intents.emplace(entry.number, entry);
    return {};
  }
  const auto intent = entry.ref ? intents.find(*entry.ref) : intents.end();
  if (intent == intents.end()) return number_of(entry) + " is an outcome of no open intent";
  if (intent->second.visit != entry.visit || intent->second.badge != entry.badge || intent->second.point != entry.point)
    return number_of(entry) + " is about somebody else than its intent";
  intents.erase(intent);
  if (entry.type != EventType::access_taken) return {};
  ++passages;
  const AccessPointConfig* point = find_point(entry.point);
  const auto badge = badges.find(entry.badge.str());
  if (badge != badges.end() && point->from.str() == "outside") ++badge->second.entries;
  const auto owner = visits.find(entry.visit.str());
  if (owner == visits.end() || owner->second.closed()) return {};
  LedgerVisit& visit = owner->second;
  if (visit.area == "residence" && point->to.str() != "residence") visit.met = true;
  if (point->to.str() == "residence") visit.met = false;
  visit.area = point->to.str();
  if (visit.area == "outside") visit.screening = "pending";
  return {};
}

std::string Ledger::add_visit(const Entry& entry) {
  LedgerVisit& visit = visits[entry.visit.str()];
  switch (entry.type) {
    case EventType::visit_registered: {
      visit.guest = find_text(entry.data, "guest");
      std::string& open = open_of_guest[visit.guest];
      if (!open.empty()) return number_of(entry) + ": this guest has the open visit " + open + " already";
      open = entry.visit.str();
      return {};
    }
    case EventType::approval_asked:
      visit.approval = "sent";
      return {};
    case EventType::approval_decided:
      if (!is_person(entry.actor)) return number_of(entry) + ": decided by " + entry.actor;
      visit.approval = find_text(entry.data, "decision");
      visit.accepted_from = entry.at.utc + std::chrono::minutes(find_integer(entry.data, "minutes"));
      return {};
    case EventType::screening_passage:
      if (visit.screening == "pending") visit.screening = "passed_through";
      return {};
    case EventType::screening_alarm:
      visit.screening = "alarm";
      return {};
    case EventType::screening_recorded:
      visit.screening = find_text(entry.data, "result");
      return {};
    case EventType::visit_closed:
      visit.outcome = find_text(entry.data, "outcome");
      visit.area = "outside";
      open_of_guest[visit.guest].clear();
      if (visit.outcome != "departed") return {};
      ++departures;
      return is_person(entry.actor) || entry.actor == "device" ? "" : number_of(entry) + ": departed by " + entry.actor;
    default:
      return {};
  }
}

std::string Ledger::add(const Entry& entry) {
  switch (entry.type) {
    case EventType::site_opened:
      stopped = false;
      return {};
    case EventType::granting_stopped:
      stopped = true;
      return {};
    case EventType::access_granted:
    case EventType::access_taken:
    case EventType::access_not_taken:
    case EventType::access_unknown:
      return add_access(entry);
    case EventType::access_denied:
      ++denials;
      return {};
    case EventType::badge_issued:
      badges[entry.badge.str()] = {entry.visit.str(), "", entry.at.utc,
                                   UtcTime(Millis(find_integer(entry.data, "valid_until"))), 0};
      return {};
    case EventType::badge_revoked:
      badges[entry.badge.str()].ended = "revoked";
      return {};
    case EventType::badge_returned:
      badges[entry.badge.str()].ended = "returned";
      return {};
    default:
      return entry.visit.empty() ? std::string() : add_visit(entry);
  }
}

}  // namespace gapura::simulation
