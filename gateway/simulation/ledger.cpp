// SPDX-License-Identifier: Apache-2.0
#include "gateway/simulation/ledger.h"

#include <algorithm>
#include <sstream>
#include <tuple>

namespace gapura::simulation {
namespace {

bool is_person(const std::string& actor) { return actor != "system" && actor != "device"; }

bool is_inner(const std::string& area) { return area != "outside" && area != "waiting_room" && area != "unknown"; }

bool is_leaving(const AccessPointConfig& point) {
  return point.direction == Direction::exit || point.to.str() == "outside";
}

std::string number_of(const Entry& entry) { return "entry " + std::to_string(entry.number); }

// Moves one person from where one of the party is, else an unknown one, else one of the largest other group.
void move_person(Places& where, const std::string& from, const std::string& to) {
  std::string leaves = where.contains(from) ? from : where.contains("unknown") ? "unknown" : "";
  if (leaves.empty())
    for (const auto& [area, people] : where)
      if (area != to && (leaves.empty() || people > where.at(leaves))) leaves = area;
  if (leaves.empty()) return;
  if (--where[leaves] == 0) where.erase(leaves);
  ++where[to];
}

const std::map<AideDecision, std::string> approval_after{
    {AideDecision::accept_now, "accepted"}, {AideDecision::accept_later, "accepted_later"},
    {AideDecision::hold, "held"},           {AideDecision::refer, "referred"},
    {AideDecision::decline, "declined"},    {AideDecision::reschedule, "rescheduled"},
    {AideDecision::ask, "asked_back"},
};

bool is_clear(const std::string& screening) {
  return screening == "clear" || screening == "cleared_by_check" || screening == "alternative";
}

bool asks(const Sop* sop, const AccessPointConfig& point, const char* requirement) {
  return sop && std::any_of(sop->gates.begin(), sop->gates.end(), [&](const SopGate& gate) {
           return gate.area == point.to.str() &&
                  std::find(gate.requires_.begin(), gate.requires_.end(), requirement) != gate.requires_.end();
         });
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

int LedgerVisit::inside() const {
  int people = 0;
  for (const auto& [area, number] : where) people += is_inner(area) ? number : 0;
  return people;
}

int Ledger::people_in(const std::string& area) const {
  int people = 0;
  for (const auto& [id, visit] : visits) people += visit.closed() ? 0 : visit.count(area);
  for (const auto& [id, badge] : badges) people += badge.is_staff() && badge.area == area ? 1 : 0;
  return people;
}

std::vector<std::string> Ledger::objections(const AccessPointConfig& point, const std::string& id, const Now& now) const {
  const auto found = badges.find(id);
  if (found == badges.end()) return {"unknown_badge"};
  const LedgerBadge& badge = found->second;
  const auto owner = visits.find(badge.visit);
  const LedgerVisit* visit = owner == visits.end() ? nullptr : &owner->second;
  const bool leaving = is_leaving(point);
  std::vector<std::string> against;
  const auto object = [&](bool wrong, const char* reason) {
    if (wrong) against.emplace_back(reason);
  };
  if (badge.state == "in_stock") return {"not_active_yet"};
  if (!visit && !badge.is_staff()) return {"used_up"};
  const bool all_out = visit && visit->count("outside") == visit->party;
  object(badge.state == "revoked" || badge.state == "lost" || badge.state == "suspended", badge.state.c_str());
  object(now.utc < badge.issued, "not_active_yet");
  object(now.utc >= badge.valid_until && !(leaving && visit && !all_out), "expired");
  object(badge.state == "returned" || (visit && (visit->closed() || (visit->met && all_out))), "used_up");
  object(point.from.str() == "outside" && badge.uses_allowed > 0 && badge.uses >= badge.uses_allowed, "used_up");
  for (const auto& [number, intent] : intents) object(intent.badge == id || intent.partner == id, "duplicate_scan");
  object(now.quality == ClockQuality::suspect && !leaving, "clock_untrusted");
  const auto& allowed = point.categories;
  const std::string category = visit ? visit->category : "staff";
  object(!allowed.empty() && std::find(allowed.begin(), allowed.end(), category) == allowed.end(), "not_here");
  const auto mode = modes.find(point.portal.str());
  object(mode != modes.end() && (mode->second == "blocked" || mode->second == "locked_down"), "lockdown");
  object(!lockdowns.empty() && !leaving && (point.from.str() == "residence" || point.to.str() == "residence"), "lockdown");
  object_to_place(against, point, badge, visit, now);
  object_to_room(against, point, badge, visit, now);
  if (visit) object_to_visit(against, point, *visit, now);
  if (visit) object_to_procedure(against, point, id, *visit);
  return against;
}

// Where the badge's people are, and where they were.
void Ledger::object_to_place(std::vector<std::string>& against, const AccessPointConfig& point, const LedgerBadge& badge,
                             const LedgerVisit* visit, const Now& now) const {
  const Area *inner = find_area(point.to), *outer = find_area(point.from);
  const std::string &from = point.from.str(), &to = point.to.str();
  const auto seen = visit ? visit->seen : badge.passed;
  const bool forgotten = passback_reset && seen && *seen < *passback_reset;
  const std::string category = visit ? visit->category : "staff";
  const auto exempts = [&](const Area* area) {
    const auto& list = area->passback_exempt;
    return std::find(list.begin(), list.end(), category) != list.end();
  };
  if (forgotten || badge.forgiven || (visit && (visit->forgiven || visit->exempt)) || exempts(inner) || exempts(outer))
    return;
  const auto is_in = [&](const std::string& area) { return visit ? visit->count(area) > 0 : badge.area == area; };
  const bool hard = inner->passback == Passback::hard || outer->passback == Passback::hard;
  if (hard && !is_in(from) && !is_in("unknown")) against.emplace_back(is_in(to) ? "already_inside" : "not_inside");
  if (inner->passback == Passback::timed && badge.passed && badge.passed_into == to &&
      now.utc - *badge.passed < inner->passback_time)
    against.emplace_back("timed_apb");
}

// The rooms' own rules. The holder of the badge is in front of the point, wherever else the journal still has them.
void Ledger::object_to_room(std::vector<std::string>& against, const AccessPointConfig& point, const LedgerBadge& badge,
                            const LedgerVisit* visit, const Now& now) const {
  const Area *inner = find_area(point.to), *outer = find_area(point.from);
  const std::string &from = point.from.str(), &to = point.to.str();
  const auto has_them_in = [&](const std::string& area) { return visit ? visit->count(area) > 0 : badge.area == area; };
  const int lost = has_them_in(from) ? 0 : 1, doubled = lost == 1 && has_them_in(to) ? 1 : 0;
  int there = 0, coming = 0, going = 0;
  for (const auto& [number, intent] : intents) {
    const AccessPointConfig& other = *find_point(intent.point);
    if (other.to == point.to) coming += intent.people();
    if (other.from == point.from && !intent.badge.empty()) going += intent.people();
  }
  if (inner->limit > 0 || inner->two_person) there = people_in(to) - doubled + coming;
  if (inner->limit > 0 && to != "outside" && there >= inner->limit) against.emplace_back("area_full");
  const bool first_in = inner->two_person && there == 0;
  const bool last_out = outer->two_person && people_in(from) + lost - going == 2;
  if (first_in || last_out) against.emplace_back("second_person_missing");
  for (const auto& airlock : site.interlocks) {
    const auto is_door = [&](const PortalId& id) {
      return std::find(airlock.portals.begin(), airlock.portals.end(), id) != airlock.portals.end();
    };
    for (const auto& [number, intent] : intents) {
      const PortalId& other = find_point(intent.point)->portal;
      if (is_door(point.portal) && is_door(other) && other != point.portal) against.emplace_back("interlock_busy");
    }
    const auto too_long = [&](const std::optional<UtcTime>& since) {
      return since && *since + airlock.longest_stay <= now.utc;
    };
    if (airlock.chamber != point.to) continue;
    for (const auto& [id, one] : visits)
      if (!one.closed() && one.count(to) > 0 && too_long(one.seen)) against.emplace_back("chamber_timeout");
    for (const auto& [id, other] : badges)
      if (other.is_staff() && other.area == to && too_long(other.passed)) against.emplace_back("chamber_timeout");
  }
}

void Ledger::object_to_visit(std::vector<std::string>& against, const AccessPointConfig& point, const LedgerVisit& visit,
                             const Now& now) const {
  const auto object = [&](bool wrong, const char* reason) {
    if (wrong) against.emplace_back(reason);
  };
  object(point.to.str() == "outside" && visit.deposits > 0, "sop_step_missing");
  if (is_leaving(point)) return;
  if (!site.hours.rules.empty() && visit.category == "general" && !visit.hours_permit) {
    const auto local = now.utc + now.offset;
    const auto minute = std::chrono::floor<Minutes>(local - std::chrono::floor<std::chrono::days>(local)).count();
    object(minute < 7 * 60 || minute >= 20 * 60, "not_now");
    object(minute >= 18 * 60 && minute < 18 * 60 + 30, "rest_hours");
  }
  const Area* inner = find_area(point.to);
  const auto group = groups.find(point.to.str());
  if (inner->escort == EscortRule::attested)
    object(visit.escort != "started" && visit.escort != "at_door" && visit.escort != "handed_over", "escort_missing");
  if (inner->escort == EscortRule::ordered) {
    object(group == groups.end() || now.boot - group->second.last > inner->escort_gap, "escort_missing");
    object(group != groups.end() && inner->escort_cap > 0 && group->second.followers >= inner->escort_cap, "escort_limit");
  }
  const bool asks_screening = point.needs_screening || asks(find_procedure(visit), point, "screening");
  const bool asks_decision = point.needs_decision || asks(find_procedure(visit), point, "decision:accept");
  object(asks_screening && !is_clear(visit.screening), "screening_missing");
  const Millis valid = site.rules.screening_valid;
  object(asks_screening && valid > Millis(0) && visit.screened && *visit.screened + valid < now.utc, "screening_stale");
  const bool accepted = visit.approval == "accepted" ||
                        (visit.approval == "accepted_later" && visit.accepted_from && *visit.accepted_from <= now.utc);
  object(asks_decision && (!accepted || visit.disputed), "not_approved");
}

// ---- Procedures

const Sop* Ledger::find_procedure(const LedgerVisit& visit) const {
  for (const auto& sop : site.sops)
    if (sop.id == visit.sop) return &sop;
  return nullptr;
}

std::vector<std::string> Ledger::missing_steps(const AccessPointConfig& point, const LedgerVisit& visit) const {
  std::vector<std::string> missing;
  const Sop* sop = find_procedure(visit);
  if (!sop || (is_leaving(point) && point.to.str() != "outside")) return missing;
  for (const auto& gate : sop->gates)
    for (const auto& step : gate.requires_) {
      const bool of_their_own = step == "screening" || step == "decision:accept";
      if (gate.area == point.to.str() && !of_their_own && !visit.attested.contains(step)) missing.push_back(step);
    }
  return missing;
}

bool Ledger::is_over_limit(const AccessPointConfig& point, const std::string& id, bool permitted) const {
  const auto badge = badges.find(id);
  const auto found = badge == badges.end() ? visits.end() : visits.find(badge->second.visit);
  const Sop* sop = found == visits.end() ? nullptr : find_procedure(found->second);
  if (!sop || is_leaving(point) || is_inner(point.from.str()) || !is_inner(point.to.str())) return false;
  int people = found->second.inside();
  for (const auto& [number, intent] : intents) {
    const AccessPointConfig& other = *find_point(intent.point);
    const bool own = intent.badge == id || intent.partner == id;
    if (intent.visit == found->first && !own && !is_inner(other.from.str()) && is_inner(other.to.str())) ++people;
  }
  return std::any_of(sop->rules.begin(), sop->rules.end(), [&](const SopRule& rule) {
    return people >= rule.max && !(permitted && rule.unless == "aide_permission");
  });
}

void Ledger::object_to_procedure(std::vector<std::string>& against, const AccessPointConfig& point,
                                 const std::string& badge, const LedgerVisit& visit) const {
  if (!missing_steps(point, visit).empty()) against.emplace_back("sop_step_missing");
  if (is_over_limit(point, badge, !visit.permitted_by.empty())) against.emplace_back("escort_limit");
}

std::string Ledger::only_visit_to_screen() const {
  std::string only;
  for (const auto& [id, visit] : visits) {
    if (visit.closed() || visit.badge.empty() || !visit.at_post || is_clear(visit.screening)) continue;
    if (!only.empty()) return {};
    only = id;
  }
  return only;
}

bool Ledger::has_visit_at_post() const {
  return std::any_of(visits.begin(), visits.end(),
                     [](const auto& visit) { return !visit.second.closed() && visit.second.at_post; });
}

// ---- What entries add

// Two different badges, each lacking only the other, shown here within the time.
std::vector<std::string> Ledger::objections_to_partner(const AccessPointConfig& point, const std::string& first,
                                                       const std::string& partner, const Now& now) const {
  std::vector<std::string> against = objections(point, partner, now);
  std::erase(against, "second_person_missing");
  const auto refused = alone.find(point.id.str());
  if (first == partner) against.emplace_back("the same badge twice");
  if (refused == alone.end() || refused->second.badge != partner ||
      now.boot - refused->second.at > site.rules.second_person)
    against.emplace_back("it was not shown here lately");
  return against;
}

void Ledger::pass(const Entry& entry, const std::string& id, const AccessPointConfig& point, bool seen) {
  const std::string &from = point.from.str(), &to = point.to.str();
  const auto found = badges.find(id);
  if (found == badges.end()) return;
  LedgerBadge& badge = found->second;
  if (from == "outside") ++badge.uses;
  badge.passed = entry.at.utc, badge.passed_into = to, badge.forgiven = false;
  badge.area = seen ? to : "unknown";
  const auto owner = visits.find(badge.visit);
  if (owner == visits.end() || owner->second.closed()) return;
  LedgerVisit& visit = owner->second;
  visit.at_post = false;
  move_person(visit.where, from, seen ? to : "unknown");
  visit.forgiven = false;
  visit.seen = entry.at.utc;
  if (!seen) return;
  if (is_inner(to)) {
    visit.was_in = !visit.unaccounted;
    visit.met = false;
    return;
  }
  if (visit.was_in && visit.inside() == 0) visit.met = true;
  if (visit.count("outside") == visit.party) visit.screening = "pending";
}

std::string Ledger::add_access(const Entry& entry) {
  if (entry.type == EventType::access_granted) {
    ++grants;
    intents.emplace(entry.number, LedgerIntent{entry.point, entry.visit.str(), entry.badge.str(),
                                               particulars_of<AccessGranted>(entry).partner.value.str()});
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
  for (const auto& badge : {meant.badge, meant.partner})
    if (!badge.empty()) pass(entry, badge, *point, seen);
  const auto badge = badges.find(meant.badge);
  if (!seen || badge == badges.end() || find_area(point->to)->escort != EscortRule::ordered) return {};
  if (badge->second.is_staff()) {
    groups[point->to.str()] = {entry.at.boot, 0};
  } else if (const auto group = groups.find(point->to.str()); group != groups.end()) {
    group->second = {entry.at.boot, group->second.followers + 1};
  }
  return {};
}

std::string Ledger::open(const Entry& entry, LedgerVisit& visit) {
  const bool known = !visit.guest.empty();
  const auto it = particulars_of<VisitRegistered>(entry);  // a plan has these fields as well
  if (known && visit.guest != it.guest.str()) return number_of(entry) + " gives a visit to another guest";
  visit.guest = it.guest.str();
  visit.category = it.category;
  if (entry.type == EventType::visit_planned) {
    if (!visit.here) visit.seen = entry.at.utc;
    return {};
  }
  if (visit.here) return number_of(entry) + " registers a visit twice";
  visit.here = visit.at_post = true;
  visit.sop = it.sop;
  visit.seen = entry.at.utc;
  visit.party = std::max(1, static_cast<int>(it.party));
  visit.where = {{"outside", visit.party}};
  std::string& open = open_of_guest[visit.guest];
  if (!open.empty()) return number_of(entry) + ": this guest has the open visit " + open + " already";
  open = entry.visit.str();
  return {};
}

void Ledger::decide(const Entry& entry, LedgerVisit& visit) const {
  const auto it = particulars_of<ApprovalDecided>(entry);
  visit.approval = approval_after.at(it.decision);
  visit.accepted_from.reset();
  if (it.hours_permit) visit.hours_permit = true;
  visit.permitted_by = it.all_members ? entry.actor : "";
  if (it.decision == AideDecision::accept_later) visit.accepted_from = entry.at.utc + std::chrono::minutes(it.minutes);
}

// A correction: the previous values that it carries apply again.
void Ledger::undo(const Entry& entry, LedgerVisit& visit) {
  const auto it = particulars_of<Undone>(entry);
  if (it.screening) visit.screening = word(*it.screening);
  if (it.approval) visit.approval = word(*it.approval);
  if (it.of == "approval_decided") visit.permitted_by.clear();
  if (it.of != "visit_closed") return;
  visit.at_post = it.presence == Presence::at_post;
  visit.outcome.clear();
  visit.met = it.state == VisitState::finished;
  visit.was_in = visit.met || it.state == VisitState::in_meeting;
  open_of_guest[visit.guest] = entry.visit.str();
  visit.where.clear();
  std::istringstream places(it.where.value);
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
      const std::string to = word(particulars_of<VisitMoved>(entry).to);
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
      visit.approval = word(particulars_of<ApprovalReceived>(entry).receipt);
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
      visit.screening = word(particulars_of<ScreeningRecorded>(entry).result);
      if (is_clear(visit.screening)) visit.screened = entry.at.utc;
      return {};
    case EventType::deposit_moved: {
      const DepositState to = particulars_of<DepositMoved>(entry).to;
      if (to == DepositState::received) ++visit.deposits;
      if (to == DepositState::returned) --visit.deposits;
      return {};
    }
    case EventType::passback_forgiven:
      visit.forgiven = true;
      return {};
    case EventType::passback_exempted:
      visit.exempt = true;
      return {};
    case EventType::step_attested:
      visit.attested.insert(particulars_of<StepAttested>(entry).step);
      return {};
    case EventType::limit_permitted:
      visit.permitted_by = entry.actor;
      return {};
    case EventType::escort_moved:
      visit.escort = word(particulars_of<EscortMoved>(entry).to);
      return {};
    case EventType::muster_marked:
      if (!muster) return number_of(entry) + " marks somebody safe, and there is no roll call";
      muster->insert(entry.visit.str());
      return {};
    case EventType::undone:
      undo(entry, visit);
      return {};
    case EventType::visit_closed:
      if (visit.closed()) return number_of(entry) + " closes a visit that is closed";
      visit.at_post = false;
      visit.outcome = word(particulars_of<VisitClosed>(entry).outcome);
      visit.where = {{"outside", visit.party}};
      visit.seen = entry.at.utc;
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
  const auto restock = [&] { badge.state = "in_stock", badge.visit.clear(), badge.uses = 0; };
  if (entry.type == EventType::badge_stocked) {
    badge.kind = "card";
    restock();
  } else if (entry.type == EventType::badge_issued) {
    const auto it = particulars_of<BadgeIssued>(entry);
    if (it.kind) badge.kind = word(*it.kind);
    badge.state = "issued", badge.visit = entry.visit.str(), badge.issued = entry.at.utc, badge.uses = 0;
    badge.valid_until = it.valid_until;
    badge.uses_allowed = static_cast<int>(it.uses);
    badge.duress = it.duress;
    if (!entry.visit.empty()) visits[entry.visit.str()].badge = entry.badge.str();
  } else if (entry.type == EventType::badge_changed) {
    badge.state = word(particulars_of<BadgeChanged>(entry).to);
    if (badge.state == "in_stock") restock();
  } else if (entry.type == EventType::badge_returned && badge.kind == "card") {
    if (const auto visit = visits.find(badge.visit); visit != visits.end() && visit->second.badge == entry.badge.str())
      visit->second.badge.clear();
    restock();
  } else {
    badge.state = entry.type == EventType::badge_revoked ? "revoked" : "returned";
  }
}

// What one guard hands over to the other must match the state.
std::string Ledger::hand_over(const Entry& entry) const {
  std::int64_t open = 0, inside = 0, things = 0, out = 0;
  for (const auto& [id, visit] : visits) {
    things += visit.deposits;
    if (visit.closed() || !visit.here) continue;
    ++open;
    inside += visit.party - visit.count("outside");
  }
  for (const auto& [id, badge] : badges) {
    const auto visit = visits.find(badge.visit);
    const bool is_out = badge.state == "issued" || badge.state == "active" || badge.state == "suspended";
    out += is_out && visit != visits.end() && !visit->second.closed() ? 1 : 0;
  }
  const auto it = particulars_of<ShiftHandedOver>(entry);
  const std::tuple<const char*, std::int64_t, std::int64_t> counts[] = {{"open visits", it.open_visits, open},
                                                                        {"people inside", it.inside, inside},
                                                                        {"deposited items", it.deposits, things},
                                                                        {"badges out", it.badges_out, out}};
  for (const auto& [what, said, number] : counts)
    if (said != number)
      return number_of(entry) + " hands over " + std::to_string(said) + " " + what + ", there are " +
             std::to_string(number);
  return {};
}

// The guards' shift and the roll call.
std::string Ledger::add_post(const Entry& entry) {
  if (entry.type == EventType::shift_started) guards.insert(entry.actor);
  if (entry.type == EventType::shift_handed_over) {
    handed_to = particulars_of<ShiftHandedOver>(entry).to;
    if (!guards.contains(entry.actor)) return number_of(entry) + ": handed over by somebody who is not on duty";
    return hand_over(entry);
  }
  if (entry.type == EventType::shift_accepted) {
    if (entry.actor != handed_to) return number_of(entry) + ": accepted by somebody to whom it was not handed over";
    guards.erase(particulars_of<ShiftAccepted>(entry).from);
    guards.insert(entry.actor);
    handed_to.clear();
  }
  if (entry.type == EventType::muster_started) {
    if (muster) return number_of(entry) + " starts a second roll call";
    muster.emplace();
    std::int64_t inside = 0;
    for (const auto& [id, visit] : visits)
      inside += visit.closed() || !visit.here ? 0 : visit.party - visit.count("outside");
    for (const auto& [id, badge] : badges) inside += badge.is_staff() && badge.area != "outside" ? 1 : 0;
    if (const auto said = particulars_of<MusterStarted>(entry).inside; said != inside)
      return number_of(entry) + " calls the roll of " + std::to_string(said) + ", inside are " + std::to_string(inside);
  }
  if (entry.type == EventType::muster_ended) {
    const auto safe = muster ? static_cast<std::int64_t>(muster->size()) : -1;
    muster.reset();
    if (particulars_of<MusterEnded>(entry).safe != safe)
      return number_of(entry) + " ends a roll call of " + std::to_string(safe);
  }
  return {};
}

std::string Ledger::add(const Entry& entry) {
  switch (entry.type) {
    case EventType::site_opened:
      stopped = false;
      groups.clear();
      alone.clear();
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
      if (particulars_of<AccessDenied>(entry).reasons == std::vector{DenialReason::second_person_missing})
        alone[entry.point] = {entry.badge.str(), entry.at.boot};
      return {};
    case EventType::shift_started:
    case EventType::shift_handed_over:
    case EventType::shift_accepted:
    case EventType::muster_started:
    case EventType::muster_ended:
      return add_post(entry);
    case EventType::passback_reset:
      passback_reset = entry.at.utc;
      return {};
    case EventType::passback_forgiven:
      if (!entry.visit.empty()) return add_visit(entry);
      badges[entry.badge.str()].forgiven = true;
      if (const auto& state = badges[entry.badge.str()].state; state == "revoked" || state == "lost" || state == "expired")
        badges[entry.badge.str()].area = "outside";
      return {};
    case EventType::badge_stocked:
    case EventType::badge_issued:
    case EventType::badge_changed:
    case EventType::badge_revoked:
    case EventType::badge_returned:
      add_badge(entry);
      return {};
    case EventType::lockdown_started:
      lockdowns.insert(particulars_of<LockdownStarted>(entry).plan);
      return {};
    case EventType::lockdown_ended:
      lockdowns.erase(particulars_of<LockdownEnded>(entry).plan);
      return {};
    case EventType::mode_changed:
      modes[entry.point] = word(particulars_of<ModeChanged>(entry).mode);
      mode_entries[entry.point] = entry.number;
      return {};
    case EventType::alarm_raised: {
      const auto it = particulars_of<AlarmRaised>(entry);
      alarms.insert(entry.ref ? *entry.ref : entry.number);
      standing[entry.ref ? *entry.ref : entry.number] =
          word(it.kind) + std::string(" ") + entry.point + (it.silent ? " silent" : "");
      return {};
    }
    case EventType::alarm_cleared:
      if (!entry.ref) return number_of(entry) + " is about no alarm";
      standing.erase(*entry.ref);
      return {};
    case EventType::alarm_acknowledged:
      if (!entry.ref) return number_of(entry) + " is about no alarm";
      alarms.erase(*entry.ref);
      return {};
    default:
      return entry.visit.empty() ? std::string() : add_visit(entry);
  }
}

}  // namespace gapura::simulation
