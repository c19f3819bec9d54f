// SPDX-License-Identifier: Apache-2.0
#include "gateway/simulation/ledger.h"

#include <sstream>

namespace gapura::simulation {
namespace {

bool is_person(const std::string& actor) { return actor != "system" && actor != "device"; }

std::string number_of(const Entry& entry) { return "entry " + std::to_string(entry.number); }

// One person goes from where one of the party is, else one whom nobody saw, else one of the largest other group.
void walk(Places& where, const std::string& from, const std::string& to) {
  std::string leaves = where.contains(from) ? from : where.contains("unknown") ? "unknown" : "";
  if (leaves.empty())
    for (const auto& [area, people] : where)
      if (area != to && (leaves.empty() || people > where.at(leaves))) leaves = area;
  if (leaves.empty()) return;
  if (--where[leaves] == 0) where.erase(leaves);
  ++where[to];
}

const std::map<std::string, std::string> approval_after{
    {"accept_now", "accepted"}, {"accept_later", "accepted_later"}, {"hold", "held"},      {"refer", "referred"},
    {"decline", "declined"},    {"reschedule", "rescheduled"},      {"ask", "asked_back"},
};

bool is_clear(const std::string& screening) {
  return screening == "clear" || screening == "cleared_by_check" || screening == "alternative";
}

}  // namespace

int LedgerVisit::count(const std::string& area) const {
  const auto found = where.find(area);
  return found == where.end() ? 0 : found->second;
}

const AccessPointConfig* Ledger::find_point(const std::string& id) const {
  for (const auto& point : site.points)
    if (point.id.str() == id) return &point;
  return nullptr;
}

const Area* Ledger::find_area(const AreaId& id) const {
  for (const auto& area : site.areas)
    if (area.id == id) return &area;
  return nullptr;
}

std::vector<std::string> Ledger::objections(const AccessPointConfig& point, const std::string& id, const Now& now) const {
  const auto found = badges.find(id);
  if (found == badges.end()) return {"unknown_badge"};
  const LedgerBadge& badge = found->second;
  const auto owner = visits.find(badge.visit);
  if (owner == visits.end()) return {"used_up"};
  const LedgerVisit& visit = owner->second;
  const std::string &from = point.from.str(), &to = point.to.str();
  const bool leaving = point.direction == Direction::exit;
  const bool all_out = visit.count("outside") == visit.party;
  std::vector<std::string> against;
  const auto object = [&](bool wrong, const char* reason) {
    if (wrong) against.emplace_back(reason);
  };
  object(badge.state == "revoked" || badge.state == "lost" || badge.state == "suspended", badge.state.c_str());
  object(now.utc < badge.issued, "not_active_yet");
  object(now.utc >= badge.valid_until && (!leaving || all_out), "expired");
  object(badge.state == "returned" || visit.closed() || (visit.met && all_out), "used_up");
  object(from == "outside" && badge.uses_allowed > 0 && badge.uses >= badge.uses_allowed, "used_up");
  for (const auto& [number, intent] : intents) object(intent.badge == id, "duplicate_scan");
  object(now.quality == ClockQuality::suspect && !leaving, "clock_untrusted");

  if (!site.hours.rules.empty() && visit.category == "general" && !leaving && !visit.hours_permit) {
    const auto local = now.utc + now.offset;
    const auto minute = std::chrono::floor<Minutes>(local - std::chrono::floor<std::chrono::days>(local)).count();
    object(minute < 7 * 60 || minute >= 20 * 60, "not_now");
    object(minute >= 18 * 60 && minute < 18 * 60 + 30, "rest_hours");
  }
  const auto mode = modes.find(point.portal.str());
  object(mode != modes.end() && (mode->second == "blocked" || mode->second == "locked_down"), "lockdown");
  object(!lockdowns.empty() && !leaving && to == "residence", "lockdown");
  object(to == "outside" && visit.deposits > 0, "sop_step_missing");

  const Area *inner = find_area(point.to), *outer = find_area(point.from);
  const bool hard = inner->passback == Passback::hard || outer->passback == Passback::hard;
  if (hard && !visit.forgiven && visit.count(from) == 0 && visit.count("unknown") == 0)
    against.emplace_back(visit.count(to) > 0 ? "already_inside" : "not_inside");
  if (inner->limit > 0) {
    int there = 0;
    for (const auto& [number, intent] : intents) there += find_point(intent.point)->to == point.to ? 1 : 0;
    for (const auto& [other, somebody] : visits) there += somebody.closed() ? 0 : somebody.count(to);
    object(there >= inner->limit, "area_full");
  }
  if (leaving) return against;
  object(point.needs_screening && !is_clear(visit.screening), "screening_missing");
  const Millis valid = site.rules.screening_valid;
  object(point.needs_screening && valid > Millis(0) && visit.screened && *visit.screened + valid < now.utc,
         "screening_stale");
  const bool accepted = visit.approval == "accepted" ||
                        (visit.approval == "accepted_later" && visit.accepted_from && *visit.accepted_from <= now.utc);
  object(point.needs_decision && (!accepted || visit.disputed), "not_approved");
  return against;
}

std::string Ledger::add_access(const Entry& entry) {
  if (entry.type == EventType::access_granted) {
    ++grants;
    intents.emplace(entry.number, LedgerIntent{entry.point, entry.visit.str(), entry.badge.str()});
    return {};
  }
  const auto intent = entry.ref ? intents.find(*entry.ref) : intents.end();
  if (intent == intents.end()) return number_of(entry) + " is an outcome of no open intent";
  const LedgerIntent meant = intent->second;
  intents.erase(intent);
  if (meant.visit != entry.visit.str() || meant.badge != entry.badge.str() || meant.point != entry.point)
    return number_of(entry) + " is about somebody else than its intent";
  if (entry.type == EventType::access_not_taken) return {};
  const bool seen = entry.type == EventType::access_taken;
  passages += seen ? 1 : 0;
  const AccessPointConfig* point = find_point(entry.point);
  const auto badge = badges.find(entry.badge.str());
  if (badge != badges.end() && point->from.str() == "outside") ++badge->second.uses;
  const auto owner = visits.find(entry.visit.str());
  if (owner == visits.end() || owner->second.closed()) return {};
  LedgerVisit& visit = owner->second;
  walk(visit.where, point->from.str(), seen ? point->to.str() : "unknown");
  visit.forgiven = false;
  if (!seen) return {};
  if (point->to.str() == "residence") {
    visit.was_in = !visit.unaccounted;
    visit.met = false;
  } else if (visit.was_in && visit.count("residence") == 0) {
    visit.met = true;
  }
  if (visit.count("outside") == visit.party) visit.screening = "pending";
  return {};
}

std::string Ledger::open(const Entry& entry, LedgerVisit& visit) {
  const bool known = !visit.guest.empty();
  if (known && visit.guest != find_text(entry.data, "guest")) return number_of(entry) + " gives a visit to another guest";
  visit.guest = find_text(entry.data, "guest");
  visit.category = find_text(entry.data, "category");
  if (entry.type == EventType::visit_planned) return {};
  if (visit.here) return number_of(entry) + " registers a visit twice";
  visit.here = true;
  visit.party = std::max(1, static_cast<int>(find_integer(entry.data, "party")));
  visit.where = {{"outside", visit.party}};
  std::string& open = open_of_guest[visit.guest];
  if (!open.empty()) return number_of(entry) + ": this guest has the open visit " + open + " already";
  open = entry.visit.str();
  return {};
}

void Ledger::decide(const Entry& entry, LedgerVisit& visit) const {
  const std::string decision = find_text(entry.data, "decision");
  visit.approval = approval_after.at(decision);
  visit.accepted_from.reset();
  if (find_flag(entry.data, "hours_permit")) visit.hours_permit = true;
  if (decision == "accept_later")
    visit.accepted_from = entry.at.utc + std::chrono::minutes(find_integer(entry.data, "minutes"));
}

// A correction: what it says stood before stands again.
void Ledger::undo(const Entry& entry, LedgerVisit& visit) {
  const auto text = [&](const char* key) { return find_text(entry.data, key); };
  if (!text("screening").empty()) visit.screening = text("screening");
  if (!text("approval").empty()) visit.approval = text("approval");
  if (text("of") != "visit_closed") return;
  visit.outcome.clear();
  visit.met = text("state") == "finished";
  visit.was_in = visit.met || text("state") == "in_meeting";
  open_of_guest[visit.guest] = entry.visit.str();
  visit.where.clear();
  std::istringstream places(text("where"));
  for (std::string place; places >> place;)
    visit.where[place.substr(0, place.find('='))] = std::stoi(place.substr(place.find('=') + 1));
}

std::string Ledger::add_visit(const Entry& entry) {
  LedgerVisit& visit = visits[entry.visit.str()];
  switch (entry.type) {
    case EventType::visit_planned:
    case EventType::visit_registered:
      return open(entry, visit);
    case EventType::visit_moved: {
      const std::string to = find_text(entry.data, "to");
      const bool timer = !is_person(entry.actor);
      if (timer && to != "unaccounted" && to != "no_show") return number_of(entry) + ": a timer makes a visit " + to;
      if (to == "unaccounted") visit.unaccounted = true, visit.was_in = visit.met = false;
      if (to == "finished") visit.met = visit.was_in = true;
      if (to == "no_show" || to == "cancelled") visit.outcome = to, open_of_guest[visit.guest].clear();
      return {};
    }
    case EventType::approval_asked:
    case EventType::approval_answered:
      visit.approval = "sent";
      visit.accepted_from.reset();
      return {};
    case EventType::approval_received:
      visit.approval = find_text(entry.data, "receipt");
      return {};
    case EventType::approval_withdrawn:
      visit.approval = "withdrawn";
      return {};
    case EventType::approval_decided:
      if (!is_person(entry.actor)) return number_of(entry) + ": decided by " + entry.actor;
      decide(entry, visit);
      return {};
    case EventType::screening_passage:
      if (visit.screening == "pending" || visit.screening == "rewalk") visit.screening = "passed_through";
      return {};
    case EventType::screening_alarm:
      visit.screening = "alarm";
      return {};
    case EventType::screening_recorded:
      visit.screening = find_text(entry.data, "result");
      if (is_clear(visit.screening)) visit.screened = entry.at.utc;
      return {};
    case EventType::deposit_moved:
      if (find_text(entry.data, "to") == "received") ++visit.deposits;
      if (find_text(entry.data, "to") == "returned") --visit.deposits;
      return {};
    case EventType::passback_forgiven:
      visit.forgiven = true;
      return {};
    case EventType::undone:
      undo(entry, visit);
      return {};
    case EventType::visit_closed:
      if (visit.closed()) return number_of(entry) + " closes a visit that is closed";
      visit.outcome = find_text(entry.data, "outcome");
      visit.where = {{"outside", visit.party}};
      open_of_guest[visit.guest].clear();
      if (visit.outcome != "departed") return {};
      ++departures;
      return is_person(entry.actor) || entry.actor == "device" ? "" : number_of(entry) + ": departed by " + entry.actor;
    default:
      return {};
  }
}

void Ledger::add_badge(const Entry& entry) {
  LedgerBadge& badge = badges[entry.badge.str()];
  if (entry.type == EventType::badge_issued) {
    badge = {entry.visit.str(),
             "issued",
             entry.at.utc,
             UtcTime(Millis(find_integer(entry.data, "valid_until"))),
             static_cast<int>(find_integer(entry.data, "uses")),
             0};
  } else if (entry.type == EventType::badge_changed) {
    badge.state = find_text(entry.data, "to");
  } else {
    badge.state = entry.type == EventType::badge_revoked ? "revoked" : "returned";
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
    case EventType::badge_changed:
    case EventType::badge_revoked:
    case EventType::badge_returned:
      add_badge(entry);
      return {};
    case EventType::lockdown_started:
      lockdowns.insert(find_text(entry.data, "plan"));
      return {};
    case EventType::lockdown_ended:
      lockdowns.erase(find_text(entry.data, "plan"));
      return {};
    case EventType::mode_changed:
      modes[entry.point] = find_text(entry.data, "mode");
      return {};
    case EventType::alarm_raised:
      alarms.insert(entry.ref ? *entry.ref : entry.number);
      return {};
    case EventType::alarm_acknowledged:
      alarms.erase(*entry.ref);
      return {};
    default:
      return entry.visit.empty() ? std::string() : add_visit(entry);
  }
}

}  // namespace gapura::simulation
