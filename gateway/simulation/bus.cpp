// SPDX-License-Identifier: Apache-2.0
#include "gateway/simulation/bus.h"

#include "gateway/simulation/site.h"

namespace gapura::simulation {
namespace {

using namespace std::chrono_literals;

std::string controller_of(const std::string& signal) { return signal.substr(0, signal.find('.')); }
bool cuts_the_line(const std::string& mode) { return mode == "offline" || mode == "lost"; }

}  // namespace

Bus::Bus(const SiteConfig& site, Queue& queue, SiteClock& clock, Machine& machine, Checks& checks, Random random)
    : site_(site), queue_(queue), clock_(clock), machine_(machine), checks_(checks), random_(random) {
  for (const auto& signal : all_signals(site_)) levels_[signal] = false, modes_[controller_of(signal)];
  checks_.is_on = [this](const std::string& signal) { return is_on(signal); };
}

bool Bus::is_on(const std::string& signal) const {
  const auto found = levels_.find(signal);
  return found != levels_.end() && found->second;
}

const PortalConfig* Bus::find_portal(const PortalId& id) const {
  for (const auto& portal : site_.portals)
    if (portal.id == id) return &portal;
  return nullptr;
}

bool Bus::is_online(const std::string& signal) const { return !cuts_the_line(modes_.at(controller_of(signal))); }

void Bus::send(const std::string& signal) {
  const Level level = !is_online(signal) ? Level::unknown : levels_[signal] ? Level::on : Level::off;
  machine_.deliver(LevelReport{signal, level, clock_.boot()});
}

void Bus::set(const std::string& signal, bool on) {
  levels_[signal] = on;
  if (is_online(signal)) send(signal);
}

void Bus::report_all() {
  for (const auto& [controller, mode] : modes_)
    machine_.deliver(DeviceHealth{DeviceHealth::Kind::controller, controller, !cuts_the_line(mode), "", clock_.boot()});
  for (const auto& [signal, on] : levels_) send(signal);
}

void Bus::set_mode(const PortalId& portal, const std::string& mode) {
  const PortalConfig* config = find_portal(portal);
  if (!config) return;
  const std::string controller = controller_of(config->lock + config->entry_release);
  const bool was_cut = cuts_the_line(std::exchange(modes_[controller], mode));
  if (was_cut == cuts_the_line(mode)) return;
  machine_.deliver(DeviceHealth{DeviceHealth::Kind::controller, controller, was_cut, mode, clock_.boot()});
  for (const auto& [signal, on] : levels_)
    if (controller_of(signal) == controller) send(signal);
}

void Bus::set_blind(const PortalId& portal, bool blind) {
  if (blind) {
    blind_.insert(portal);
  } else {
    blind_.erase(portal);
  }
}

// ---- Orders

void Bus::report(std::uint64_t intent, PulseOutcome outcome, Level readback, int start) {
  if (machine_.starts() == start) machine_.deliver(PulseReport{intent, outcome, readback, "", clock_.boot()});
}

void Bus::energise(std::uint64_t intent, const std::string& signal, Millis length) {
  checks_.energised(intent, signal);
  set(signal, true);
  opened(intent);
  held_until_[signal] = std::max(held_until_[signal], queue_.now() + length);
  queue_.in(length, [this, signal] {
    if (queue_.now() >= held_until_[signal]) set(signal, false);
  });
}

void Bus::pulse(std::uint64_t intent, const std::string& signal, Millis length, BootTime deadline) {
  if (!checks_.ordered(intent, signal, deadline)) return;
  ordered(intent);
  const std::string mode = modes_.at(controller_of(signal));
  const int start = machine_.starts();
  const Millis left = std::max(deadline - clock_.boot(), 0ms);
  // A busy controller gets the order late; an order past its deadline is dropped and never sent.
  const Millis delay = mode == "late" ? random_.between(500ms, 3s) : random_.between(3ms, 40ms);
  if (mode == "offline" || (mode != "refuse" && delay > left)) {
    queue_.in(std::min(delay, left) + 5ms,
              [this, intent, start] { report(intent, PulseOutcome::expired, Level::unknown, start); });
  } else if (mode == "refuse") {
    queue_.in(delay, [this, intent, start] { report(intent, PulseOutcome::refused, Level::off, start); });
  } else if (mode == "silent") {
    if (random_.chance(500)) queue_.in(delay, [this, intent, signal, length] { energise(intent, signal, length); });
    queue_.in(delay + 400ms, [this, intent, start] { report(intent, PulseOutcome::unconfirmed, Level::unknown, start); });
  } else {
    queue_.in(delay, [this, intent, signal, length] { energise(intent, signal, length); });
    queue_.in(delay + 8ms, [this, intent, start] { report(intent, PulseOutcome::acknowledged, Level::on, start); });
  }
}

// ---- People

bool Bus::pass(const PortalId& id, Direction direction) {
  const PortalConfig& portal = *find_portal(id);
  const bool turnstile = portal.kind == PortalKind::turnstile;
  const std::string passage = !turnstile                      ? portal.passage
                              : direction == Direction::entry ? portal.entry_passage
                                                              : portal.exit_passage;
  if (blind_.contains(id)) return false;
  const bool seen = machine_.is_up() && is_online(passage) && !levels_[passage];
  if (!turnstile) {
    set(portal.contact, true);
    queue_.in(2500ms, [this, contact = portal.contact] { set(contact, false); });
  }
  set(passage, true);
  queue_.in(300ms, [this, passage] { set(passage, false); });
  return seen && machine_.is_up();
}

void Bus::press_exit_button(const PortalId& id) {
  const PortalConfig& portal = *find_portal(id);
  set(portal.rex, true);
  set(portal.rex, false);
}

void Bus::press_panic_button() {
  for (const auto& button : site_.rules.panic_inputs) set(button, true), set(button, false);
}

void Bus::walk_through_detector(bool metal) {
  const auto& detector = site_.detectors.front();
  if (metal) set(detector.alarm, true), set(detector.alarm, false);
  set(detector.passage, true);
  set(detector.passage, false);
}

}  // namespace gapura::simulation
