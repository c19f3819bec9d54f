// SPDX-License-Identifier: Apache-2.0
// The simulated controllers: they carry out orders with delays, report levels, and fail in named ways. What a controller
// does physically happens even while the computer is off.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>

#include "gateway/simulation/machine.h"

namespace gapura::simulation {

class Bus : public gateway::OrderSink {
 public:
  Bus(const SiteConfig& site, Queue& queue, SiteClock& clock, Machine& machine, Checks& checks, Random random);

  // Called when an order left the computer, and when its release opened, so that a person may go through.
  std::function<void(std::uint64_t intent)> ordered, opened;

  const PortalConfig* find_portal(const PortalId& id) const;  // null: no such portal
  void report_all();                                          // after a start of the computer
  // Moves one person through a portal, as its contacts see it. Returns false when they did not.
  bool pass(const PortalId& portal, Direction direction);
  void press_exit_button(const PortalId& portal);
  void press_panic_button();
  bool is_on(const std::string& signal) const;  // as it physically is
  void walk_through_detector(bool metal);
  // "offline" | "silent" | "late" | "refuse" | "lost" | "" (normal); for the controller of `portal`
  void set_mode(const PortalId& portal, const std::string& mode);
  void set_blind(const PortalId& portal, bool blind);

  void pulse(std::uint64_t intent, const std::string& signal, Millis length, BootTime deadline) override;
  void keep_still(std::uint64_t, const gateway::KeepStillOut&) override {}
  void take_still(std::uint64_t, const gateway::TakeStillOut&) override {}

 private:
  void set(const std::string& signal, bool on);
  bool is_online(const std::string& signal) const;
  void send(const std::string& signal);
  void energise(std::uint64_t intent, const std::string& signal, Millis length);
  void report(std::uint64_t intent, PulseOutcome outcome, Level readback, int start);

  const SiteConfig& site_;
  Queue& queue_;
  SiteClock& clock_;
  Machine& machine_;
  Checks& checks_;
  Random random_;
  std::map<std::string, bool> levels_;        // as they physically are
  std::map<std::string, std::string> modes_;  // by controller
  std::set<PortalId> blind_;
  std::map<std::string, WorldTime> held_until_;  // of outputs: extended by a later pulse
};

}  // namespace gapura::simulation
