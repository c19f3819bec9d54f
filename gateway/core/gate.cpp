// SPDX-License-Identifier: Apache-2.0
// The loop: one input in, one Change out; and what a commit changes in memory.
#include "gateway/core/gate.h"

#include <cassert>

#include "gateway/core/change_tools.h"
#include "models/planted.h"

namespace gapura::gateway {
namespace {

// How long a device may take to come up after a start before it is an alarm.
constexpr Millis start_grace{10'000};

}  // namespace

Gate::Gate(SiteConfig config, SiteState state, RegistryLookup& registry, PersonalDataLookup* personal_data,
           Randomness randomness, const Now& started)
    : config_(std::move(config)),
      state_(std::move(state)),
      registry_(registry),
      personal_data_(personal_data),
      randomness_(std::move(randomness)),
      connected_by_(started.boot + start_grace),
      started_(started.utc),
      latest_(started) {
  for (const auto& portal : config_.portals) portals_.emplace_back(portal);
  for (auto& portal : portals_) {
    const std::string& id = portal.config().id.str();
    portal.start(started.boot);
    portal.restore(find_alarm(AlarmKind::forced_open, id, true), find_alarm(AlarmKind::held_open, id, true),
                   find_alarm(AlarmKind::released_by_unknown, id, true));
    const auto mode = state_.facts.modes.find(portal.config().id);
    if (mode != state_.facts.modes.end()) portal.set_mode(mode->second.mode, started.boot);
  }
  for (const auto& detector : config_.detectors) detectors_.emplace_back(detector);
  for (const auto& signal : config_.rules.panic_inputs) panic_levels_.emplace(signal, Level::unknown);
}

Change Gate::start(const Now&, const std::string& version) {
  Change change;
  change.entries.push_back(make_entry(SiteOpened{.version = version}));
  for (const auto& [number, intent] : state_.open_intents) {
    if (PLANTED(open_intents_left)) break;
    Entry outcome =
        site_entry(intent.point.str(), make_entry(EventType::access_unknown, AccessEnded{.why = "unlock_not_delivered"}));
    outcome.visit = intent.visit;
    outcome.badge = intent.badge;
    outcome.ref = number;
    change.entries.push_back(std::move(outcome));
  }
  end_open_prints(change);
  // Device alarms stood for devices of the earlier run; each is seen anew.
  for (const auto& [number, alarm] : state_.alarms)
    if (alarm.active && alarm.kind == AlarmKind::device_offline) clear(change, alarm.kind, alarm.subject);
  name_the_step(change);
  return change;
}

Change Gate::step(const Input& input, const Now& now) {
  latest_ = now;
  Change change = std::visit(
      [&](const auto& value) -> Change {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, BadgeRead>) return on_badge(value, now);
        if constexpr (std::is_same_v<T, LevelReport>) return on_level(value, now);
        if constexpr (std::is_same_v<T, PulseReport>) return on_pulse(value, now);
        if constexpr (std::is_same_v<T, DeviceHealth>) return on_health(value, now);
        if constexpr (std::is_same_v<T, PictureKept>) return on_picture(value);
        if constexpr (std::is_same_v<T, drivers::PrintReport>) return on_print(value);
        if constexpr (std::is_same_v<T, CommandInput>) return on_command(value.command, value.actor, now);
      },
      input);
  name_the_step(change);
  return change;
}

// Every transition of a visit says under which version of the procedure, and at which of its steps, it happened.
void Gate::name_the_step(Change& change) const {
  for (auto& entry : change.entries) {
    const Visit* visit = entry.visit.empty() ? nullptr : state_.find_visit(entry.visit);
    const Sop* sop = visit ? find_sop(config_.sops, visit->sop) : nullptr;
    if (PLANTED(sop_of_today) && visit) sop = sop_in_force(config_.sops, visit->category, latest_.utc);
    if (!sop || entry.type == EventType::visit_registered) continue;
    if (!particulars_of<Procedure>(entry).sop.empty()) continue;
    const SopStep* step = next_step(*sop, *visit);
    append_particulars(entry, Procedure{.sop = sop->id, .at_step = step ? step->id : ""});
  }
}

Change Gate::on_command(const Command& command, const Actor& actor, const Now& now) {
  constexpr std::size_t longest_note = 500;
  const bool too_long = std::visit(
      [](const auto& asked) {
        if constexpr (requires { asked.reason; }) return asked.reason.size() > longest_note;
        if constexpr (requires { asked.note; }) return asked.note.size() > longest_note;
        if constexpr (requires { asked.answer; }) return asked.answer.size() > longest_note;
        return false;
      },
      command);
  if (too_long) return refuse(ErrorKind::bad_input, "the reason or note is longer than 500 bytes");
  if (is_out_of_duty(command, actor)) return refuse_off_duty();
  return std::visit([&](const auto& asked) { return run(asked, actor, now); }, command);
}

// An aide acts on the guests that are put to them. Any aide may mark a person safe. A receipt of a phone that was not asked
// changes nothing; that an account looked at data is entered in any case.
bool Gate::is_out_of_duty(const Command& command, const Actor& actor) const {
  if (actor.role != "aide") return false;
  return std::visit(
      [&](const auto& asked) {
        using T = std::decay_t<decltype(asked)>;
        constexpr bool free =
            std::is_same_v<T, MarkSafe> || std::is_same_v<T, ReceiveQuestion> || std::is_same_v<T, NoteReading>;
        if constexpr (!free && requires { VisitId(asked.visit); }) {
          const Visit* visit = state_.find_visit(asked.visit);
          return visit && !is_put_to(actor.user, *visit);
        }
        return false;
      },
      command);
}

Change Gate::tick(const Now& now) {
  latest_ = now;
  Change change;
  for (auto& portal : portals_) {
    portal_facts(change, portal, portal.tick(now.boot));
    if (!portal.take_renewal(now.boot) || !granting() || (is_locked_down(portal) && !PLANTED(renewed_in_lockdown)))
      continue;
    const std::uint64_t allowed_by = state_.facts.modes.at(portal.config().id).number;
    change.orders.emplace_back(PulseOrderOut{0, portal.release_signal(Direction::entry), portal.config().pulse,
                                             now.boot + portal.config().order_limit, allowed_by});
  }
  follow_schedules(change, now);
  for (auto& detector : detectors_)
    for (const auto& news : detector.tick(now.boot)) detector_fact(change, detector, news);
  health_timers(change, now);
  if (now.quality != clock_) {
    clock_ = now.quality;
    change.entries.push_back(make_entry(ClockChanged{.quality = now.quality}));
    if (now.quality == ClockQuality::suspect) {
      raise(change, AlarmKind::device_offline, "clock");
    } else {
      clear(change, AlarmKind::device_offline, "clock");
    }
  }
  escort_timers(change, now);
  if (const auto due = next_due(); due && *due <= now.utc) {
    std::vector<const Visit*> visits;  // in the order of their ids: one run of the same inputs writes the same bytes
    for (const auto& [id, visit] : state_.visits)
      if (const auto at = next_due(visit); at && *at <= now.utc) visits.push_back(&visit);
    std::sort(visits.begin(), visits.end(), [](const Visit* a, const Visit* b) { return a->id < b->id; });
    for (const Visit* visit : visits) visit_timers(change, *visit, now);
    site_timers(change, now);
    next_due_known_.reset();  // a schedule's hour may pass without an entry
  }
  name_the_step(change);
  return change;
}

std::optional<BootTime> Gate::next_deadline() const {
  std::optional<BootTime> next;
  const auto consider = [&](std::optional<BootTime> at) {
    if (at) next = next ? std::min(*next, *at) : *at;
  };
  for (const auto& portal : portals_) consider(portal.next_deadline());
  for (const auto& [device, watched] : health_) {
    consider(watched.alarm_at);
    consider(watched.damper.due());
  }
  for (const auto& [lane, damper] : lanes_) consider(damper.due());
  for (const auto& detector : detectors_) consider(detector.next_deadline());
  for (const auto& [area, group] : escorts_)
    if (const Area* known = find_area(area); known && known->escort_tail && group.followers > 0)
      consider(group.last + known->escort_gap);
  if (const auto due = next_due()) consider(latest_.boot + (*due - latest_.utc));
  return next;
}

void Gate::follow(const SiteEdit& edit, const Now& at) {
  latest_ = at;
  edit.merge_into(state_, at.utc);
  next_due_known_.reset();
}

void Gate::commit(const SiteEdit& edit, const std::vector<Entry>& entries) {
  follow(edit, latest_);
  for (const auto& entry : entries) {
    if (entry.type == EventType::access_granted) begin_release(entry);
    if (entry.type == EventType::access_taken) follow_escort(entry);
    if (entry.type == EventType::mode_changed)
      if (Portal* portal = find_portal(PortalId(entry.point))) {
        const auto mode = state_.facts.modes.find(portal->config().id);
        portal->set_mode(mode == state_.facts.modes.end() ? PortalMode::locked : mode->second.mode, entry.at.boot);
      }
  }
}

void Gate::begin_release(const Entry& entry) {
  const auto* point = find_point(AccessPointId(entry.point));
  Portal* portal = point ? find_portal(point->portal) : nullptr;
  assert(portal);
  PendingRelease release;
  release.intent = entry.number;
  release.point = point->id;
  release.direction = point->direction;
  release.visit = entry.visit;
  release.badge = entry.badge;
  release.extra = extra_time(entry.visit, portal->config());
  release.ordered = entry.at.boot;
  portal->begin(std::move(release));
}

// ---- Small things

const AccessPointConfig* Gate::find_point(const ReaderId& reader) const {
  for (const auto& point : config_.points)
    if (!reader.empty() && point.reader == reader) return &point;
  return nullptr;
}

const AccessPointConfig* Gate::find_point(const AccessPointId& id) const { return gapura::find_point(config_, id); }

const Area* Gate::find_area(const AreaId& id) const {
  for (const auto& area : config_.areas)
    if (area.id == id) return &area;
  return nullptr;
}

Portal* Gate::find_portal(const PortalId& id) {
  for (auto& portal : portals_)
    if (portal.config().id == id) return &portal;
  return nullptr;
}

const Portal* Gate::find_portal(const PortalId& id) const {
  for (const auto& portal : portals_)
    if (portal.config().id == id) return &portal;
  return nullptr;
}

const Visit* Gate::find_open_visit(const VisitId& id) const {
  const Visit* visit = state_.find_visit(id);
  return visit && !visit->closed ? visit : nullptr;
}

std::string Gate::random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  randomness_({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
  return bytes;
}

std::string Gate::random_id(const char* prefix) { return prefix + to_hex(random_bytes(8)); }

SiteView Gate::view(const Now& now) const {
  SiteView view;
  view.at = now;
  view.granting = granting();
  if (!granting()) view.why_not.push_back(storage_problem_);
  view.entries = state_.next_number;
  view.facts = state_.facts;
  view.people = state_.people;
  for (const auto& portal : portals_) {
    PortalView shown;
    shown.id = portal.config().id;
    shown.mode = word(portal.mode());
    const auto set = state_.facts.modes.find(portal.config().id);
    shown.by_schedule = set != state_.facts.modes.end() && set->second.by_schedule;
    const UnlockSchedule& schedule = portal.config().unlocked;
    if (const auto open = unlocked_at(schedule, config_.hours, now.utc, now.offset)) {
      if (shown.by_schedule && portal.mode() == PortalMode::unlocked) shown.unlocked_until = open->to;
    } else if (now.quality != ClockQuality::suspect) {
      shown.unlocks = next_unlock_change(schedule, config_.hours, now.utc, now.offset);
    }
    shown.contact = portal.contact();
    shown.lock_commanded = portal.pending().has_value();
    shown.lock_observed = portal.lock_observed();
    shown.observed_at = portal.observed_at();
    shown.online = portal.ready(portal.release_signal(Direction::entry).empty() ? Direction::exit : Direction::entry);
    if (portal.forced()) shown.alarms.emplace_back("forced_open");
    if (portal.held()) shown.alarms.emplace_back("held_open");
    if (portal.released_by_unknown()) shown.alarms.emplace_back("released_by_unknown");
    view.portals.push_back(std::move(shown));
  }
  for (const auto& detector : detectors_) view.detectors.push_back({detector.config().id, detector.trouble()});
  return view;
}

}  // namespace gapura::gateway
