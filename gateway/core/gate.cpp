// SPDX-License-Identifier: Apache-2.0
#include "gateway/core/gate.h"

#include <algorithm>
#include <cassert>
#include <set>

#include "gateway/core/notes.h"

namespace gapura::gateway {
namespace {

// A reader shown more useless codes than this in the window is being probed; good badges pass all the same.
constexpr std::size_t useless_limit = 10;
constexpr Millis useless_window{10'000};

// How long a device may take to come up after a start before it is an alarm.
constexpr Millis start_grace{10'000};

using Kind = PortalFact::Kind;

Entry make_entry(EventType type, std::string point) {
  Entry entry;
  entry.type = type;
  entry.point = std::move(point);
  return entry;
}

std::vector<std::string> reason_words(const Decision& decision) {
  std::vector<std::string> texts;
  for (const auto reason : decision.reasons) texts.emplace_back(word(reason));
  return texts;
}

// What a reader saw, boiled down to at most one badge.
struct Presented {
  std::optional<Hash> token;
  bool malformed = false, ambiguous = false;
  std::string payload, reject;  // of a malformed one
  std::size_t bytes = 0;
};

// Codes that are no badge of ours (a poster, a phone's wallpaper) do not spoil the one that is.
Presented boil_down(const std::vector<std::string>& payloads) {
  Presented presented;
  std::set<Hash> tokens;
  for (const auto& payload : payloads) {
    const auto parsed = parse_token(payload);
    if (const auto* bytes = std::get_if<TokenBytes>(&parsed)) {
      tokens.insert(badge_hash(*bytes));
    } else if (presented.reject.empty()) {
      presented.reject = word(std::get<TokenReject>(parsed));
      presented.payload = escape_payload(payload);
      presented.bytes = payload.size();
    }
  }
  presented.ambiguous = tokens.size() > 1 || (tokens.empty() && payloads.size() > 1);
  presented.malformed = tokens.empty() && !presented.ambiguous;
  if (tokens.size() == 1) presented.token = *tokens.begin();
  return presented;
}

}  // namespace

Gate::Gate(SiteConfig config, SiteState state, RegistryLookup& registry, Randomness randomness, BootTime started)
    : config_(std::move(config)),
      state_(std::move(state)),
      registry_(registry),
      randomness_(std::move(randomness)),
      devices_due_(started + start_grace) {
  for (const auto& portal : config_.portals) portals_.emplace_back(portal);
  for (auto& portal : portals_) {
    const std::string& id = portal.config().id.str();
    portal.start(started);
    portal.restore(find_alarm("forced_open", id, true), find_alarm("held_open", id, true),
                   find_alarm("released_by_unknown", id, true));
  }
  for (const auto& detector : config_.detectors) detectors_.emplace_back(detector);
}

Change Gate::start(const Now&, const std::string& version) {
  Change change;
  Entry opened = make_entry(EventType::site_opened, "");
  opened.data = {{"version", version}};
  change.entries.push_back(opened);
  for (const auto& [number, intent] : state_.open_intents) {
    Entry outcome = make_entry(EventType::access_unknown, intent.point.str());
    outcome.visit = intent.visit;
    outcome.badge = intent.badge;
    outcome.ref = number;
    outcome.data = {{"why", std::string("unlock_not_delivered")}};
    change.entries.push_back(std::move(outcome));
  }
  // Device alarms stood for devices of the earlier run; each is seen anew.
  for (const auto& [number, alarm] : state_.alarms)
    if (alarm.active && alarm.kind == "device_offline") clear(change, alarm.kind, alarm.subject);
  return change;
}

Change Gate::step(const Input& input, const Now& now) {
  Change change = std::visit(
      [&](const auto& value) -> Change {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, BadgeRead>) return on_badge(value, now);
        if constexpr (std::is_same_v<T, LevelReport>) return on_level(value, now);
        if constexpr (std::is_same_v<T, PulseReport>) return on_pulse(value, now);
        if constexpr (std::is_same_v<T, DeviceHealth>) return on_health(value, now);
        if constexpr (std::is_same_v<T, PictureKept>) return on_picture(value);
        if constexpr (std::is_same_v<T, CommandInput>) return on_command(value.command, value.actor, now);
      },
      input);
  return change;
}

Change Gate::tick(const Now& now) {
  Change change;
  for (auto& portal : portals_) portal_facts(change, portal, portal.tick(now.boot));
  if (!devices_seen_to_ && now.boot >= devices_due_) {
    devices_seen_to_ = true;
    for (const auto& [id, health] : devices_)
      if (!health.online) raise(change, "device_offline", AlarmPriority::medium, id);
  }
  if (now.quality != clock_) {
    clock_ = now.quality;
    Entry entry = make_entry(EventType::clock_changed, "");
    entry.data = {{"quality", std::string(word(now.quality))}};
    change.entries.push_back(std::move(entry));
  }
  return change;
}

std::optional<BootTime> Gate::next_deadline() const {
  std::optional<BootTime> next;
  const auto consider = [&](std::optional<BootTime> at) {
    if (at) next = next ? std::min(*next, *at) : *at;
  };
  for (const auto& portal : portals_) consider(portal.next_deadline());
  if (!devices_seen_to_) consider(devices_due_);
  return next;
}

void Gate::commit(const SiteEdit& edit, const std::vector<Entry>& entries) {
  edit.merge_into(state_);
  for (const auto& entry : entries) {
    if (entry.type != EventType::access_granted) continue;
    const auto* point = find_point(AccessPointId(entry.point));
    Portal* portal = point ? find_portal(point->portal) : nullptr;
    assert(portal);
    PendingRelease release;
    release.intent = entry.number;
    release.point = point->id;
    release.direction = point->direction;
    release.visit = entry.visit;
    release.badge = entry.badge;
    release.ordered = entry.at.boot;
    portal->begin(std::move(release));
  }
}

// ---- Devices

Change Gate::on_badge(const BadgeRead& read, const Now& now) {
  Change change;
  const Presented presented = boil_down(read.payloads);
  const AccessPointConfig* point = find_point(read.reader);
  const Portal* portal = point ? find_portal(point->portal) : nullptr;

  DecisionInput input;
  input.point = point;
  input.malformed = presented.malformed;
  input.ambiguous = presented.ambiguous;
  input.badge = presented.token ? state_.find_badge(*presented.token) : nullptr;
  input.visit = input.badge ? state_.find_visit(input.badge->visit) : nullptr;
  input.now = now.utc;
  input.journal_ready = granting();
  if (portal) {
    input.portal_ready = portal->ready(point->direction);
    const auto& pending = portal->pending();
    input.same_badge_pending = pending && input.badge && pending->badge == input.badge->id;
    input.portal_busy = pending && !input.same_badge_pending;
  }
  const bool useless = presented.malformed || (!presented.ambiguous && !input.badge);
  input.rate_limited = useless && too_many_useless(read.reader, now.boot);

  const Decision decision = decide(input);
  Entry entry = make_entry(decision.granted() ? EventType::access_granted : EventType::access_denied,
                           point ? point->id.str() : read.reader.str());
  entry.actor = "device";
  if (input.badge) {
    entry.badge = input.badge->id;
    entry.visit = input.badge->visit;
  }
  if (decision.granted()) {
    entry.data = {{"by", std::string("badge")}};
    grant(change, *point, std::move(entry), read.captured);
  } else {
    entry.data = {{"reasons", reason_words(decision)}};
    if (presented.malformed) {
      entry.data.emplace_back("reject", presented.reject);
      entry.data.emplace_back("bytes", static_cast<std::int64_t>(presented.bytes));
    }
    if (read.payloads.size() > 1) entry.data.emplace_back("codes", static_cast<std::int64_t>(read.payloads.size()));
    change.entries.push_back(std::move(entry));
    // A stranger's code may hold a name or a number of somebody: it stands where it can be erased.
    if (presented.malformed) add_note(change, 0, presented.payload, random_bytes(16));
    if (input.badge && (input.badge->state == BadgeState::revoked || input.badge->state == BadgeState::lost))
      raise(change, "revoked_or_lost_used", AlarmPriority::high, point ? point->id.str() : read.reader.str());
  }
  if (read.still && !input.rate_limited) {  // somebody who floods a reader must not fill the disk
    const Entry& about = change.entries.front();
    change.orders.emplace_back(KeepStillOut{0, read.still, read.reader.str(), "scan", about.visit, about.badge});
  }
  return change;
}

// The order goes out after the commit; the device times the pulse itself. The deadline counts from the asking, so that a
// scan which waited behind a slow disk opens nothing for whoever stands there now.
void Gate::grant(Change& change, const AccessPointConfig& point, Entry entry, BootTime asked) {
  const Portal* portal = find_portal(point.portal);
  assert(portal);
  change.entries.push_back(std::move(entry));
  change.orders.emplace_back(PulseOrderOut{change.entries.size() - 1, portal->release_signal(point.direction),
                                           portal->config().pulse, asked + portal->config().order_limit});
}

Change Gate::on_level(const LevelReport& report, const Now& now) {
  Change change;
  for (auto& portal : portals_)
    if (portal.uses(report.signal)) portal_facts(change, portal, portal.level(report.signal, report.level, report.at));
  for (auto& detector : detectors_)
    if (detector.uses(report.signal))
      if (const auto fact = detector.level(report.signal, report.level)) detector_fact(change, detector, *fact);
  (void)now;
  return change;
}

Change Gate::on_pulse(const PulseReport& report, const Now&) {
  Change change;
  for (auto& portal : portals_)
    if (portal.pending() && portal.pending()->intent == report.intent)
      portal_facts(change, portal, portal.pulse_done(report));
  return change;
}

void Gate::portal_facts(Change& change, Portal& portal, const PortalFacts& facts) {
  const std::string& id = portal.config().id.str();
  for (const auto& fact : facts) {
    switch (fact.kind) {
      case Kind::taken:
      case Kind::not_taken:
      case Kind::unknown: {
        const auto type = fact.kind == Kind::taken       ? EventType::access_taken
                          : fact.kind == Kind::not_taken ? EventType::access_not_taken
                                                         : EventType::access_unknown;
        Entry entry = make_entry(type, fact.release->point.str());
        entry.actor = "device";
        entry.visit = fact.release->visit;
        entry.badge = fact.release->badge;
        entry.ref = fact.release->intent;
        entry.data = {{"why", std::string(fact.why)}, {"readback", std::string(word(fact.release->readback))}};
        if (fact.release->acknowledged_after)
          entry.data.emplace_back("relay_ms", fact.release->acknowledged_after->count());
        change.entries.push_back(std::move(entry));
        break;
      }
      case Kind::forced_open:
        raise(change, "forced_open", AlarmPriority::critical, id);
        break;
      case Kind::held_open:
        raise(change, "held_open", AlarmPriority::medium, id);
        break;
      case Kind::released_by_unknown:
        raise(change, "released_by_unknown", AlarmPriority::high, id);
        break;
      case Kind::forced_open_over:
        clear(change, "forced_open", id);
        break;
      case Kind::held_open_over:
        clear(change, "held_open", id);
        break;
      case Kind::released_by_unknown_over:
        clear(change, "released_by_unknown", id);
        break;
      case Kind::exit_requested: {
        Entry entry = make_entry(EventType::exit_requested, id);
        entry.actor = "device";
        change.entries.push_back(std::move(entry));
        break;
      }
    }
  }
}

// Whose passage it was: known only while exactly one guest is not through yet; one who has to walk again counts. Otherwise
// the guard says it.
const Visit* Gate::only_visit_to_screen() const {
  const Visit* only = nullptr;
  for (const auto& [id, visit] : state_.visits) {
    const bool waits = !visit.closed && !visit.badge.empty() && visit.presence == Presence::at_post &&
                       visit.screening != Screening::clear && visit.screening != Screening::cleared_by_check;
    if (!waits) continue;
    if (only) return nullptr;
    only = &visit;
  }
  return only;
}

void Gate::detector_fact(Change& change, const Detector& detector, DetectorFact fact) {
  Entry entry = make_entry(fact == DetectorFact::passage ? EventType::screening_passage : EventType::screening_alarm,
                           detector.config().id.str());
  entry.actor = "device";
  if (const Visit* visit = only_visit_to_screen()) entry.visit = visit->id;
  change.entries.push_back(std::move(entry));
}

Change Gate::on_health(const DeviceHealth& health, const Now&) {
  Change change;
  const auto known = devices_.find(health.device);
  const bool first = known == devices_.end();
  const bool changed = first || known->second.online != health.online;
  devices_[health.device] = health;
  if (!changed) return change;
  Entry entry = make_entry(health.online ? EventType::device_online : EventType::device_offline, health.device);
  entry.actor = "device";
  entry.data = {{"kind", std::string(word(health.kind))}, {"detail", health.detail.substr(0, 300)}};
  change.entries.push_back(std::move(entry));
  if (health.online) {
    clear(change, "device_offline", health.device);
  } else if (!first || devices_seen_to_) {
    raise(change, "device_offline", AlarmPriority::medium, health.device);
  }
  return change;
}

Change Gate::on_picture(const PictureKept& kept) {
  Change change;
  Entry entry = make_entry(EventType::picture_kept, kept.camera);
  entry.actor = "device";
  entry.visit = kept.visit;
  entry.badge = kept.badge;
  entry.ref = kept.entry;
  entry.data = {
      {"hash", kept.hash}, {"camera", kept.camera}, {"role", kept.role}, {"bytes", static_cast<std::int64_t>(kept.bytes)}};
  change.entries.push_back(std::move(entry));
  return change;
}

// ---- Alarms

const Alarm* Gate::find_alarm(const std::string& kind, const std::string& subject, bool active) const {
  for (const auto& [number, alarm] : state_.alarms)
    if (alarm.active == active && alarm.kind == kind && alarm.subject == subject) return &alarm;
  return nullptr;
}

// An alarm that stands is not raised again: the guard has it already. One that went by itself and was not acknowledged
// comes back as the same alarm, so that a flapping device is one alarm and not a hundred.
void Gate::raise(Change& change, const std::string& kind, AlarmPriority priority, const std::string& subject) {
  if (find_alarm(kind, subject, true)) return;
  Entry entry = make_entry(EventType::alarm_raised, subject);
  entry.data = {{"kind", kind}, {"priority", std::string(word(priority))}};
  const Alarm* earlier = find_alarm(kind, subject, false);
  if (earlier && earlier->acknowledged_by.empty()) entry.ref = earlier->number;
  change.entries.push_back(std::move(entry));
}

void Gate::clear(Change& change, const std::string& kind, const std::string& subject) {
  const Alarm* alarm = find_alarm(kind, subject, true);
  if (!alarm) return;
  Entry entry = make_entry(EventType::alarm_cleared, subject);
  entry.ref = alarm->number;
  entry.data = {{"kind", kind}};
  change.entries.push_back(std::move(entry));
}

// ---- Small things

const AccessPointConfig* Gate::find_point(const ReaderId& reader) const {
  for (const auto& point : config_.points)
    if (!reader.empty() && point.reader == reader) return &point;
  return nullptr;
}

const AccessPointConfig* Gate::find_point(const AccessPointId& id) const {
  for (const auto& point : config_.points)
    if (point.id == id) return &point;
  return nullptr;
}

Portal* Gate::find_portal(const PortalId& id) {
  for (auto& portal : portals_)
    if (portal.config().id == id) return &portal;
  return nullptr;
}

bool Gate::too_many_useless(const ReaderId& reader, BootTime at) {
  auto& recent = useless_reads_[reader];
  std::erase_if(recent, [&](BootTime then) { return at - then > useless_window; });
  if (recent.size() >= useless_limit) return true;
  recent.push_back(at);
  return false;
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
  for (const auto& portal : portals_) {
    PortalView shown;
    shown.id = portal.config().id;
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
  return view;
}

}  // namespace gapura::gateway
