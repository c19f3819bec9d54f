// SPDX-License-Identifier: Apache-2.0
// [[area]], [[portal]], [[access_point]] and [[detector]].
#include <fmt/format.h>

#include <algorithm>

#include "gateway/settings/site_reader.h"

namespace gapura::gateway {

using drivers::ControllerProfile;

void SiteReader::read_area(Section section) {
  Area area;
  area.id = AreaId(own_id(section, areas_));
  area.name = section.text("name", area.id.str());
  area.limit = section.integer("limit", 0, 0, 100000);
  area.two_person = section.flag("two_person");
  read_passback(section, area);
  read_escort(section, area);
  section.finish();
  settings_.site.areas.push_back(std::move(area));
}

void SiteReader::read_passback(Section& section, Area& area) {
  area.passback =
      find_word<Passback>(section.choice("passback", {"off", "soft", "hard", "timed"}, "off")).value_or(Passback::off);
  area.passback_exempt = section.choices("passback_exempt", {"general", "special"});
  const Millis time = section.minutes("passback_minutes", std::chrono::minutes(10), 1, 1440);
  if (area.passback == Passback::timed)
    area.passback_time = time;
  else if (section.has("passback_minutes"))
    section.mistake("passback_minutes", "expected only with passback = \"timed\"");
  if (area.passback == Passback::off && section.has("passback_exempt"))
    section.mistake("passback_exempt", "expected only with a passback that is not \"off\"");
}

void SiteReader::read_escort(Section& section, Area& area) {
  area.escort =
      find_word<EscortRule>(section.choice("escort", {"off", "attested", "ordered"}, "off")).value_or(EscortRule::off);
  area.escort_gap = section.seconds("escort_gap_s", area.escort_gap, 1, 600);
  area.escort_cap = section.integer("escort_cap", 0, 0, 1000);
  area.escort_tail = section.flag("escort_tail");
  if (area.escort == EscortRule::ordered) return;
  for (const char* key : {"escort_gap_s", "escort_cap", "escort_tail"})
    if (section.has(key)) section.mistake(key, "expected only with escort = \"ordered\"");
}

void SiteReader::read_portal(Section section) {
  PortalConfig portal;
  portal.id = PortalId(own_id(section, portals_));
  portal.name = section.text("name", portal.id.str());
  const std::string kind = section.required_choice("kind", {"door", "turnstile"});
  portal.kind = kind == "turnstile" ? PortalKind::turnstile : PortalKind::door;
  const std::string own = section.required_text("controller");
  refers(section, "controller", own, controller_ids_, "controller");
  portal.lock = signal(section, "lock", own, Way::output);
  portal.entry_release = signal(section, "entry_release", own, Way::output);
  portal.exit_release = signal(section, "exit_release", own, Way::output);
  portal.contact = signal(section, "contact", own, Way::input);
  portal.rex = signal(section, "rex", own, Way::input);
  portal.passage = signal(section, "passage", own, Way::input);
  portal.entry_passage = signal(section, "entry_passage", own, Way::input);
  portal.exit_passage = signal(section, "exit_passage", own, Way::input);
  portal.tamper = signal(section, "tamper", own, Way::input);
  portal.fault = signal(section, "fault", own, Way::input);
  portal.pulse = section.millis("pulse_ms", portal.pulse, 100, 60000);
  portal.extended_pulse = section.millis("extended_pulse_ms", portal.extended_pulse, 0, 60000);
  portal.passage_limit = section.millis("passage_ms", portal.passage_limit, 500, 120000);
  portal.held_limit = section.millis("held_ms", portal.held_limit, 1000, 3600000);
  portal.order_limit = section.millis("order_ms", portal.order_limit, 100, 5000);
  for (Section& window : section.tables("unlocked")) read_unlocked(window, portal);
  if (!kind.empty()) check_portal_kind(section, portal);
  if (portal.passage_limit < portal.pulse)
    section.mistake("passage_ms", "expected at least pulse_ms: who is let in late in the pulse needs time to pass");
  portal.accept_hold_on_loss = section.text("accept_hold_on_loss");
  bool holds = false;
  for (const std::string& release : {portal.lock, portal.entry_release, portal.exit_release}) {
    holds |= check_hold(section, portal, release);
    check_pulse(section, portal, release);
  }
  if (!holds && section.has("accept_hold_on_loss"))
    section.mistake("accept_hold_on_loss", "expected only where an output stays on when its line is cut");
  if (portal.extended_pulse > Millis(0) && portal.extended_pulse < portal.pulse)
    section.mistake("extended_pulse_ms", "expected more than pulse_ms, or 0 for no difference");
  section.finish();
  settings_.site.portals.push_back(std::move(portal));
}

void SiteReader::check_portal_kind(Section& section, const PortalConfig& portal) {
  const bool is_door = portal.kind == PortalKind::door;
  const auto unused_keys = is_door ? std::vector{"entry_release", "exit_release", "entry_passage", "exit_passage"}
                                   : std::vector{"lock", "contact", "rex", "passage", "held_ms"};
  for (const char* key : unused_keys)
    if (section.has(key)) section.mistake(key, fmt::format("expected only on a {}", is_door ? "turnstile" : "door"));
  if (is_door && !section.has("lock")) section.mistake("lock", "missing; expected the output that releases the door");
  if (!is_door && !section.has("entry_release") && !section.has("exit_release"))
    section.mistake("entry_release", "missing; expected entry_release, exit_release or both");
}

// Whether this output stays on when its line is cut. Such a door is open until the line is back, so it is a mistake unless
// the portal has a reason why that was accepted.
bool SiteReader::check_hold(Section& section, const PortalConfig& portal, const std::string& signal) {
  const ControllerProfile::Output* release = output(signal);
  const ControllerProfile* board = profile(signal.substr(0, signal.find('.')));
  if (release == nullptr || board == nullptr || !holds_without_gateway(*board, *release)) return false;
  const std::string what = fmt::format(
      "{} stays on when the line is cut during a pulse, until it is back: profile {} has neither a timed pulse "
      "nor a watchdog",
      signal, board->name);
  const bool accepted = portal.accept_hold_on_loss.find_first_not_of(" \t") != std::string::npos;
  if (accepted)
    warn(section, "accept_hold_on_loss", fmt::format("{}; accepted: {}", what, portal.accept_hold_on_loss));
  else
    section.mistake(section.has("accept_hold_on_loss") ? "accept_hold_on_loss" : "controller",
                    what + "; take another board (docs/wiring.md), or say why this is safe: accept_hold_on_loss = \"…\"");
  return true;
}

// The device times the pulse, so it must be able to count it.
void SiteReader::check_pulse(Section& section, const PortalConfig& portal, const std::string& signal) {
  const ControllerProfile::Output* release = output(signal);
  if (release == nullptr || !release->pulse_address) return;
  for (const auto& [key, length] :
       {std::pair{"pulse_ms", portal.pulse}, std::pair{"extended_pulse_ms", portal.extended_pulse}}) {
    if (length.count() > release->pulse_max_ms)
      section.mistake(key, fmt::format("expected at most {} ms, which is what {} can time, found {}", release->pulse_max_ms,
                                       in_quotes(signal), length.count()));
    else if (release->pulse_unit_ms > 0 && length.count() % release->pulse_unit_ms != 0)
      section.mistake(key, fmt::format("expected a multiple of {} ms, in which {} counts, found {}", release->pulse_unit_ms,
                                       in_quotes(signal), length.count()));
  }
}

void SiteReader::read_point(Section section) {
  AccessPointConfig point;
  point.id = AccessPointId(own_id(section, points_));
  point.portal = PortalId(section.required_text("portal"));
  point.direction = section.choice("direction", {"entry", "exit"}, "entry") == "exit" ? Direction::exit : Direction::entry;
  point.from = AreaId(section.required_text("from"));
  point.to = AreaId(section.required_text("to"));
  point.reader = ReaderId(section.text("reader"));
  // Required, because a door whose rules were forgotten must not open for every badge.
  const auto needs = section.required_choices("requires", {"decision", "screening"});
  point.needs_decision = std::count(needs.begin(), needs.end(), "decision") > 0;
  point.needs_screening = std::count(needs.begin(), needs.end(), "screening") > 0;
  section.finish();
  refers(section, "from", point.from.str(), areas_, "area");
  refers(section, "to", point.to.str(), areas_, "area");
  if (!point.from.empty() && point.from == point.to) section.wrong("to", "another area than from");
  if (refers(section, "reader", point.reader.str(), readers_, "reader"))
    only_once(section, "reader", point.reader.str(), used_readers_, "reader");
  if (post_readers_.count(point.reader.str()) > 0)
    section.wrong("reader", "a reader without a role, for one with a role stands on a desk");
  if (refers(section, "portal", point.portal.str(), portals_, "portal")) check_direction(section, point);
  settings_.site.points.push_back(std::move(point));
}

void SiteReader::check_direction(Section& section, const AccessPointConfig& point) {
  const bool is_entry = point.direction == Direction::entry;
  const char* key = section.has("direction") ? "direction" : "portal";
  only_once(section, key, fmt::format("{} {}", point.portal.str(), is_entry ? "entry" : "exit"), used_directions_,
            "portal and direction");
  for (const PortalConfig& portal : settings_.site.portals) {
    if (portal.id != point.portal || portal.kind != PortalKind::turnstile) continue;
    if ((is_entry ? portal.entry_release : portal.exit_release).empty())
      section.mistake(key, fmt::format("expected a turnstile with {}, found {} without",
                                       is_entry ? "entry_release" : "exit_release", in_quotes(point.portal.str())));
  }
}

void SiteReader::read_detector(Section section) {
  DetectorConfig detector;
  detector.id = DetectorId(own_id(section, detectors_));
  detector.name = section.text("name", detector.id.str());
  const std::string own = section.required_text("controller");
  refers(section, "controller", own, controller_ids_, "controller");
  detector.alarm = signal(section, "alarm", own, Way::input);
  detector.passage = signal(section, "passage", own, Way::input);
  detector.fault = signal(section, "fault", own, Way::input);
  detector.ready = signal(section, "ready", own, Way::input);
  detector.alarm_inverse = signal(section, "alarm_inverse", own, Way::input);
  detector.stuck = section.seconds("stuck_s", detector.stuck, 2, 3600);
  if (!section.has("alarm")) section.mistake("alarm", "missing; expected the input that says that metal was found");
  section.finish();
  settings_.site.detectors.push_back(std::move(detector));
}

const ControllerProfile* SiteReader::profile(const std::string& controller) const {
  const auto found = profiles_.find(controller);
  return found == profiles_.end() || unreadable_.count(controller) > 0 ? nullptr : &found->second;
}

const ControllerProfile::Output* SiteReader::output(const std::string& signal) const {
  const auto dot = signal.find('.');
  if (dot == std::string::npos) return nullptr;
  const ControllerProfile* found = profile(signal.substr(0, dot));
  if (found == nullptr) return nullptr;
  for (const auto& candidate : found->outputs)
    if (candidate.name == signal.substr(dot + 1)) return &candidate;
  return nullptr;
}

std::string SiteReader::signal(Section& section, const char* key, const std::string& own, Way way) {
  return signal_named(section, key, section.text(key), own, way);
}

std::string SiteReader::signal_named(Section& section, const char* key, const std::string& value, const std::string& own,
                                     Way way) {
  if (value.empty()) return "";
  const auto dot = value.find('.');
  const std::string controller = dot == std::string::npos ? own : value.substr(0, dot);
  const std::string name = dot == std::string::npos ? value : value.substr(dot + 1);
  if (dot != std::string::npos && !refers(section, key, controller, controller_ids_, "controller")) return "";
  const ControllerProfile* found = profile(controller);
  if (found == nullptr) return "";  // already recorded at the controller
  std::vector<std::string> names;
  if (way == Way::input)
    for (const auto& input : found->inputs) names.push_back(input.name);
  else
    for (const auto& candidate : found->outputs) names.push_back(candidate.name);
  std::string full = controller + "." + name;
  if (std::find(names.begin(), names.end(), name) != names.end()) {
    if (way == Way::output) only_once(section, key, full, used_outputs_, "output");
    return full;
  }
  const std::string guess = closest(name, names);
  section.mistake(key, fmt::format("expected an {} of profile {}, found {}{}", way == Way::input ? "input" : "output",
                                   in_quotes(found->name), in_quotes(name),
                                   guess.empty() ? "" : fmt::format("; did you mean {}?", in_quotes(guess))));
  return "";
}

}  // namespace gapura::gateway
