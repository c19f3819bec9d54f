// SPDX-License-Identifier: Apache-2.0
// The loop: one input in, one Change out; and the changes in memory after a commit.
#include "gateway/core/gate.h"

#include "gateway/core/change_tools.h"
#include "models/base/invariant.h"

namespace gapura::gateway {
namespace {

// Returns the one of `parts` that runs this kind of command.
template <class Asked, class First, class... More>
Change run_by(const Asked& asked, const Actor& actor, const Now& now, First& first, More&... more) {
  if constexpr (requires { first.run(asked, actor, now); }) {
    return first.run(asked, actor, now);
  } else {
    static_assert(sizeof...(More) > 0, "no part runs this command");
    return run_by(asked, actor, now, more...);
  }
}

}  // namespace

Gate::Gate(SiteConfig config, SiteState state, RegistryLookup& registry, PersonalDataLookup* personal_data,
           Randomness randomness, const Now& started)
    : site_{.config = std::move(config),
            .state = std::move(state),
            .registry = registry,
            .personal_data = personal_data,
            .randomness = std::move(randomness),
            .started = started.utc,
            .latest = started},
      devices_(site_),
      access_(site_, devices_),
      post_(site_, devices_),
      visits_(site_),
      approvals_(site_),
      badges_(site_),
      accounts_(site_),
      personal_data_(site_) {}

Change Gate::start(const Now&, const std::string& version) {
  Change change;
  change.entries.push_back(make_entry(SiteOpened{.version = version}));
  for (const auto& [number, intent] : site_.state.open_intents) {
    Entry outcome =
        site_entry(intent.point.str(), make_entry(EventType::access_unknown, AccessEnded{.why = "unlock_not_delivered"}));
    outcome.visit = intent.visit;
    outcome.badge = intent.badge;
    outcome.ref = number;
    change.entries.push_back(std::move(outcome));
  }
  badges_.end_open_prints(change);
  // Device alarms of the earlier run are cleared; each device is checked again.
  for (const auto& [number, alarm] : site_.state.alarms)
    if (alarm.active && alarm.kind == AlarmKind::device_offline) site_.clear(change, alarm.kind, alarm.subject);
  add_procedure_step(change);
  return change;
}

// Every deadline counts on the boot clock.
void Gate::set_time(const Now& now) {
  INVARIANT(now.boot >= site_.latest.boot, "the boot clock never goes back");
  site_.latest = now;
}

void Gate::rely_on_entry(std::uint64_t number) const {
  INVARIANT(number < site_.state.next_number, "a report is about an entry that is committed");
}

Change Gate::step(const Input& input, const Now& now) {
  set_time(now);
  Change change = std::visit(
      [&](const auto& value) -> Change {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, PulseReport>) rely_on_entry(value.intent);
        if constexpr (std::is_same_v<T, PictureKept>) rely_on_entry(value.entry);
        if constexpr (std::is_same_v<T, BadgeRead>) return access_.on_badge(value, now);
        if constexpr (std::is_same_v<T, LevelReport>) return on_level(value, now);
        if constexpr (std::is_same_v<T, PulseReport>) return access_.on_pulse(value, now);
        if constexpr (std::is_same_v<T, DeviceHealth>) return devices_.take(value, now);
        if constexpr (std::is_same_v<T, PictureKept>) return post_.on_picture(value);
        if constexpr (std::is_same_v<T, drivers::PrintReport>) return badges_.on_print(value);
        if constexpr (std::is_same_v<T, CommandInput>) return on_command(value.command, value.actor, now);
      },
      input);
  add_procedure_step(change);
  return change;
}

// Every transition of a visit has the version of the procedure and the step at which it happened.
void Gate::add_procedure_step(Change& change) const {
  for (auto& entry : change.entries) {
    const Visit* visit = entry.visit.empty() ? nullptr : site_.state.find_visit(entry.visit);
    const Sop* sop = visit ? find_sop(site_.config.sops, visit->sop) : nullptr;
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
  return std::visit(
      [&](const auto& asked) {
        return run_by(asked, actor, now, access_, visits_, approvals_, badges_, post_, accounts_, personal_data_);
      },
      command);
}

// An aide acts on the guests that are put to them. Any aide may mark a person safe. A receipt from a phone that was not
// asked changes nothing; that an account read data is recorded in any case.
bool Gate::is_out_of_duty(const Command& command, const Actor& actor) const {
  if (actor.role != Role::aide) return false;
  return std::visit(
      [&](const auto& asked) {
        using T = std::decay_t<decltype(asked)>;
        constexpr bool free =
            std::is_same_v<T, MarkSafe> || std::is_same_v<T, ReceiveQuestion> || std::is_same_v<T, NoteReading>;
        if constexpr (!free && requires { VisitId(asked.visit); }) {
          const Visit* visit = site_.state.find_visit(asked.visit);
          return visit && !site_.is_put_to(actor.user, *visit);
        }
        return false;
      },
      command);
}

Change Gate::on_level(const LevelReport& report, const Now& now) {
  Change change;
  access_.on_level(change, report, now);
  post_.on_level(change, report);
  return change;
}

Change Gate::tick(const Now& now) {
  set_time(now);
  Change change;
  access_.tick_portals(change, now);
  post_.tick_detectors(change, now);
  devices_.tick(change, now);
  if (now.quality != clock_) {
    clock_ = now.quality;
    change.entries.push_back(make_entry(ClockChanged{.quality = now.quality}));
    if (now.quality == ClockQuality::suspect) {
      site_.raise(change, AlarmKind::device_offline, "clock");
    } else {
      site_.clear(change, AlarmKind::device_offline, "clock");
    }
  }
  access_.tick_escorts(change, now);
  if (const auto due = next_due(); due && *due <= now.utc) {
    visits_.run_timers(change, now);
    access_.run_timers(change, now);
    visits_.close_day_when_due(change, now);
    next_due_known_.reset();  // a schedule's time may pass without an entry
  }
  add_procedure_step(change);
  return change;
}

std::optional<UtcTime> Gate::next_due() const {
  if (!next_due_known_) {
    std::optional<UtcTime> next = visits_.next_due();
    earliest(next, access_.next_due());
    next_due_known_ = next;
  }
  return *next_due_known_;
}

std::optional<BootTime> Gate::next_deadline() const {
  std::optional<BootTime> next = access_.next_deadline();
  earliest(next, devices_.next_deadline());
  earliest(next, post_.next_deadline());
  if (const auto due = next_due()) earliest(next, std::optional(site_.latest.boot + (*due - site_.latest.utc)));
  return next;
}

void Gate::follow(const SiteEdit& edit, const Now& at) {
  site_.latest = at;
  edit.merge_into(site_.state, at.utc);
  next_due_known_.reset();
}

void Gate::commit(const SiteEdit& edit, const std::vector<Entry>& entries) {
  INVARIANT(entries.empty() || entries.back().number + 1 == edit.next_number, "the state goes on by the entries committed");
  follow(edit, site_.latest);
  access_.committed(entries);
}

SiteView Gate::view(const Now& now) const {
  SiteView view;
  view.at = now;
  view.granting = site_.granting();
  if (!site_.granting()) view.why_not.push_back(site_.storage_problem);
  view.entries = site_.state.next_number;
  view.facts = site_.state.facts;
  view.people = site_.state.people;
  for (const auto& portal : access_.portals()) {
    PortalView shown;
    shown.id = portal.config().id;
    shown.mode = word(portal.mode());
    const auto set = site_.state.facts.modes.find(portal.config().id);
    shown.by_schedule = set != site_.state.facts.modes.end() && set->second.by_schedule;
    const UnlockSchedule& schedule = portal.config().unlocked;
    if (const auto open = unlocked_at(schedule, site_.config.hours, now.utc, now.offset)) {
      if (shown.by_schedule && portal.mode() == PortalMode::unlocked) shown.unlocked_until = open->to;
    } else if (now.quality != ClockQuality::suspect) {
      shown.unlocks = next_unlock_change(schedule, site_.config.hours, now.utc, now.offset);
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
  for (const auto& detector : post_.detectors()) view.detectors.push_back({detector.config().id, detector.trouble()});
  return view;
}

}  // namespace gapura::gateway
